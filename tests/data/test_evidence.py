"""Evidence is one value: it has a digest, it can be shared, and it only ever shrinks."""

import copy
import pickle
from dataclasses import FrozenInstanceError, replace
from datetime import date

import pytest

from data.errors import EvidenceError
from data.evidence import Evidence
from data.load import load_evidence

YEAR_END, SEARCHED = date(2025, 12, 31), date(2026, 6, 30)
"""Reference date of the second edition, and the day to which its ledger was searched."""


def test_the_digest_is_the_same_on_every_load():
    assert load_evidence().digest == load_evidence().digest
    assert len(load_evidence().digest) == 64


@pytest.mark.parametrize(
    ("file", "row", "cells"),
    [
        ("events.csv", 2, {"intensity": "8"}),
        ("events.csv", 2, {"confidence": "medium"}),
        ("events.csv", 2, {"coding_note": "Mutual-defence alliance: top band!"}),
        ("second_sources.csv", 2, {"id": "E1950-03-27-joint-companies"}),
        ("publication_lags.csv", 2, {"months_after": "13"}),
        ("claims.csv", 2, {"odds_ratio": "1.61"}),
        ("indicators/un_ideal_points.csv", 35, {"absdist_chn_rus": "0.2692"}),
        ("indicators/onorbit_stock_world.csv", 36, {"source_kind": "derived"}),
        ("indicators.csv", 2, {"unit": "furlongs"}),
    ],
)
def test_one_changed_character_changes_the_digest(folder, spoil, file, row, cells):
    before = load_evidence(folder=folder).digest
    spoil(file, row, **cells)
    assert load_evidence(folder=folder).digest != before


def test_the_order_of_rows_does_not_matter(folder):
    before = load_evidence(folder=folder)
    header, *rows = (folder / "events.csv").read_text(encoding="utf-8").splitlines()
    (folder / "events.csv").write_text("\n".join([header, *reversed(rows)]) + "\n", encoding="utf-8")
    assert load_evidence(folder=folder).digest == before.digest


def test_flags_are_part_of_the_digest():
    digests = {load_evidence(include_unverified=u, include_reserve=r).digest for u in (0, 1) for r in (0, 1)}
    assert len(digests) == 4


def test_restricting_equals_loading_at_the_earlier_date():
    earlier = date(1999, 12, 31)
    assert load_evidence().visible(earlier) == load_evidence(earlier)


@pytest.mark.parametrize("day", [date(1999, 12, 31), date(2024, 6, 1), YEAR_END, SEARCHED])
def test_what_a_day_lets_see_is_the_same_by_both_ways(day):
    everything = load_evidence(SEARCHED)
    seen = everything.visible(day)
    assert (seen.as_of, seen.known_on) == (day, day)
    assert seen.visible(date(1999, 12, 31)) == load_evidence(date(1999, 12, 31))
    if day != YEAR_END:
        assert seen == load_evidence(day)


def test_nobody_knows_a_day_before_it_has_come():
    with pytest.raises(EvidenceError, match="got known_on 1989-12-31 before as_of 1990-01-01"):
        Evidence(as_of=date(1990, 1, 1), known_on=date(1989, 12, 31), events=())
    evidence = load_evidence(YEAR_END)
    with pytest.raises(EvidenceError, match="not yet known on 2025-12-31"):
        replace(evidence, known_on=YEAR_END)


def test_evidence_cannot_be_widened():
    with pytest.raises(EvidenceError, match="expected 2000-01-01 or earlier"):
        load_evidence(date(2000, 1, 1)).visible(date(2000, 1, 2))


def test_evidence_survives_pickling_and_copying():
    evidence = load_evidence()
    for twin in (pickle.loads(pickle.dumps(evidence)), copy.deepcopy(evidence)):
        assert twin == evidence
        assert hash(twin) == hash(evidence)
        assert twin.events == evidence.events


def test_shared_evidence_cannot_be_changed():
    evidence = load_evidence()
    with pytest.raises(TypeError):
        evidence.indicators["x"] = None
    with pytest.raises(FrozenInstanceError):
        evidence.as_of = date(2000, 1, 1)
    assert isinstance(evidence.events, tuple)


def test_an_unknown_indicator_names_its_neighbours():
    with pytest.raises(EvidenceError, match=r"un_ideal_points\.absdist_chn_rus"):
        load_evidence().indicator("un_ideal_points.absdist_rus_chn")


def test_later_rows_cannot_be_smuggled_in():
    evidence = load_evidence()
    with pytest.raises(EvidenceError, match="expected nothing later"):
        Evidence(as_of=date(1990, 1, 1), events=evidence.events)
    with pytest.raises(EvidenceError, match="expected nothing later"):
        Evidence(as_of=date(1990, 1, 1), events=(), indicators=evidence.indicators)


def test_ids_are_unique():
    event = load_evidence().events[0]
    with pytest.raises(EvidenceError, match="more than once"):
        Evidence(as_of=date(2024, 1, 1), events=(event, replace(event, intensity=8)))


def test_the_ledger_table_agrees_with_the_events():
    evidence = load_evidence()
    table = evidence.ledger()
    assert list(table["id"]) == [event.id for event in evidence.events]
    assert table["intensity"].sum() == sum(event.intensity for event in evidence.events)
    assert table["latest_date"].max().date() == max(event.latest_date for event in evidence.events)
    assert table["source_url"].str.startswith("http").all()
    assert list(Evidence(as_of=date(1900, 1, 1), events=()).ledger().columns) == list(table.columns)
