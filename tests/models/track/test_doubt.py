"""Rows that the ledger leaves out dispute a year's own mean when they move it by more than the cut of its words."""

import pytest

from models.outcome.rule import RULE_2
from models.track.doubt import mean_doubt, year_mean
from tests.support.values.saved import make_event

CALM = [make_event("E2024-05-01-deal", intensity=2)]
WAR = make_event("E2024-06-01-war", intensity=-8, reserve=True)
NOTE = make_event("E2024-07-01-note", intensity=1, reserve=True)


def test_a_row_that_moves_the_mean_far_is_named_with_the_mean_that_it_makes() -> None:
    found = mean_doubt(CALM, 2024, [WAR, NOTE], RULE_2)
    assert found is not None
    assert (found.which, found.events) == ("reserve", (WAR.id,))
    assert float(found.other) == pytest.approx(year_mean([*CALM, WAR, NOTE], 2024, RULE_2), abs=0.005)


def test_a_small_move_disputes_nothing_and_a_larger_one_does() -> None:
    """Both sides of the rule's own cut, from one row and many of the same."""
    plain, cut = year_mean(CALM, 2024, RULE_2), max(map(abs, RULE_2.word_cuts))
    verdicts = set()
    for intensity in range(1, 7):
        row = make_event(f"E2024-08-0{intensity}-act", intensity=intensity, source_kind="unverified")
        far = abs(year_mean([*CALM, row], 2024, RULE_2) - plain) > cut
        found = mean_doubt(CALM, 2024, [row], RULE_2)
        assert (found is not None) == far
        assert found is None or (found.which, found.events) == ("unverified", (row.id,))
        verdicts.add(far)
    assert verdicts == {True, False}, "one side of the cut was never tried"


def test_rows_of_other_years_dispute_nothing() -> None:
    other = make_event("E2023-06-01-war", intensity=-8, reserve=True)
    assert mean_doubt(CALM, 2024, [other], RULE_2) is None
