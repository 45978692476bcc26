"""Whole indicator files as tables, for those that are lists or reference classes rather than series."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from data.errors import EvidenceError
from data.load import LEDGER_END
from data.receipts import DATA_FOLDER, Receipt, load_receipts
from data.rows import Row, collect, read_rows
from data.vocabulary import is_verified

if TYPE_CHECKING:
    import pandas as pd


def load_table(
    name: str, as_of: date | None = None, *, include_unverified: bool = False, folder: Path | None = None
) -> pd.DataFrame:
    """Return one file of the indicators folder, column by column as it stands.

    Parameters
    ----------
    name : str
        File stem, such as `space_partnerships_reference`.
    as_of : date, optional
        Rows with a `date` or `year` later than this are left out (`LEDGER_END` by default). Files with
        neither column are reference classes and come whole: their `period` in sources.csv says what they cover.
    include_unverified : bool
        Keep rows that have a label with the word `unverified`.

    Returns
    -------
    pandas.DataFrame
        Numbers as numbers, a blank as missing, and a boolean column `verified`.

    Raises
    ------
    EvidenceError
        No such file, or it does not match its receipt's columns.
    """
    import pandas as pd

    folder, as_of = folder or DATA_FOLDER, as_of or LEDGER_END
    receipt = _receipt(name, folder)
    rows = read_rows(folder, receipt.file, receipt.columns)
    collect(rows, lambda row: _known_by(row, as_of))
    kept = [row for row in rows if _known_by(row, as_of) and (include_unverified or _verified(row, receipt))]
    table = pd.DataFrame([row.cells for row in kept], columns=list(receipt.columns))
    table = table.apply(_as_numbers)
    return table.assign(verified=[_verified(row, receipt) for row in kept])


def _receipt(name: str, folder: Path) -> Receipt:
    receipts = {Path(one.file).stem: one for one in load_receipts(folder) if one.file.startswith("indicators/")}
    if name not in receipts:
        raise EvidenceError(f"got the table {name!r}, expected one of {', '.join(sorted(receipts))}")
    return receipts[name]


def _known_by(row: Row, as_of: date) -> bool:
    column = next((one for one in ("date", "year") if one in row.cells), None)
    if column is None:
        return True
    end = row.period_end(column)
    return end is not None and end <= as_of


def _verified(row: Row, receipt: Receipt) -> bool:
    labels = [row.text(column) for column in row.cells if column.endswith("source_kind")]
    return all(is_verified(label) for label in (labels or [receipt.source_kind]))


def _as_numbers(column: pd.Series) -> pd.Series:
    import pandas as pd

    given = column.where(column.str.strip() != "")
    numbers = pd.to_numeric(given, errors="coerce")
    is_numeric = given.notna().any() and numbers.notna().sum() == given.notna().sum()
    return numbers if is_numeric else given
