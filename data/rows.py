"""Reading a CSV file strictly: every cell that cannot be read is reported with its file, row and column."""

from __future__ import annotations

import calendar
import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from data.errors import EvidenceError, Problem
from data.hints import EMPTY_ROW, encoding_hint, hinted, invisible_letter, is_empty_row, number_hint, separator_hint

LARGEST_FILE = 20_000_000
"""Bytes. A hundred times the present ledger; anything bigger is the wrong file."""

_OPEN_QUOTE = "unexpected end of data"
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
            for one in error.problems:
                self.complain((columns or {}).get(one.column, one.column), one.detail)
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
        The file is missing, empty, too big, not UTF-8 or cut off, its header or the length of a row is wrong, or a cell
        holds a letter that nobody can see.
    """
    text = _decoded(folder, file)
    records = _records(text, file)
    header = next(records, [])
    if not any(header):
        raise _file_error(file, "got an empty file, expected a header and rows")
    _require_header(file, header, columns)
    rows, problems = [], []
    for number, cells in enumerate(records, start=2):
        if cells:  # a blank line is not a row
            rows.append(Row(file, number, dict(zip(header, cells, strict=False))))
            problems += _row_problems(file, number, cells, header)
    if not rows:
        raise _file_error(file, "got a header without rows, expected at least one row")
    if not text.endswith(("\n", "\r")):
        problems.append(_cut_off(rows[-1], header))
    if problems:
        raise EvidenceError.of(problems)
    return rows


def read_header(folder: Path, file: str) -> list[str]:
    """Return the column names of a CSV file, as written."""
    return next(_records(_decoded(folder, file), file), [])


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


def _row_problems(file: str, number: int, cells: Sequence[str], header: Sequence[str]) -> Iterator[Problem]:
    if is_empty_row(cells):
        yield Problem(file=file, row=number, column="", detail=EMPTY_ROW)
    elif len(cells) != len(header):
        detail = f"got {len(cells)} cells, expected {len(header)}; put text with commas in quotation marks"
        yield Problem(file=file, row=number, column="", detail=detail)
    yield from _letter_problems(file, number, header, cells)


def _letter_problems(file: str, number: int, header: Sequence[str], cells: Sequence[str]) -> Iterator[Problem]:
    for column, cell in zip(header, cells, strict=False):
        if letter := invisible_letter(cell):
            detail = f"got the invisible character {letter}, expected text that can be read; remove it"
            shown = "".join(filter(str.isprintable, column))  # the letter may stand in the header itself
            yield Problem(file=file, row=number, column=shown, detail=detail)


def _cut_off(last: Row, header: Sequence[str]) -> Problem:
    column = list(last.cells)[-1] if last.cells else header[-1]
    detail = (
        f"got {last.cells.get(column, '')[-20:]!r} as the end of the file, expected the end of a line after the last "
        "row: the file may be cut off; compare the row with its source, then end it with a line break"
    )
    return Problem(file=last.file, row=last.number, column=column, detail=detail)


def _decoded(folder: Path, file: str) -> str:
    path = folder / file
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise _file_error(file, f"got {path.stat().st_size} bytes, expected at most {LARGEST_FILE}")
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise _file_error(file, f"got no such file in {folder}, expected it; restore it from the repository") from None
    except UnicodeDecodeError as error:
        content = path.read_bytes()
        row = content[: error.start].count(b"\n") + 1
        detail = f"got byte 0x{content[error.start]:02x}, which is not UTF-8; {encoding_hint(content)}"
        raise EvidenceError.of([Problem(file=file, row=row, column="", detail=detail)]) from None


def _records(text: str, file: str) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        yield from reader
    except csv.Error as error:
        if _OPEN_QUOTE in str(error):
            raise EvidenceError.of([_never_closed(text, file)]) from None
        detail = f"got a line that is not CSV ({error}); look for a stray quotation mark"
        raise EvidenceError.of([Problem(file=file, row=reader.line_num, column="", detail=detail)]) from None


def _never_closed(text: str, file: str) -> Problem:
    """Read leniently, the last row is the one whose quotation mark swallowed the rest of the file."""
    header, *rows = csv.reader(io.StringIO(text, newline=""))
    cells = rows[-1] if rows else header
    detail = (
        f"got {cells[-1][:20]!r} behind a quotation mark that is never closed: the file may be cut off, or the mark is "
        "a stray one; compare the row with its source"
    )
    return Problem(file=file, row=len(rows) + 1, column=header[min(len(cells), len(header)) - 1], detail=detail)


def _require_header(file: str, header: Sequence[str], columns: Sequence[str]) -> None:
    if hint := separator_hint(header):
        detail = f"got the one column {header[0][:60]!r}, expected {len(columns)} columns: {hint}"
        raise EvidenceError.of([Problem(file=file, row=1, column="", detail=detail)])
    if problems := list(_letter_problems(file, 1, header, header)):
        raise EvidenceError.of(problems)
    missing = [column for column in columns if column not in header]
    extra = [column for column in header if column and column not in columns]
    twice = sorted({column for column in header if column and list(header).count(column) > 1})
    problems = [
        Problem(file=file, row=1, column=column, detail=detail)
        for detail, found in (
            ("column missing from the header, expected it", missing),
            ("got a column that is not expected here; remove it or correct its name", extra),
            ("got the column twice, expected it once", twice),
        )
        for column in found
    ]
    if "" in header:
        detail = "got a column without a name, as spreadsheets leave them; delete the empty columns"
        problems.append(Problem(file=file, row=1, column="", detail=detail))
    if problems:
        raise EvidenceError.of(problems)


def _file_error(file: str, detail: str) -> EvidenceError:
    return EvidenceError.of([Problem(file=file, row=None, column="", detail=detail)])
