"""A CSV file as cells, read strictly and without believing anything: what is wrong is named by file, row and column."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from data.csv.hints import EMPTY_ROW, encoding_hint, invisible_letter, is_empty_row, separator_hint
from data.errors import EvidenceError, Problem

MOST_PROBLEMS = 1000
"""Collected from one file: a file with more is another kind of file."""
_OPEN_QUOTE = "unexpected end of data"

type Numbered = list[tuple[int, list[str]]]


def read_cells(text: str, file: str, columns: Sequence[str]) -> tuple[list[str], Numbered]:
    """Read a CSV text whose header must be exactly `columns`, in any order.

    Parameters
    ----------
    file : str
        Name of the file for messages.

    Returns
    -------
    header : list of str
    numbered : list of (int, list of str)
        The cells of every row with its number as a spreadsheet counts it: the header is row 1.

    Raises
    ------
    EvidenceError
        The text is empty or cut off, its header or the length of a row is wrong, there are no rows, or a cell holds a
        letter that nobody can see.
    """
    lines = csv_lines(text, file)
    header = next(lines, [])
    if not any(header):
        raise file_error(file, "got an empty file, expected a header and rows")
    _require_header(file, header, columns)
    rows: Numbered = [(number, cells) for number, cells in enumerate(lines, start=2) if cells]  # a blank line is no row
    if not rows:
        raise file_error(file, "got a header without rows, expected at least one row")
    problems: list[Problem] = []
    for number, cells in rows:
        problems += _row_problems(file, number, cells, header)
        if len(problems) > MOST_PROBLEMS:
            break
    if not text.endswith(("\n", "\r")):
        problems.append(_cut_off(file, *rows[-1], header))
    if problems:
        raise EvidenceError.of(problems)
    return header, rows


def decoded(content: bytes, file: str) -> str:
    """Text of a file in UTF-8, with or without a byte-order mark.

    Raises
    ------
    EvidenceError
    """
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = content[: error.start].count(b"\n") + 1
        detail = f"got byte 0x{content[error.start]:02x}, which is not UTF-8; {encoding_hint(content)}"
        raise EvidenceError.of([Problem(file=file, row=row, column="", detail=detail)]) from None


def csv_lines(text: str, file: str) -> Iterator[list[str]]:
    """Every line of a CSV text as cells, the header first; a line that is no CSV raises an EvidenceError."""
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
        for detail, names in (
            ("column missing from the header, expected it", missing),
            ("got a column that is not expected here; remove it or correct its name", extra),
            ("got the column twice, expected it once", twice),
        )
        for column in names
    ]
    if "" in header:
        detail = "got a column without a name, as spreadsheets leave them; delete the empty columns"
        problems.append(Problem(file=file, row=1, column="", detail=detail))
    if problems:
        raise EvidenceError.of(problems)


def file_error(file: str, detail: str) -> EvidenceError:
    """A complaint about a file as a whole."""
    return EvidenceError.of([Problem(file=file, row=None, column="", detail=detail)])


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


def _cut_off(file: str, number: int, cells: Sequence[str], header: Sequence[str]) -> Problem:
    column = header[min(len(cells), len(header)) - 1]
    detail = (
        f"got {cells[-1][-20:]!r} as the end of the file, expected the end of a line after the last "
        "row: the file may be cut off; compare the row with its source, then end it with a line break"
    )
    return Problem(file=file, row=number, column=column, detail=detail)
