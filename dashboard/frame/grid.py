"""Tables on the pages: the one way to show a data frame, so that what is copied or downloaded from it runs nowhere."""

import re
from collections.abc import Sequence
from functools import lru_cache

import pandas as pd
import streamlit as st

from data.digest import Fields
from models.storage.safe_csv import safe_text, with_texts
from models.text.visible import spelled_out

_NUMBERS = re.compile(r"[+-]\d[-+−\d.,() %]*(?:(?:points?|to|interval unknown)[-+−\d.,() %]*)*")
"""A signed number, with its interval: a spreadsheet can do no more with it than add."""


def grid(table: pd.DataFrame, **options: object) -> object:
    """Show a table as `st.dataframe` does, without row numbers; what it gives back is what that gives back.

    The table's own download and the clipboard hand out the cells as they stand. So a text that a spreadsheet would run
    bears an apostrophe on the page already, and an invisible letter is spelled out.
    """
    return st.dataframe(cells(table), hide_index=True, **options)


def cells(table: pd.DataFrame) -> pd.DataFrame:
    """The table with its texts, column names included, made safe."""
    return with_texts(table, shown_cell)


def safe_rows(rows: Sequence[Fields]) -> list[Fields]:
    """The rows behind a chart, made safe likewise: its “Show data” is such a table, with the same download."""
    return [{name: shown_cell(value) for name, value in row.items()} for row in rows]


def shown_cell[T](value: T) -> T | str:
    """A text made safe; anything else as it is."""
    return _shown_text(value) if isinstance(value, str) else value


@lru_cache(maxsize=16_384)
def _shown_text(text: str) -> str:
    return text if _NUMBERS.fullmatch(text) else safe_text(spelled_out(text))
