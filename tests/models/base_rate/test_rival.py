"""The rival: its level and surprises by hand, the books it knows, and what it cannot read."""

import numpy as np
import pytest

from models.base_rate.rival import KEPT, moving_average
from models.errors import OutcomeError
from models.names import STATES
from models.outcome.rule import RULE_1, RULE_2, OutcomeRule

CALM = np.zeros(40, dtype=bool)


def test_a_history_without_surprises_is_continued_as_a_falling_level() -> None:
    """Means that are 0.9 of the level before leave surprises of zero, so every future is the same."""
    means, level = np.full(40, np.nan), 8.0
    means[0] = 16.0  # a level of 8 after the first year; its surprise lies outside the last 25
    for year in range(1, 40):
        means[year] = KEPT * level
        level += 0.5 * (means[year] - level)
    found = moving_average(means, CALM).year_means
    np.testing.assert_allclose(found, np.tile(level * KEPT ** np.arange(1, 6), (len(found), 1)), rtol=1e-12)


@pytest.mark.parametrize("rule", [RULE_1, RULE_2])
def test_the_books_decide_the_nearest_year_end(rule: OutcomeRule) -> None:
    """Four years far above the highest cut, and surprises of a tenth: nothing but deeper cooperation is left."""
    means = np.where(np.arange(40) % 2, 7.9, 8.1)
    state = moving_average(means, CALM, rule).probabilities.state
    np.testing.assert_allclose(state.sum(axis=1), 1.0, rtol=1e-12)
    assert state[0, STATES.index("deeper")] == pytest.approx(1 - 0.5 / 41, abs=0.01)
    assert state[0, STATES.index("rupture")] == pytest.approx(0.5 / 41, abs=0.01)


def test_break_acts_of_the_past_come_again_as_often() -> None:
    means, breaks = np.where(np.arange(40) % 2, 1.9, 2.1), np.arange(40) % 4 == 0
    found = moving_average(means, breaks).probabilities
    chance = 10.5 / 41
    np.testing.assert_allclose(found.state[:, 0], chance, rtol=0, atol=0.03)
    np.testing.assert_allclose(found.any_rupture, 1 - (1 - chance) ** np.arange(1, 6), rtol=0, atol=0.03)


def test_the_same_history_gives_the_same_numbers_and_the_scale_ends_at_ten() -> None:
    means = np.random.default_rng(4).normal(6, 5, 40).clip(-10, 10)
    one, other = (moving_average(means, CALM) for _ in range(2))
    np.testing.assert_array_equal(one.probabilities.outcomes, other.probabilities.outcomes)
    assert np.abs(one.year_means).max() <= 10


def test_years_without_events_are_passed_over_and_an_empty_history_is_refused() -> None:
    means = np.where(np.arange(40) == 20, np.nan, 3.0)
    assert np.isfinite(moving_average(means, CALM).year_means).all()
    for useless in (np.full(40, np.nan), np.ones(3)):
        with pytest.raises(OutcomeError, match="expected 5 years or more"):
            moving_average(useless, CALM)
