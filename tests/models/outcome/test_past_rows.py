"""Every rule resolves on past years, and those that never saw a row say so."""

from dataclasses import replace
from datetime import date

import pytest

from data.load import load_evidence
from models.outcome.past_rows import NEVER, SINCE, past_rows, past_text
from models.outcome.signpost_list import SIGNPOSTS
from models.outcome.signposts import resolve_signpost

LAST = 2025
NEVER_SEEN = {"S02", "S06", "S32", "S50"}
LONG_AGO = {"S10", "S20", "S46"}
"""Rows before 1992 only."""


@pytest.fixture(scope="module")
def events():
    return load_evidence(date(LAST, 12, 31)).events


def test_each_past_year_is_answered_as_a_question_about_that_year_would_be(events):
    """By another route: the question with that year as its window, resolved from the ledger."""
    years = {year: [row for row in events if row.year == year] for year in range(SINCE, LAST + 1)}
    for one in SIGNPOSTS:
        answers = past_rows(one, events).answers(LAST)
        assert list(answers) == list(years)
        for year, rows in years.items():
            asked = replace(one, opens=date(year - 1, 12, 31), deadline=date(year, 12, 31))
            status = resolve_signpost(asked, rows, date(year, 12, 31)).status
            assert answers[year] == (status == "yes"), (one.id, year)


def test_nearly_every_rule_has_seen_a_row_and_the_others_say_so(events):
    for one in SIGNPOSTS:
        past = past_rows(one, events)
        assert (past.years == ()) == (one.id in NEVER_SEEN)
        if one.id in NEVER_SEEN:
            assert (past.first, past.last, past_text(one, events)) == (None, None, NEVER)
            continue
        assert all(one.rule.matches(row) for row in past.rows)
        assert (past.first.year, past.last.year) == (past.years[0], past.years[-1])
        assert (past.years[-1] < SINCE) == (one.id in LONG_AGO)


def test_the_text_counts_years_and_names_the_latest_row_before_the_question_opened(events):
    by_id = {one.id: one for one in SIGNPOSTS}
    assert past_text(by_id["S14"], events).startswith("A row in 7 of 33 years since 1992, the last in 2024. Would have")
    assert past_text(by_id["S41"], events).startswith("A row in 8 of 34 years since 1992, the last in 2025. Would have")
    assert past_text(by_id["S10"], events).startswith("No row since 1992, the last in 1985. Would have counted: E1985")
    assert "Would have said no: E2024-11-29-bomber-patrol-9." in past_text(
        replace(by_id["S17"], opens=date(2024, 12, 31)), events
    )


def test_rows_that_become_known_later_are_left_out(events):
    patrols = next(one for one in SIGNPOSTS if one.id == "S17")
    known = past_rows(patrols, events, until=date(2021, 11, 18))
    assert [row.id for row in known.rows][-1] == "E2021-10-17-first-naval-patrol"
    assert past_rows(patrols, reversed(events)) == past_rows(patrols, events), "whatever the order of the rows"
