"""Which records these are, what a chain of digests proves and what not, and a check of all of it."""

import re

import streamlit as st

from dashboard.cache import shelves, store
from dashboard.frame.page import plain, shown_errors
from dashboard.roles import gate
from dashboard.roles.actions import Action
from dashboard.wording.record import (
    CHAIN_MEANING,
    EXPOSED,
    WHOLE_RECORD,
    damage_sentence,
    place_sentence,
    times_sentence,
)
from dashboard.wording.saved.heads import HELD, NO_HEAD, NOT_HELD, NOTED_HELP
from dashboard.wording.saved.published import PUBLISHED_MEANING, published_sentence
from models.record.entries import Damage
from models.record.store import Record
from models.record.verification import holds

CHECKED = "record:checked"
SHOWN = 20
_DIGITS = re.compile(r"[0-9a-f]{12,64}")


def alarms() -> None:
    """What is wrong with the record at a glance, above everything else."""
    for alarm in store.alarms(store.record()):
        st.error(f"**The record is not as it was.** {plain(alarm)}", icon=":material/gpp_maybe:")


def own() -> None:
    """Place, length and newest digest of the record, and a button that checks every byte of it."""
    opened = store.record()
    listing = store.listing(opened)
    count, digest = listing.head
    with st.expander(plain(place_sentence(store.place(), count, len(listing.forecasts)))):
        st.markdown(f"{CHAIN_MEANING} Digest of the newest entry:")
        st.code(digest if count else "no entry yet", language=None, wrap_lines=True)
        if doubt := times_sentence(listing.forecasts):
            st.warning(plain(doubt), icon=":material/schedule:")
        if opened.exposed:
            st.warning(EXPOSED, icon=":material/lock_open:")
        st.markdown(WHOLE_RECORD)
        if st.button("Check the whole record", key="record:check", icon=":material/fact_check:"):
            with shown_errors(), gate.passing(Action.CHECK):
                st.session_state[CHECKED] = (listing.head, _checked(opened))
        _noted(opened)
        head, damages = st.session_state.get(CHECKED, (None, ()))
        if head == listing.head:
            _result(damages, count)


def published() -> None:
    """The project's own forecasts: where they lie, and that they are as they were published."""
    if not shelves.offered():
        return
    shelf = shelves.published()
    count, digest = shelf.listing.head
    with st.expander(plain(published_sentence(shelf.place, count, len(shelf.listing.forecasts)))):
        st.markdown(PUBLISHED_MEANING)
        st.code(digest, language=None, wrap_lines=True)


def _noted(opened: Record) -> None:
    """Is a head that somebody noted elsewhere still in the record? Without one nobody can tell that its end was cut."""
    noted = st.text_input("A head that was noted elsewhere", key="record:noted", help=NOTED_HELP).strip().casefold()
    if not noted:
        st.caption(NO_HEAD)
    elif not _DIGITS.fullmatch(noted):
        st.warning(NOTED_HELP, icon=":material/rule:")
    elif holds(opened, noted):
        st.success(HELD, icon=":material/fact_check:")
    else:
        st.error(NOT_HELD, icon=":material/gpp_maybe:")


def _checked(opened: Record) -> tuple[Damage, ...]:
    with st.spinner("Reading every entry and everything it points to."):
        bar = st.progress(0.0)
        damages = opened.verify(lambda done, of: bar.progress(min(1.0, done / max(1, of))))
        bar.empty()
    return damages


def _result(damages: tuple[Damage, ...], count: int) -> None:
    show = st.error if damages else st.success
    show(plain(damage_sentence(damages, count)), icon=":material/fact_check:")
    if damages:
        st.markdown("\n".join(f"- {plain(str(damage)[:400])}" for damage in damages[:SHOWN]))
