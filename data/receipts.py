"""Receipts: for every file of the evidence, where it came from and the digest of its bytes (sources.csv)."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

from data.csv.rows import Row, collect, read_rows, require_unique
from data.editions.edition import DATA_FOLDER
from data.errors import EvidenceError, Problem
from data.values import frozen

RECEIPTS_FILE = "sources.csv"
_MAY_BE_BLANK = {"columns", "source_kind", "url", "caveats", "sha256"}
NO_BREAKS = "none known"


@frozen
class Receipt:
    """What is known about one file.

    Attributes
    ----------
    file : str
        Path relative to the data folder, with forward slashes.
    columns : tuple of str
        The exact header of a CSV file; empty for other files.
    source_kind : str
        Label of every row when the file has no such column; empty when it has one.
    definition_breaks : tuple of str
        Years in which the meaning of a column changes; empty when none is known.
    sha256 : str
        Digest of the file's bytes; empty before the first `write_receipts`.
    """

    file: str
    title: str
    unit: str
    period: str
    columns: tuple[str, ...]
    source_kind: str
    source: str
    url: str
    citation: str
    licence: str
    definition_breaks: tuple[str, ...]
    caveats: str
    sha256: str

    def __post_init__(self) -> None:
        parts = Path(self.file).parts
        if not parts or Path(self.file).is_absolute() or ".." in parts:
            detail = f"got {self.file!r}, expected a path inside the data folder"
            raise EvidenceError.of([Problem(column="file", detail=detail)])


RECEIPT_COLUMNS = tuple(field.name for field in fields(Receipt))


def load_receipts(folder: Path | None = None) -> tuple[Receipt, ...]:
    """Return the receipts of sources.csv in its order; raise EvidenceError when one is incomplete."""
    rows = read_rows(folder or DATA_FOLDER, RECEIPTS_FILE, RECEIPT_COLUMNS)
    require_unique(rows, "file")
    return tuple(collect(rows, _receipt))


def split_list(text: str, separator: str) -> tuple[str, ...]:
    """Split a cell that holds a list; an empty cell is an empty list."""
    return tuple(part.strip() for part in text.split(separator) if part.strip())


def _receipt(row: Row) -> Receipt | None:
    values: dict[str, object] = {column: row.text(column) for column in RECEIPT_COLUMNS}
    for column, value in values.items():
        if not value and column not in _MAY_BE_BLANK:
            hint = f" (write '{NO_BREAKS}' if there is none)" if column == "definition_breaks" else ""
            row.complain(column, f"got nothing, expected the {column.replace('_', ' ')} of the file{hint}")
    breaks = row.text("definition_breaks")
    values["definition_breaks"] = () if breaks == NO_BREAKS else split_list(breaks, "|")
    values["columns"] = split_list(row.text("columns"), " ")
    return row.build(Receipt, values)
