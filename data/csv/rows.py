"""Reading a CSV file strictly: every cell that cannot be read is reported with its file, row and column."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from data.csv.cells import csv_lines, decoded, file_error, read_cells
from data.csv.hints import hinted, number_hint
from data.errors import EvidenceError, Problem

LARGEST_FILE = 20_000_000
"""Bytes. A hundred times the present ledger; anything bigger is the wrong file."""

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
_WHOLE = re.compile(r"[+-]?\d{1,9}", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_PARTIAL_DATE = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?", re.ASCII)


@dataclass(slots=True)
class Row:
    """The cells of one row, and the problems met while reading them.

    Attributes
    ----------
    number : int
        Row as a spreadsheet counts it: the header is row 1.
    """

    file: str
    number: int
    cells: dict[str, str]
    problems: list[Problem] = field(default_factory=list)

    def text(self, column: str) -> str:
        """Return a cell without the space around it; empty when the file has no such column."""
        return self.cells.get(column, "").strip()

    def day(self, column: str) -> date | None:
        """Read a full ISO date; None, and a problem, when it is not one."""
        text = self.text(column)
        if _DAY.fullmatch(text):
            try:
                return date.fromisoformat(text)
            except ValueError:
                pass  # right shape, no such day: reported below with the others
        return self._refuse(column, text, "a date that exists, written YYYY-MM-DD")

    def period_end(self, column: str) -> date | None:
        """Read YYYY, YYYY-MM or YYYY-MM-DD as the last day of what it names."""
        text = self.text(column)
        if found := _PARTIAL_DATE.fullmatch(text):
            year, month, day = int(found[1]), int(found[2] or 12), found[3]
            try:
                return date(year, month, int(day or calendar.monthrange(year, month)[1]))
            except ValueError:
                pass  # right shape, no such day: reported below with the others
        return self._refuse(column, text, "a year, month or day that exists, written YYYY, YYYY-MM or YYYY-MM-DD")

    def whole(self, column: str) -> int | None:
        """Read a whole number of at most nine digits."""
        text = self.text(column)
        if _WHOLE.fullmatch(text):
            return int(text)
        return self._refuse(column, text, hinted("a whole number of at most nine digits", number_hint(text)))

    def number_in(self, column: str) -> float | None:
        """Read a decimal number; NaN, infinity and words are problems."""
        text = self.text(column)
        value = plain_number(text)
        if value is not None:
            return value
        expected = "a plain decimal number (leave an unknown value blank)"
        return self._refuse(column, text, hinted(expected, number_hint(text)))

    def build[T](
        self, make: Callable[..., T], values: Mapping[str, object], columns: Mapping[str, str] | None = None
    ) -> T | None:
        """Make a typed value unless a cell was unreadable; keep its complaints as problems of this row.

        `columns` gives the column of the file for a field of the type, where their names differ.
        """
        if self.problems:
            return None
        try:
            return make(**values)
        except EvidenceError as error:
            for problem in error.problems:
                self.complain((columns or {}).get(problem.column, problem.column), problem.detail)
            return None

    def complain(self, column: str, detail: str) -> None:
        """Note a problem of one cell."""
        self.problems.append(Problem(file=self.file, row=self.number, column=column, detail=detail))

    def _refuse(self, column: str, text: str, expected: str) -> None:
        self.complain(column, f"got {text[:60]!r}, expected {expected}")


def plain_number(text: str) -> float | None:
    """Read a decimal number in the digits 0 to 9; None for anything else that Python would take."""
    return float(text) if _NUMBER.fullmatch(text) else None


def read_rows(folder: Path, file: str, columns: Sequence[str]) -> list[Row]:
    """Read a CSV file whose header must be exactly `columns`, in any order.

    Parameters
    ----------
    folder : Path
        The data folder; `file` is relative to it.

    Raises
    ------
    EvidenceError
        The file is missing or too big, or as `data.csv.cells.read_cells`.
    """
    header, numbered = read_cells(_text(folder, file), file, columns)
    return [Row(file, number, dict(zip(header, cells, strict=True))) for number, cells in numbered]


def read_header(folder: Path, file: str) -> list[str]:
    """Return the column names of a CSV file, as written."""
    return next(csv_lines(_text(folder, file), file), [])


def collect[T](rows: Sequence[Row], read: Callable[[Row], T | None]) -> list[T]:
    """Read every row, then raise one error for all the problems met, or return what was read."""
    values = [read(row) for row in rows]
    if problems := [problem for row in rows for problem in row.problems]:
        raise EvidenceError.of(problems)
    return [value for value in values if value is not None]


def require_unique(rows: Sequence[Row], column: str) -> None:
    """Note a problem on every row that repeats an earlier row's value, in any of the files given."""
    first: dict[str, Row] = {}
    for row in rows:
        seen = first.setdefault(row.text(column), row)
        if seen is not row:
            detail = f"got {row.text(column)!r} again, first in {seen.file}, row {seen.number}; expected it once"
            row.complain(column, detail)


def _text(folder: Path, file: str) -> str:
    path = folder / file
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise file_error(file, f"got {path.stat().st_size} bytes, expected at most {LARGEST_FILE}")
        return decoded(path.read_bytes(), file)
    except FileNotFoundError:
        raise file_error(file, f"got no such file in {folder}, expected it; restore it from the repository") from None
