"""Widgets that choose what to look at and change no number: their keys live as long as the session, not in the link."""

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from dashboard.frame.grid import grid
from dashboard.settings.ledger import SERIES, TEXT, filter_key
from dashboard.tables.evidence import in_order
from dashboard.wording.backtest import SCORES
from dashboard.wording.glossary import define
from dashboard.wording.labels import DIRECTION_LABELS, DOMAIN_LABELS, STATE_LABELS
from dashboard.wording.saved.published import OWNERS
from dashboard.wording.saved.replays import REPLAYS_HELP, filter_label
from data.digest import Fields
from data.types import Indicator
from models.names import STATES

SEARCH = "Every word must stand somewhere in the row: in its summary, its code, its actors, its source or its date."
SEARCHED = ("summary", "id", "event_type", "mechanism", "actors", "source_title", "coding_note", "day", "iso")
FIRST_SERIES = "un_ideal_points.absdist_chn_rus"
REPLAYS, REVEALED = "replays", "replays:revealed"
LEDGER_FILTERS = (
    ("year", "Year", {}),
    ("domain", "Domain", DOMAIN_LABELS),
    ("mechanism", "Mechanism", {}),
    ("direction", "Direction", DIRECTION_LABELS),
    ("label", "Source seen", {}),
    ("checks", "Checks", {}),
)


def outcome(key: str = "outcome") -> str:
    """Which state a part of the page is about."""
    return st.selectbox(
        "Chance of",
        tuple(reversed(STATES)),
        key=key,
        format_func=STATE_LABELS.__getitem__,
        persist_state="session",
        help=define("scenario"),
    )


def score(key: str) -> str:
    """Which score a comparison shows."""
    return st.segmented_control(
        "Score",
        tuple(SCORES),
        default="rps",
        required=True,
        key=key,
        format_func=SCORES.__getitem__,
        help=define("score"),
    )


def indicator(available: Mapping[str, Indicator]) -> str:
    """Which series the Evidence page shows."""
    names = tuple(available)
    return st.selectbox(
        "Series",
        names,
        index=names.index(FIRST_SERIES) if FIRST_SERIES in names else 0,
        key=SERIES,
        format_func=lambda name: f"{available[name].title} ({name})",
        persist_state="session",
        help="Type to search. Each series is a column of one file, with its unit, source and breaks.",
    )


def ledger_rows(ledger: pd.DataFrame) -> pd.DataFrame:
    """Search box and filters of the ledger; returns the rows that match, the latest or the year searched for first."""
    text = st.text_input("Search", key=TEXT, persist_state="session", placeholder="Words in any row", help=SEARCH)
    chosen = {}
    with st.container(horizontal=True):
        for column, label, names in LEDGER_FILTERS:
            chosen[column] = _several(column, label, sorted(ledger[column].unique().tolist()), names)
    return in_order(matching(ledger, text, chosen), text)


def table_row(table: pd.DataFrame, columns: Fields) -> int | None:
    """The ledger as a table; returns the position of the row that the reader picked, to show it in full."""
    state = grid(
        table,
        column_config=dict(columns),
        height=420,
        key="ledger:rows",
        on_select="rerun",
        selection_mode="single-row",
    )
    rows = [row for row in state["selection"]["rows"] if row < len(table)]
    return rows[0] if rows else None


def matching(
    ledger: pd.DataFrame, text: str, chosen: Mapping[str, list], searched: Sequence[str] = SEARCHED
) -> pd.DataFrame:
    """Rows that hold every word of `text` and one of the chosen values of each column; no choice allows all."""
    kept = pd.Series(True, index=ledger.index)
    for column, values in chosen.items():
        kept &= ledger[column].isin(values) | (not values)
    words = text.casefold().split()
    if words:
        rows = ledger[list(searched)].astype(str).agg(" ".join, axis=1).str.casefold()
        for word in words:
            kept &= rows.str.contains(word, regex=False)
    return ledger[kept]


def _several[T](column: str, label: str, options: list[T], names: Mapping[T, str]) -> list[T]:
    return st.multiselect(
        label,
        options,
        key=filter_key(column),
        persist_state="session",
        format_func=lambda code: names.get(code, str(code).replace("_", " ")),
        placeholder="All",
    )


def replays(count: int) -> bool:
    """Whether replayed hindcasts are shown among saved forecasts: off at first, one choice for both pages that have
    them."""
    if not count:
        return False
    if st.session_state.pop(REVEALED, False):
        st.session_state[REPLAYS] = True
    return st.toggle(filter_label(count), key=REPLAYS, persist_state="session", help=REPLAYS_HELP)


def reveal_replays() -> None:
    """Show them from the next run on: somebody has just written them."""
    st.session_state[REVEALED] = True


def whose(usual: str) -> str:
    """Whose saved forecasts a page shows: this server's own record, or the project's."""
    return st.segmented_control(
        "Whose forecasts",
        tuple(OWNERS),
        default=usual,
        required=True,
        key="whose",
        format_func=OWNERS.__getitem__,
        persist_state="session",
        help=define("published forecasts"),
    )
