"""The one loader: files in, typed evidence out, nothing later than a date."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from data.claim import Claim
from data.csv.hints import is_clutter
from data.csv.rows import Row, collect, read_rows, require_unique
from data.csv.unchanged import read_once
from data.days import latest_today
from data.editions.edition import EDITIONS_FILE, editions, newest_edition
from data.errors import EvidenceError, Problem
from data.event import EVENT_COLUMNS, PAGE_COLUMNS, Event, Source
from data.evidence import Evidence
from data.publication import LAGS_FILE
from data.receipts import DATA_FOLDER, split_list
from data.second_sources import SECOND_SOURCES_FILE, read_second_sources, require_known
from data.series import load_indicators

FIRST_YEAR = 1950
"""First year that the models look at (`models.measures.structure`): earlier rows load, and no forecast reads them."""

EVENTS_FILE, RESERVE_FILE, CLAIMS_FILE = "events.csv", "events_reserve.csv", "claims.csv"
UPDATES_FOLDER = "updates"
"""Pending updates, in the ledger's columns: checked like the ledger, and read by no forecast."""
READINGS_FILE = "readings.csv"
SECOND_EDITION_FILES = (SECOND_SOURCES_FILE, LAGS_FILE)
"""What came with the second edition and every evidence needs; `READINGS_FILE` came too, and no forecast reads it."""
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
    """Load what could be known on one day, or all that is held about the time up to the reference date.

    Parameters
    ----------
    as_of : date, optional
        Last day that counts; that of the folder's newest edition by default. An event counts from its `latest_date`,
        an observation from its `known_from`. Evidence as of an edition's reference date is known on the day to which
        the ledger was searched for it: what was published since about the time before counts too. Of any other day it
        is what could be known on that day.
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
    folder = folder or DATA_FOLDER
    require_second_edition(folder)
    as_of = as_of or newest_edition(folder).as_of
    if type(as_of) is not date:
        raise EvidenceError(f"as_of: got {as_of!r}, expected a calendar date without a time")
    return _read_evidence(as_of, include_unverified, include_reserve, folder)


def knowledge_date(as_of: date, folder: Path | None = None) -> date:
    """The day on which evidence as of another is known: to which the ledger was searched for the last edition that has
    this reference date, else the day itself."""
    return max((one.searched_until for one in editions(folder) if one.as_of == as_of), default=as_of)


def _evidence(as_of: date, include_unverified: bool, include_reserve: bool, folder: Path) -> Evidence:
    known_on = knowledge_date(as_of, folder)
    events = [
        event
        for event in load_events(folder, include_reserve=include_reserve)
        if event.latest_date <= as_of and (include_unverified or event.verified)
    ]
    return Evidence(
        as_of=as_of,
        events=tuple(events),
        claims=load_claims(folder),
        indicators=load_indicators(folder, as_of, known_on, include_unverified=include_unverified),
        known_on=known_on,
    )


_read_evidence = read_once(_evidence, folder_of=lambda *options: options[-1])


def load_events(folder: Path, *, include_reserve: bool) -> list[Event]:
    """Read the ledger, and its reserve if asked, with every row checked and every id unique."""
    return [event for _, event in read_events(folder, include_reserve=include_reserve)]


def read_events(folder: Path, *, include_reserve: bool) -> tuple[tuple[Row, Event], ...]:
    """`load_events` with the row of the file beside each event, read once while the files stay as they are.

    Raises
    ------
    EvidenceError
        A row is wrong, or a second source belongs to no row of the ledger or its reserve.
    """
    return _read_events(folder, include_reserve)


def _events_of(folder: Path, include_reserve: bool) -> tuple[tuple[Row, Event], ...]:
    require_second_edition(folder)
    files = (EVENTS_FILE, RESERVE_FILE) if include_reserve else (EVENTS_FILE,)
    rows = [row for file in files for row in read_rows(folder, file, EVENT_COLUMNS)]
    require_unique(rows, "id")
    second = read_second_sources(folder)
    twice = {one.id for _, one in second}
    events = collect(rows, lambda row: read_event(row, second_source=row.text("id") in twice))
    known = {event.id for event in events}
    if not include_reserve:
        known |= {row.text("id") for row in read_rows(folder, RESERVE_FILE, EVENT_COLUMNS)}
    require_known([row for row, _ in second], known, f"{EVENTS_FILE} or {RESERVE_FILE}")
    return tuple(zip(rows, events, strict=True))


_read_events = read_once(_events_of, folder_of=lambda folder, _: folder)


def read_pending(folder: Path) -> tuple[tuple[Row, Event], ...]:
    """Read the rows of every pending update, each event with its row: checked, and part of no evidence.

    Raises
    ------
    EvidenceError
        A row is wrong, or its id stands twice among the updates, in the ledger or in its reserve.
    """
    return _read_pending(folder)


def _pending(folder: Path) -> tuple[tuple[Row, Event], ...]:
    files = sorted(path.relative_to(folder).as_posix() for path in (folder / UPDATES_FOLDER).glob("*.csv"))
    rows = [row for file in files if not is_clutter(file) for row in read_rows(folder, file, EVENT_COLUMNS)]
    held = [row for row, _ in read_events(folder, include_reserve=True)]
    require_unique([*held, *rows], "id")
    return tuple(zip(rows, collect(rows, read_event), strict=True))


_read_pending = read_once(_pending, folder_of=lambda folder: folder)


def load_claims(folder: Path) -> tuple[Claim, ...]:
    """Read the essay's claims, every id once."""
    rows = read_rows(folder, CLAIMS_FILE, CLAIM_COLUMNS)
    require_unique(rows, "id")
    return tuple(collect(rows, _claim))


def require_second_edition(folder: Path, files: Sequence[str] = SECOND_EDITION_FILES) -> None:
    """Say what a folder of the first edition of the evidence lacks, and what to do.

    Raises
    ------
    EvidenceError
        There is a ledger, and one of the files that came with the second edition is missing.
    """
    missing = [file for file in files if not (folder / file).is_file()]
    if missing and (folder / EVENTS_FILE).is_file():
        others = f" (nor {', '.join(missing[1:])})" if missing[1:] else ""
        detail = (
            f"got no such file{others} in {folder}, expected it since the second edition of the evidence. One of the "
            "first edition (to 2024-12-31) does not have it. Copy "
            f"{', '.join((*SECOND_EDITION_FILES, EDITIONS_FILE, READINGS_FILE))} from data/ of this release, keep the "
            "rows that fit your ledger and indicators, and add their receipts; or open it with the release that it was "
            "made for"
        )
        raise EvidenceError.of([Problem(file=missing[0], column="", detail=detail)])


def read_event(row: Row, *, second_source: bool = False) -> Event | None:
    """The event of a row; None, and problems of the row, where it is none or its day has not come."""
    values: dict[str, object] = {column: row.text(column) for column in _PLAIN_EVENT_COLUMNS}
    values["date"] = day = row.day("date")
    values["intensity"] = row.whole("intensity")
    values |= {"reserve": row.file == RESERVE_FILE, "second_source": second_source}
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
