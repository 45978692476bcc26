"""When the value of a period became knowable: how many months after it each file's figures are published."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from pathlib import Path

from data.csv.rows import Row, collect, read_rows, require_unique
from data.days import months_later
from data.errors import EvidenceError, Problem
from data.values import frozen

LAGS_FILE = "publication_lags.csv"
LAG_COLUMNS = ("file", "months_after", "why")
LONGEST_LAG = 60
"""Months. Nothing offered here takes longer than two years; five would be a slip of the keyboard."""


@frozen
class PublicationLag:
    """Months between the end of a period and the day from which its value could be known, and the argument for them.

    Attributes
    ----------
    months_after : int
        0 for acts that were public on their own day.
    """

    file: str
    months_after: int
    why: str

    def __post_init__(self) -> None:
        if not 0 <= self.months_after <= LONGEST_LAG:
            detail = (
                f"got {self.months_after} months, expected 0 to {LONGEST_LAG}: below 0 a value would be known before "
                "its period has ended"
            )
            raise EvidenceError.of([Problem(column="months_after", detail=detail)])
        if not self.why:
            detail = "got nothing, expected why the figures of this file are known from then on"
            raise EvidenceError.of([Problem(column="why", detail=detail)])

    def known_from(self, period_end: date) -> date:
        """First day on which the value of a period could be known."""
        return months_later(period_end, self.months_after)


def load_lags(folder: Path, files: Collection[str]) -> Mapping[str, PublicationLag]:
    """Read the publication lag of every file that is offered as an indicator.

    Parameters
    ----------
    files : collection of str
        Files that need a lag, each one row.

    Raises
    ------
    EvidenceError
        A file has no lag or two, a row names another file, or a lag is negative.
    """
    rows = read_rows(folder, LAGS_FILE, LAG_COLUMNS)
    require_unique(rows, "file")
    for row in rows:
        if row.text("file") not in files:
            row.complain("file", f"got {row.text('file')!r}, expected a file with a row in indicators.csv; correct it")
    lags = {lag.file: lag for lag in collect(rows, _lag)}
    if missing := sorted(set(files) - lags.keys()):
        detail = f"got no row for {', '.join(missing)}, expected one: after how many months are its figures published?"
        raise EvidenceError.of([Problem(file=LAGS_FILE, column="file", detail=detail)])
    return lags


def _lag(row: Row) -> PublicationLag | None:
    values = {"file": row.text("file"), "months_after": row.whole("months_after"), "why": row.text("why")}
    return row.build(PublicationLag, values)
