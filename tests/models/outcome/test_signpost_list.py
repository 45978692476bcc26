"""The list of signposts is complete, agrees with essay, ledger and outcome rule, and refuses malformed entries."""

import re
from dataclasses import replace
from datetime import date

import pytest

from data.load import load_evidence
from models.errors import OutcomeError
from models.outcome.rule import RULE
from models.outcome.signpost_list import SIGNPOST_FILE, SIGNPOSTS, Rule, read_signposts

LEDGER_END = date(2024, 12, 31)
NEW_EVENT_TYPES = {"payload_flown", "crew_flight", "sample_loan", "split_vote", "station_commissioned"}
"""Types that a rule waits for and no past row has; anything else outside the ledger is a typing slip."""


def test_the_list_is_long_enough_and_ids_are_unique_and_in_order():
    ids = [one.id for one in SIGNPOSTS]
    assert len(ids) >= 22
    assert len(set(ids)) == len(ids)
    assert ids == sorted(ids)
    assert all(re.fullmatch(r"S\d\d", one) for one in ids)


@pytest.mark.parametrize("one", SIGNPOSTS, ids=lambda one: one.id)
def test_every_signpost_is_complete(one):
    assert one.question.endswith("?")
    assert min(len(one.question), len(one.source), len(one.edge_case)) >= 25
    assert LEDGER_END <= one.opens < one.deadline <= date(2029, 12, 31)
    assert str(one.deadline.year) in one.question, "the question must say its own deadline"
    assert not one.rule.keywords or "eyword" in one.edge_case, "free text has to be owned up to"


def test_both_directions_and_every_horizon_have_signposts():
    for toward in ("deeper", "rupture"):
        assert sum(one.toward == toward for one in SIGNPOSTS) >= 10
    assert {one.deadline.year for one in SIGNPOSTS} == {2025, 2026, 2027, 2028, 2029}


def test_claims_and_mechanisms_agree_with_the_essay():
    claims = {claim.id: claim.mechanism for claim in load_evidence(LEDGER_END).claims}
    for one in SIGNPOSTS:
        if one.claim:
            assert claims[one.claim] == one.mechanism, one.id


def test_event_types_of_the_rules_exist_in_the_ledger_or_are_declared_new():
    ledger = load_evidence(LEDGER_END, include_unverified=True, include_reserve=True).events
    known = {row.event_type for row in ledger}
    asked = {kind for one in SIGNPOSTS for kind in one.rule.event_types}
    assert asked - known == NEW_EVENT_TYPES


def test_the_break_signpost_uses_the_outcome_rules_line():
    breaks = next(one for one in SIGNPOSTS if one.id == "S20")
    assert breaks.rule.max_intensity == RULE.break_intensity


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"deadline": date(2024, 12, 31)}, "after it opens"),
        ({"deadline": date(2026, 6, 30)}, "year end"),
        ({"question": " "}, "empty question"),
        ({"mechanism": "luck"}, "luck"),
        ({"claim": ""}, "pair"),
        ({"toward": "peace"}, "peace"),
    ],
)
def test_a_malformed_signpost_is_refused(changes, message):
    with pytest.raises(OutcomeError, match=message):
        replace(SIGNPOSTS[0], **changes)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"domains": ("moon",)}, "moon"),
        ({"initiators": ("FRA",)}, "FRA"),
        ({"event_types": "test_asat"}, "list of texts"),
        ({"event_types": ("a",), "min_intensity": 3, "max_intensity": 2}, "band"),
        ({"event_types": ("a",), "min_count": 0}, "min_count"),
        ({}, "tells rows apart"),
    ],
)
def test_a_malformed_rule_is_refused(changes, message):
    with pytest.raises(OutcomeError, match=message):
        Rule(**changes)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('id = "S02"', 'id = "S01"', "more than once"),
        ("max_intensity = -4", "maximum = -4", "S02"),
        ("opens = 2024-12-31", "opens = ", "restore"),
        ("[[signpost]]", "[[other]]", "expected"),
        ("binding agreement", "binding\u202eagreement", r"line 7: got the invisible character U\+202E"),
        ("binding agreement", "binding\0agreement", r"line 7: got the invisible character U\+0000"),
        ('"nuclear", "reactor"]\n', '"nuclear", "reactor"]', "it may be cut off"),
    ],
)
def test_a_damaged_list_is_refused(tmp_path, old, new, message):
    damaged = tmp_path / "signposts.toml"
    damaged.write_text(SIGNPOST_FILE.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(OutcomeError, match=message):
        read_signposts(damaged)
