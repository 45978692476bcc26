"""Words for the record: which mark a forecast bears, and for which day."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from dashboard.record import listing as record_list
from dashboard.wording.record import (
    changed_text,
    damage_sentence,
    damaged_sentence,
    knobs_then,
    likeliest,
    marked,
    marks_sentence,
    mixed_mark,
    moment_text,
    next_horizon,
    place_sentence,
    rule_note,
    shown_mark,
    times_sentence,
    unknown_sentence,
    with_labels,
)
from data.days import year_end
from data.load import load_evidence
from models.assumptions.setting import Assumptions
from models.outcome.rule import RULE, RULE_1
from models.record.entries import GUARDS, HINDCAST, LIVE, Damage, Draft, SavedForecast
from models.record.listing import Listing
from models.record.store import Record
from tests.support.values.factories import synthetic_library, synthetic_snapshot
from tests.support.values.year_end import YEAR_END


@pytest.fixture(scope="module")
def saved(tmp_path_factory) -> SavedForecast:
    """Saved in the middle of 2027 about the five year-ends from 2026 on."""
    evidence = load_evidence(YEAR_END)
    snapshot = synthetic_snapshot(evidence, synthetic_library(evidence, samples=80), {"C01": 1.8}, {"C01": "why"})
    file = tmp_path_factory.mktemp("record") / "record.db"
    with Record.open(str(file), clock=lambda: datetime(2027, 6, 1, 9, 5, tzinfo=UTC)) as record:
        return record.save(Draft(name="Name", author="Ann"), snapshot)


def test_the_list_shows_the_first_year_end_that_was_still_to_come(saved):
    assert next_horizon(saved) == 2
    assert shown_mark(saved) == LIVE
    assert likeliest(saved).endswith("end of 2027")
    assert "from 31 December 2027 on" in marks_sentence(saved)


@pytest.mark.parametrize(
    ("moment", "horizon", "mark", "told"),
    [
        (datetime(2026, 12, 30, 23, 59, tzinfo=UTC), 1, LIVE, "live throughout"),
        (datetime(2026, 12, 31, 0, 0, tzinfo=UTC), 2, LIVE, "from 31 December 2027 on"),
        (datetime(2031, 1, 1, tzinfo=UTC), 1, HINDCAST, "hindcast throughout"),
    ],
)
def test_the_mark_follows_the_day_it_was_saved(saved, moment, horizon, mark, told):
    then = replace(saved, saved_at=moment)
    assert (next_horizon(then), shown_mark(then)) == (horizon, mark)
    assert told in marks_sentence(then)


def test_a_hindcast_is_one_for_every_day_to_come(saved):
    back = replace(saved, kind=HINDCAST)
    assert next_horizon(back) == 1
    assert shown_mark(back) == HINDCAST
    assert "hindcast throughout" in marks_sentence(back)
    assert HINDCAST in marked("Title", HINDCAST)
    assert marked("Title", LIVE) == "Title"


def test_a_time_that_cannot_be_believed_is_told(saved):
    doubted = replace(saved, doubt="why")
    assert shown_mark(doubted) == HINDCAST
    assert marks_sentence(doubted) == "A hindcast throughout, never counted with live forecasts: why."
    assert times_sentence([saved]) == ""
    assert f"a clock was wrong: {saved.sequence}. They do not count as live." in times_sentence([doubted, saved])


def test_guards_that_are_gone_are_no_damage():
    told = damage_sentence([Damage(sequence=0, place=GUARDS, what="missing")], 3)
    assert told.startswith("All 3 entries and everything they point to are as they were saved, but the database")
    other = Damage(sequence=1, place="the entry", what="altered")
    assert damage_sentence([Damage(sequence=0, place=GUARDS, what="missing"), other], 3).startswith("Damaged")


def test_words_for_people(saved):
    knobs = Assumptions.defaults(load_evidence(YEAR_END).claims).knobs
    assert moment_text(saved.saved_at) == "1 June 2027, 09:05 UTC"
    assert year_end(date(2024, 12, 31), 3) == date(2027, 12, 31)
    assert changed_text((), knobs) == "none"
    assert changed_text(("C01", "C02", "C03", "C04", "gone"), knobs).endswith("; and 2 more")
    assert changed_text(("gone",), knobs) == "gone"
    assert place_sentence("record.db", 1, 1) == "Record: record.db. 1 entry, 1 of them forecasts."
    assert "with which 2 saved forecasts begin" in unknown_sentence("abcdef", 2)
    assert damaged_sentence([3]).startswith("Entry 3 of the record is")
    assert damaged_sentence(list(range(1, 20))).startswith("Entries 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, … of")


def test_filters_ask_for_all_words_any_value_and_every_moved_assumption(saved):
    reasons = {"C01": "why", "C02": "because"}
    other = replace(saved, digest="f" * 64, name="Other", author="Bob", kind=HINDCAST)
    other = replace(other, changed=tuple(reasons), reasons=reasons)
    listing = Listing(
        head=(2, other.digest),
        forecasts=(other, saved),
        names={saved.digest: "New name", other.digest: "Other"},
        remarks={},
        resolutions=(),
        damaged=(),
    )
    knobs = Assumptions.defaults(load_evidence(YEAR_END).claims).knobs
    rows = record_list.table(listing, knobs)

    def found(text: str = "", moved: tuple[str, ...] = (), **chosen: list) -> list[str]:
        return list(record_list.filtered(rows, text, chosen, list(moved))["Name"])

    assert found() == ["New name", "Other"]
    assert found("new ANN") == ["New name"]
    assert found("new bob") == []
    assert found(Author=["Bob", "Ann"], Mark=["◇ hindcast"]) == ["Other"]
    assert found(moved=("C01",)) == ["New name", "Other"]
    assert found(moved=("C01", "C02")) == ["Other"]
    assert listing.beginning("f" * 6) == (other,)


def test_a_chart_of_all_year_ends_names_those_that_had_passed(saved):
    year = saved.reference_date.year
    early, midway, late = (replace(saved, saved_at=datetime(year + n, 6, 1, tzinfo=UTC)) for n in (1, 3, 9))
    assert marked("Chart", mixed_mark(early)) == "Chart"
    assert mixed_mark(midway) == f"◇ {year + 1}, {year + 2}: hindcast"
    assert mixed_mark(late) == "hindcast"


def test_assumptions_are_called_by_their_names():
    knobs = Assumptions.defaults(load_evidence(YEAR_END).claims).knobs
    told = with_labels("The assumption C01 was 2 and is 1.6. The reason for gone is new: “C02”.", knobs)
    assert told == f"The assumption “{knobs['C01'].label}” (C01) was 2 and is 1.6. The reason for gone is new: “C02”."


def test_what_was_asked_under_a_former_rule_says_so_in_one_line_and_knows_its_defaults():
    assert rule_note(RULE.digest) == ""
    note = rule_note(RULE_1.digest)
    assert note.startswith("Asked under rule-1: its numbers and its outcome are told and scored under that rule.")
    assert "Asked under rule-9, which this program does not know" in rule_note("0" * 64, "rule-9")
    claims = load_evidence(YEAR_END).claims
    then, now = (knobs_then(rule.digest, claims)["driver_strength"].default for rule in (RULE_1, RULE))
    assert then > now
    assert knobs_then("0" * 64, claims)["driver_strength"].default == now
