"""The one loader: files in, typed evidence out, nothing later than a date."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from data.claim import Claim
from data.csv.rows import Row, collect, read_rows, require_unique
from data.csv.unchanged import read_once
from data.days import latest_today
from data.errors import EvidenceError
from data.event import EVENT_COLUMNS, PAGE_COLUMNS, Event, Source
from data.evidence import Evidence
from data.receipts import DATA_FOLDER, split_list
from data.series import load_indicators

LEDGER_END = date(2024, 12, 31)
"""Last day of this release of the ledger, and the default reference date."""

FIRST_YEAR = 1950
"""First year that the models look at (`models.measures.structure`): earlier rows load, and no forecast reads them."""

EVENTS_FILE, RESERVE_FILE, CLAIMS_FILE = "events.csv", "events_reserve.csv", "claims.csv"
CLAIM_COLUMNS = (
    "id",
    "paragraph",
    "side",
    "mechanism",
    "direction",
    "strength",
    "odds_ratio",
    "p_sign",
    "title",
    "claim",
    "indicators",
)
_PLAIN_EVENT_COLUMNS = tuple(column for column in EVENT_COLUMNS if column not in {"date", "intensity", *PAGE_COLUMNS})


def load_evidence(
    as_of: date | None = None,
    *,
    include_unverified: bool = False,
    include_reserve: bool = False,
    folder: Path | None = None,
) -> Evidence:
    """Load what could be known on one day.

    Parameters
    ----------
    as_of : date, optional
        Last day that counts; `LEDGER_END` by default. An event counts from its `latest_date`, an
        observation from the end of its period.
    include_unverified : bool
        Keep rows whose source label holds the word `unverified`; by default they are left out.
    include_reserve : bool
        Add the weaker rows of events_reserve.csv, flagged `reserve`.
    folder : Path, optional
        Another folder laid out like this package's.

    Returns
    -------
    Evidence

    Raises
    ------
    EvidenceError
        A file is missing or a cell is wrong, whatever its date; names file, row and column.
    """
    as_of = as_of or LEDGER_END
    if type(as_of) is not date:
        raise EvidenceError(f"as_of: got {as_of!r}, expected a calendar date without a time")
    return _read_evidence(as_of, include_unverified, include_reserve, folder or DATA_FOLDER)


def _evidence(as_of: date, include_unverified: bool, include_reserve: bool, folder: Path) -> Evidence:
    events = [
        event
        for event in load_events(folder, include_reserve=include_reserve)
        if event.latest_date <= as_of and (include_unverified or event.verified)
    ]
    return Evidence(
        as_of=as_of,
        events=tuple(events),
        claims=load_claims(folder),
        indicators=load_indicators(folder, as_of, include_unverified=include_unverified),
    )


_read_evidence = read_once(_evidence, folder_of=lambda *options: options[-1])


def load_events(folder: Path, *, include_reserve: bool) -> list[Event]:
    """Read the ledger, and its reserve if asked, with every row checked and every id unique."""
    return [event for _, event in read_events(folder, include_reserve=include_reserve)]


def read_events(folder: Path, *, include_reserve: bool) -> list[tuple[Row, Event]]:
    """`load_events` with the row of the file beside each event."""
    files = (EVENTS_FILE, RESERVE_FILE) if include_reserve else (EVENTS_FILE,)
    rows = [row for file in files for row in read_rows(folder, file, EVENT_COLUMNS)]
    require_unique(rows, "id")
    return list(zip(rows, collect(rows, _event), strict=True))


def load_claims(folder: Path) -> tuple[Claim, ...]:
    """Read the essay's claims, every id once."""
    rows = read_rows(folder, CLAIMS_FILE, CLAIM_COLUMNS)
    require_unique(rows, "id")
    return tuple(collect(rows, _claim))


def _event(row: Row) -> Event | None:
    values: dict[str, object] = {column: row.text(column) for column in _PLAIN_EVENT_COLUMNS}
    values["date"] = day = row.day("date")
    values["intensity"] = row.whole("intensity")
    values["reserve"] = row.file == RESERVE_FILE
    if day and day > latest_today():
        row.complain("date", f"got {day}, which lies in the future; expected a day that has passed")
    page = {"title": row.text("source_title"), "url": row.text("source_url"), "kind": row.text("source_kind")}
    values["source"] = row.build(Source, page)
    return row.build(Event, values)


def _claim(row: Row) -> Claim | None:
    values: dict[str, object] = {
        column: row.text(column) for column in ("id", "paragraph", "side", "mechanism", "strength", "title")
    }
    values |= {"direction": row.whole("direction"), "text": row.text("claim")}
    values |= {column: row.number_in(column) for column in ("odds_ratio", "p_sign")}
    values["indicators"] = split_list(row.text("indicators"), ";")
    return row.build(Claim, values)
