"""Two saved forecasts side by side, or one with the setting on the sliders or with the starting view."""

from contextlib import suppress

import streamlit as st

from dashboard.cache import forecasts as cache
from dashboard.cache import shelves
from dashboard.cache.shelves import Shelf
from dashboard.forecast import exchange
from dashboard.frame import page as frame
from dashboard.record.actions import side_of
from dashboard.record.frame import NEW, OLD, PRESENT, STARTING, available
from dashboard.settings import controls
from dashboard.wording.record import EMPTY_RECORD, in_order
from dashboard.wording.saved.published import STARTING_VIEW, compared_name
from models.assumptions.setting import Assumptions
from models.change.side import Side
from models.errors import RecordError
from models.record.entries import SavedForecast


def show() -> None:
    """Choose two, of either record or of what can be set here, and see what changed and why."""
    held = _held()
    if not held:
        st.info(EMPTY_RECORD, icon=":material/inventory_2:")
    names = {digest: _name(*one) for digest, one in held.items()}
    names |= {PRESENT: "The present setting on the sliders", STARTING: STARTING_VIEW}
    old = _choice("Older", OLD, (*held, STARTING), names)
    new = _choice("Newer", NEW, (PRESENT, STARTING, *held), names)
    if old == new or ({old, new} == {PRESENT, STARTING} and controls.current().is_default):
        st.info("Both are the same. Choose two different forecasts to compare.", icon=":material/compare_arrows:")
        return
    with frame.shown_errors(), available(), st.spinner("Comparing the two forecasts."):
        _compared(*(_side(*held[one]) if one in held else _set(one) for one in (old, new)))


def _choice(label: str, key: str, options: tuple[str, ...], names: dict[str, str]) -> str:
    if st.session_state.get(key) not in options:
        st.session_state[key] = options[0]
    return st.selectbox(label, options, key=key, format_func=names.__getitem__, persist_state="session")


def _held() -> dict[str, tuple[Shelf, SavedForecast]]:
    """Saved forecasts by digest, as `in_order`, of equals the reader's own first; without the project's where these
    cannot be shown.

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
    return {saved.digest: held[saved.digest] for saved in in_order(saved for _, saved in held.values())}


def _name(shelf: Shelf, saved: SavedForecast) -> str:
    return compared_name(shelf.owner, saved, shelf.listing.names[saved.digest])


def _side(shelf: Shelf, saved: SavedForecast) -> Side:
    return side_of(shelf.opened, saved)


def _set(which: str) -> Side:
    """The setting on the sliders, or every slider at its default."""
    setting = controls.current()
    setting = setting if which == PRESENT else Assumptions(knobs=setting.knobs)
    forecast = cache.forecast(setting)
    snapshot = exchange.snapshot_of(forecast, setting.reasons)
    return Side(snapshot=snapshot, evidence=cache.evidence_of(forecast), library=cache.library_of(forecast))


def _compared(old: Side, new: Side) -> None:
    from dashboard.record import compare

    compare.show(old, new)
