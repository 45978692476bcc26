"""One dated event of the ledger, and the page where it was read."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import fields
from datetime import date

from data.errors import EvidenceError, Problem
from data.values import frozen
from data.vocabulary import (
    ACTORS,
    CONFIDENCES,
    DIRECTIONS,
    DOMAINS,
    EVENT_SOURCE_KINDS,
    INTENSITY_LIMIT,
    LAST_SOVIET_YEAR,
    MECHANISMS,
    MIXED_LIMIT,
    PRECISIONS,
    SPACE_DOMAINS,
    is_verified,
)

_ID_DATE_LENGTH = {"day": 10, "month": 7, "year": 4}
_SLUG = re.compile(r"[a-z0-9][a-z0-9-]*")
_EVENT_TYPE = re.compile(r"[a-z][a-z0-9_]*")


@frozen
class Source:
    """Where a fact was read.

    Attributes
    ----------
    title, url : str
        Title and address of the page; both empty when none was found.
    kind : str
        How far the source was seen: `read`, `unverified`, or a longer label that holds one of these words.
    citation : str
        How to cite it, where a title is not enough.
    """

    title: str
    url: str
    kind: str
    citation: str = ""

    def __post_init__(self) -> None:
        if self.url and not re.match(r"https?://[^\s/]+\S*$", self.url):
            detail = f"got {self.url!r}, expected a web address that starts with http:// or https://, or nothing"
            raise EvidenceError.of([Problem(column="source_url", detail=detail)])


@frozen
class Event:
    """An act, statement, omission or disclosure that bears on the relationship (columns of codebook.md).

    Attributes
    ----------
    date : date
        First day of the month or year when `date_precision` is coarser than a day.
    intensity : int
        Content of the act for the pair at the time, -10 (force) to +10 (alliance).
    reserve : bool
        True for the weaker rows of events_reserve.csv, which no default fit uses.
    second_source : bool
        Whether an independent second page supports the event (second_sources.csv).

    Raises
    ------
    EvidenceError
        A value breaks the codebook; the message names each column.
    """

    id: str
    date: date
    date_precision: str
    initiator: str
    target: str
    domain: str
    mechanism: str
    event_type: str
    direction: str
    intensity: int
    summary: str
    source: Source
    source_kind: str
    confidence: str
    coding_note: str = ""
    reserve: bool = False
    second_source: bool = False

    def __post_init__(self) -> None:
        if problems := list(_problems(self)):
            raise EvidenceError.of(problems)

    @property
    def year(self) -> int:
        """Calendar year of the event."""
        return self.date.year

    @property
    def latest_date(self) -> date:
        """Last day on which the event can have happened: from then on it can be known."""
        if self.date_precision == "year":
            return date(self.date.year, 12, 31)
        if self.date_precision == "month":
            return self.date.replace(day=calendar.monthrange(self.date.year, self.date.month)[1])
        return self.date

    @property
    def is_context(self) -> bool:
        """Tell whether this is a third party's act, which has no tone."""
        return self.direction == "context"

    @property
    def is_space(self) -> bool:
        """Tell whether the domain is one of the three space domains."""
        return self.domain in SPACE_DOMAINS

    @property
    def verified(self) -> bool:
        """Tell whether a page was found that supports the event."""
        return is_verified(self.source_kind)


PAGE_COLUMNS = ("source_title", "source_url")
"""Columns of the ledger that an event holds in its `Source`."""
_ELSEWHERE = {"reserve", "second_source"}
_OWN = tuple(field.name for field in fields(Event) if field.name not in _ELSEWHERE)
EVENT_COLUMNS = (*_OWN[: _OWN.index("source")], *PAGE_COLUMNS, *_OWN[_OWN.index("source") + 1 :])
"""Columns of the ledger's files, as the codebook explains them."""


def _problems(event: Event) -> Iterator[Problem]:
    yield from _vocabulary_problems(event)
    if type(event.date) is not date:
        yield Problem(column="date", detail=f"got {event.date!r}, expected a calendar date without a time")
        return
    yield from _date_problems(event)
    yield from _intensity_problems(event)
    yield from _text_problems(event)


def _vocabulary_problems(event: Event) -> Iterator[Problem]:
    allowed = {
        "date_precision": PRECISIONS,
        "initiator": ACTORS,
        "target": ACTORS,
        "domain": DOMAINS,
        "mechanism": MECHANISMS,
        "direction": DIRECTIONS,
        "source_kind": EVENT_SOURCE_KINDS,
        "confidence": CONFIDENCES,
    }
    for column, values in allowed.items():
        got = getattr(event, column)
        if got not in values:
            yield Problem(column=column, detail=f"got {got!r}, expected one of {', '.join(values)}")


def _date_problems(event: Event) -> Iterator[Problem]:
    first = {"month": event.date.replace(day=1), "year": event.date.replace(month=1, day=1)}
    expected = first.get(event.date_precision, event.date)
    if event.date != expected:
        detail = f"got {event.date} with precision {event.date_precision}, expected {expected}"
        yield Problem(column="date", detail=detail)
    prefix = f"E{event.date.isoformat()[: _ID_DATE_LENGTH.get(event.date_precision, 10)]}-"
    if not (event.id.startswith(prefix) and _SLUG.fullmatch(event.id.removeprefix(prefix))):
        detail = f"got {event.id!r}, expected {prefix!r} (its date and precision) followed by a slug of a-z, 0-9 and -"
        yield Problem(column="id", detail=detail)
    wrong = "RUS" if event.date.year <= LAST_SOVIET_YEAR else "SUN"
    for column in ("initiator", "target"):
        if getattr(event, column) == wrong:
            detail = f"got {wrong} in {event.date.year}, expected SUN to {LAST_SOVIET_YEAR} and RUS afterwards"
            yield Problem(column=column, detail=detail)


def _intensity_problems(event: Event) -> Iterator[Problem]:
    value = event.intensity
    if type(value) is not int or abs(value) > INTENSITY_LIMIT:
        yield Problem(column="intensity", detail=f"got {value!r}, expected a whole number from -10 to 10")
        return
    rules = {
        "cooperation": (value > 0, "above 0"),
        "conflict": (value < 0, "below 0"),
        "mixed": (abs(value) <= MIXED_LIMIT, "from -3 to 3"),
        "context": (value == 0, "0"),
    }
    fits, expected = rules.get(event.direction, (True, ""))
    if not fits:
        detail = f"got {value} with direction {event.direction}, expected {expected}; correct one of the two"
        yield Problem(column="intensity", detail=detail)


def _text_problems(event: Event) -> Iterator[Problem]:
    if not _EVENT_TYPE.fullmatch(event.event_type):
        yield Problem(column="event_type", detail=f"got {event.event_type!r}, expected a snake_case name")
    if not event.summary.strip():
        yield Problem(column="summary", detail="got nothing, expected one sentence")
    if event.source_kind == "read":
        for column, value in (("source_title", event.source.title), ("source_url", event.source.url)):
            if not value:
                detail = "got nothing for an event marked read, expected its page; or mark the event unverified"
                yield Problem(column=column, detail=detail)
