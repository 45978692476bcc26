"""Sentences of the mid-year backtest: what was reached is said, and what was missed is said as plainly."""

from datetime import date

import pytest

from models.verdicts.mid_year import (
    later_sentence,
    narrow_sentence,
    nowcast_sentence,
    other_day_sentence,
    worth_sentence,
)
from tests.support.values.studies import inside_years, nowcasts


def test_a_gain_is_said_with_its_numbers() -> None:
    said = worth_sentence(inside_years(gain=0.05))
    assert "in 50 years since 1976: for the end of the same year half a year's rows made it better" in said
    assert "score is 0.050, from the year's start 0.100; the difference is -0.050 (-0.060 to -0.040)" in said


def test_a_gain_whose_interval_holds_nought_is_not_claimed() -> None:
    assert "no gain by half a year's rows was shown" in worth_sentence(inside_years(gain=0.005))


@pytest.mark.parametrize(("later", "words"), [(0.0, "is shown for both"), (0.02, "is not shown for both")])
def test_what_it_costs_later_is_held_against_the_limit(later: float, words: str) -> None:
    said = later_sentence(inside_years(later=later))
    assert words in said
    assert "less than 0.02" in said
    assert f"{later:+.3f} ({later - 0.01:+.3f} to {later + 0.01:+.3f}) for the end of the next year" in said


def test_shares_of_the_nowcasts_ranges_stand_beside_their_bands() -> None:
    assert "in 64% of years inside the 80% range (70% to 88% if calibrated)" in nowcast_sentence(nowcasts(inside=0.64))


def test_another_day_is_told_as_secondary_and_only_where_it_was_asked() -> None:
    table = inside_years(gain=0.05)
    assert other_day_sentence(table, "09-30") == ""
    said = other_day_sentence(table.assign(day="09-30"), "09-30")
    assert said.startswith("Asked on 30 September, which the plan calls secondary: -0.050 (-0.060 to -0.040) for the")
    assert said.count("no evidence of skill") == 3


@pytest.mark.parametrize(
    ("as_of", "said"),
    [
        (
            "2026-10-08",
            "Take this year's own range as too narrow: asked on 30 June in 50 past years, the 80% range held",
        ),
        ("2026-06-29", ""),
        ("2025-12-31", ""),
    ],
)
def test_a_range_that_held_too_few_years_is_called_too_narrow_once_its_day_has_come(as_of: str, said: str) -> None:
    assert narrow_sentence(nowcasts(inside=0.64), date.fromisoformat(as_of)).startswith(said)
    assert (narrow_sentence(nowcasts(inside=0.64), date.fromisoformat(as_of)) == "") == (said == "")
    assert narrow_sentence(nowcasts(inside=0.75), date.fromisoformat(as_of)) == ""
