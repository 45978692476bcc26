"""The rank band against enumeration, simulation and ArviZ, and the verdict on ranks known to be good or bad."""

import itertools

import numpy as np
import pandas as pd
import pytest
from arviz_stats.ecdf_utils import simulate_confidence_bands

from models.calibration.ranks import (
    COVERAGE,
    DRAWS,
    LEVELS,
    RANK_COLUMNS,
    SUMMARY_COLUMNS,
    excursions_allowed,
    judged,
    rank,
    rank_band,
    summary,
)
from models.errors import FitError

POINTS = np.arange(1, LEVELS)


def below(ranks: np.ndarray) -> np.ndarray:
    return (ranks[..., None] < POINTS).sum(axis=-2)


def inside(ranks: np.ndarray) -> np.ndarray:
    """Share of the rows (row, simulation) whose whole curve is in the band, by plain counting."""
    band, counts = rank_band(ranks.shape[1]), below(ranks)
    return ((counts >= band.low) & (counts <= band.high)).all(axis=-1).mean()


def test_the_coverage_is_that_of_all_pairs_of_ranks():
    pairs = np.array(list(itertools.product(range(LEVELS), repeat=2)))
    np.testing.assert_allclose(inside(pairs), rank_band(2).coverage, rtol=1e-12)


def test_the_coverage_is_that_of_simulated_ranks():
    trials = 1000
    found = inside(np.random.default_rng(1).integers(0, LEVELS, (trials, 200)))
    assert abs(found - rank_band(200).coverage) < 4 * np.sqrt(COVERAGE * (1 - COVERAGE) / trials)


def test_the_band_is_the_one_that_arviz_finds_by_simulation():
    """Its pointwise level is an estimated 5 % quantile: 1,000 trials leave about 14 % of the tail, four times that."""
    level = simulate_confidence_bands(200, 1, POINTS / LEVELS, COVERAGE, 1000, np.random.default_rng(2))
    assert (1 - level) / rank_band(200).limit == pytest.approx(1, rel=4 * 0.14)


@pytest.mark.parametrize("simulations", [1, 5, 200, 1000])
def test_the_band_covers_at_least_what_is_asked_and_hardly_more(simulations):
    band = rank_band(simulations)
    assert COVERAGE <= band.coverage < COVERAGE + (0.05 if simulations < 5 else 0.005)
    expected = simulations * POINTS / LEVELS
    assert np.all((band.low < expected + 1) & (band.high > expected - 1)), "a whole count next to the line is inside"


def test_the_rank_counts_the_draws_below_the_truth():
    assert rank(np.array([0.5, *np.linspace(0.0, 1.0, 4)]), np.random.default_rng(3)) == 2


def test_ties_are_broken_evenly():
    rng = np.random.default_rng(4)
    found = np.bincount([rank(np.array([0.0, 0.0, 0.0, -1.0, 1.0]), rng) for _ in range(3000)], minlength=5)
    assert found[[0, 4]].tolist() == [0, 0]
    np.testing.assert_allclose(found[1:4] / 3000, 1 / 3, atol=4 * np.sqrt(2 / 9 / 3000))


def test_a_value_without_a_place_is_refused():
    with pytest.raises(FitError, match="1 values that are not finite"):
        rank(np.array([0.0, np.nan, 1.0]), np.random.default_rng(5))


def test_ranks_that_fill_every_level_are_inside_and_not_surprising():
    found = judged(np.repeat(np.arange(LEVELS), 2))
    assert found["inside"]
    assert found["chance"] > 0.999
    assert found["largest_deviation"] == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize(
    ("ranks", "sign"),
    [
        (np.arange(200) % 50, 1),  # the truth always low
        (50 + np.arange(200) % 50, -1),  # always high
        (np.repeat([3, DRAWS - 3], 100), None),  # too narrow a posterior
        (np.repeat([49, 50], 100), None),  # too wide
    ],
    ids=["low", "high", "narrow", "wide"],
)
def test_known_faults_are_outside(ranks, sign):
    found = judged(ranks)
    assert not found["inside"]
    assert found["chance"] < 1e-6
    assert abs(found["largest_deviation"]) > found["allowed"]
    assert sign is None or np.sign(found["largest_deviation"]) == sign


def test_a_quantity_is_outside_exactly_when_its_chance_is_below_that_of_the_band():
    rng = np.random.default_rng(6)
    for _ in range(60):
        found = judged(np.minimum(rng.integers(0, LEVELS, 50), rng.integers(60, 101)).clip(max=DRAWS))
        assert found["inside"] == (found["chance"] > 1 - rank_band(50).coverage + 1e-9)


def test_the_summary_has_one_row_a_model_and_quantity():
    rows = [
        (model, number, kind, name, value)
        for model in ("a", "b")
        for number in range(100)
        for kind, name, value in (("parameter", "x", number), ("forecast", "y", 0))
    ]
    table = summary(pd.DataFrame(rows, columns=list(RANK_COLUMNS)))
    assert tuple(table.columns) == SUMMARY_COLUMNS
    assert table[["model_id", "quantity", "simulations", "inside"]].to_numpy().tolist() == [
        [model, name, 100, name == "x"] for model in ("a", "b") for name in ("x", "y")
    ]


@pytest.mark.parametrize(("quantities", "allowed"), [(1, 1), (20, 1), (21, 2), (40, 2), (41, 3)])
def test_one_excursion_in_every_started_twenty(quantities, allowed):
    assert excursions_allowed(quantities) == allowed


@pytest.mark.parametrize("ranks", [[-1, 3], [0, LEVELS], [0.5]])
def test_ranks_out_of_range_are_refused(ranks):
    with pytest.raises(FitError, match="expected 0 to 99"):
        judged(ranks)


@pytest.mark.parametrize(("simulations", "coverage"), [(0, 0.95), (10, 1.0), (10, 0.0)])
def test_a_band_of_nothing_is_refused(simulations, coverage):
    with pytest.raises(FitError, match="expected at least 1"):
        rank_band(simulations, coverage)
