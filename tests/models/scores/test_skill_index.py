"""The index: its three fixed points, no step at the middle, and the worst that a score can be."""

from itertools import product

import numpy as np
import pytest

from models.names import STATES
from models.scores.rules import ScoreError, ranked_probability_score
from models.scores.skill_index import skill_index, worst_ranked_score


def test_it_has_three_fixed_points_and_falls_all_the_way():
    assert [skill_index(score, 0.4, 2.5) for score in (0.0, 0.4, 2.5)] == [100, 50, 0]
    falling = [skill_index(score, 0.4, 2.5) for score in np.linspace(0, 2.5, 101)]
    assert (np.diff(falling) < 0).all()
    assert skill_index(0.4 + 1e-9, 0.4, 2.5) == pytest.approx(50)


def test_its_upper_half_is_the_skill_score():
    assert skill_index(0.3, 0.4, 2.5) == pytest.approx(50 * (1 + (1 - 0.3 / 0.4)))


def test_a_perfect_reference_leaves_perfect_or_less():
    assert skill_index(0.0, 0.0, 2.0) == 100
    assert skill_index(1.0, 0.0, 2.0) == 25


def test_the_worst_is_the_worst_of_all_certain_forecasts():
    codes = np.arange(len(STATES))
    for code, worst in zip(codes, worst_ranked_score(codes), strict=True):
        certain = [ranked_probability_score(np.eye(len(STATES))[said], np.array(code)) for said in codes]
        assert worst == max(certain)


@pytest.mark.parametrize("penalties", [pair for pair in product((-0.1, 0.2, 3.0), repeat=2) if pair != (0.2, 0.2)])
def test_penalties_that_cannot_be_are_refused(penalties):
    with pytest.raises(ScoreError):
        skill_index(*penalties, 2.0)
