"""Published numbers: chances that add up, ties that fall one way, and the rule that rounded a table read off it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.forecast.opinions import masses_of, nearest, range_of, weighted_quantiles
from models.rounding import PUBLISHED, TEN_DECIMALS, rounding_of
from models.weighting.pareto import smoothed

UNIT = 10.0**-PUBLISHED.decimals
positive = st.floats(min_value=1e-9, max_value=1.0)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.lists(positive, min_size=2, max_size=4))
def test_chances_of_a_question_add_up_to_one_and_are_two_units_off_at_most(numbers: list[float]) -> None:
    exact = np.array(numbers) / sum(numbers)
    published = PUBLISHED.chances(exact)
    assert published.sum() == pytest.approx(1.0, abs=1e-12)
    assert (published >= 0).all()
    others = np.arange(exact.size) != np.round(exact, PUBLISHED.decimals).argmax()
    np.testing.assert_allclose(published, exact, rtol=0, atol=2 * UNIT)
    np.testing.assert_allclose(published[others], exact[others], rtol=0, atol=0.501 * UNIT)


def test_rounded_one_by_one_they_would_not() -> None:
    """Four chances, three of them half a unit below: the sum misses one by more than a hub allows."""
    exact = np.array([[0.1000004, 0.2000004, 0.3000004, 0.3999988]])
    assert abs(np.round(exact, PUBLISHED.decimals).sum() - 1) > 1.5e-8
    np.testing.assert_array_equal(PUBLISHED.chances(exact), [[0.1, 0.2, 0.3, 0.4]])
    np.testing.assert_array_equal(TEN_DECIMALS.chances(exact), exact)


def test_a_table_shows_by_which_rule_it_was_rounded() -> None:
    exact = np.random.default_rng(1).random(50)
    assert rounding_of(np.round(exact, 6)) is PUBLISHED
    assert rounding_of(np.round(exact, 10)) is TEN_DECIMALS
    assert rounding_of(np.where(np.arange(50) == 7, np.round(exact, 10), np.round(exact, 6))) is TEN_DECIMALS


@pytest.mark.parametrize("error", [-1e-13, 0.0, 1e-13])
def test_a_level_that_equal_weights_reach_exactly_is_reached_in_whatever_order_they_were_added(error: float) -> None:
    """The hundredth of two thousand draws stands at 5 %, whatever the last digit of a sum."""
    draws = np.arange(2000.0)[:, None] / 2000
    weights = np.full(2000, 1 / 2000) * (1 + error * np.linspace(-1, 1, 2000))
    low, high = weighted_quantiles(draws, weights, (0.05, 0.95))[:, 0]
    assert (low, high) == (99 / 2000, 1899 / 2000)
    grid = np.repeat(np.arange(0, 256, 64) / 256, 500)[:, None]  # four values; 25 % each
    masses = masses_of(weights, nearest(grid))
    masses[:] = 0
    masses[[0, 64, 128], 0] = 0.05 * (1 + error), 0.9, 0.05
    np.testing.assert_array_equal(range_of(masses)[:, 0], [0.0, 64 / 256])


@pytest.mark.parametrize("error", [-1e-13, 0.0, 1e-13])
def test_draws_that_stand_twice_keep_their_places_in_the_tail(error: float) -> None:
    """Rounding puts one of two equal ratios above the other; which draw gets the larger weight must not follow it."""
    ratio = np.random.default_rng(3).normal(size=4000)
    first, second = np.argsort(ratio)[[-5, -6]]
    ratio[second] = ratio[first]
    off = ratio.copy()
    off[min(first, second)] += error
    np.testing.assert_allclose(smoothed(off)[0], smoothed(ratio)[0], rtol=0, atol=1e-10)
