"""What every part of the record's pages shares: faults told in words, marks, texts of people, addresses to share."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from urllib.parse import urlencode

import streamlit as st

from dashboard.cache import store
from dashboard.frame.links import link, page_address
from dashboard.frame.page import plain
from dashboard.settings import controls
from dashboard.settings.link import ENTRY, ENTRY_DIGITS, RECORD_PAGE
from dashboard.wording.labels import date_text
from dashboard.wording.record import MARK_MEANINGS, MARKS
from dashboard.wording.saved.forms import link_sentence
from models.errors import RecordError
from models.record.entries import HINDCAST, SavedForecast
from models.text.visible import isolated

TAB, TABS = "record:tab", ("Saved forecasts", "Compare", "Import")
OLD, NEW = "record:old", "record:new"
PRESENT, STARTING = "", "starting"
"""What can be compared beside saved forecasts: the setting on the sliders, and every slider at its default."""
MARK_COLOURS = {"live": "blue", HINDCAST: "gray"}


@contextmanager
def available() -> Iterator[None]:
    """Say in words that the record is not to be had, in place of what needs it; the rest of the page goes on."""
    try:
        yield
    except RecordError as error:
        store.drop()
        st.error(f"**The record cannot be used now.** {plain(str(error))}", icon=":material/inventory_2:")
        st.caption("Forecasts, settings and snapshots work without it. `CONJUNCTION_RECORD` names the record to use.")
        st.button("Try again", key="record:again", on_click=store.forget, icon=":material/refresh:")


def mark_badge(kind: str, day: date) -> None:
    """Live or hindcast for one year-end, by shape and word."""
    st.badge(
        f"{MARKS[kind]} for {date_text(day)}",
        color=MARK_COLOURS[kind],
        help=MARK_MEANINGS[kind],
    )


def share_link(saved: SavedForecast) -> str:
    """The address that opens a saved forecast, on the server that the reader came to."""
    said = ((ENTRY, saved.digest[:ENTRY_DIGITS]),)
    return page_address(RECORD_PAGE, said) or f"{RECORD_PAGE}?{urlencode(said)}"


def shared(saved: SavedForecast) -> None:
    """The address of a saved forecast, and whom it reaches."""
    address = share_link(saved)
    st.markdown(link_sentence(address))
    link(address)


def open_entry(digest: str) -> None:
    """Callback: open a saved forecast on the record's page."""
    controls.look_at(digest)
    st.session_state[TAB] = TABS[0]


def choose(old: str, new: str = PRESENT) -> None:
    """Callback: compare two on the record's page, each the digest of a saved forecast or a setting's name."""
    st.session_state[OLD], st.session_state[NEW] = old, new
    st.session_state[TAB] = TABS[1]


def texts(text: str) -> None:
    """What a person wrote, as it was written: nothing in it acts as markup, and an invisible letter is spelled out."""
    st.text(isolated(text))
