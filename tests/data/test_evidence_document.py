"""Evidence from its own document: the same value again, and every value of another type refused with its place."""

import json
from collections.abc import Callable
from copy import deepcopy
from datetime import date
from typing import Any

import pytest

from data.digest import canonical_json
from data.errors import EvidenceError
from data.evidence_document import evidence_of
from data.load import load_evidence

YEAR_END = date(1996, 12, 31)
"""An early date: a small record, with every kind of row."""


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
    "short observation": (put("indicators", 0, "observations", [["1990-12-31", 1.0]]), "expected 4 values"),
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
