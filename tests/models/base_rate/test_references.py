"""Climatology and persistence: by hand, and that both are forecasts the scores accept."""

import math

import numpy as np
import pytest

from models.base_rate.references import (
    climatology,
    mean_climatology,
    mean_persistence,
    persistence,
    softened_persistence,
)
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


def test_softened_persistence_forgets_by_a_fifth_a_year_towards_thirty_years() -> None:
    codes = np.array([0] * 40 + [3] * 29 + [2])
    found = softened_persistence(codes)
    rest = (np.array([0, 0, 1, 29]) + 0.25) / 31
    for index in range(5):
        stays = 0.8 ** (index + 1)
        np.testing.assert_allclose(found[index], stays * np.array([0, 0, 1, 0]) + (1 - stays) * rest, rtol=1e-12)


def test_means_are_forecast_from_the_last_years_and_from_the_last_one() -> None:
    means = np.concatenate([np.full(20, -9.0), np.arange(30) % 3, [np.nan]])
    for years in (15, 30):
        assert mean_climatology(means, years)[0, 49] == pytest.approx(1.0)
    found = mean_persistence(means[20:-1])
    np.testing.assert_allclose(found[2], 2.0, rtol=0, atol=1e-12)  # three years on, all is as it was
    assert found[0, [0, -1]].tolist() == [0.0, 3.0]
    with pytest.raises(OutcomeError, match="expected a recorded year"):
        mean_climatology(means[-1:])
