"""A refit is named by all that decides its draws and by nothing else, and held against what re-weighting said."""

from dataclasses import replace

import pytest

from data.types import Evidence
from models.assumptions.setting import Assumptions
from models.forecast.results import make_forecast
from models.library.pool import single
from models.measures.drivers import driver_table
from models.names import MODEL_M1, TARGET_STATE
from models.refits.check import answers
from models.refits.question import expected, fit_gap, refit_key
from models.weighting.status import Status
from tests.support.values.factories import synthetic_fit, synthetic_library

SAMPLES = 80


@pytest.mark.parametrize("knob", ["C01", "C13", "volatility", "persistence", "confidence"])
def test_a_knob_of_the_draws_names_another_refit(
    knob: str, real_evidence: Evidence, default_assumptions: Assumptions
) -> None:
    moved = default_assumptions.replace({knob: default_assumptions.knobs[knob].high})
    assert refit_key(real_evidence, moved) != refit_key(real_evidence, default_assumptions)


@pytest.mark.parametrize("knob", ["rupture_hazard", "outside_view_weight", "stickiness"])
def test_a_knob_of_another_model_or_of_the_mixture_does_not(
    knob: str, real_evidence: Evidence, default_assumptions: Assumptions
) -> None:
    moved = default_assumptions.replace({knob: default_assumptions.knobs[knob].high})
    assert moved.changed
    assert refit_key(real_evidence, moved) == refit_key(real_evidence, default_assumptions)


def test_other_evidence_names_another_refit(real_evidence: Evidence, default_assumptions: Assumptions) -> None:
    fewer = replace(real_evidence, events=real_evidence.events[:-1])
    assert refit_key(fewer, default_assumptions) != refit_key(real_evidence, default_assumptions)


def test_the_refit_is_told_the_numbers_of_the_table(real_evidence: Evidence, default_assumptions: Assumptions) -> None:
    forecast = make_forecast(real_evidence, synthetic_library(real_evidence, samples=SAMPLES), default_assumptions)
    forecast = replace(forecast, statuses={MODEL_M1: Status.GOOD})
    asked = {(row.target, row.horizon, row.outcome): row for row in expected(forecast)}
    partners = answers(synthetic_fit(real_evidence, samples=SAMPLES))
    assert set(asked) == {(row.target, row.horizon, row.outcome) for row in partners}
    row = asked[TARGET_STATE, 3, "strain"]
    assert row.probability == forecast.probability(TARGET_STATE, 3, "strain", MODEL_M1)
    assert row.mcse == forecast.mcse(TARGET_STATE, 3, "strain", MODEL_M1)
    assert expected(replace(forecast, statuses={MODEL_M1: Status.POOR})) == ()


def test_a_library_of_the_refit_alone_lies_no_way_off_it(
    real_evidence: Evidence, default_assumptions: Assumptions
) -> None:
    fit = synthetic_fit(real_evidence, samples=SAMPLES)
    library = single(fit, driver_table(real_evidence), default_assumptions.knobs)
    forecast = make_forecast(real_evidence, library, default_assumptions)
    assert fit_gap(forecast, fit, real_evidence) == 0
    other = synthetic_fit(real_evidence, samples=SAMPLES, seed=7)
    assert fit_gap(forecast, other, real_evidence) > 0
    assert fit_gap(forecast, replace(fit, evidence_digest="0" * 64), real_evidence) is None
