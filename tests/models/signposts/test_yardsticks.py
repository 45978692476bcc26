"""Each rule's own past as a chance, in closed form."""

from dataclasses import replace

import numpy as np
import pytest

from models.outcome.signpost_list import SIGNPOSTS, Signpost
from models.signposts.yardsticks import EXPANDING, TEN_YEARS, own_rate, yardsticks
from tests.support.values.asked import small_board, small_library


def asking(least: int = 1, none_expected: bool = False) -> Signpost:
    rule = replace(SIGNPOSTS[0].rule, min_count=least, none_expected=none_expected)
    return replace(SIGNPOSTS[0], rule=rule)


def test_years_add_up_as_if_independent() -> None:
    counts = np.array([0, 2, 0, 1])
    year = 2.5 / 5
    assert own_rate(counts, asking(), [0, 1, 1, 1], 1) == pytest.approx(1 - (1 - year) ** 3, abs=1e-12)
    assert own_rate(counts, asking(none_expected=True), [1, 1], 1) == pytest.approx((1 - year) ** 2, abs=1e-12)


def test_two_rows_may_come_in_one_year_or_in_two() -> None:
    counts = np.array([0, 2, 0, 1])
    one, two = (2.5 - 1.5) / 5, 1.5 / 5
    none = 1 - one - two
    fewer = none**2 + 2 * none * one
    assert own_rate(counts, asking(2), [1, 1], 2) == pytest.approx(1 - fewer, abs=1e-12)


def test_a_row_comes_later_with_the_chance_of_what_is_left_of_the_year() -> None:
    counts = np.array([1, 0, 0])
    assert own_rate(counts, asking(), [0.29], 1) == pytest.approx(0.29 * 1.5 / 4, abs=1e-12)
    assert own_rate(counts, asking(), [0.0], 1) == 0


def test_recent_years_are_the_last_ten_whole_ones() -> None:
    board, evidence = small_board(), small_library()[0]
    own = yardsticks(board, evidence)
    index, signpost = next((i, one) for i, one in enumerate(board.open) if one.rule.min_count == 1)
    rows = {e.latest_date.year for e in evidence.events if signpost.rule.matches(e)}
    last, years = board.law.record.last_whole, int(board.coming.open_to(signpost).sum())
    for name, first in ((EXPANDING, 1992), (TEN_YEARS, last - 9)):
        span = range(first, last + 1)
        year = (len(rows & set(span)) + 0.5) / (len(span) + 1)
        expected = (1 - year) ** years
        expected = expected if signpost.rule.none_expected else 1 - expected
        assert own[name][index] == pytest.approx(expected, abs=1e-12)
