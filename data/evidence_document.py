"""Evidence back from its own document (`Evidence.document`), believing nothing: every value has exactly its type."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import date
from typing import get_type_hints

from data.claim import Claim
from data.digest import Fields
from data.errors import EvidenceError
from data.event import Event, Source
from data.evidence import Evidence
from data.indicator import DESCRIBED, Indicator, Observation

FIRST_YEAR, LAST_YEAR = 1900, 2100
"""No act of the relationship lies outside; a date far away would make every yearly table as long as that."""
_SHOWN = 60
_LATER_FIELDS = ("second_source",)
_OBSERVATION_LENGTHS = (4, 5)
"""Day, value, source label and note; and the day from which the value is known, where that is a later one."""

type Reader = Callable[[object, str], object]


def evidence_of(document: Fields) -> Evidence:
    """Build the evidence that a document describes.

    Parameters
    ----------
    document : Mapping
        As `Evidence.document` gives it, after a round through JSON.

    Raises
    ------
    EvidenceError
        A field is missing, unknown or of another type, or the values break the codebook.

    Notes
    -----
    Documents of the first edition hold no knowledge date, no day from which a value is known and no second sources:
    they mean evidence known on its reference date, values known when their period ended.
    """
    parts = _exactly(document, ("as_of", "events", "claims", "indicators"), "the evidence", optional=("known_on",))
    days = {name: _day(parts[name], name) for name in ("as_of", "known_on") if name in parts}
    indicators = [
        _indicator(raw, f"indicators > {i}") for i, raw in enumerate(_list(parts["indicators"], "indicators"))
    ]
    if len({indicator.name for indicator in indicators}) < len(indicators):
        raise EvidenceError("the evidence: got an indicator twice, expected every name once; export it again")
    return Evidence(
        **days,
        events=tuple(_built(Event, raw, f"events > {i}") for i, raw in enumerate(_list(parts["events"], "events"))),
        claims=tuple(_built(Claim, raw, f"claims > {i}") for i, raw in enumerate(_list(parts["claims"], "claims"))),
        indicators={indicator.name: indicator for indicator in indicators},
    )


def _refuse(place: str, got: object, expected: str) -> EvidenceError:
    shown = ascii(got)[:_SHOWN]
    return EvidenceError(f"the evidence at {place}: got {shown}, expected {expected}; export it again")


def _exactly(raw: object, names: tuple[str, ...], place: str, optional: tuple[str, ...] = ()) -> Fields:
    if not isinstance(raw, dict):
        raise _refuse(place, raw, "an object")
    if odd := sorted(set(names) ^ (raw.keys() - set(optional))):
        raise _refuse(place, odd[0], f"the fields {', '.join(names)}")
    return raw


def _list(raw: object, place: str) -> list[object]:
    if not isinstance(raw, list):
        raise _refuse(place, raw, "a list")
    return raw


def _day(raw: object, place: str) -> date:
    try:
        day = date.fromisoformat(_plain(str)(raw, place))
    except ValueError:
        raise _refuse(place, raw, "a day of the calendar such as 2024-12-31") from None
    if day.isoformat() != raw or not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise _refuse(place, raw, f"a day of the years {FIRST_YEAR} to {LAST_YEAR} such as 2024-12-31")
    return day


def _plain(kind: type) -> Reader:
    def read(raw: object, place: str) -> object:
        if type(raw) is not kind:
            raise _refuse(place, raw, f"a value of type {kind.__name__}")
        return raw

    return read


def _number(raw: object, place: str) -> object:
    if type(raw) not in (int, float):
        raise _refuse(place, raw, "a number")
    return raw


def _texts(raw: object, place: str) -> tuple[object, ...]:
    return tuple(_plain(str)(text, place) for text in _list(raw, place))


def _source(raw: object, place: str) -> Source:
    return _built(Source, raw, place)


_READERS: Mapping[object, Reader] = {
    str: _plain(str),
    int: _plain(int),
    bool: _plain(bool),
    float: _number,
    date: _day,
    Source: _source,
    tuple[str, ...]: _texts,
}


def _built[T: (Event, Claim, Source)](kind: type[T], raw: object, place: str) -> T:
    types = get_type_hints(kind)
    names = tuple(field.name for field in fields(kind) if field.name not in _LATER_FIELDS)
    values = _exactly(raw, names, place, optional=_LATER_FIELDS if kind is Event else ())
    return kind(**{name: _READERS[types[name]](value, f"{place} > {name}") for name, value in values.items()})


def _indicator(raw: object, place: str) -> Indicator:
    values = _exactly(raw, (*DESCRIBED, "observations"), place)
    readers = {name: _texts if name == "definition_breaks" else _plain(str) for name in DESCRIBED}
    seen = _list(values["observations"], place)
    return Indicator(
        observations=tuple(_observation(row, f"{place} > observations > {i}") for i, row in enumerate(seen)),
        **{name: reader(values[name], f"{place} > {name}") for name, reader in readers.items()},
    )


def _observation(raw: object, place: str) -> Observation:
    row = _list(raw, place)
    if len(row) not in _OBSERVATION_LENGTHS:
        raise _refuse(place, len(row), f"{' or '.join(map(str, _OBSERVATION_LENGTHS))} values")
    day, value, kind, note, *known = row
    return Observation(
        period_end=_day(day, place),
        value=_number(value, place),
        source_kind=_plain(str)(kind, place),
        note=_plain(str)(note, place),
        known_from=_day(known[0], place) if known else None,
    )
