"""Everything up to one date that could be known on that date or a later one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, field, replace
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from data.claim import Claim
from data.digest import Fields, digest
from data.errors import EvidenceError
from data.event import EVENT_COLUMNS, PAGE_COLUMNS, Event, Source
from data.indicator import DESCRIBED, Indicator, Observation
from data.values import frozen, settle

if TYPE_CHECKING:
    import pandas as pd

_SHOWN_NAMES = 8


@frozen(eq=False)
class Evidence:
    """Events, claims and indicators of the time up to one day, as they could be known on that day or a later one.

    Two values are equal when their digests are; they can be hashed, pickled and shared.

    Attributes
    ----------
    as_of : date
        Reference date: nothing that happened later is inside.
    known_on : date
        Knowledge date, `as_of` unless it is given: nothing that was published later is inside.
    events : tuple of Event
        Ordered by date, then id.
    claims : tuple of Claim
        The essay's claims; they have no date.
    indicators : Mapping of str to Indicator
        Read-only, by name, such as `un_ideal_points.absdist_chn_rus`.

    Raises
    ------
    EvidenceError
        An event or observation is later than `as_of`, a value could not be known on `known_on`, `known_on` is
        earlier than `as_of`, or an id appears twice.
    """

    as_of: date
    events: tuple[Event, ...]
    claims: tuple[Claim, ...] = ()
    indicators: Mapping[str, Indicator] = field(default_factory=dict)
    known_on: date | None = None
    _digest: str = field(init=False, repr=False, default="")

    def __post_init__(self) -> None:
        settle(self, known_on=self.as_of if self.known_on is None else self.known_on)
        self._refuse_days()
        settle(
            self,
            events=tuple(sorted(self.events, key=lambda event: (event.date, event.id))),
            claims=tuple(self.claims),
            indicators=MappingProxyType(dict(sorted(self.indicators.items()))),
        )
        self._refuse_duplicates()
        self._refuse_later_rows()

    @property
    def digest(self) -> str:
        """SHA-256 over the dates and every value visible, with its labels; computed once."""
        if not self._digest:
            settle(self, _digest=digest(self.document))
        return self._digest

    def indicator(self, name: str) -> Indicator:
        """Return one indicator by name; an unknown name is an EvidenceError that lists likely ones."""
        if name in self.indicators:
            return self.indicators[name]
        stem = name.split(".", maxsplit=1)[0]
        near = [other for other in self.indicators if other.startswith(f"{stem}.")] or list(self.indicators)
        shown = ", ".join(near[:_SHOWN_NAMES]) + (", ..." if len(near) > _SHOWN_NAMES else "")
        raise EvidenceError(f"got the indicator {name!r}, expected one of those in data/indicators.csv: {shown}")

    def visible(self, as_of: date) -> Evidence:
        """Return the part of this evidence that could be known on a day: both its dates are that day."""
        if as_of > self.as_of:
            raise EvidenceError(
                f"got as_of {as_of}, expected {self.as_of} or earlier: later rows are not here; load the evidence again"
            )
        return Evidence(
            as_of=as_of,
            events=tuple(event for event in self.events if event.latest_date <= as_of),
            claims=self.claims,
            indicators={name: _restricted(indicator, as_of) for name, indicator in self.indicators.items()},
            known_on=as_of,
        )

    def ledger(self) -> pd.DataFrame:
        """Return the events as a table, one row an event, dates as datetime64."""
        import pandas as pd

        table = pd.DataFrame([_ledger_row(event) for event in self.events], columns=list(_LEDGER_COLUMNS))
        return table.astype({"date": "datetime64[s]", "latest_date": "datetime64[s]", "intensity": "int64"})

    def __eq__(self, other: object) -> bool:
        return self.digest == other.digest if isinstance(other, Evidence) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.digest)

    def __reduce__(self) -> tuple[Any, ...]:  # a read-only mapping cannot be pickled, its content can
        return _rebuilt, (self.as_of, self.events, self.claims, dict(self.indicators), self.known_on)

    @property
    def document(self) -> Fields:
        """Everything visible, as values with a canonical JSON; `data.evidence_document` reads it back.

        What the first edition did not know is left out where it says nothing: a knowledge date that is the reference
        date, a value known when its period ended, an event without a second source. Its digests stay as they were.
        """
        return {
            "as_of": self.as_of,
            **({} if self.known_on == self.as_of else {"known_on": self.known_on}),
            "events": [_event_content(event) for event in self.events],
            "claims": [asdict(claim) for claim in self.claims],
            "indicators": [_indicator_content(indicator) for indicator in self.indicators.values()],
        }

    def _refuse_days(self) -> None:
        for name in ("as_of", "known_on"):
            if type(getattr(self, name)) is not date:
                raise EvidenceError(f"{name}: got {getattr(self, name)!r}, expected a calendar date without a time")
        if self.known_on < self.as_of:
            raise EvidenceError(
                f"got known_on {self.known_on} before as_of {self.as_of}, expected that day or later: "
                "nobody knows a day before it has come; give both days"
            )

    def _refuse_duplicates(self) -> None:
        for what, ids in (("event", [e.id for e in self.events]), ("claim", [c.id for c in self.claims])):
            if len(set(ids)) < len(ids):
                twice = min(name for name, count in Counter(ids).items() if count > 1)
                raise EvidenceError(f"got the {what} id {twice!r} more than once, expected every id once")

    def _refuse_later_rows(self) -> None:
        for event in self.events:
            if event.latest_date > self.as_of:
                raise EvidenceError(f"got the event {event.id!r}, expected nothing later than {self.as_of}")
        for name, indicator in self.indicators.items():
            if name != indicator.name:
                raise EvidenceError(f"got the indicator {indicator.name!r} under the name {name!r}, expected its own")
            if indicator.observations and indicator.observations[-1].period_end > self.as_of:
                raise EvidenceError(f"got {name!r} beyond {self.as_of}, expected nothing later than as_of")
            if any(seen.known_from > self.known_on for seen in indicator.observations):
                raise EvidenceError(f"got a value of {name!r} not yet known on {self.known_on}, expected none")


_EVENT_FIELDS = (
    *(column for column in EVENT_COLUMNS if column not in PAGE_COLUMNS),
    *("reserve", "second_source", "year", "latest_date", "is_context", "is_space", "verified"),
)
_LEDGER_COLUMNS = (*_EVENT_FIELDS, *PAGE_COLUMNS)


def _ledger_row(event: Event) -> Fields:
    row = {column: getattr(event, column) for column in _EVENT_FIELDS}
    return row | {"source_title": event.source.title, "source_url": event.source.url}


def _event_content(event: Event) -> Fields:
    content = _content(event) | {"source": _content(event.source)}
    if not event.second_source:
        del content["second_source"]
    return content


def _content(value: Event | Source) -> dict[str, Any]:
    """Its fields by name, as `asdict` gives them, in a seventh of the time."""
    return {name: getattr(value, name) for name in value.__slots__}


def _indicator_content(indicator: Indicator) -> Fields:
    seen = [_observation_content(value) for value in indicator.observations]
    return {name: getattr(indicator, name) for name in DESCRIBED} | {"observations": seen}


def _observation_content(seen: Observation) -> list[object]:
    content = [seen.period_end, seen.value, seen.source_kind, seen.note]
    return content if seen.known_from == seen.period_end else [*content, seen.known_from]


def _restricted(indicator: Indicator, day: date) -> Indicator:
    return replace(indicator, observations=tuple(seen for seen in indicator.observations if seen.seen_by(day, day)))


def _rebuilt(
    as_of: date, events: tuple[Event, ...], claims: tuple[Claim, ...], indicators: dict[str, Indicator], known_on: date
) -> Evidence:
    return Evidence(as_of=as_of, events=events, claims=claims, indicators=indicators, known_on=known_on)
