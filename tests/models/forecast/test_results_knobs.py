"""What the knobs do to a forecast: claims push where their drivers stand, the rest moves what it is about."""

import numpy as np
import pytest

from data.types import Evidence
from models.assumptions.setting import Assumptions
from models.fits.alignment_fit import base_case
from models.forecast.results import Forecast, make_forecast
from models.library.library import Library
from models.measures.drivers import driver_table
from models.names import (
    HORIZONS,
    MEMBERS,
    MODEL_M0,
    MODEL_M1,
    MODEL_M2,
    MODEL_M3,
    TARGET_DEEPER,
    TARGET_RUPTURE,
)
from tests.support.values.factories import library_of, synthetic_library
from tests.support.values.weights import only


@pytest.fixture(scope="module")
def defaults(evidence: Evidence) -> Assumptions:
    return Assumptions.defaults(evidence.claims)


@pytest.fixture(scope="module")
def library(evidence: Evidence) -> Library:
    return library_of(evidence, base_case(evidence))


@pytest.fixture(scope="module")
def joined(evidence: Evidence) -> Library:
    return synthetic_library(evidence)


@pytest.fixture(scope="module")
def headline(evidence: Evidence, library: Library, defaults: Assumptions) -> Forecast:
    return make_forecast(evidence, library, defaults)


@pytest.mark.parametrize("claim", ["C05", "C09", "C11", "C12"])
def test_a_stronger_claim_pushes_where_its_driver_stands(
    evidence: Evidence, library: Library, headline: Forecast, claim: str
) -> None:
    """The claimed direction times the driver's standing at the reference date: C11's stands low, so it lifts."""
    knob, origin = headline.assumptions.knobs[claim], driver_table(evidence).origin[claim]
    assert abs(origin) > 1
    values = [knob.snap(knob.default + step * knob.step) for step in (-2, 0, 2)]
    forecasts = [make_forecast(evidence, library, headline.assumptions.replace({claim: value})) for value in values]
    for horizon in HORIZONS[1:]:  # deeper cooperation within a year is a few in a million on one fit
        deeper = [one.probability(TARGET_DEEPER, horizon, "yes", MODEL_M1) for one in forecasts]
        assert (np.sign(np.diff(deeper)) == knob.direction * np.sign(origin)).all()


def test_a_likelier_break_is_a_likelier_rupture(evidence: Evidence, library: Library, headline: Forecast) -> None:
    feared = make_forecast(evidence, library, headline.assumptions.replace({"C13": 4.0}))
    for horizon in HORIZONS:
        before, after = (one.probability(TARGET_RUPTURE, horizon, "yes", MODEL_M1) for one in (headline, feared))
        assert after > before * 1.02


def test_the_hazard_knob_moves_the_base_rate_and_nothing_else(
    evidence: Evidence, library: Library, headline: Forecast
) -> None:
    feared = make_forecast(evidence, library, headline.assumptions.replace({"rupture_hazard": 0.1}))
    for model, moves in ((MODEL_M0, True), (MODEL_M1, False)):
        before, after = (one.table[one.table["model_id"] == model]["value"].to_numpy() for one in (headline, feared))
        assert np.array_equal(before, after) is not moves
    for horizon in HORIZONS:
        before, after = (one.probability(TARGET_RUPTURE, horizon, "yes", MODEL_M0) for one in (headline, feared))
        assert after > before
    assert feared.status == "exact"


def test_a_far_move_says_so_unless_the_sampled_model_has_no_weight(
    evidence: Evidence, library: Library, defaults: Assumptions
) -> None:
    far = defaults.replace({"confidence": 0.5, "C08": 3.35, "C14": -1.0, "persistence": 0.5})
    assert make_forecast(evidence, library, far).status == "poor"
    assert make_forecast(evidence, library, far.replace(only(MODEL_M0))).status == "exact"


def test_how_long_regimes_last_moves_the_hidden_regimes_and_nothing_else(
    evidence: Evidence, joined: Library, defaults: Assumptions
) -> None:
    ends = [make_forecast(evidence, joined, defaults.replace({"stickiness": end})) for end in (0.6, 0.95)]
    for model in MEMBERS:
        before, after = (one.table[one.table["model_id"] == model]["value"].to_numpy() for one in ends)
        assert np.array_equal(before, after) is (model != MODEL_M3)


def test_claims_move_latent_alignment_and_the_ordered_regression(
    evidence: Evidence, joined: Library, defaults: Assumptions
) -> None:
    """Both towards deeper cooperation when a claimed reason for it counts for more and stands high; the others not."""
    knob = defaults.knobs["C04"]
    assert knob.direction * driver_table(evidence).origin["C04"] > 0
    before, after = (
        make_forecast(evidence, joined, defaults.replace({"C04": value}))
        for value in (knob.default, knob.snap(knob.default + 4 * knob.step))
    )
    for model in MEMBERS:
        change = after.probability(TARGET_DEEPER, 5, "yes", model) - before.probability(TARGET_DEEPER, 5, "yes", model)
        assert change > 0 if model in (MODEL_M1, MODEL_M2) else change == 0
