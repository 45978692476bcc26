"""Evidence from its own document: the same value again, and every value of another type refused with its place."""

import json
from collections.abc import Callable
from copy import deepcopy
from datetime import date
from typing import Any

import pytest

from data.digest import canonical_json, digest
from data.errors import EvidenceError
from data.evidence_document import evidence_of
from data.load import load_evidence

YEAR_END = date(1996, 12, 31)
"""An early date: a small record, with every kind of row."""


FIRST_EDITION = {
    "as_of": "2024-12-31",
    "events": [
        {
            "id": "E1950-02-14-alliance",
            "date": "1950-02-14",
            "date_precision": "day",
            "initiator": "both",
            "target": "both",
            "domain": "diplomacy",
            "mechanism": "balancing_us",
            "event_type": "agreement_signed",
            "direction": "cooperation",
            "intensity": 9,
            "summary": "A treaty.",
            "source": {"title": "A page", "url": "https://example.org/a", "kind": "read", "citation": ""},
            "source_kind": "read",
            "confidence": "high",
            "coding_note": "",
            "reserve": False,
        }
    ],
    "claims": [],
    "indicators": [
        {
            "name": "a.b",
            "file": "indicators/a.csv",
            "column": "b",
            "title": "Something counted",
            "unit": "pieces",
            "citation": "Somebody",
            "licence": "MIT",
            "definition_breaks": [],
            "caveats": "",
            "observations": [[f"{year}-12-31", 1.5, "opened", ""] for year in (2001, 2002, 2003)],
        }
    ],
}
"""As the first edition wrote it, field by field."""


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return json.loads(canonical_json(load_evidence(YEAR_END).document))


def test_it_comes_back_with_its_digest(document: dict[str, Any]) -> None:
    evidence = load_evidence(YEAR_END)
    again = evidence_of(document)
    assert again == evidence
    assert canonical_json(again.document) == canonical_json(evidence.document)
    assert again.events == evidence.events
    assert dict(again.indicators) == dict(evidence.indicators)
    assert again.claims == evidence.claims


def test_a_document_of_the_first_edition_keeps_its_digest_and_what_it_lets_see() -> None:
    """It knew neither a knowledge date nor a day from which a value is known nor second sources."""
    evidence = evidence_of(FIRST_EDITION)
    assert evidence.digest == digest(FIRST_EDITION)
    assert (evidence.as_of, evidence.known_on) == (date(2024, 12, 31), date(2024, 12, 31))
    assert not any(event.second_source for event in evidence.events)
    (indicator,) = evidence.visible(date(2002, 12, 31)).indicators.values()
    assert list(indicator.annual().index) == [2001, 2002]


def test_two_days_and_second_sources_come_back() -> None:
    evidence = load_evidence()
    again = evidence_of(json.loads(canonical_json(evidence.document)))
    assert again == evidence
    assert (again.as_of, again.known_on) == (evidence.as_of, evidence.known_on)
    assert again.events == evidence.events
    assert dict(again.indicators) == dict(evidence.indicators)


type Change = Callable[[dict[str, Any]], object]


def put(*path: Any) -> Change:
    *way, last, value = path

    def change(document: dict[str, Any]) -> None:
        for key in way:
            document = document[key]
        document[last] = value

    return change


WRONG: dict[str, tuple[Change, str]] = {
    "no field": (lambda d: d.pop("claims"), "got 'claims', expected the fields"),
    "another field": (put("author", "x"), "got 'author'"),
    "list for an object": (put("events", 0, []), "events > 0: got"),
    "object for a list": (put("indicators", {}), "indicators: got"),
    "text for a number": (put("events", 0, "intensity", "3"), "events > 0 > intensity.*type int"),
    "truth for a number": (put("events", 0, "intensity", True), "events > 0 > intensity.*type int"),
    "number for a text": (put("events", 0, "summary", 3), "events > 0 > summary.*type str"),
    "number for truth": (put("events", 0, "reserve", 0), "events > 0 > reserve.*type bool"),
    "no day": (put("as_of", "1996-02-30"), "as_of.*a day of the calendar"),
    "day of a week": (put("as_of", "1996-W01-1"), "as_of.*a day of the years"),
    "far future": (put("as_of", "9999-12-31"), "as_of.*a day of the years 1900 to 2100"),
    "far past": (put("events", 0, "date", "0001-01-01"), "events > 0 > date.*1900 to 2100"),
    "source that is none": (put("events", 0, "source", "url", "javascript:alert(1)"), "a web address"),
    "short observation": (put("indicators", 0, "observations", [["1990-12-31", 1.0]]), "expected 4 or 5 values"),
    "known before it ended": (
        put("indicators", 0, "observations", [["1990-12-31", 1.0, "read", "", "1990-12-30"]]),
        "got 1990-12-30 for a period that ends",
    ),
    "known before it came": (put("known_on", "1996-12-30"), "got known_on 1996-12-30 before as_of"),
    "page of a source in doubt": (put("events", 0, "source", "second_source", True), "got 'second_source'"),
    "huge observation": (put("indicators", 0, "observations", [["1990-12-31", 1e300, "read", ""]]), "finite number"),
    "later than seen": (put("as_of", "1960-12-31"), "expected nothing later than 1960-12-31"),
    "event twice": (lambda d: d["events"].append(d["events"][0]), "more than once"),
    "indicator twice": (lambda d: d["indicators"].append(d["indicators"][0]), "an indicator twice"),
}


@pytest.mark.parametrize(("change", "message"), WRONG.values(), ids=WRONG.keys())
def test_every_fault_has_its_message(document: dict[str, Any], change: Change, message: str) -> None:
    changed = deepcopy(document)
    change(changed)
    with pytest.raises(EvidenceError, match=message) as caught:
        evidence_of(changed)
    assert len(str(caught.value)) < 500
