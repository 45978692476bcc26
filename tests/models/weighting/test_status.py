"""The badge: ordered from exact to poor, graded by limits, and text wherever it is written."""

import json
import math

import pytest

from models.weighting.status import Status

EXACT, GOOD, FAIR, POOR = Status


def test_it_is_the_text_that_files_hold() -> None:
    assert json.dumps(list(Status)) == '["exact", "good", "fair", "poor"]'
    assert f"{FAIR}" == "fair"
    assert {"fair": 1}[FAIR] == 1


def test_the_worst_is_the_last_in_order_and_nothing_at_all_is_exact() -> None:
    assert [status.rank for status in Status] == [0, 1, 2, 3]
    assert Status.worst(GOOD, FAIR, EXACT) is FAIR
    assert Status.worst(POOR, FAIR) is POOR
    assert Status.worst() is EXACT


@pytest.mark.parametrize(
    ("value", "expected"),
    [(0.5, GOOD), (0.51, FAIR), (0.7, FAIR), (0.71, POOR), (math.inf, POOR), (math.nan, POOR)],
)
def test_a_limit_still_belongs_to_the_better_side(value: float, expected: Status) -> None:
    assert Status.within(value, 0.5, 0.7) is expected


def test_an_error_can_make_it_worse_but_never_better_and_never_what_is_exact() -> None:
    assert [status.allowing(0.0, 1, 2) for status in Status] == list(Status)
    assert [status.allowing(1.5, 1, 2) for status in Status] == [EXACT, FAIR, FAIR, POOR]
    assert [status.allowing(3.0, 1, 2) for status in Status] == [EXACT, POOR, POOR, POOR]


def test_the_first_two_can_be_used_as_they_are() -> None:
    assert [status.sure for status in Status] == [True, True, False, False]
