"""The list of signposts is complete, agrees with essay, ledger and outcome rule, and refuses malformed entries."""

import re
from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

from data.digest import digest
from data.load import load_evidence
from models.errors import OutcomeError
from models.outcome.rule import RULE
from models.outcome.signpost_identity import signpost_digest
from models.outcome.signpost_list import SIGNPOST_FILE, SIGNPOSTS, Rule, read_signposts
from models.outcome.signposts import OPEN, resolve_signposts

LEDGER_END = date(2024, 12, 31)
UPDATED = date(2026, 10, 8)
"""The list was brought up to date with the evidence as of this day."""
NEW_EVENT_TYPES = {"payload_flown", "crew_flight", "split_vote", "law_relaxed", "law_repealed", "law_lapsed"}
"""Types that a rule waits for and no past row has; anything else outside the ledger is a typing slip."""
OPENED = {
    32: "02958c554334c3b7d984886ee86b9af9ce102f244e5ede2c1a59c7c8b79cd75f",
    56: "bd7bad4d12dae722b71a39ed69b1d59f933b233c256c73b9ec15ac804ca5b690",
}
"""Digest of the first so many entries as they were when they opened."""
POLICY = {"S50", "S51", "S52", "S53", "S54"}
"""What the essay's section on United States policy names."""


@pytest.fixture(scope="module")
def events():
    return load_evidence(UPDATED).events


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
    assert one.opens in (LEDGER_END, date(2025, 12, 31))
    assert one.deadline <= date(2031, 12, 31)
    assert str(one.deadline.year) in one.question, "the question must say its own deadline"
    assert not one.rule.keywords or "eyword" in one.edge_case, "free text has to be owned up to"


def test_both_directions_and_every_horizon_have_signposts():
    for toward in ("deeper", "rupture"):
        assert sum(one.toward == toward for one in SIGNPOSTS) >= 10
    assert {one.deadline.year for one in SIGNPOSTS} == set(range(2025, 2032))


def test_thirty_questions_are_open_and_neither_side_nor_mechanism_is_left_out(events):
    still = [answer.signpost for answer in resolve_signposts(events, UPDATED) if answer.status == OPEN]
    assert len(still) >= 30
    assert min(Counter(one.toward for one in still).values()) >= 0.4 * len(still)
    families = Counter(one.family for one in still)
    assert families["cooperation"] >= 12
    assert families["friction"] >= 12
    assert {one.id for one in still if one.family == "context"} >= POLICY
    claims = {f"C{number:02}" for number in range(1, 14)}
    assert {one.claim for one in still} == {*claims, ""}, "C14 has no direction that a yes could speak to"
    reissued = {one.id for one in SIGNPOSTS[32:]}
    assert reissued <= {one.id for one in still}, "a question that is answered when it opens asks nothing"


@pytest.mark.parametrize("count", OPENED)
def test_an_entry_is_not_edited_once_it_is_open(count):
    assert digest([signpost_digest(one) for one in SIGNPOSTS[:count]]) == OPENED[count]


def test_what_a_yes_implies_is_no_part_of_what_is_asked():
    assert signpost_digest(replace(SIGNPOSTS[0], implies=("S20",))) == signpost_digest(SIGNPOSTS[0])


def test_the_family_is_the_side_of_the_rows_that_are_counted():
    families = {one.id: one.family for one in SIGNPOSTS}
    assert {families[key] for key in ("S01", "S06", "S15")} == {"cooperation"}
    assert {families[key] for key in ("S16", "S17", "S49")} == {"cooperation"}, "their absence points to rupture"
    assert {families[key] for key in ("S07", "S09", "S20", "S45")} == {"friction"}
    assert {families[key] for key in ("S21", "S22", *POLICY, "S56")} == {"context"}
    no_friction = replace(SIGNPOSTS[8], toward="deeper", rule=replace(SIGNPOSTS[8].rule, none_expected=True))
    assert no_friction.family == "friction"


def test_claims_and_mechanisms_agree_with_the_essay():
    claims = {claim.id: claim.mechanism for claim in load_evidence(LEDGER_END).claims}
    for one in SIGNPOSTS:
        if one.claim:
            assert claims[one.claim] == one.mechanism, one.id


def test_event_types_of_the_rules_exist_in_the_ledger_or_are_declared_new(events):
    known = {row.event_type for row in events}
    asked = {kind for one in SIGNPOSTS for kind in one.rule.event_types}
    assert asked - known == NEW_EVENT_TYPES


def test_the_break_signpost_uses_the_outcome_rules_line():
    breaks = [one for one in SIGNPOSTS if one.asks_for_a_break]
    assert [one.id for one in breaks] == ["S20", "S46"]
    assert {one.rule.max_intensity for one in breaks} == {RULE.break_intensity}


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
        ("binding agreement", "binding\u202eagreement", r"line 9: got the invisible character U\+202E"),
        ("binding agreement", "binding\0agreement", r"line 9: got the invisible character U\+0000"),
        ("context_counts = true\n", "context_counts = true", "it may be cut off"),
        ('implies = ["S33"]', 'implies = ["S33", "S99"]', "S34: got implies S99; expected ids"),
        ('implies = ["S33"]', 'implies = ["S34"]', "S34 → S34"),
        ('id = "S33"\n', 'id = "S33"\nimplies = ["S34"]\n', "S33 → S34 → S33|S34 → S33 → S34"),
        ('implies = ["S33"]', 'implies = "S33"', "implies 'S33'"),
    ],
)
def test_a_damaged_list_is_refused(tmp_path, old, new, message):
    damaged = tmp_path / "signposts.toml"
    damaged.write_text(SIGNPOST_FILE.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(OutcomeError, match=message):
        read_signposts(damaged)
