"""One saved forecast in full: its numbers and charts, why its assumptions were moved, what was said about it."""

from dataclasses import replace
from datetime import date

import streamlit as st

from dashboard.cache import forecasts as cache
from dashboard.cache import reference, store
from dashboard.cache.shelves import Shelf
from dashboard.forecast import charts, exchange
from dashboard.frame import page as frame
from dashboard.frame.page import plain
from dashboard.record.actions import downloads, remarks, verify
from dashboard.record.frame import available, choose, mark_badge, open_entry, shared, texts
from dashboard.settings import controls, looks
from dashboard.wording.forecast import headline, outlook
from dashboard.wording.record import (
    VERIFY_HELP,
    choice,
    entry_line,
    knob_label,
    knobs_then,
    marked,
    marked_year,
    marks_sentence,
    mixed_mark,
    place_of,
)
from dashboard.wording.saved.published import READ_ONLY
from data.days import horizons_from, year_end
from models.names import MODEL_MIXTURE, STATES, TARGET_STATE
from models.record.contents import Documents
from models.record.entries import LIVE, SavedForecast
from models.record.listing import Listing
from models.snapshot.value import Snapshot
from models.track.marks import mark


def show(shelf: Shelf, saved: SavedForecast) -> None:
    """The whole entry; where its stored document is damaged, what the entry itself says."""
    opened, listing = shelf.opened, shelf.listing
    name, horizon = listing.names[saved.digest], looks.horizon(saved.reference_date)
    st.button(
        "All saved forecasts", key="record:back", on_click=controls.look_at, args=("",), icon=":material/arrow_back:"
    )
    st.header(plain(name), anchor=False)
    if not shelf.own:
        st.caption(READ_ONLY)
    _line(listing, saved, name)
    looks.horizon_selector(saved.reference_date, lambda end: marked_year(saved, end))
    with available():
        snapshot = store.snapshot(opened, saved)
        _numbers(saved, snapshot, horizon)
        _charts(saved, snapshot, horizon)
        _beliefs(snapshot)
        _next(opened, listing, saved)
    _family(listing, saved)
    if shelf.own:
        remarks(opened, listing, saved)


def _line(listing: Listing, saved: SavedForecast, name: str) -> None:
    st.markdown(plain(entry_line(saved, listing.head[0])))
    if name != saved.name:
        st.caption(f"Saved under the name “{plain(saved.name)}”.")
    day = year_end(saved.reference_date, looks.horizon(saved.reference_date))
    with st.container(horizontal=True, gap="small"):
        mark_badge(mark(saved, day), day)
        frame.trust_badge(saved.status)
    st.markdown(plain(marks_sentence(saved)))
    frame.rule_line(saved.rule)
    if saved.note:
        texts(saved.note)
    shared(saved)


def _numbers(saved: SavedForecast, snapshot: Snapshot, horizon: int) -> None:
    """The headline and the four states, with the change against the default that was saved beside them."""
    table = snapshot.table
    st.markdown(f"**{plain(headline(table, horizon, reference.today()))}**")
    compared = bool(saved.default) and bool(saved.changed)
    usual = saved.default[MODEL_MIXTURE][TARGET_STATE][place_of(saved, horizon)] if compared else ()
    readings = outlook(table, horizon)
    for place, column in zip(reversed(range(len(STATES))), st.columns(len(STATES)), strict=True):
        reading = readings[place]
        other = replace(reading, probability=usual[place]) if compared else None
        with column, st.container(border=True, height="stretch"):
            frame.state(reading, other)
    if compared:
        st.markdown("Each change is told against the starting view on the same day’s evidence.")


def _charts(saved: SavedForecast, snapshot: Snapshot, horizon: int) -> None:
    """The Forecast page's charts, from the stored table; a hindcast's titles say so."""
    end, first = (year_end(saved.reference_date, at) for at in (horizon, horizons_from(saved.reference_date)[0]))
    day, several, window = mark(saved, end), mixed_mark(saved), mark(saved, first)
    marks = {"states": several, "targets": several if window == LIVE else window, "dots": day, "models": day}
    left, right = st.columns(2, gap="medium")
    for name, column in zip(marks, (left, left, right, right), strict=True):
        with column:
            spec = charts.spec(name, snapshot.table, ("entry", snapshot.digest), horizon, saved.saved_at.date())
            title = marked(charts.title(name, end), marks[name])
            charts.show(name, spec, snapshot.table, horizon, title, _picture(name, saved, snapshot, end))


def _picture(name: str, saved: SavedForecast, snapshot: Snapshot, end: date) -> frame.Picture:
    return frame.Picture(
        name=f"saved-{name}",
        values=snapshot.assumptions.values,
        knobs=knobs_then(snapshot.rule.digest, cache.evidence().claims),
        as_of=saved.reference_date,
        day=end if name in charts.OF_ONE_DAY else None,
    )


def _beliefs(snapshot: Snapshot) -> None:
    """Which assumptions were moved, and why."""
    st.subheader("Assumptions moved, and why", anchor=False)
    record, knobs = snapshot.assumptions, knobs_then(snapshot.rule.digest, cache.evidence().claims)
    if not record.changed:
        st.markdown("None: every assumption at its default.")
    for key in record.changed:
        default = f" instead of {knobs[key].default:g}" if key in knobs else ""
        st.markdown(plain(f"{knob_label(key, knobs)}: {record.values[key]:g}{default}."))
        with st.container(border=True):
            texts(record.reasons.get(key, "") or "no reason given")


def _family(listing: Listing, saved: SavedForecast) -> None:
    """What it builds on and what builds on it."""
    parents, children = listing.beginning(saved.parent) if saved.parent else (), listing.children(saved.digest)
    if parents or children:
        st.subheader("What it builds on, and what builds on it", anchor=False)
    for arrow, relatives in ((":material/north:", parents), (":material/south:", children)):
        for relative in relatives:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.button(
                    f"Entry {relative.sequence}",
                    key=f"record:family:{relative.digest}",
                    type="tertiary",
                    icon=arrow,
                    on_click=open_entry,
                    args=(relative.digest,),
                )
                texts(choice(relative, listing.names[relative.digest]))


def _next(opened: Documents, listing: Listing, saved: SavedForecast) -> None:
    """Check it, use it, take it away."""
    st.subheader("Check it, use it, take it along", anchor=False)
    with st.container(horizontal=True):
        pressed = st.button("Verify", key="record:verify", icon=":material/fact_check:", help=VERIFY_HELP)
        st.button(
            "Compare with another",
            key="record:compare",
            icon=":material/compare_arrows:",
            on_click=choose,
            args=(saved.digest,),
        )
    verify(opened, saved, pressed)
    with st.expander("Use these settings", icon=":material/tune:", key="record:use", on_change="rerun") as box:
        if box.open:
            exchange.preview(store.snapshot(opened, saved))
    with st.expander("Downloads", icon=":material/download:", key="record:downloads", on_change="rerun") as box:
        if box.open:
            downloads(opened, saved, listing.names[saved.digest])
