"""The Record page: every forecast that was saved, what was said about it, and what became of it."""

from contextlib import suppress

import streamlit as st

from dashboard.cache import shelves
from dashboard.cache.shelves import Shelf
from dashboard.frame import page as frame
from dashboard.frame import selectors
from dashboard.record import entry, imports, listing, pair
from dashboard.record.about import alarms, own, published
from dashboard.record.frame import TAB, TABS, available
from dashboard.settings import controls, session
from dashboard.wording.record import damaged_sentence, unknown_sentence
from models.errors import RecordError
from models.published.owners import OWN


def _saved() -> None:
    """The entry that the address names, from either record, else the list of one."""
    digits = controls.view().entry
    found = shelves.holding(digits) if digits else ()
    if len(found) == 1:
        _entry(found[0], digits)
        return
    if digits:
        st.warning(frame.plain(unknown_sentence(digits, len(found))), icon=":material/link_off:")
    shelf = shelves.shelf(selectors.whose(shelves.usual()) if shelves.offered() else OWN)
    if shelf.listing.damaged:
        st.error(frame.plain(damaged_sentence(shelf.listing.damaged)), icon=":material/broken_image:")
    listing.show(shelf)


def _entry(shelf: Shelf, digits: str) -> None:
    (saved,) = shelf.listing.beginning(digits)
    if shelf.own:  # what is saved next can grow from an entry of the same record only
        session.remember_opened(saved.digest)
    entry.show(shelf, saved)


frame.title("Record", "What was forecast, by whom and why, kept so that nothing can be changed unseen.")
frame.notes()
with suppress(RecordError):
    alarms()
tabs = st.tabs(TABS, key=TAB, on_change="rerun")
for tab, draw in zip(tabs, (_saved, pair.show, imports.load), strict=True):
    if tab.open:
        with tab, available():
            draw()
for about in (own, published):
    with suppress(RecordError):  # the tab above has said so
        about()
