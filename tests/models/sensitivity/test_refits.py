"""Exact refits without a piece: what is asked once, and that the answer is that of the model on what is left."""

import dataclasses

import numpy as np
import pytest

from data.types import Evidence
from models.errors import FitError
from models.fits.alignment_fit import base_case
from models.fits.probabilities import OUTCOMES
from models.leave_out.cases import Basis, Case
from models.leave_out.weighed import Reference, reweighted
from models.library.pool import RESOLUTION
from models.sampling import anchor_fits
from models.sampling.fit_alignment import CompiledAlignment
from models.sensitivity.refits import RefitTask, answer_of, reference_task, run_refit
from models.weighting.batch_means import mean_error
from tests.support.programs.commands import with_failed_check
from tests.support.values.factories import synthetic_fit

SMALL = {"chains": 4, "tune": 500, "draws": 400, "target_accept": 0.95}


@pytest.fixture(scope="module")
def basis(real_evidence: Evidence) -> Basis:
    return Basis.of(real_evidence)


def task(basis: Basis, text: str, **settings: float) -> RefitTask:
    return RefitTask.of(basis, Case.of(text), {**SMALL, **settings})


def test_cases_that_leave_the_same_evidence_share_a_refit_and_others_do_not(basis: Basis) -> None:
    claim, file = task(basis, "claim:C09"), task(basis, "indicator:gdp_current_usd")
    assert (claim.key, claim.seed) == (file.key, file.seed)
    others = [task(basis, "claim:C10"), task(basis, "claim:C09", draws=500), task(basis, "domain:economy")]
    assert len({claim.key, *(one.key for one in others)}) == 4


def test_the_reference_is_asked_for_with_the_knobs_that_the_model_is_fitted_under(real_evidence: Evidence) -> None:
    values = reference_task(real_evidence).values
    assert {"C01", "C14", "persistence", "volatility"} <= set(values)
    assert not {"rupture_hazard", "outside_view_weight"} & set(values)


def test_an_answer_holds_the_thirty_probabilities_with_their_errors_and_the_failed_checks(
    real_evidence: Evidence,
) -> None:
    fit = synthetic_fit(real_evidence, samples=200)
    found = answer_of(with_failed_check(fit))
    state = fit.probabilities["state_probability"].to_numpy()
    place = 4 * len(OUTCOMES) + OUTCOMES.index("deeper")
    assert len(found["after"]) == 30
    # As a library keeps them: to the nearest of 4,096, the likeliest state what three roundings leave.
    assert found["after"][place] == pytest.approx(state[:, 4, 3].mean(), abs=1.5 / RESOLUTION)
    assert found["after_mcse"][place] == pytest.approx(float(mean_error(state[:, 4, 3], fit.chain)), rel=1e-2)
    assert (found["failures"], found["draws"]) == (["R-hat"], 200)


def test_a_worker_with_other_evidence_refuses(basis: Basis, monkeypatch: pytest.MonkeyPatch) -> None:
    model = CompiledAlignment(
        evidence=basis.evidence, readings=basis.readings, origin=np.zeros(12), compiled=None, last_year=2024
    )
    monkeypatch.setattr(anchor_fits, "compiled_for", lambda *_: model)
    wrong = dataclasses.replace(task(basis, "claim:C09"), basis_digest="0" * 64)
    with pytest.raises(FitError, match="leaves other evidence here"):
        run_refit(wrong)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["claim:C10", "event:E1960-07-16-advisers"])
def test_a_refit_agrees_with_the_weights(
    basis: Basis, compiled_model: CompiledAlignment, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(anchor_fits, "compiled_for", lambda *_: compiled_model)
    exact = run_refit(task(basis, name))
    fast = reweighted(Reference.of(basis, base_case(basis.evidence)), basis.without(Case.of(name)))
    error = np.hypot(exact["after_mcse"], fast.after_mcse)
    z = (fast.after - exact["after"]) / np.maximum(error, 1e-4)
    assert fast.status == "good"
    assert np.abs(z).max() < 4, z
