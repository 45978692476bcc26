"""The Record page: every forecast that was saved, what was said about it, and what became of it."""

from contextlib import suppress

import streamlit as st

from dashboard.cache import store
from dashboard.frame import page as frame
from dashboard.record import entry, imports, listing, pair
from dashboard.record.about import about
from dashboard.record.frame import TAB, TABS, available
from dashboard.settings import controls, session
from dashboard.wording.record import damaged_sentence, unknown_sentence
from models.errors import RecordError


def _saved() -> None:
    """The entry that the address names, else the list."""
    opened = store.record()
    saved = store.listing(opened)
    digits = controls.view().entry
    found = saved.beginning(digits) if digits else ()
    if len(found) == 1:
        session.remember_opened(found[0].digest)
        entry.show(opened, saved, found[0])
        return
    if digits:
        st.warning(frame.plain(unknown_sentence(digits, len(found))), icon=":material/link_off:")
    if saved.damaged:
        st.error(frame.plain(damaged_sentence(saved.damaged)), icon=":material/broken_image:")
    listing.show(saved)


def _pair() -> None:
    opened = store.record()
    pair.show(opened, store.listing(opened))


frame.title("Record", "What was forecast, by whom and why, kept so that nothing can be changed unseen.")
frame.notes()
tabs = st.tabs(TABS, key=TAB, on_change="rerun")
for tab, draw in zip(tabs, (_saved, _pair, imports.load), strict=True):
    if tab.open:
        with tab, available():
            draw()
with suppress(RecordError):  # the tab above has said so
    about()
