"""An edition of the evidence: up to which day the ledger was searched, and the reference date that follows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from data.csv.rows import Row, collect, read_rows
from data.csv.unchanged import read_once
from data.days import latest_today
from data.errors import EvidenceError, Problem
from data.values import frozen

DATA_FOLDER = Path(__file__).parents[1]
EDITIONS_FILE = "editions.csv"
EDITION_COLUMNS = ("searched_until", "as_of", "note")


@frozen
class Edition:
    """How far one edition of the ledger was searched.

    Attributes
    ----------
    searched_until : date
        Last day that the ledger was searched for. All that was known by then counts.
    as_of : date
        Reference date of the forecasts made with it, `searched_until` or earlier.
    note : str
        What the edition brought, in a line.

    Raises
    ------
    EvidenceError
        A day is none that has come, or `as_of` is after `searched_until`.
    """

    searched_until: date
    as_of: date
    note: str = ""

    def __post_init__(self) -> None:
        if self.searched_until > (today := latest_today()):
            detail = f"got {self.searched_until}, which has come nowhere on earth; expected {today} or earlier"
            raise EvidenceError.of([Problem(column="searched_until", detail=detail)])
        if self.as_of > self.searched_until:
            detail = (
                f"got {self.as_of}, after the {self.searched_until} to which the ledger was searched; expected that "
                "day or an earlier one"
            )
            raise EvidenceError.of([Problem(column="as_of", detail=detail)])


def editions(folder: Path | None = None) -> tuple[Edition, ...]:
    """Read the editions of a data folder, the newest last.

    Parameters
    ----------
    folder : Path, optional
        As for `data.load.load_evidence`.

    Raises
    ------
    EvidenceError
        There is no such file, it holds no edition, or a row is wrong or older than the one before it.
    """
    return _read_editions(folder or DATA_FOLDER)


def newest_edition(folder: Path | None = None) -> Edition:
    """The edition that a folder stands at: its `as_of` is the reference date of a forecast that names none."""
    return editions(folder)[-1]


def _editions(folder: Path) -> tuple[Edition, ...]:
    if not (folder / EDITIONS_FILE).is_file():
        detail = (
            f"got no such file in {folder}, expected the days to which the ledger was searched; an older copy of the "
            f"evidence does not have it. Copy {EDITIONS_FILE} from data/ of this release, keep the rows of the days "
            "that your ledger covers, and add its receipt to sources.csv"
        )
        raise EvidenceError.of([Problem(file=EDITIONS_FILE, column="", detail=detail)])
    rows = read_rows(folder, EDITIONS_FILE, EDITION_COLUMNS)
    read = [_edition(row) for row in rows]
    _require_ascending(rows, read)
    collect(rows, lambda row: row)
    return tuple(edition for edition in read if edition)


_read_editions = read_once(_editions, folder_of=lambda folder: folder)


def _edition(row: Row) -> Edition | None:
    values = {"searched_until": row.day("searched_until"), "as_of": row.day("as_of"), "note": row.text("note")}
    return row.build(Edition, values)


def _require_ascending(rows: Sequence[Row], read: Sequence[Edition | None]) -> None:
    for row, before, edition in zip(rows[1:], read, read[1:], strict=False):
        if before and edition:
            if edition.searched_until <= before.searched_until:
                detail = f"got {edition.searched_until}, expected a day after the row before's {before.searched_until}"
                row.complain("searched_until", f"{detail}; put the newest edition last")
            if edition.as_of < before.as_of:
                detail = f"got {edition.as_of}, expected the row before's {before.as_of} or a later day"
                row.complain("as_of", f"{detail}; put the newest edition last")
