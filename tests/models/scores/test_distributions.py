"""Quantiles: CRPS against the integral that defines it, ranges and words against normal theory."""

import numpy as np
import pytest
from scipy import stats

from models.scores.distributions import (
    LEVELS,
    chance_below,
    crps,
    held,
    mixed_quantiles,
    quantiles_of,
    widened,
    word_chances,
)
from models.scores.rules import ScoreError

NORMAL = stats.norm(1.0, 2.0)
QUANTILES = NORMAL.ppf(LEVELS)


def integral(law: stats.rv_continuous, observed: float) -> float:
    """The definition: squared distance of the distribution function from the outcome's step, summed over the axis."""
    axis = np.linspace(-40, 40, 800_001)
    return float(np.square(law.cdf(axis) - (axis >= observed)).sum() * (axis[1] - axis[0]))


@pytest.mark.parametrize("observed", [-6.0, 0.0, 1.0, 2.7, 9.0])
def test_crps_is_the_integral_that_defines_it(observed: float) -> None:
    """Within a hundredth: the share of the two tails that ninety-nine levels do not see."""
    np.testing.assert_allclose(crps(QUANTILES, np.array(observed)), integral(NORMAL, observed), rtol=0.01)


def test_crps_of_a_certain_forecast_is_the_distance_and_unknown_outcomes_stay_unknown() -> None:
    sure = np.full((2, 99), 3.0)
    np.testing.assert_allclose(crps(sure, np.array([5.0, np.nan])), [2.0, np.nan])


def test_crps_is_lowest_for_the_true_spread() -> None:
    rng = np.random.default_rng(7)
    outcomes = NORMAL.rvs(20_000, random_state=rng)
    means = [crps(widened(QUANTILES, factor), outcomes[:, None]).mean() for factor in (0.8, 1.0, 1.2)]
    assert means[1] < min(means[0], means[2])


def test_central_ranges_hold_what_they_promise() -> None:
    outcomes = NORMAL.rvs(40_000, random_state=np.random.default_rng(8))
    for share in (0.5, 0.8, 0.9):
        found = held(np.broadcast_to(QUANTILES, (outcomes.size, 99)), outcomes, share).mean()
        assert found == pytest.approx(share, abs=4 * np.sqrt(share * (1 - share) / outcomes.size))


def test_chances_of_words_are_those_of_the_law() -> None:
    edges = np.array([[-0.5, 1.5], [-20.0, 20.0]])
    found = word_chances(np.stack([QUANTILES, QUANTILES]), edges)
    expected = [NORMAL.cdf(-0.5), NORMAL.cdf(1.5) - NORMAL.cdf(-0.5), 1 - NORMAL.cdf(1.5)]
    np.testing.assert_allclose(found, [expected, [0, 1, 0]], rtol=0, atol=1e-3)
    assert chance_below(QUANTILES, 1.0) == pytest.approx(0.5, abs=1e-12)


def test_a_mixture_lies_between_its_members_by_their_shares() -> None:
    low, high = (stats.norm(mean, 0.1).ppf(LEVELS) for mean in (-5, 5))
    found = mixed_quantiles([low, high], [3, 1])
    assert (found < 0).mean() == pytest.approx(0.75, abs=0.011)
    np.testing.assert_allclose(mixed_quantiles([low, low], [0.4, 0.1]), low, rtol=0, atol=0.02)


def test_quantiles_of_samples_are_those_of_numpy() -> None:
    samples = np.random.default_rng(3).normal(size=(500, 5))
    np.testing.assert_array_equal(quantiles_of(samples), np.quantile(samples, LEVELS, axis=0).T)


def test_what_is_no_distribution_is_refused() -> None:
    with pytest.raises(ScoreError, match="do not fall"):
        crps(QUANTILES[::-1], np.array(0.0))
    with pytest.raises(ScoreError, match="finite numbers"):
        quantiles_of(np.array([1.0, np.nan]))
