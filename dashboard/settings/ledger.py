"""What the Evidence page is asked to show from elsewhere: rows of the ledger by a filter, or one series.

Presses of buttons on other pages: they set what the widgets there are drawn with, and the page is turned afterwards.
"""

import streamlit as st

TABS, TEXT, SERIES = "evidence", "ledger:text", "indicator"
"""Keys of the page's tabs, the ledger's search box and the list of series."""
ROWS_TAB, SERIES_TAB = "Ledger of acts", "Indicators"
FILTERS = ("year", "domain", "mechanism", "direction", "label", "checks")
"""Columns of the ledger that can be filtered."""


def filter_key(column: str) -> str:
    """Key of the widget that filters a column."""
    return f"ledger:{column}"


def show_rows(column: str, value: object) -> None:
    """The rows with one value in a column, and nothing else searched or filtered."""
    filters = {filter_key(name): [] for name in FILTERS}
    st.session_state.update({TABS: ROWS_TAB, TEXT: "", **filters, filter_key(column): [value]})


def show_year(year: int) -> None:
    """The rows of one year."""
    show_rows("year", year)


def show_series(name: str) -> None:
    """One series with its figures and its receipt."""
    st.session_state.update({TABS: SERIES_TAB, SERIES: name})
