"""Which times of saving are doubted, against a search through every set of days that could be right."""

from itertools import combinations, pairwise

import numpy as np
import pytest

from models.record.clocks import contradicted

NOON = "T12:00:00+00:00"


def doubted(*days: str) -> set[int]:
    return set(contradicted((number, f"{day}{NOON}") for number, day in enumerate(days, 1)))


def test_times_that_agree_are_believed() -> None:
    assert doubted() == set()
    assert doubted("2026-11-01", "2026-11-01", "2026-11-02", "2036-11-02") == set()


@pytest.mark.parametrize("wrong", ["2036-11-03", "2016-11-03"])
def test_one_clock_that_was_wrong_is_found_out_once_two_days_agree_against_it(wrong: str) -> None:
    before = ("2026-11-01", "2026-11-02")
    assert doubted(*before, wrong, "2026-11-03", "2026-11-04") == {3}
    assert doubted(*before, wrong, wrong, wrong, "2026-11-03", "2026-11-04") == {3, 4, 5}


def test_as_long_as_nobody_can_tell_which_clock_was_wrong_both_are_doubted() -> None:
    assert doubted("2026-11-01", "2036-11-02", "2026-11-02") == {2, 3}
    assert doubted("2036-11-02", "2026-11-02") == {1, 2}
    assert doubted("2026-11-01", "2036-11-02", "2026-11-02", "2026-11-02") == {2, 3, 4}  # one day is one witness


def test_what_cannot_be_read_says_nothing() -> None:
    times = ["2026-11-01", f"2026-11-02{NOON}", "x", None, "9999-12-31T23:59:59-12:00", f"2026-11-03{NOON}"]
    assert contradicted(enumerate(times)) == frozenset()


def test_it_is_what_a_search_through_all_sets_finds() -> None:
    rng = np.random.default_rng(5)
    for _ in range(200):
        days = [int(day) for day in rng.integers(1, 5, size=int(rng.integers(1, 8)))]
        days = [day for day, before in zip(days, [0, *days], strict=False) if day != before]
        found = doubted(*(f"2026-11-{day:02}" for day in days))
        assert found == set(range(1, len(days) + 1)) - believed(days), days


def believed(days: list[int]) -> set[int]:
    """Numbers that are in every longest part of the days that never goes backwards."""
    for size in range(len(days), 0, -1):
        parts = [
            set(part)
            for part in combinations(range(1, len(days) + 1), size)
            if all(days[one - 1] <= days[other - 1] for one, other in pairwise(part))
        ]
        if parts:
            return set.intersection(*parts)
    return set()
