"""The forecast: one table that agrees with itself, with the stored draws, with the base rate, and with two routes."""

from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd
import pytest

from data.types import Evidence
from models.assumptions.setting import Assumptions
from models.assumptions.shares import WEIGHT_KNOBS
from models.base_rate.chain import BaseRate, calm_hazard
from models.base_rate.outside_view import outside_view
from models.errors import StaleFitError
from models.fits.alignment_fit import AlignmentFit, base_case
from models.fits.probabilities import StateProbabilities
from models.forecast.opinions import LEVELS, base_rate_opinion
from models.forecast.results import Forecast, make_forecast
from models.library.library import Library
from models.library.pool import RESOLUTION, fit_counts
from models.library.reweighting import reweight
from models.names import (
    HORIZONS,
    INTERVAL,
    MCSE,
    MEMBERS,
    MODEL_M0,
    MODEL_M1,
    MODEL_M3,
    MODEL_MIXTURE,
    MODELS,
    PMF,
    QUANTILE,
    STATES,
    TABLE_COLUMNS,
    TARGET_DEEPER,
    TARGET_RUPTURE,
    TARGET_STATE,
)
from models.outcome.rule import resolve_history
from models.rounding import PUBLISHED
from tests.support.values.factories import library_of, synthetic_library
from tests.support.values.weights import only

OUTCOMES = [*((TARGET_STATE, state) for state in STATES), (TARGET_RUPTURE, "yes"), (TARGET_DEEPER, "yes")]
INTERVAL_ENDS = (":0.05", ":0.95")
SIMULATING = {MODEL_MIXTURE, MODEL_M1, MODEL_M3}
"""Who says something of the years' own means."""
SETTINGS = 200
ROUNDED = 2.1 * 10**-PUBLISHED.decimals
"""A published number is rounded, the likeliest of four to what the others leave, two units off at most; before that,
two ways of adding differ by rounding only."""
GRID = 1 / (LEVELS - 1)
"""Ranges are read from a grid: a bound is that of the values within half a step, and ties may cost the other half."""


@pytest.fixture(scope="module")
def defaults(evidence: Evidence) -> Assumptions:
    return Assumptions.defaults(evidence.claims)


@pytest.fixture(scope="module")
def fit(evidence: Evidence) -> AlignmentFit:
    return base_case(evidence)


@pytest.fixture(scope="module")
def library(evidence: Evidence, fit: AlignmentFit) -> Library:
    """The base case alone, without the other models: at its own settings nothing has to be weighted."""
    return library_of(evidence, fit)


@pytest.fixture(scope="module")
def small(evidence: Evidence) -> Library:
    return synthetic_library(evidence, samples=400)


@pytest.fixture(scope="module")
def headline(evidence: Evidence, library: Library, defaults: Assumptions) -> Forecast:
    return make_forecast(evidence, library, defaults)


def wide(forecast: Forecast, kind: str) -> Mapping[str, np.ndarray]:
    """Values of one output type by model, shape (horizon, id), ids in `OUTCOMES` order (both bounds for intervals)."""
    ends = INTERVAL_ENDS if kind == INTERVAL else ("",)
    ids = [(target, outcome + end) for target, outcome in OUTCOMES for end in ends]
    columns = ("model_id", "horizon", "output_type", "target", "output_type_id")
    keys = zip(*(forecast.table[column].tolist() for column in columns), strict=True)
    values = dict(zip(keys, forecast.table["value"].tolist(), strict=True))
    return {
        model: np.array([[values[model, horizon, kind, *one] for one in ids] for horizon in HORIZONS])
        for model in dict.fromkeys(forecast.table["model_id"])
    }


def random_setting(defaults: Assumptions, rng: np.random.Generator) -> Assumptions:
    """Some knobs anywhere on their grids, the ends included."""
    keys = rng.choice(list(defaults.knobs), size=rng.integers(1, len(defaults.knobs) + 1), replace=False)
    chosen = {key: defaults.knobs[key] for key in keys}
    return defaults.replace({key: knob.snap(rng.uniform(knob.low, knob.high)) for key, knob in chosen.items()})


@pytest.fixture(scope="module")
def many(evidence: Evidence, small: Library, defaults: Assumptions) -> list[Forecast]:
    rng = np.random.default_rng(20241231)
    return [make_forecast(evidence, small, random_setting(defaults, rng)) for _ in range(SETTINGS)]


@pytest.mark.parametrize("models", [(MODEL_MIXTURE, MODEL_M0, MODEL_M1), MODELS], ids=["alone", "all"])
def test_the_table_is_complete_and_has_every_row_once(
    headline: Forecast, many: list[Forecast], models: tuple[str, ...]
) -> None:
    table = (many[0] if models == MODELS else headline).table
    assert tuple(table.columns) == TABLE_COLUMNS
    assert not table.duplicated(list(TABLE_COLUMNS[:-1])).any()
    states = {PMF: 4 + 2 + 2, MCSE: 6, INTERVAL: 12}
    years = {PMF: 4 + 2 + 2 + 3, MCSE: 6 + 3, INTERVAL: 12, QUANTILE: 7}
    counts = table.groupby(["model_id", "horizon", "output_type"]).size()
    expected = {
        (model, horizon, kind): number
        for model in models
        for horizon in HORIZONS
        for kind, number in (years if model in SIMULATING else states).items()
    }
    assert counts.to_dict() == expected
    assert set(table["reference_date"]) == {"2025-12-31"}
    ends = table["horizon"].map(lambda horizon: f"{2025 + horizon}-12-31")
    assert (table["target_end_date"] == ends).all()


def test_defaults_give_the_plain_means_of_the_stored_draws(headline: Forecast, fit: AlignmentFit) -> None:
    kept = fit_counts(fit).mean(axis=0).reshape(len(HORIZONS), -1) / RESOLUTION
    plain = StateProbabilities.of(fit.probabilities).outcomes.astype(float).mean(axis=0)
    found = wide(headline, PMF)[MODEL_M1]
    np.testing.assert_allclose(found, kept, rtol=0, atol=ROUNDED)
    # Shares are kept to the nearest of 4,096; of the largest state what rounding of the other three leaves.
    np.testing.assert_allclose(found, plain, rtol=0, atol=1.5 / RESOLUTION)
    assert headline.weights.status == headline.status == "exact"


def test_the_base_rate_in_the_table_is_its_exact_answer(headline: Forecast, evidence: Evidence) -> None:
    labels = [label.state.code for label in resolve_history(evidence.events, 1950, 2025)]
    exact = BaseRate.from_history(labels, hazard=calm_hazard(0.024)).forecast(labels[-1])
    for index, horizon in enumerate(HORIZONS):
        found = [headline.probability(TARGET_STATE, horizon, state, MODEL_M0) for state in STATES]
        np.testing.assert_array_equal(found, PUBLISHED.chances(exact.state[index]))
        assert headline.probability(TARGET_RUPTURE, horizon, "yes", MODEL_M0) == np.round(
            exact.any_rupture[index], PUBLISHED.decimals
        )
        assert headline.probability(TARGET_DEEPER, horizon, "yes", MODEL_M0) == np.round(
            exact.any_deeper[index], PUBLISHED.decimals
        )


def test_the_headline_is_reproduced_exactly(headline: Forecast, evidence: Evidence, library: Library) -> None:
    base_rate_opinion.cache_clear()
    outside_view.cache_clear()
    again = make_forecast(evidence, library, Assumptions.defaults(evidence.claims))
    pd.testing.assert_frame_equal(again.table, headline.table, check_exact=True)
    assert headline.library_key == library.key
    assert headline.evidence_digest == evidence.digest
    assert headline.model_weights == pytest.approx({MODEL_M0: 0.25 / 0.65, MODEL_M1: 0.4 / 0.65}, abs=1e-15)


def test_the_way_to_a_setting_and_back_leaves_no_trace(
    headline: Forecast, evidence: Evidence, library: Library
) -> None:
    moved = headline.assumptions.replace({"C01": 3.0, "rupture_hazard": 0.1})
    assert not make_forecast(evidence, library, moved).table.equals(headline.table)
    back = make_forecast(evidence, library, moved.replace({"C01": 1.6, "rupture_hazard": 0.024}))
    pd.testing.assert_frame_equal(back.table, headline.table, check_exact=True)


def test_200_random_settings_give_probabilities(many: list[Forecast]) -> None:
    assert len(many) == SETTINGS
    for forecast in many:
        assert np.isfinite(forecast.table["value"]).all()
        assert forecast.table.loc[forecast.table["output_type"].isin([PMF, INTERVAL]), "value"].between(0, 1).all()
        assert forecast.table.loc[forecast.table["output_type"] == QUANTILE, "value"].between(-10, 10).all()
        pmf = forecast.table[forecast.table["output_type"] == PMF]
        sums = pmf.groupby(["model_id", "target", "horizon"], sort=False)["value"].sum()
        assert len(sums) == (len(MODELS) * 3 + len(SIMULATING)) * len(HORIZONS)
        np.testing.assert_allclose(sums, 1, rtol=0, atol=1e-9)


def test_200_random_settings_mix_four_models_by_their_knobs(many: list[Forecast]) -> None:
    for forecast in many:
        weights = np.array([forecast.assumptions.values[WEIGHT_KNOBS[model]] for model in MEMBERS])
        shares, found = weights / weights.sum(), wide(forecast, PMF)
        assert list(forecast.model_weights) == list(MEMBERS)
        np.testing.assert_allclose(list(forecast.model_weights.values()), shares, rtol=0, atol=1e-12)
        pooled = np.tensordot(shares, np.stack([found[model] for model in MEMBERS]), axes=1)
        np.testing.assert_allclose(found[MODEL_MIXTURE], pooled, rtol=0, atol=2 * ROUNDED)


def test_200_random_settings_keep_by_year_end_above_at_year_end_and_growing(many: list[Forecast]) -> None:
    for forecast in many:
        for model, values in wide(forecast, PMF).items():
            rupture, deeper, by_rupture, by_deeper = values[:, 0], values[:, 3], values[:, 4], values[:, 5]
            for at, by in ((rupture, by_rupture), (deeper, by_deeper)):
                # Both sides are rounded; in exact arithmetic these hold without it.
                assert (by >= at - 2 * ROUNDED).all(), model
                assert (np.diff(by) >= -2 * ROUNDED).all(), model
                assert by[0] == pytest.approx(at[0], abs=2 * ROUNDED)


def test_200_random_settings_have_ordered_ranges_and_the_mixtures_lies_within_the_models(many: list[Forecast]) -> None:
    for forecast in many:
        bounds = {model: values.reshape(5, 6, 2) for model, values in wide(forecast, INTERVAL).items()}
        for values in bounds.values():
            assert (values[..., 0] <= values[..., 1]).all()
        parts = np.stack([bounds[model] for model, share in forecast.model_weights.items() if share > 0])
        # A quantile of a mixture lies between the same quantiles of its parts.
        assert (bounds[MODEL_MIXTURE] >= parts.min(axis=0) - GRID).all()
        assert (bounds[MODEL_MIXTURE] <= parts.max(axis=0) + GRID).all()


def test_ranges_hold_90_per_cent_of_the_draws(headline: Forecast, fit: AlignmentFit) -> None:
    for horizon in HORIZONS:
        draws = np.rint(fit.probabilities["any_rupture"].sel(horizon=horizon).to_numpy() / GRID) * GRID
        low, high = np.round(np.array(headline.interval(TARGET_RUPTURE, horizon, "yes", MODEL_M1)) / GRID) * GRID
        assert np.mean(draws < low) <= 0.05 <= np.mean(draws <= low)
        assert np.mean(draws < high) <= 0.95 <= np.mean(draws <= high)
        assert low < headline.probability(TARGET_RUPTURE, horizon, "yes", MODEL_M1) < high


def test_the_base_rates_range_holds_90_per_cent_of_other_draws(headline: Forecast, evidence: Evidence) -> None:
    labels = [label.state.code for label in resolve_history(evidence.events, 1950, 2025)]
    drawn = BaseRate.from_history(labels, hazard=calm_hazard(0.024)).draws(labels[-1], 4000, seed=3)
    for index, horizon in enumerate(HORIZONS):
        for target, draws in ((TARGET_RUPTURE, drawn.any_rupture), (TARGET_DEEPER, drawn.any_deeper)):
            low, high = headline.interval(target, horizon, "yes", MODEL_M0)
            # Bounds from 2,000 draws, share from 4,000: sd 0.8 points; 4 sds.
            for bound, level in ((low, 0.05), (high, 0.95)):
                assert np.mean(draws[:, index] <= bound) == pytest.approx(level, abs=0.03)


@pytest.mark.parametrize("alone", MEMBERS)
def test_all_the_weight_on_one_model_shows_that_model(
    evidence: Evidence, small: Library, defaults: Assumptions, alone: str
) -> None:
    forecast = make_forecast(evidence, small, defaults.replace({**only(alone), "C08": 2.0}))
    # M0's own range comes from its draws as they are, the others' from the grid that the mixture's is read from.
    for kind, tolerance in ((PMF, 1e-15), (MCSE, 1e-15), (INTERVAL, GRID if alone == MODEL_M0 else 1e-15)):
        found = wide(forecast, kind)
        np.testing.assert_allclose(found[MODEL_MIXTURE], found[alone], rtol=0, atol=tolerance)


def test_monte_carlo_error_belongs_to_the_sampled_models_alone(headline: Forecast, many: list[Forecast]) -> None:
    for forecast in (headline, many[0]):
        error, shares = wide(forecast, MCSE), forecast.model_weights
        np.testing.assert_array_equal(error[MODEL_M0], 0.0)
        sampled = [model for model in shares if model != MODEL_M0]
        # A chance of a few in a million has an error that is rounded to nothing.
        assert all((error[model] > 0)[wide(forecast, PMF)[model] > 1e-5].all() for model in sampled)
        # Fits are independent of each other: variances add.
        variance = sum(np.square(shares[model] * error[model]) for model in sampled)
        np.testing.assert_allclose(error[MODEL_MIXTURE], np.sqrt(variance), rtol=0, atol=2 * ROUNDED)
        assert forecast.mcse(TARGET_STATE, 5, "deeper") == error[MODEL_MIXTURE][4, 3]


def test_reweighted_numbers_are_weighted_sums_of_the_stored_draws(
    evidence: Evidence, small: Library, defaults: Assumptions
) -> None:
    setting = defaults.replace({"C08": 2.0, "persistence": 0.6})
    forecast, weights = make_forecast(evidence, small, setting), reweight(small, setting).values
    assert np.ptp(weights) > 0
    for index, horizon in enumerate(HORIZONS):
        draws = small.probabilities.reshape(small.size, len(HORIZONS), -1)[:, index, -1]
        expected = sum(weight * draw for weight, draw in zip(weights.tolist(), draws.tolist(), strict=True))
        assert forecast.probability(TARGET_DEEPER, horizon, "yes", MODEL_M1) == pytest.approx(expected, abs=ROUNDED)
    np.testing.assert_array_equal(forecast.weights.values, weights)


def test_a_library_on_other_evidence_is_refused(evidence: Evidence, library: Library, defaults: Assumptions) -> None:
    with pytest.raises(StaleFitError, match=rf"{evidence.digest[:12]}.*library build"):
        make_forecast(evidence.visible(date(2023, 12, 31)), library, defaults)


def test_a_question_without_an_answer_is_an_error(headline: Forecast) -> None:
    for target, horizon, outcome in [(TARGET_STATE, 6, "deeper"), (TARGET_STATE, 1, "yes"), ("weather", 1, "yes")]:
        with pytest.raises(KeyError, match="expected one"):
            headline.probability(target, horizon, outcome)


def test_no_and_yes_are_one(headline: Forecast) -> None:
    for target in (TARGET_RUPTURE, TARGET_DEEPER):
        for horizon in HORIZONS:
            both = headline.probability(target, horizon, "yes") + headline.probability(target, horizon, "no")
            assert both == pytest.approx(1, abs=1e-12)
