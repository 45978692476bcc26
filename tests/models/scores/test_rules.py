"""Scores of the four-state forecasts: against their definitions in loops, known values, and that honesty pays."""

import math

import numpy as np
import pytest

from models.scores.rules import (
    FLOOR,
    ScoreError,
    brier_score,
    floored_log_score,
    log_score,
    ranked_probability_score,
    realised_probability,
)

SCORES = (ranked_probability_score, brier_score, log_score)


def forecasts(seed: int, *shape: int) -> np.ndarray:
    return np.random.default_rng(seed).dirichlet(np.ones(4), size=shape)


def ranked_by_hand(p: np.ndarray, code: int) -> float:
    return sum((sum(p[: cut + 1]) - (1.0 if code <= cut else 0.0)) ** 2 for cut in range(3))


def brier_by_hand(p: np.ndarray, code: int) -> float:
    return sum((p[state] - (1.0 if state == code else 0.0)) ** 2 for state in range(4))


def log_by_hand(p: np.ndarray, code: int) -> float:
    return -math.log(p[code] if p[code] > 0.01 else 0.01)


@pytest.mark.parametrize(
    ("score", "by_hand"), list(zip(SCORES, (ranked_by_hand, brier_by_hand, log_by_hand), strict=True))
)
def test_score_is_its_definition(score, by_hand) -> None:
    p, codes = forecasts(1, 30, 5), np.random.default_rng(2).integers(4, size=(30, 5))
    expected = [[by_hand(p[i, h], codes[i, h]) for h in range(5)] for i in range(30)]
    np.testing.assert_allclose(score(p, codes), expected, rtol=1e-12)


@pytest.mark.parametrize(
    ("p", "code", "ranked", "brier"),
    [
        ([1, 0, 0, 0], 0, 0, 0),
        ([1, 0, 0, 0], 1, 1, 2),
        ([1, 0, 0, 0], 3, 3, 2),
        ([0.25] * 4, 0, 0.75**2 + 0.5**2 + 0.25**2, 0.75),
        ([0.25] * 4, 1, 0.25**2 + 0.5**2 + 0.25**2, 0.75),
    ],
)
def test_known_values(p: list[float], code: int, ranked: float, brier: float) -> None:
    np.testing.assert_allclose(ranked_probability_score(np.array(p), np.array(code)), ranked, rtol=1e-12)
    np.testing.assert_allclose(brier_score(np.array(p), np.array(code)), brier, rtol=1e-12)


def test_the_log_score_has_one_floor_for_all() -> None:
    p, codes = np.array([1.0, 0, 0, 0]), np.arange(4)
    np.testing.assert_allclose(log_score(p, codes), [0, *[-math.log(FLOOR)] * 3], rtol=1e-12)
    np.testing.assert_allclose(realised_probability(p, codes), [1, 0, 0, 0])
    np.testing.assert_allclose(floored_log_score(np.array([FLOOR / 2, np.nan, 1])), [-math.log(FLOOR), np.nan, 0])


@pytest.mark.parametrize("score", SCORES)
def test_honesty_pays(score) -> None:
    """Under a truth q no forecast on a grid of 0.05 costs less on average than q itself, and any other costs more."""
    steps = 20
    grid = np.array(
        [
            [a, b, c, steps - a - b - c]
            for a in range(1, steps)
            for b in range(1, steps - a)
            for c in range(1, steps - a - b)
        ]
    )
    grid = grid / steps
    each = np.stack([score(grid, np.full(len(grid), code)) for code in range(4)], axis=1)
    expected = each @ grid.T
    np.testing.assert_array_equal(expected.argmin(axis=0), np.arange(len(grid)))


def test_order_matters_to_the_ranked_score_only() -> None:
    near, far = np.array([0, 0.7, 0.3, 0]), np.array([0, 0.7, 0, 0.3])
    assert ranked_probability_score(near, np.array(1)) < ranked_probability_score(far, np.array(1))
    np.testing.assert_allclose(brier_score(near, np.array(1)), brier_score(far, np.array(1)), rtol=1e-12)


@pytest.mark.parametrize("score", [*SCORES, realised_probability])
def test_one_forecast_scores_against_many_outcomes(score) -> None:
    p, codes = forecasts(3, 5), np.random.default_rng(4).integers(4, size=(7, 5))
    assert score(p, codes).shape == (7, 5)
    np.testing.assert_array_equal(score(p, codes)[2], score(p, codes[2]))


def test_averages_of_float32_draws_pass() -> None:
    mean = forecasts(5, 1000).astype(np.float32).mean(axis=0)
    assert brier_score(mean, np.array(1)) > 0


@pytest.mark.parametrize("score", [*SCORES, realised_probability])
@pytest.mark.parametrize(
    ("p", "codes", "message"),
    [
        ([0.5, 0.5, 0.5, -0.5], 1, "add up to one"),
        ([0.2, 0.2, 0.2, 0.2], 1, "add up to one"),
        ([np.nan, 0.5, 0.25, 0.25], 1, "add up to one"),
        ([0.5, 0.5], 1, "4 states"),
        ([0.25] * 4, 4, "expected a code 0 to 3"),
        ([0.25] * 4, -1, "annulled"),
        ([0.25] * 4, 1.5, "expected a code 0 to 3"),
        ([0.25] * 4, np.nan, "not yet resolved"),
        ([[0.25] * 4] * 3, [1, 2], "one outcome per forecast"),
    ],
)
def test_what_cannot_be_scored_is_refused(score, p, codes, message: str) -> None:
    with pytest.raises(ScoreError, match=message):
        score(np.array(p), np.array(codes))
