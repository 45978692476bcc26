"""Signposts are settled by the right rows, are blind to the future, and in the past said both yes and no."""

import random
from dataclasses import replace
from datetime import date

import pytest

from data.event import Event, Source
from data.load import load_evidence
from models.errors import OutcomeError
from models.outcome.signpost_list import SIGNPOSTS, Rule, Signpost
from models.outcome.signposts import near_misses, resolve_signpost, resolve_signposts

LEDGER_END = date(2024, 12, 31)
UNPRECEDENTED = {"S02", "S06", "S32", "S50", "S53"}
"""Rules without a row by that day."""

PATROL = Rule(event_types=("joint_patrol",), domains=("security",))


@pytest.fixture(scope="module")
def events():
    return load_evidence(LEDGER_END).events


def signpost(rule=PATROL, opens=date(2019, 12, 31), deadline=date(2020, 12, 31)) -> Signpost:
    return Signpost(
        id="S99",
        question="Is there a patrol?",
        opens=opens,
        deadline=deadline,
        mechanism="balancing_us",
        claim="C01",
        toward="deeper",
        source="Ministry",
        rule=rule,
        edge_case="One aircraft is enough.",
    )


def event(day: str, precision: str = "day", **changes) -> Event:
    when = date.fromisoformat(day)
    prefix = {"day": day, "month": day[:7], "year": day[:4]}[precision]
    values = {
        "id": f"E{prefix}-{changes.pop('slug', 'row')}",
        "date": when,
        "date_precision": precision,
        "initiator": "both",
        "target": "both",
        "domain": "security",
        "mechanism": "balancing_us",
        "event_type": "joint_patrol",
        "direction": "cooperation",
        "intensity": 5,
        "summary": "Bombers flew together.",
        "source": Source(title="Report", url="https://example.org/report", kind="read"),
        "source_kind": "read",
        "confidence": "high",
    }
    return Event(**(values | changes))


def unrelated(day: str) -> Event:
    return event(day, slug="other", event_type="summit", domain="diplomacy")


@pytest.mark.parametrize(
    ("day", "precision", "counts"),
    [
        ("2019-12-31", "day", False),
        ("2020-01-01", "day", True),
        ("2020-12-31", "day", True),
        ("2021-01-01", "day", False),
        ("2019-12-01", "month", False),
        ("2020-12-01", "month", True),
        ("2019-01-01", "year", False),
        ("2020-01-01", "year", True),
        ("2021-01-01", "year", False),
    ],
)
def test_rows_count_by_their_latest_date_inside_the_window(day, precision, counts):
    ledger = [event(day, precision), unrelated("2020-06-01")]
    answer = resolve_signpost(signpost(), ledger, date(2022, 1, 1))
    assert answer.status == ("yes" if counts else "no")
    assert answer.event == (ledger[0] if counts else None)


def test_open_before_the_deadline_no_from_the_deadline_on():
    ledger = [unrelated("2020-06-01")]
    assert resolve_signpost(signpost(), ledger, date(2020, 12, 30)).status == "open"
    assert resolve_signpost(signpost(), ledger, date(2020, 12, 31)).status == "no"


def test_a_row_is_not_seen_before_it_could_be_known():
    month = [event("2020-03-01", "month")]
    assert resolve_signpost(signpost(), month, date(2020, 3, 30)).status == "open"
    assert resolve_signpost(signpost(), month, date(2020, 3, 31)).status == "yes"


def test_an_absence_is_believed_only_when_the_deadlines_year_is_on_record():
    silent = resolve_signpost(signpost(), [unrelated("2019-06-01")], date(2021, 6, 1))
    assert (silent.status, silent.event) == ("due", None)
    assert "2020" in silent.note
    two_years = signpost(opens=date(2018, 12, 31))
    assert resolve_signpost(two_years, [unrelated("2019-06-01")], date(2021, 6, 1)).status == "due"
    assert resolve_signpost(two_years, [unrelated("2020-06-01")], date(2021, 6, 1)).status == "no"


def test_none_expected_says_no_at_once_and_yes_only_after_the_deadline():
    absent = signpost(replace(PATROL, none_expected=True))
    patrol, other = event("2020-05-01"), unrelated("2020-06-01")
    seen = resolve_signpost(absent, [patrol, other], date(2020, 5, 1))
    assert (seen.status, seen.event) == ("no", patrol)
    assert resolve_signpost(absent, [other], date(2020, 12, 30)).status == "open"
    calm = resolve_signpost(absent, [other], date(2020, 12, 31))
    assert (calm.status, calm.event) == ("yes", None)


def test_min_count_is_settled_by_the_row_that_completes_it():
    twice = signpost(replace(PATROL, min_count=2))
    first, second, third = event("2020-02-01"), event("2020-03-01"), event("2020-04-01")
    assert resolve_signpost(twice, [first], date(2020, 12, 1)).status == "open"
    assert resolve_signpost(twice, [third, second, first], date(2020, 12, 1)).event == second


def test_unverified_rows_neither_settle_a_question_nor_show_that_a_year_is_recorded():
    hidden = event("2020-05-01", source_kind="unverified")
    assert resolve_signpost(signpost(), [hidden], date(2020, 6, 1)).status == "open"
    assert resolve_signpost(signpost(), [hidden], date(2021, 6, 1)).status == "due"
    assert resolve_signpost(signpost(), [hidden, unrelated("2020-06-01")], date(2021, 6, 1)).status == "no"


@pytest.mark.parametrize(
    "change",
    [
        {"event_type": "joint_exercise"},
        {"domain": "military_space"},
        {"mechanism": "history"},
        {"initiator": "USA"},
        {"target": "USA"},
        {"intensity": 3},
        {"intensity": 7},
        {"summary": "Ships sailed together."},
        {"direction": "context", "intensity": 0},
    ],
    ids=str,
)
def test_every_column_of_a_rule_can_refuse_a_row(change):
    rule = Rule(
        event_types=("joint_patrol",),
        domains=("security",),
        mechanisms=("balancing_us",),
        initiators=("both", "RUS"),
        targets=("both",),
        min_intensity=4,
        max_intensity=6,
        keywords=("BOMBER",),
    )
    assert rule.matches(event("2020-05-01"))
    assert not rule.matches(event("2020-05-01", **change))


def test_moscow_is_one_actor_and_context_rows_count_on_request():
    rule = Rule(event_types=("test_asat",), initiators=("RUS",))
    soviet = event("1982-06-18", event_type="test_asat", initiator="SUN", direction="context", intensity=0)
    assert not rule.matches(soviet)
    assert replace(rule, context_counts=True).matches(soviet)


def test_known_answers_from_history(events):
    by_id = {one.id: one for one in SIGNPOSTS}

    def asked(key, first, last):
        moved = replace(by_id[key], opens=date(first, 12, 31), deadline=date(last, 12, 31))
        answer = resolve_signpost(moved, events, LEDGER_END)
        return answer.status, answer.event and answer.event.id

    assert asked("S09", 2016, 2021) == ("yes", "E2021-11-15-asat")
    assert asked("S09", 2011, 2016) == ("no", None)
    assert asked("S11", 2018, 2020) == ("yes", "E2019-12-14-rostec-copying")
    assert asked("S17", 2017, 2018) == ("yes", None)
    assert asked("S17", 2021, 2022) == ("no", "E2022-05-24-bomber-patrol-4")
    assert asked("S20", 1959, 1964) == ("yes", "E1960-07-16-advisers")
    assert asked("S26", 2022, 2024) == ("yes", "E2024-04-24-unsc-veto-abstain")


def statuses_in_the_past(events):
    """Every status that each signpost would have had over five years, by its id."""
    seen = {one.id: set() for one in SIGNPOSTS}
    for last in range(1955, 2025):
        moved = [replace(one, opens=date(last - 5, 12, 31), deadline=date(last, 12, 31)) for one in SIGNPOSTS]
        for resolution in resolve_signposts(events, LEDGER_END, moved):
            seen[resolution.signpost.id].add(resolution.status)
    return seen


def test_replayed_over_five_year_windows_most_rules_say_both_yes_and_no(events):
    seen = statuses_in_the_past(events)
    both = {key for key, statuses in seen.items() if {"yes", "no"} <= statuses}
    assert set(seen) - both == UNPRECEDENTED
    assert all("no" in statuses for statuses in seen.values()), "a rule that never says no asks nothing"


def test_rows_that_only_miss_a_keyword_are_named_for_a_person():
    flown = signpost(replace(PATROL, keywords=("submarine", "bomber")))
    miss, hidden, early = (
        event("2020-05-01", slug="ships", summary="Ships sailed together."),
        event("2020-05-02", slug="hidden", summary="Ships sailed.", source_kind="unverified"),
        event("2019-05-01", slug="early", summary="Ships sailed."),
    )
    ledger = [unrelated("2020-06-01"), hidden, miss, early]
    assert near_misses(flown, ledger) == (miss,)
    waiting, ended = (resolve_signpost(flown, ledger, day) for day in (date(2020, 12, 30), date(2020, 12, 31)))
    assert [answer.status for answer in (waiting, ended)] == ["open", "no"]
    for answer in (waiting, ended):
        assert answer.near_misses == (miss,)
        assert f"Only a keyword is missing in {miss.id}: look" in answer.note
    settled = resolve_signpost(flown, [*ledger, event("2020-07-01")], date(2020, 12, 31))
    assert (settled.status, settled.near_misses) == ("yes", ()), "a row has settled it: nothing is left to look at"
    many = [event("2020-05-01", slug=f"ships-{n}", summary="Ships sailed.") for n in range(23)]
    assert "and 3 more: look" in resolve_signpost(flown, many, date(2020, 12, 31)).note


def test_the_memorandum_on_a_lunar_power_station_is_a_near_miss_of_the_reactor():
    by_id = {one.id: one for one in SIGNPOSTS}
    rows = load_evidence(date(2025, 12, 31)).events
    assert "E2025-05-08-lunar-power-mou" in [row.id for row in near_misses(by_id["S32"], rows)]
    assert near_misses(by_id["S01"], rows) == (), "a rule without keywords has none"


def test_a_later_row_changes_no_answer_and_order_does_not_matter(events):
    generator = random.Random(7)
    for year in (1961, 1975, 1999, 2008, 2016, 2022):
        as_of = date(year, 12, 31)
        moved = [replace(one, opens=date(year - 3, 12, 31), deadline=date(year + 1, 12, 31)) for one in SIGNPOSTS]
        due = [replace(one, opens=date(year - 5, 12, 31), deadline=as_of) for one in SIGNPOSTS]
        known = [row for row in events if row.latest_date <= as_of]
        shuffled = generator.sample(list(events), len(events))
        assert resolve_signposts(known, as_of, moved + due) == resolve_signposts(shuffled, as_of, moved + due)


def test_an_answer_once_given_stays(events):
    ahead = [replace(one, opens=date(2014, 12, 31), deadline=date(2019, 12, 31)) for one in SIGNPOSTS]
    before = resolve_signposts(events, date(2018, 6, 30), ahead)
    after = resolve_signposts(events, LEDGER_END, ahead)
    settled = [(old, new) for old, new in zip(before, after, strict=True) if old.status != "open"]
    assert len(settled) >= 5
    assert all(old == new for old, new in settled)
    assert all(new.status != "open" for new in after)


def test_everything_is_open_at_the_end_of_the_ledger(events):
    answers = resolve_signposts(events, LEDGER_END)
    assert [answer.signpost for answer in answers] == list(SIGNPOSTS)
    assert {answer.status for answer in answers} == {"open"}


def test_a_date_that_is_no_date_is_refused():
    with pytest.raises(OutcomeError, match="calendar date"):
        resolve_signposts([], "2025-12-31")


@pytest.mark.parametrize(
    ("today", "word", "note"),
    [
        (date(2020, 12, 31), "open", "Open until 2020-12-31."),
        (date(2021, 1, 1), "due", "Due since 2020-12-31: the ledger ends on 2019-12-31 and does not reach that day."),
        (None, "open", "Open until 2020-12-31."),
    ],
)
def test_a_question_whose_day_has_passed_without_an_answer_is_due(today, word, note):
    (found,) = resolve_signposts([unrelated("2019-06-01")], date(2019, 12, 31), [signpost()], today)
    assert (found.status, found.note) == (word, note)
