"""Tables as CSV that a spreadsheet opens without running anything, and that read back to the last digit."""

from collections.abc import Callable, Mapping

import pandas as pd

from data.digest import Fields

type Tables = Mapping[str, pd.DataFrame]
"""Tables by their names."""

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""Spreadsheets run a cell that starts with one of these (OWASP, CSV injection), in some locales the wide forms too."""
MARK = "'"
"""Put before such a text: the spreadsheet's own sign for "this is text"."""


def safe_csv(frame: pd.DataFrame) -> bytes:
    """Write a table as UTF-8 CSV.

    Numbers stay numbers and read back exactly (shortest text that gives the same float); missing values are blank;
    lines end with a line feed on every system. A text that a spreadsheet would run gets an apostrophe before it.

    Parameters
    ----------
    frame : DataFrame
        The index is left out.
    """
    return with_texts(frame, safe_text).to_csv(index=False, lineterminator="\n").encode()


def with_texts(frame: pd.DataFrame, safe: Callable[[object], object]) -> pd.DataFrame:
    """The table with what may be text, column names included, made safe."""
    copy = frame.copy()
    copy.columns = [safe(column) for column in frame.columns]
    for position, dtype in enumerate(frame.dtypes):
        if not (pd.api.types.is_numeric_dtype(dtype) or pd.api.types.is_datetime64_any_dtype(dtype)):
            copy.isetitem(position, frame.iloc[:, position].astype(object).map(safe))
    return copy


def safe_text[T](value: T) -> T | str:
    """A text with the mark if it needs one; anything else as it is."""
    if isinstance(value, str) and value.lstrip(" ").startswith(FORMULA_STARTS):
        return MARK + value
    return value


def plain_rows(table: pd.DataFrame) -> list[Fields]:
    """Rows as JSON values, which know no NaN: what cannot be known is null."""
    return table.astype(object).where(table.notna(), None).to_dict("records")
