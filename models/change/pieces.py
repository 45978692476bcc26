"""What stands in one evidence and not in the other, row by row, and the evidence as if a row had stayed as it was."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Literal

from data.types import Event, Evidence, Indicator
from data.values import frozen
from models.leave_out.cases import Basis, Case, claims_of, file_of, label, masked
from models.measures.driver_table import Scaling
from models.measures.drivers import driver_table, drivers_behind
from models.measures.readings import read_ledger
from models.outcome.rule import RULE, OutcomeRule

type Kind = Literal["event", "year", "indicator"]
type Happened = Literal["added", "changed", "gone"]


@frozen
class Piece:
    """What is not the same in two evidences: a ledger row, a year's rows at once, or a file of indicators.

    Attributes
    ----------
    kind : {"event", "year", "indicator"}
    name : str
        Event id, year, or file of data/indicators without its ending.
    label : str
        First words of the event's summary, how many rows the year has, or the file's name.
    happened : {"added", "changed", "gone"}
    """

    kind: Kind
    name: str
    label: str
    happened: Happened


def pieces(old: Evidence, new: Evidence) -> tuple[Piece, ...]:
    """Every piece that differs: events in order of date, years of which several rows came or went, indicator files."""
    before, after = ({event.id: event for event in evidence.events} for evidence in (old, new))
    files = {file_of(name) for name in _different(old.indicators, new.indicators)}
    named = [("event", name) for name in _different(before, after)] + [("indicator", name) for name in sorted(files)]
    named_pieces = tuple(_piece(old, new, kind, name) for kind, name in named)
    return (*named_pieces, *_years(named_pieces, {**before, **after}))


def unlike(piece: Piece, base: Basis, other: Evidence, scaling: Scaling, rule: OutcomeRule = RULE) -> Basis:
    """The basis as if the piece had not been added, changed or lost.

    Parameters
    ----------
    base : Basis
        In which the piece is judged: what is there now among the rows of now, what is gone among those of before.
    other : Evidence
        How the piece is, or is not, on the other side.
    scaling : Scaling
        Of the whole evidence's drivers, which stays without the piece. Drivers of a file that the other side
        does not have at all are masked.
    rule : OutcomeRule
        Under which the side forecasts, and measured its drivers.
    """
    evidence = _altered(piece, base.evidence, other)
    if piece.kind == "indicator" and len(evidence.indicators) < len(base.evidence.indicators):
        return replace(base, evidence=evidence, drivers=masked(base.drivers, claims_of(piece.name)))
    drivers = driver_table(evidence, drivers_behind(rule), scaling)
    return replace(base, evidence=evidence, drivers=drivers, readings=read_ledger(evidence))


def _years(single: Iterable[Piece], events: Mapping[str, Event]) -> tuple[Piece, ...]:
    """Years of which at least two rows were added, or went: together they may do what none does alone."""
    counts = Counter((events[piece.name].year, piece.happened) for piece in single if piece.kind == "event")
    return tuple(
        Piece(kind="year", name=str(year), label=f"the {count} rows of {year}", happened=happened)
        for (year, happened), count in sorted(counts.items())
        if count > 1 and happened != "changed"
    )


def _altered(piece: Piece, base: Evidence, other: Evidence) -> Evidence:
    if piece.kind == "year":
        there = {event.id for event in other.events}
        return replace(base, events=tuple(e for e in base.events if str(e.year) != piece.name or e.id in there))
    if piece.kind == "event":
        kept = (event for event in base.events if event.id != piece.name)
        return replace(base, events=(*kept, *(event for event in other.events if event.id == piece.name)))
    kept_files = _of_file(base.indicators, piece.name, same=False)
    return replace(base, indicators=kept_files | _of_file(other.indicators, piece.name, same=True))


def _piece(old: Evidence, new: Evidence, kind: Literal["event", "indicator"], name: str) -> Piece:
    here = [any(name == there for there in _names(evidence, kind)) for evidence in (old, new)]
    happened: Happened = "changed" if all(here) else "added" if here[1] else "gone"
    words = label(new if here[1] else old, Case(kind=kind, name=name))
    return Piece(kind=kind, name=name, label=words, happened=happened)


def _names(evidence: Evidence, kind: str) -> Iterable[str]:
    return (event.id for event in evidence.events) if kind == "event" else map(file_of, evidence.indicators)


def _different[T](old: Mapping[str, T], new: Mapping[str, T]) -> list[str]:
    every = [*old, *(name for name in new if name not in old)]
    return [name for name in every if old.get(name) != new.get(name)]


def _of_file(indicators: Mapping[str, Indicator], file: str, *, same: bool) -> dict[str, Indicator]:
    return {name: indicator for name, indicator in indicators.items() if (file_of(name) == file) == same}
