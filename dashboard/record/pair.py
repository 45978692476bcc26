"""Two saved forecasts side by side, or one and the setting on the sliders."""

import streamlit as st

from dashboard.cache import forecasts as cache
from dashboard.forecast import exchange
from dashboard.frame import page as frame
from dashboard.record.actions import side_of
from dashboard.record.frame import TAB, TABS, available
from dashboard.settings import controls
from dashboard.wording.record import EMPTY_RECORD, choice
from models.change.side import Side
from models.record.entries import SavedForecast
from models.record.listing import Listing
from models.record.store import Record

PRESENT = ""
OLD, NEW = "record:old", "record:new"


def show(opened: Record, listing: Listing) -> None:
    """Choose two, and see what changed and why."""
    if not listing.forecasts:
        st.info(EMPTY_RECORD, icon=":material/inventory_2:")
        return
    saved = {forecast.digest: forecast for forecast in listing.forecasts}
    names = {digest: choice(forecast, listing.names[digest]) for digest, forecast in saved.items()}
    names[PRESENT] = "The present setting on the sliders"
    old = _choice("Older", OLD, tuple(saved), names)
    new = _choice("Newer", NEW, (PRESENT, *saved), names)
    if old == new:
        st.info("Choose two different forecasts to compare.", icon=":material/compare_arrows:")
        return
    with frame.shown_errors(), available(), st.spinner("Comparing the two forecasts."):
        _compared(side_of(opened, saved[old]), _newer(opened, saved.get(new)))


def choose(digest: str) -> None:
    """Callback: compare this saved forecast with the setting on the sliders, or another."""
    st.session_state[OLD] = digest
    st.session_state[TAB] = TABS[1]


def _choice(label: str, key: str, options: tuple[str, ...], names: dict[str, str]) -> str:
    if st.session_state.get(key) not in options:
        st.session_state[key] = options[0]
    return st.selectbox(label, options, key=key, format_func=names.__getitem__, persist_state="session")


def _newer(opened: Record, saved: SavedForecast | None) -> Side:
    if saved is not None:
        return side_of(opened, saved)
    setting = controls.current()
    forecast = cache.forecast(setting)
    snapshot = exchange.snapshot_of(forecast, setting.reasons)
    return Side(snapshot=snapshot, evidence=cache.evidence_of(forecast), library=cache.library_of(forecast))


def _compared(old: Side, new: Side) -> None:
    from dashboard.record import compare

    compare.show(old, new)
