"""The saved forecasts as a list: filters, one row each, live ones first; a tick opens one."""

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from dashboard.cache import forecasts as cache
from dashboard.cache.shelves import Shelf
from dashboard.frame import selectors
from dashboard.frame.grid import grid
from dashboard.frame.selectors import matching
from dashboard.record.frame import open_entry
from dashboard.settings import controls
from dashboard.wording.glossary import define
from dashboard.wording.record import (
    EMPTY_RECORD,
    MARK_MEANINGS,
    MARKS,
    changed_text,
    count_sentence,
    in_order,
    knob_label,
    likeliest,
    shown_mark,
)
from dashboard.wording.saved.published import NOTHING_PUBLISHED
from data.digest import Fields
from models.assumptions.knobs import Knobs
from models.published.owners import OWN, PROJECT
from models.record.listing import Listing
from models.text.visible import spelled_out
from models.track.marks import is_replay

COLUMNS = ("Saved", "Name", "Author", "Mark", "Likeliest at the next year-end", "Moved", "Numbers", "Reference date")
SEARCHED = ("Name", "Author", "Note", "Moved", "Reasons", "Likeliest at the next year-end", "Digest")
SEARCH = "Every word must stand somewhere: in the name, author, note, reasons, moved assumptions, numbers or digest."
TURN = "record:turn"
KEYS = {OWN: "record", PROJECT: "published"}
"""Each record has its filters: an author of one may not stand in the other."""
HEIGHT = 420
MARK_HELP = "\n\n".join(f"{MARKS[kind]}: {meaning}" for kind, meaning in MARK_MEANINGS.items())


def show(shelf: Shelf) -> None:
    """Filters and the list."""
    listing, keys = shelf.listing, KEYS[shelf.owner]
    if not listing.forecasts:
        st.info(EMPTY_RECORD if shelf.own else NOTHING_PUBLISHED, icon=":material/inventory_2:")
        return
    knobs = controls.current().knobs
    everything = cache.copied("record", (*listing.head, len(knobs)), lambda: table(listing, knobs))
    if not selectors.replays(int(everything["Replay"].sum())):
        everything = everything[~everything["Replay"]]
    rows = _filtered(everything, keys)
    turn = st.session_state.setdefault(TURN, 0)
    key = f"{keys}:rows:{turn}"
    st.markdown(count_sentence(len(rows), len(everything)))
    grid(
        rows[list(COLUMNS)],
        height="auto" if len(rows) < 10 else HEIGHT,
        key=key,
        selection_mode="single-row",
        on_select=lambda: _open(key, tuple(rows["Digest"])),
        column_config=_columns(),
    )


def table(listing: Listing, knobs: Knobs) -> pd.DataFrame:
    """One row for each forecast, as `in_order`; beside `COLUMNS`, what the filters look at."""
    return pd.DataFrame(
        [
            {
                "Saved": saved.saved_at,
                "Name": listing.names[saved.digest],
                "Author": saved.author,
                "Mark": MARKS[shown_mark(saved)],
                "Likeliest at the next year-end": likeliest(saved),
                "Moved": changed_text(saved.changed, knobs),
                "Numbers": saved.status,
                "Reference date": saved.reference_date,
                "Note": saved.note,
                "Reasons": " ".join(saved.reasons.values()),
                "Keys": saved.changed,
                "Digest": saved.digest,
                "Replay": is_replay(saved),
            }
            for saved in in_order(listing.forecasts)
        ]
    )


def filtered(rows: pd.DataFrame, text: str, chosen: Mapping[str, list], moved: list[str]) -> pd.DataFrame:
    """Rows that hold every word, one of the chosen values of each column, and all the moved assumptions."""
    kept = matching(rows, text, chosen, SEARCHED)
    wanted = set(moved)
    return kept[[wanted <= set(keys) for keys in kept["Keys"]]] if wanted else kept


def _filtered(rows: pd.DataFrame, place: str) -> pd.DataFrame:
    text = st.text_input(
        "Search", key=f"{place}:text", persist_state="session", placeholder="Words in any saved forecast", help=SEARCH
    )
    chosen = {}
    with st.container(horizontal=True):
        for column in ("Author", "Mark", "Reference date"):
            chosen[column] = _several(
                place, column, sorted(rows[column].unique()), lambda value: spelled_out(str(value))
            )
        knobs = controls.current().knobs
        keys = sorted({key for changed in rows["Keys"] for key in changed}, key=list(knobs).index)
        moved = _several(place, "Moved", keys, lambda key: knob_label(key, knobs))
    return filtered(rows, text, chosen, moved)


def _several(place: str, column: str, options: list, name=str) -> list:
    return st.multiselect(
        column,
        options,
        key=f"{place}:{column}",
        persist_state="session",
        format_func=name,
        placeholder="All",
        help=MARK_HELP if column == "Mark" else None,
    )


def _columns() -> Fields:
    return {
        "Saved": st.column_config.DatetimeColumn(format="YYYY-MM-DD HH:mm", timezone="UTC", help="In UTC."),
        "Name": st.column_config.TextColumn(width="medium"),
        "Mark": st.column_config.TextColumn(help=MARK_HELP),
        "Moved": st.column_config.TextColumn(width="medium", help="Assumptions that stand away from their default."),
        "Numbers": st.column_config.TextColumn(help=define("reweighting")),
        "Reference date": st.column_config.DateColumn(help=define("evidence as of")),
    }


def _open(key: str, digests: tuple[str, ...]) -> None:
    """Callback of a tick: open the forecast; the list comes back without a tick."""
    rows = st.session_state[key]["selection"]["rows"]
    if rows and rows[0] < len(digests):
        open_entry(digests[rows[0]])
        st.session_state[TURN] += 1
