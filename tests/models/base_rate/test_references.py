"""Climatology and persistence: by hand, and that both are forecasts the scores accept."""

import math

import numpy as np
import pytest

from models.base_rate.references import climatology, persistence
from models.errors import OutcomeError
from models.scores.rules import FLOOR, log_score


def test_climatology_is_relative_frequency_with_one_imagined_year() -> None:
    found = climatology([2, 0, 2, 2, 1, -1, 0, 3])
    np.testing.assert_allclose(found, np.tile([2.25 / 8, 1.25 / 8, 3.25 / 8, 1.25 / 8], (5, 1)), rtol=1e-12)


def test_climatology_before_any_record_is_even() -> None:
    np.testing.assert_allclose(climatology([]), 0.25, rtol=1e-12)
    np.testing.assert_allclose(climatology([-1, -1]), 0.25, rtol=1e-12)


def test_a_state_never_seen_stays_above_the_floor_for_twenty_years() -> None:
    assert climatology([2] * 20)[0, 0] > FLOOR
    assert climatology(np.array([2] * 75))[0, 2] > 0.98


def test_persistence_is_certain_and_the_floor_says_what_that_costs() -> None:
    found = persistence(1)
    np.testing.assert_array_equal(found, np.tile([0, 1, 0, 0], (5, 1)))
    np.testing.assert_allclose(
        log_score(found, np.array([1, 1, 0, 1, 3])), -math.log(FLOOR) * np.array([0, 0, 1, 0, 1])
    )


def test_horizons_set_the_rows() -> None:
    assert climatology([2], horizons=(1, 2)).shape == persistence(2, horizons=(1, 2)).shape == (2, 4)


@pytest.mark.parametrize("code", [-1, 4])
def test_persistence_needs_a_state(code: int) -> None:
    with pytest.raises(OutcomeError, match="current state"):
        persistence(code)


def test_climatology_refuses_unknown_codes() -> None:
    with pytest.raises(OutcomeError, match="codes -1 to 3"):
        climatology([0, 7])
