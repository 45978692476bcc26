"""Weighted quantiles, the status of a forecast, and the summaries of the latent path."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from data.types import Evidence
from models.assumptions.setting import Assumptions
from models.assumptions.shares import WEIGHT_KNOBS
from models.forecast.opinions import weighted_quantiles
from models.forecast.results import alignment_summary, make_forecast, sample_paths, spread_rows
from models.library.answer import Answer
from models.library.library import Library
from models.library.reweighting import reweight
from models.names import HORIZONS, MODEL_M1, MODEL_M2, MODEL_M3, STATES, TARGET_STATE
from models.weighting.status import Status
from models.weighting.weights import Weights
from tests.support.values.factories import library_of, synthetic_fit, synthetic_library


@pytest.fixture(scope="module")
def defaults(evidence: Evidence) -> Assumptions:
    return Assumptions.defaults(evidence.claims)


@pytest.fixture(scope="module")
def small(evidence: Evidence) -> Library:
    return synthetic_library(evidence, samples=400)


@pytest.mark.parametrize("count", [1, 2, 7, 997])
def test_uniform_quantiles_are_numpys(count: int) -> None:
    draws = np.random.default_rng(count).normal(size=(count, 4))
    levels = (0.05, 0.31, 0.5, 0.95)
    found = weighted_quantiles(draws, np.full(count, 1 / count), levels)
    np.testing.assert_array_equal(found, np.quantile(draws, levels, axis=0, method="inverted_cdf"))


@pytest.mark.parametrize("seed", range(6))
def test_weighted_quantiles_against_brute_force(seed: int) -> None:
    rng = np.random.default_rng(seed)
    draws = rng.integers(0, 12, (60, 5)) / 12.0  # with ties
    weights = rng.dirichlet(np.full(60, 0.3))
    levels = (0.05, 0.25, 0.5, 0.95)
    found = weighted_quantiles(draws, weights, levels)
    for row, level in enumerate(levels):
        for column in range(5):
            values = sorted(set(draws[:, column].tolist()))
            reached = [value for value in values if weights[draws[:, column] <= value].sum() >= level]
            assert found[row, column] == reached[0]


def test_quantiles_ignore_draws_without_weight_and_the_scale_of_weights() -> None:
    draws = np.array([[0.1], [0.9], [0.2], [0.8], [0.3]])
    weights = np.array([1.0, 0.0, 1.0, 0.0, 1.0])
    found = weighted_quantiles(draws, weights, (0.01, 0.5, 0.99))
    np.testing.assert_array_equal(found[:, 0], [0.1, 0.2, 0.3])
    np.testing.assert_array_equal(found, weighted_quantiles(draws, weights / 7, (0.01, 0.5, 0.99)))


def answer(status: str, mcse: float) -> Answer:
    """Whose largest Monte Carlo error is `mcse`, in one of its thirty numbers."""
    noise = np.zeros((1, 30))
    noise[0, 20] = mcse
    weights = Weights(values=np.ones(1), pareto_k=None, ess=1.0, status=status)
    return Answer(probabilities=np.zeros((1, 30)), weights=weights, noise=noise)


@pytest.mark.parametrize(
    ("weights", "mcse", "expected"),
    [
        ("exact", 0.5, "exact"),
        ("good", 0.0075, "good"),
        ("good", 0.0076, "fair"),
        ("good", 0.0201, "poor"),
        ("fair", 0.001, "fair"),
        ("fair", 0.03, "poor"),
        ("poor", 0.001, "poor"),
    ],
)
def test_the_status_is_the_worse_of_weights_and_error(weights: str, mcse: float, expected: str) -> None:
    assert answer(weights, mcse).status == expected


def test_draws_that_needed_no_weights_are_still_draws() -> None:
    assert [replace(answer("exact", mcse), best=Status.GOOD).status for mcse in (0.0, 0.01, 0.03)] == [
        "good",
        "fair",
        "poor",
    ]


@pytest.mark.parametrize("worst", [MODEL_M1, MODEL_M2, MODEL_M3])
def test_the_worst_of_the_models_that_count_decides(
    evidence: Evidence, small: Library, defaults: Assumptions, worst: str
) -> None:
    forecast = make_forecast(evidence, small, defaults)
    told = {model: Status.FAIR if model == worst else Status.GOOD for model in forecast.statuses}
    assert replace(forecast, statuses=told).status == "fair"
    off = make_forecast(evidence, small, defaults.replace({WEIGHT_KNOBS[worst]: 0.0}))
    assert worst in forecast.statuses
    assert worst not in off.statuses


@pytest.mark.parametrize("seed", range(3))
def test_a_column_of_weights_each_is_a_call_each(seed: int) -> None:
    rng = np.random.default_rng(seed)
    draws, weights = rng.integers(0, 12, (60, 5)) / 12.0, rng.dirichlet(np.full(60, 0.3), 5).T
    levels = (0.05, 0.5, 0.95)
    found = weighted_quantiles(draws, weights, levels)
    for column in range(5):
        alone = weighted_quantiles(draws[:, [column]], weights[:, column], levels)
        np.testing.assert_array_equal(found[:, column], alone[:, 0])


def test_spread_rows_take_every_draw_as_often_as_it_weighs() -> None:
    weights = np.random.default_rng(5).dirichlet(np.full(50, 0.5))
    taken = np.bincount(spread_rows(weights, 1000), minlength=50)
    # Even spacing: a draw that covers w of the unit interval meets 1,000 w points, give or take less than one.
    assert np.all(np.abs(taken - 1000 * weights) < 1)
    np.testing.assert_array_equal(spread_rows(7 * weights, 1000), spread_rows(weights, 1000))
    assert np.all(np.diff(spread_rows(weights, 1000)) >= 0)


def test_alignment_summary_against_weighted_quantiles_by_year(small: Library, defaults: Assumptions) -> None:
    weights, paths = reweight(small, defaults.replace({"C08": 2.0})), small.paths
    frame = alignment_summary(small, weights)
    assert frame.columns.tolist() == ["year", "kind", "q05", "q25", "q50", "q75", "q95"]
    assert frame["year"].tolist() == list(range(1950, 2031))
    assert frame["kind"].tolist() == ["history"] * 76 + ["forecast"] * 5
    assert (np.diff(frame[["q05", "q25", "q50", "q75", "q95"]].to_numpy(), axis=1) >= 0).all()
    kept = weights.values[paths.rows]
    for year, draws in ((1969, paths.alignment[:, 1969 - 1950]), (2028, paths.future[:, 2])):
        order = np.argsort(draws)
        middle = order[np.searchsorted(np.cumsum(kept[order]), 0.5 * kept.sum())]
        assert frame.set_index("year").loc[year, "q50"] == draws[middle]


def test_sample_paths_start_at_the_last_year_and_follow_the_weights(small: Library) -> None:
    values, kept = np.zeros(400), small.paths
    values[kept.rows[[7, 33]]] = 0.25, 0.75
    frame = sample_paths(small, Weights(values=values, pareto_k=None, ess=2.0, status="poor"), 8)
    assert frame["year"].tolist() == list(range(2025, 2031)) * 8
    paths = frame.pivot_table(index="path", columns="year", values="value").to_numpy()
    for path, draw in zip(paths, [7] * 2 + [33] * 6, strict=True):
        expected = [kept.alignment[draw, -1], *kept.future[draw]]
        np.testing.assert_allclose(path, expected, rtol=0, atol=1e-15)


def test_monte_carlo_error_of_independent_draws_is_the_textbooks(evidence: Evidence, defaults: Assumptions) -> None:
    drawn = synthetic_fit(evidence, samples=2000)
    forecast = make_forecast(evidence, library_of(evidence, drawn), defaults)
    found = np.array([forecast.mcse(TARGET_STATE, h, STATES[3], MODEL_M1) for h in HORIZONS])
    textbook = drawn.probabilities["state_probability"].to_numpy()[..., 3].std(axis=0) / np.sqrt(2000)
    # 48 batches estimate a standard deviation within 10 % (one sd); 4 sds for each of five horizons.
    np.testing.assert_allclose(found, textbook, rtol=0.4)


def test_storage_in_float32_does_not_cost_the_sum(evidence: Evidence, defaults: Assumptions) -> None:
    drawn = synthetic_fit(evidence, samples=400)
    single = xr.Dataset({name: array.astype("float32") for name, array in drawn.probabilities.data_vars.items()})
    double, stored = (library_of(evidence, one) for one in (drawn, replace(drawn, probabilities=single)))
    for setting in (defaults, defaults.replace({"C08": 2.0})):
        found = make_forecast(evidence, stored, setting).table
        pd.testing.assert_frame_equal(found, make_forecast(evidence, double, setting).table, check_exact=True)
