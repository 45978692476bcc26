"""What the files hold and no forecast reads, row by row with the reason: nothing written down is lost in silence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path

from data.csv.rows import Row
from data.csv.unchanged import read_once
from data.editions.edition import Edition, newest_edition
from data.event import Event
from data.indicator import Observation
from data.load import (
    EVENTS_FILE,
    FIRST_YEAR,
    RESERVE_FILE,
    knowledge_date,
    read_events,
    read_pending,
)
from data.receipts import DATA_FOLDER
from data.series import Column, date_column, read_columns
from data.values import frozen

LATER, EARLIER = "after the day to which the ledger was searched", f"before {FIRST_YEAR}, where the models begin"
AHEAD, UNPUBLISHED = "after the reference date", "not yet published on the knowledge date"
UNVERIFIED, RESERVE, PARTIAL, PENDING = "unverified", "reserve", "part of a year", "in a pending update"
SHOWN = 5
"""Rows named in a sentence; the others are counted, and `evidence check` names all."""


@frozen
class Unused:
    """A row of the ledger, or a value of an indicator, that the evidence of a forecast leaves out.

    Attributes
    ----------
    row : int
        As a spreadsheet counts it.
    name : str
        Id of the event, or name of the indicator.
    day : date or None
        Last day of what it describes; None where only part of a year is covered.
    reason : str
        One of the constants of this module.
    """

    file: str
    row: int
    name: str
    day: date | None
    reason: str

    def __str__(self) -> str:
        return f"{self.file}, row {self.row} ({self.name}{f', {self.day}' if self.day else ''})"


@frozen
class Tally:
    """What became of everything in one file: each row or value is either used or listed with its reason."""

    file: str
    used: int
    unused: tuple[Unused, ...]

    @property
    def summary(self) -> str:
        """Counts in one sentence."""
        counts = Counter(row.reason for row in self.unused)
        left = "; ".join(f"{count} {reason}" for reason, count in counts.items())
        return f"{self.used} of {self.used + len(self.unused)} used" + (f"; not used: {left}" if left else "")


def tallies(folder: Path | None = None, as_of: date | None = None) -> tuple[Tally, ...]:
    """Account for every row of the ledger, its reserve and its pending updates, and for every value of the indicators.

    Parameters
    ----------
    folder : Path, optional
        As for `data.load.load_evidence`.
    as_of : date, optional
        Reference date of the evidence; that of the folder's newest edition by default.

    Raises
    ------
    EvidenceError
        A file cannot be read.
    """
    folder = folder or DATA_FOLDER
    return _read_tallies(folder, as_of or newest_edition(folder).as_of)


def _tallies(folder: Path, as_of: date) -> tuple[Tally, ...]:
    days = _Days(as_of=as_of, known_on=knowledge_date(as_of, folder), searched=newest_edition(folder).searched_until)
    entries = {EVENTS_FILE: [], RESERVE_FILE: []}
    for row, event in read_events(folder, include_reserve=True):
        entries[row.file].append(_act(row, event, days))
    for row, event in read_pending(folder):
        entries.setdefault(row.file, []).append(_unused(row, event.id, event.latest_date, PENDING))
    for column in read_columns(folder):
        entries.setdefault(column.series.file, []).extend(_values(column, days))
    return tuple(_tally(file, rows) for file, rows in entries.items())


_read_tallies = read_once(_tallies, folder_of=lambda folder, _: folder)


def later_rows(folder: Path | None = None) -> tuple[Unused, ...]:
    """Everything that would count but for its date: it lies after the day to which the ledger was searched."""
    return tuple(row for tally in tallies(folder) for row in tally.unused if row.reason == LATER)


def later_warning(rows: Sequence[Unused], edition: Edition, shown: int = SHOWN) -> str:
    """What lies after the day to which an edition was searched, and what to do; nothing where nothing does."""
    if not rows:
        return ""
    more = f" and {len(rows) - shown} more" if len(rows) > shown else ""
    newest = max(row.day for row in rows)
    return (
        f"No forecast uses {_counted(rows)} after {edition.searched_until}, the day to which the ledger was searched: "
        f"{'; '.join(map(str, rows[:shown]))}{more}. Once everything up to {newest} has been searched, "
        f"`python -m models evidence update --searched-until {newest}` makes them count (docs/evidence.md, Adding rows "
        f"later). `python -m models resolve --signposts --as-of {newest}` counts them already"
    )


@frozen
class _Days:
    """The days that decide what counts."""

    as_of: date
    known_on: date
    searched: date

    def too_late(self, day: date) -> str:
        if day <= self.as_of:
            return ""
        return LATER if day > self.searched else AHEAD


def _act(row: Row, event: Event, days: _Days) -> Unused | None:
    reason = ""
    if event.reserve:
        reason = RESERVE
    elif not event.verified:
        reason = UNVERIFIED
    else:
        reason = days.too_late(event.latest_date) or (EARLIER if event.year < FIRST_YEAR else "")
    return _unused(row, event.id, event.latest_date, reason)


def _values(column: Column, days: _Days) -> Iterator[Unused | None]:
    seen = {value.period_end: value for value in column.seen}
    for row in column.rows:
        if column.series.takes(row):
            end = row.period_end(date_column(row))
            yield _unused(row, column.series.name, end, _why_unseen(seen[end], days))
        elif column.series.holds(row):
            yield _unused(row, column.series.name, None, PARTIAL)


def _why_unseen(value: Observation, days: _Days) -> str:
    if not value.verified:
        return UNVERIFIED
    if late := days.too_late(value.period_end):
        return late
    return "" if value.seen_by(days.as_of, days.known_on) else UNPUBLISHED


def _unused(row: Row, name: str, day: date | None, reason: str) -> Unused | None:
    return Unused(file=row.file, row=row.number, name=name, day=day, reason=reason) if reason else None


def _tally(file: str, entries: Iterable[Unused | None]) -> Tally:
    entries = list(entries)
    return Tally(file=file, used=entries.count(None), unused=tuple(entry for entry in entries if entry))


def _counted(rows: Sequence[Unused]) -> str:
    return "the row that lies" if len(rows) == 1 else f"the {len(rows)} rows and values that lie"
