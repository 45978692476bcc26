"""Two saved forecasts side by side, or one and the setting on the sliders."""

from contextlib import suppress

import streamlit as st

from dashboard.cache import forecasts as cache
from dashboard.cache import shelves
from dashboard.cache.shelves import Shelf
from dashboard.forecast import exchange
from dashboard.frame import page as frame
from dashboard.record.actions import side_of
from dashboard.record.frame import TAB, TABS, available
from dashboard.settings import controls
from dashboard.wording.record import EMPTY_RECORD, choice
from dashboard.wording.saved.published import OWNERS
from models.change.side import Side
from models.errors import RecordError
from models.published.owners import PROJECT
from models.record.entries import SavedForecast

PRESENT = ""
OLD, NEW = "record:old", "record:new"


def show() -> None:
    """Choose two of either record, and see what changed and why."""
    held = _held()
    if not held:
        st.info(EMPTY_RECORD, icon=":material/inventory_2:")
        return
    names = {digest: _name(*one) for digest, one in held.items()}
    names[PRESENT] = "The present setting on the sliders"
    old = _choice("Older", OLD, tuple(held), names)
    new = _choice("Newer", NEW, (PRESENT, *held), names)
    if old == new:
        st.info("Choose two different forecasts to compare.", icon=":material/compare_arrows:")
        return
    with frame.shown_errors(), available(), st.spinner("Comparing the two forecasts."):
        _compared(_side(*held[old]), _side(*held[new]) if new in held else _present())


def choose(digest: str) -> None:
    """Callback: compare this saved forecast with the setting on the sliders, or another."""
    st.session_state[OLD] = digest
    st.session_state[TAB] = TABS[1]


def _choice(label: str, key: str, options: tuple[str, ...], names: dict[str, str]) -> str:
    if st.session_state.get(key) not in options:
        st.session_state[key] = options[0]
    return st.selectbox(label, options, key=key, format_func=names.__getitem__, persist_state="session")


def _held() -> dict[str, tuple[Shelf, SavedForecast]]:
    """Saved forecasts by digest, the reader's own first; without the project's where these cannot be shown.

    Raises
    ------
    RecordError
        The reader's own record is not to be had.
    """
    both, held = [shelves.own()], {}
    with suppress(RecordError):  # the list of the project's forecasts tells why
        both.append(shelves.published())
    for shelf in both:
        for saved in shelf.listing.forecasts:
            held.setdefault(saved.digest, (shelf, saved))
    return held


def _name(shelf: Shelf, saved: SavedForecast) -> str:
    named = choice(saved, shelf.listing.names[saved.digest])
    return named if shelf.own else f"{OWNERS[PROJECT]} · {named}"


def _side(shelf: Shelf, saved: SavedForecast) -> Side:
    return side_of(shelf.opened, saved)


def _present() -> Side:
    setting = controls.current()
    forecast = cache.forecast(setting)
    snapshot = exchange.snapshot_of(forecast, setting.reasons)
    return Side(snapshot=snapshot, evidence=cache.evidence_of(forecast), library=cache.library_of(forecast))


def _compared(old: Side, new: Side) -> None:
    from dashboard.record import compare

    compare.show(old, new)
