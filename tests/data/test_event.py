"""The codebook's rules hold for every event that can be made."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from data.errors import ConjunctionError, EvidenceError
from data.types import Event, Source

READ = Source(title="A page", url="https://example.org/a", kind="read")
EVENT = Event(
    id="E2007-01-11-test",
    date=date(2007, 1, 11),
    date_precision="day",
    initiator="CHN",
    target="RUS",
    domain="military_space",
    mechanism="counterspace",
    event_type="asat_test",
    direction="conflict",
    intensity=-3,
    summary="China tested.",
    source=READ,
    source_kind="read",
    confidence="high",
)


@pytest.mark.parametrize(
    ("precision", "day", "identity", "latest"),
    [
        ("day", date(2007, 1, 11), "E2007-01-11-a", date(2007, 1, 11)),
        ("month", date(2024, 2, 1), "E2024-02-a", date(2024, 2, 29)),
        ("month", date(2023, 12, 1), "E2023-12-a", date(2023, 12, 31)),
        ("year", date(2007, 1, 1), "E2007-a", date(2007, 12, 31)),
    ],
)
def test_an_event_can_be_known_from_the_end_of_its_period(precision, day, identity, latest):
    event = replace(EVENT, date_precision=precision, date=day, id=identity)
    assert event.latest_date == latest
    assert event.year == day.year


def test_properties_follow_the_codes():
    assert EVENT.is_space
    assert EVENT.verified
    assert not EVENT.is_context
    context = replace(EVENT, direction="context", intensity=0, domain="us_policy", source_kind="unverified")
    assert context.is_context
    assert not context.is_space
    assert not context.verified


@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({"domain": "space"}, "domain"),
        ({"initiator": "GER"}, "initiator"),
        ({"target": "china"}, "target"),
        ({"mechanism": "pride"}, "mechanism"),
        ({"confidence": "certain"}, "confidence"),
        ({"direction": "up"}, "direction"),
        ({"date_precision": "week"}, "date_precision"),
        ({"source_kind": "opened"}, "source_kind"),
        ({"date": datetime(2007, 1, 11)}, "date"),
        ({"date_precision": "month", "id": "E2007-01-test"}, "date"),
        ({"date_precision": "year", "id": "E2007-test"}, "date"),
        ({"id": "E2007-01-12-test"}, "id"),
        ({"id": "E2007-01-11-"}, "id"),
        ({"id": "E2007-01-11-<b>"}, "id"),
        ({"target": "SUN"}, "target"),
        ({"date": date(1991, 1, 11), "id": "E1991-01-11-test"}, "target"),
        ({"intensity": -11}, "intensity"),
        ({"intensity": -3.0}, "intensity"),
        ({"intensity": True}, "intensity"),
        ({"intensity": 0}, "intensity"),
        ({"intensity": 3}, "intensity"),
        ({"direction": "cooperation"}, "intensity"),
        ({"direction": "context"}, "intensity"),
        ({"direction": "mixed", "intensity": -4}, "intensity"),
        ({"event_type": "ASAT test"}, "event_type"),
        ({"summary": " "}, "summary"),
        ({"source": Source(title="A page", url="", kind="read")}, "source_url"),
        ({"source": Source(title="", url="https://example.org", kind="read")}, "source_title"),
    ],
)
def test_a_value_against_the_codebook_is_refused_by_column(changes, column):
    with pytest.raises(EvidenceError, match=f"column '{column}'") as caught:
        replace(EVENT, **changes)
    assert [problem.column for problem in caught.value.problems] == [column]


def test_every_wrong_column_is_named_at_once():
    with pytest.raises(EvidenceError) as caught:
        replace(EVENT, domain="x", confidence="y", summary="")
    assert {problem.column for problem in caught.value.problems} == {"domain", "confidence", "summary"}


@pytest.mark.parametrize("url", ["javascript:alert(1)", "example.org", "https:///x", "https://a b", "file:///etc"])
def test_only_web_addresses_are_sources(url):
    with pytest.raises(EvidenceError, match="source_url"):
        Source(title="A page", url=url, kind="read")


def test_errors_are_also_value_errors():
    assert issubclass(EvidenceError, ConjunctionError)
    assert issubclass(EvidenceError, ValueError)
