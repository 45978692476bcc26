"""The Record page: every forecast that was saved, what was said about it, and what became of it."""

from contextlib import suppress

import streamlit as st

from dashboard.cache import record as cache_record
from dashboard.frame import page as frame
from dashboard.record import entry, imports, pair
from dashboard.record import frame as record_frame
from dashboard.record import listing as saved_list
from dashboard.record.about import about
from dashboard.settings import controls, session
from dashboard.wording.record import damaged_sentence, unknown_sentence
from models.errors import RecordError


def _saved() -> None:
    """The entry that the address names, else the list."""
    opened = cache_record.record()
    listing = cache_record.listing(opened)
    asked = controls.view().entry
    found = listing.beginning(asked) if asked else ()
    if len(found) == 1:
        session.remember_opened(found[0].digest)
        entry.show(opened, listing, found[0])
        return
    if asked:
        st.warning(frame.plain(unknown_sentence(asked, len(found))), icon=":material/link_off:")
    if listing.damaged:
        st.error(frame.plain(damaged_sentence(listing.damaged)), icon=":material/broken_image:")
    saved_list.show(listing)


def _pair() -> None:
    opened = cache_record.record()
    pair.show(opened, cache_record.listing(opened))


frame.title("Record", "What was forecast, by whom and why, kept so that nothing can be changed unseen.")
frame.notes()
tabs = st.tabs(record_frame.TABS, key=record_frame.TAB, on_change="rerun")
for tab, draw in zip(tabs, (_saved, _pair, imports.load), strict=True):
    if tab.open:
        with tab, record_frame.available():
            draw()
with suppress(RecordError):  # the tab above has said so
    about()
