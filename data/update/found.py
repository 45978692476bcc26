"""The rows that somebody found, read like the ledger's, and every reason to refuse them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from data.csv.rows import Row, read_rows, require_unique
from data.days import latest_today
from data.editions.edition import Edition
from data.errors import EvidenceError, Problem
from data.event import EVENT_COLUMNS, Event
from data.load import read_event, read_events, read_pending
from data.update.differences import same_content
from data.values import frozen

REVISE = "or say --revise if the past is meant to change"


@frozen(eq=False)
class Found:
    """One row that somebody found, and what is held under its id.

    Attributes
    ----------
    row : Row
    event : Event
    held : (Row, Event) or None
        The ledger's row of that id.
    """

    row: Row
    event: Event
    held: tuple[Row, Event] | None = None

    @property
    def is_held(self) -> bool:
        """Whether the ledger has it word for word."""
        return self.held is not None and same_content(self.row, self.held[0])


def read_found(
    folder: Path, file: Path | None, searched_until: date, before: Edition, *, revise: bool = False
) -> tuple[Found, ...]:
    """Read and check the rows of a file against a data folder.

    Raises
    ------
    EvidenceError
        With every fault at once: of the day, the file, its rows, and of rows that contradict what is held.
    """
    problems = list(_day_problems(searched_until, before))
    rows: list[Row] = []
    try:
        rows = _rows(file) if file else []
    except EvidenceError as error:
        problems += error.problems
    require_unique(rows, "id")
    events = [read_event(row) for row in rows]
    held = {event.id: (row, event) for row, event in read_events(folder, include_reserve=True)}
    pending = {event.id: (row, event) for row, event in read_pending(folder)}
    found = []
    for row, event in zip(rows, events, strict=True):
        if event is not None:
            _refuse_day(row, event, searched_until)
            one = Found(row=row, event=event, held=held.get(event.id))
            _refuse_contradiction(one, pending.get(event.id), revise=revise)
            _refuse_past(one, before, revise=revise)
            found.append(one)
    problems += [problem for row in rows for problem in row.problems]
    if problems:
        raise EvidenceError.of(problems)
    return tuple(found)


def _rows(file: Path) -> list[Row]:
    if not file.is_file():
        detail = "got no such file, expected a CSV file in the ledger's columns; correct the path"
        raise EvidenceError.of([Problem(file=file.name, column="", detail=detail)])
    return read_rows(file.parent, file.name, EVENT_COLUMNS)


def _day_problems(day: date, before: Edition) -> Sequence[Problem]:
    if type(day) is not date:
        detail = f"got {day!r}, expected a calendar date without a time"
    elif day > (today := latest_today()):
        detail = f"got {day}, which has come nowhere on earth; expected {today} or earlier"
    elif day <= before.searched_until:
        detail = f"got {day}, expected a day after {before.searched_until}, to which the ledger was searched already"
    else:
        return ()
    return (Problem(column="--searched-until", detail=detail),)


def _refuse_day(row: Row, event: Event, searched_until: date) -> None:
    if type(searched_until) is date and event.date > searched_until and event.date <= latest_today():
        detail = f"got {event.date}, expected a day up to --searched-until {searched_until}"
        row.complain("date", f"{detail}; give a later day once all before it has been searched, or leave the row out")


def _refuse_contradiction(one: Found, pending: tuple[Row, Event] | None, *, revise: bool) -> None:
    other = one.held or pending
    if other is None or same_content(one.row, other[0]):
        return
    where = f"{other[0].file}, row {other[0].number}"
    if one.held and one.held[1].reserve:
        one.row.complain(
            "id", f"got {one.event.id!r}, which {where} holds; take it out there first, or give another id"
        )
    elif not revise:
        columns = [column for column in EVENT_COLUMNS if one.row.text(column) != other[0].text(column)]
        column = columns[0]
        detail = (
            f"got {one.row.text(column)[:60]!r} for the id {one.event.id!r}, which {where} holds with "
            f"{other[0].text(column)[:60]!r}{f' (and {len(columns) - 1} more columns differ)' if columns[1:] else ''}; "
            f"give another id, {REVISE}"
        )
        one.row.complain(column, detail)


def _refuse_past(one: Found, before: Edition, *, revise: bool) -> None:
    if one.held is None and not revise and one.event.latest_date <= before.searched_until:
        detail = (
            f"got {one.event.latest_date}, expected a day after {before.searched_until}, to which the ledger was "
            f"searched already: the row would change what was known of the past; leave it out, {REVISE}"
        )
        one.row.complain("date", detail)
