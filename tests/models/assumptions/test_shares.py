"""Who counts in the mixture, and how much: shares of relative weights, and models that are switched off."""

import numpy as np
import pandas as pd
import pytest

from data.types import Evidence
from models.assumptions.setting import Assumptions
from models.assumptions.shares import WEIGHT_KNOBS, shares
from models.errors import AssumptionError, MissingFitError
from models.forecast.results import Forecast, make_forecast
from models.library.library import Library
from models.names import MEMBERS, MODEL_M0, MODEL_M1, MODEL_M2, MODEL_M3, MODEL_MIXTURE
from tests.support.values.factories import synthetic_library
from tests.support.values.weights import only

WEIGHTS = {MODEL_M0: 0.25, MODEL_M1: 0.40, MODEL_M2: 0.03, MODEL_M3: 0.30}
DEFAULTS = {model: weight / sum(WEIGHTS.values()) for model, weight in WEIGHTS.items()}


@pytest.fixture(scope="module")
def library(real_evidence: Evidence) -> Library:
    return synthetic_library(real_evidence)


def weighing(*weights: float) -> dict[str, float]:
    return dict(zip(WEIGHT_KNOBS.values(), weights, strict=True))


def mixture(forecast: Forecast) -> np.ndarray:
    return forecast.table.loc[forecast.table["model_id"] == MODEL_MIXTURE, "value"].to_numpy()


def test_every_member_has_one_knob_in_the_order_of_the_members() -> None:
    assert tuple(WEIGHT_KNOBS) == MEMBERS
    assert len(set(WEIGHT_KNOBS.values())) == len(MEMBERS)


@pytest.mark.parametrize(
    ("weights", "expected"),
    [
        ((0.25, 0.35, 0.25, 0.15), (0.25, 0.35, 0.25, 0.15)),
        ((1.0, 1.0, 1.0, 1.0), (0.25, 0.25, 0.25, 0.25)),
        ((0.01, 0.0, 0.0, 0.03), (0.25, 0.0, 0.0, 0.75)),
        ((0.0, 0.0, 0.0, 0.01), (0.0, 0.0, 0.0, 1.0)),
    ],
)
def test_shares_are_the_weights_over_their_sum(weights: tuple[float, ...], expected: tuple[float, ...]) -> None:
    found = shares(weighing(*weights))
    assert tuple(found) == MEMBERS
    np.testing.assert_allclose(list(found.values()), expected, rtol=0, atol=1e-15)


@pytest.mark.parametrize("seed", range(5))
def test_only_the_ratios_of_weights_count(seed: int) -> None:
    weights = np.random.default_rng(seed).uniform(0, 1, 4)
    small, large = (list(shares(weighing(*(scale * weights))).values()) for scale in (0.01, 1.0))
    np.testing.assert_allclose(small, large, rtol=1e-12)
    assert sum(large) == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize("model", MEMBERS)
def test_one_model_alone_has_everything(model: str) -> None:
    assert shares(only(model)) == {one: float(one == model) for one in MEMBERS}


def test_the_last_model_cannot_be_switched_off(default_assumptions: Assumptions) -> None:
    with pytest.raises(AssumptionError, match=r"0 for every model.*switch one of the four models on"):
        shares(weighing(0, 0, 0, 0))
    alone = default_assumptions.replace(only(MODEL_M2))
    with pytest.raises(AssumptionError, match="0 for every model"):
        alone.replace({"ordered_weight": 0.0})


def test_shares_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        shares(weighing(1, 1, 1, 1))[MODEL_M0] = 1.0


def test_twice_the_weights_are_the_same_forecast(
    real_evidence: Evidence, library: Library, default_assumptions: Assumptions
) -> None:
    doubled = default_assumptions.replace({WEIGHT_KNOBS[model]: 2 * weight for model, weight in WEIGHTS.items()})
    one, two = (make_forecast(real_evidence, library, setting) for setting in (default_assumptions, doubled))
    assert one.model_weights == pytest.approx(DEFAULTS, abs=1e-15)
    pd.testing.assert_frame_equal(one.table, two.table, rtol=0, atol=1e-12)


@pytest.mark.parametrize("off", MEMBERS)
def test_a_model_that_is_switched_off_leaves_the_mixture_and_stays_in_the_table(
    real_evidence: Evidence, library: Library, default_assumptions: Assumptions, off: str
) -> None:
    setting = default_assumptions.replace({WEIGHT_KNOBS[off]: 0.0})
    found = make_forecast(real_evidence, library, setting)
    assert found.model_weights[off] == 0
    assert sum(found.model_weights.values()) == pytest.approx(1, abs=1e-12)
    for one in set(MEMBERS) - {off}:
        assert found.model_weights[one] == pytest.approx(DEFAULTS[one] / (1 - DEFAULTS[off]), abs=1e-12)
    assert set(found.table["model_id"]) == {MODEL_MIXTURE, *MEMBERS}
    # What moves this model alone no longer moves the mixture.
    knob = {MODEL_M0: "rupture_hazard", MODEL_M1: "volatility", MODEL_M2: None, MODEL_M3: "stickiness"}[off]
    if knob:
        moved = make_forecast(real_evidence, library, setting.replace({knob: setting.knobs[knob].high}))
        np.testing.assert_array_equal(mixture(moved), mixture(found))


def test_a_library_without_members_mixes_the_two_models_it_has(
    real_evidence: Evidence, library: Library, default_assumptions: Assumptions
) -> None:
    bare = library.joined_by(None)
    assert (bare.key, bare.size) == (library.key, library.size)
    found = make_forecast(real_evidence, bare, default_assumptions)
    assert set(found.table["model_id"]) == {MODEL_MIXTURE, MODEL_M0, MODEL_M1}
    assert found.model_weights == pytest.approx({MODEL_M0: 0.25 / 0.65, MODEL_M1: 0.40 / 0.65}, abs=1e-15)
    everything = make_forecast(real_evidence, library, default_assumptions).table
    for model in (MODEL_M0, MODEL_M1):
        own, same = (table.loc[table["model_id"] == model, "value"].to_numpy() for table in (found.table, everything))
        np.testing.assert_array_equal(own, same)
    for model in (MODEL_M2, MODEL_M3):
        with pytest.raises(MissingFitError, match="base rate or the latent alignment"):
            make_forecast(real_evidence, bare, default_assumptions.replace(only(model)))
