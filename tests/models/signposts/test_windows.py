"""What is left of a window: whole years, the rest of one that has begun by the calendar of arrivals, and their rows."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from scipy.stats import kstest, norm

from models.signposts.constants import SIGNPOSTS_1
from models.signposts.windows import Coming, arrived
from tests.support.values.signpost_rows import patrol_question


@pytest.mark.parametrize(
    ("day", "share"),
    [(date(2025, 3, 31), 0.19), (date(2025, 6, 30), 0.46), (date(2025, 9, 30), 0.71), (date(2025, 12, 31), 1.0)],
)
def test_rows_arrive_by_quarters(day: date, share: float) -> None:
    assert arrived(day) == pytest.approx(share, abs=0.005)  # quarters differ by a day or two from a fourth


def test_years_from_a_year_end_are_whole() -> None:
    coming = Coming.after(date(2024, 12, 31))
    assert coming.years == (2025, 2026, 2027, 2028, 2029)
    np.testing.assert_array_equal(coming.left, np.ones(5))
    np.testing.assert_array_equal(coming.ahead, np.arange(1, 6))


def test_a_year_that_has_begun_brings_what_has_not_arrived() -> None:
    coming = Coming.after(date(2025, 9, 30))
    assert coming.years[0] == 2025
    assert coming.left[0] == pytest.approx(0.29, abs=0.005)
    np.testing.assert_array_equal(coming.left[1:], 1)
    np.testing.assert_allclose(np.diff(coming.ahead), 1)


def test_only_the_years_of_a_window_are_open() -> None:
    coming = Coming.after(date(2025, 9, 30))
    open_to = coming.open_to(patrol_question(opens=2025, deadline=2027))
    np.testing.assert_array_equal(open_to > 0, [False, True, True, False, False, False])


def test_one_luck_runs_through_a_future_and_has_the_laws_spread() -> None:
    coming = Coming.after(date(2024, 12, 31))
    luck = np.log(coming.rows(30.0, 4000) / 30) / (SIGNPOSTS_1.depth_log_sd * np.sqrt(coming.ahead))
    np.testing.assert_allclose(luck, np.broadcast_to(luck[:, :1], luck.shape), atol=1e-9)
    assert kstest(luck[:, 0], norm.cdf).statistic < 0.002  # an even spread, not a sample
    np.testing.assert_array_equal(coming.rows(30.0, 5, replace(SIGNPOSTS_1, depth_log_sd=0.0)), 30)
