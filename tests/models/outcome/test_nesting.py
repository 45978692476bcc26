"""Signposts that answer others are declared, by set inclusion of rows and windows, held against rows made for it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import product

import pytest

from data.types import Event
from data.vocabulary import ACTORS, DOMAINS, MECHANISMS
from models.outcome.nesting import entails, excludes, rows_within
from models.outcome.signpost_list import SIGNPOSTS, Rule
from tests.support.values.saved import make_event

BY_ID = {one.id: one for one in SIGNPOSTS}
UPDATED = date(2026, 10, 8)
CODES = {
    "event_type": ("event_types", ("any_other_type",)),
    "domain": ("domains", DOMAINS),
    "mechanism": ("mechanisms", MECHANISMS),
    "initiator": ("initiators", tuple(set(ACTORS) - {"SUN"})),
    "target": ("targets", tuple(set(ACTORS) - {"SUN"})),
}


def rows_of(rule: Rule) -> Iterator[Event]:
    """Rows that the rule counts, every allowed value of each column among them: one outside another rule is enough."""
    allowed = {name: getattr(rule, column) or values for name, (column, values) in CODES.items()}
    allowed["intensity"] = tuple(
        {rule.min_intensity, rule.max_intensity, min(max(0, rule.min_intensity), rule.max_intensity)}
    )
    allowed["summary"] = rule.keywords or ("Something happened.",)
    usual = {name: values[0] for name, values in allowed.items()}
    for name, values in allowed.items():
        for value in values:
            yield row_of(**(usual | {name: value}))
    if rule.context_counts:
        yield row_of(**(usual | {"intensity": 0, "direction": "context"}))


def row_of(**columns: object) -> Event:
    sign = columns["intensity"]
    direction = "cooperation" if sign > 0 else "conflict" if sign < 0 else "mixed"
    return make_event("E2026-05-01-row", **({"direction": direction} | columns))


def test_a_rule_lies_within_another_where_the_other_counts_all_its_rows():
    """By another route: rows at every edge of the one rule, asked of the other."""
    rows = {one.id: list(rows_of(one.rule)) for one in SIGNPOSTS}
    for inner, outer in product(SIGNPOSTS, repeat=2):
        assert all(inner.rule.matches(row) for row in rows[inner.id])
        counted = all(outer.rule.matches(row) for row in rows[inner.id])
        assert rows_within(inner.rule, outer.rule) == counted, (inner.id, outer.id)


@pytest.mark.parametrize("one", SIGNPOSTS, ids=lambda one: one.id)
def test_every_question_declares_what_its_yes_answers(one):
    assert one.implies == tuple(other.id for other in SIGNPOSTS if entails(one, other))


def test_the_list_holds_nested_questions():
    assert {one.id: one.implies for one in SIGNPOSTS if one.implies} == {
        "S34": ("S33",),
        "S35": ("S18",),
        "S46": ("S20",),
    }


def test_an_unanswered_question_is_settled_by_what_is_still_to_come():
    assert rows_within(BY_ID["S02"].rule, BY_ID["S03"].rule)
    assert not entails(BY_ID["S02"], BY_ID["S03"], UPDATED), "S02 may be settled in 2028, after the end of S03"
    assert not entails(BY_ID["S02"], BY_ID["S47"]), "S02 counts rows of 2025, before S47 opened"
    assert entails(BY_ID["S02"], BY_ID["S47"], UPDATED)
    assert {one.id for one in SIGNPOSTS if entails(BY_ID["S31"], one, UPDATED)} == {"S33", "S34"}


def test_rows_that_end_an_absence_exclude_it_in_either_order():
    assert {one.id for one in SIGNPOSTS if excludes(BY_ID["S49"], one, UPDATED)} == {"S01", "S08", "S32"}
    for key in ("S01", "S08", "S32"):
        assert excludes(BY_ID[key], BY_ID["S49"], UPDATED)
        assert not excludes(BY_ID[key], BY_ID["S49"]), "a row of 2025 settles it and ends no absence from 2026 on"
    assert not excludes(BY_ID["S01"], BY_ID["S03"], UPDATED)


@pytest.mark.parametrize(
    ("first", "second", "holds"),
    [
        ({}, {}, True),
        ({}, {"opens": date(2026, 12, 31)}, False),
        ({}, {"deadline": date(2027, 12, 31)}, False),
        ({"deadline": date(2027, 12, 31)}, {}, True),
        ({"min_count": 2}, {}, True),
        ({}, {"min_count": 2}, False),
        ({"min_intensity": 5}, {}, True),
        ({}, {"min_intensity": 5}, False),
        ({"none_expected": True}, {}, False),
        ({"none_expected": True}, {"none_expected": True, "min_intensity": 5}, True),
        ({"none_expected": True, "min_intensity": 5}, {"none_expected": True}, False),
        ({"none_expected": True}, {"none_expected": True, "deadline": date(2027, 12, 31)}, True),
        ({"none_expected": True}, {"none_expected": True, "min_count": 2}, True),
        ({"none_expected": True, "min_count": 2}, {"none_expected": True}, False),
    ],
)
def test_windows_counts_and_absences_decide(first, second, holds):
    base = BY_ID["S49"]

    def changed(key: str, changes: dict):
        days = {name: changes[name] for name in ("opens", "deadline") if name in changes}
        rest = {name: value for name, value in changes.items() if name not in days}
        return replace(base, id=key, rule=replace(base.rule, **({"none_expected": False} | rest)), **days)

    assert entails(changed("S98", first), changed("S99", second)) is holds


def test_a_question_that_two_rows_settle_may_have_had_its_first():
    pair = replace(BY_ID["S13"], deadline=date(2027, 12, 31))
    wider = replace(pair, id="S99", opens=date(2025, 12, 31))
    assert not entails(pair, wider, UPDATED)
    assert entails(
        replace(pair, rule=replace(pair.rule, min_count=1)),
        replace(wider, rule=replace(wider.rule, min_count=1)),
        UPDATED,
    )
