"""What can be done with one saved forecast: say something about it, verify it, take it along as files."""

from dataclasses import replace

import streamlit as st

from dashboard.cache import forecasts as cache
from dashboard.cache import store
from dashboard.forecast.brief import beside_saved
from dashboard.forecast.downloads import button, buttons
from dashboard.frame import author
from dashboard.frame.page import plain
from dashboard.record import imports
from dashboard.record.frame import texts
from dashboard.roles import gate
from dashboard.roles.actions import Action
from dashboard.settings import looks, session
from dashboard.wording.record import moment_text, short
from dashboard.wording.saved.forms import AUTHOR_PLEASE, REMARK_PLEASE, missing_words
from data.errors import ConjunctionError
from models.change.side import Side
from models.record.contents import Documents
from models.record.entries import Remark, SavedForecast
from models.record.entry_checks import NAME_LETTERS, NOTE_LETTERS
from models.record.listing import Listing
from models.record.store import Record
from models.storage.safe_csv import safe_csv
from models.text.visible import isolated

TEXT, AUTHOR, NAME = "remark:text", "remark:author", "remark:name"


def remarks(opened: Record, listing: Listing, saved: SavedForecast) -> None:
    """What was said about it afterwards, and a form to say more or to give it another name."""
    st.subheader("Remarks", anchor=False)
    said = listing.remarks.get(saved.digest, ())
    if not said:
        st.markdown("None yet. The forecast itself is never changed; remarks are added beside it.")
    for remark in said:
        _remark(remark)
    with st.expander("Add a remark, or another name", icon=":material/add_comment:"):
        if refused := gate.refusal(Action.REMARK):
            st.markdown(plain(refused))
            return
        with st.form("remark", border=False):
            _words()
            pressed = st.form_submit_button("Add", key="remark:go")
        if pressed:
            _say(opened, saved)


def _remark(remark: Remark) -> None:
    named = f" Shown as “{isolated(remark.name)}” from then on." if remark.name else ""
    st.caption(plain(f"{isolated(remark.author)}, {moment_text(remark.saved_at)}.{named}"))
    if remark.text:
        texts(remark.text)


def _words() -> None:
    st.text_area("Remark", key=TEXT, max_chars=NOTE_LETTERS, height=68)
    left, right = st.columns(2)
    author.box(left, AUTHOR)
    right.text_input(
        "Show it under another name (may stay empty)",
        key=NAME,
        max_chars=NAME_LETTERS,
        help="The name it was saved under stays in the record and is shown beside the new one.",
    )


def _say(opened: Record, saved: SavedForecast) -> None:
    text, name = (st.session_state[key].strip() for key in (TEXT, NAME))
    if asked := missing_words({AUTHOR_PLEASE: author.said(AUTHOR), REMARK_PLEASE: text or name}):
        st.error("**Nothing was added.** " + " ".join(asked), icon=":material/edit_note:")
        return
    try:
        with gate.passing(Action.REMARK) as someone:
            opened.remark(saved.digest, someone.author or author.said(AUTHOR), text, name)
    except ConjunctionError as error:
        st.error(f"**Nothing was added.** {plain(str(error))}", icon=":material/edit_note:")
        return
    session.remember_author(author.said(AUTHOR))
    for key in (TEXT, NAME):
        del st.session_state[key]
    st.rerun()


def verify(opened: Documents, saved: SavedForecast, pressed: bool) -> None:
    """What computing every number again from what is stored gave; it stays on the page for the session."""
    done = st.session_state.setdefault("record:verified", set())
    if pressed:
        done.add(saved.digest)
    if saved.digest in done:
        with st.spinner("Computing every number again from what is stored."):
            verified = store.verification(opened.archive(saved, {}))
        imports.verification(verified.outcome, verified.checks)


def downloads(opened: Documents, saved: SavedForecast, name: str) -> None:
    """Files, each made when its button is pressed and not before."""
    file = f"conjunction-{saved.reference_date}-{short(saved.digest)}"
    with st.container(horizontal=True):
        button(
            "Snapshot (zip)",
            lambda: archive(opened, saved),
            f"{file}.zip",
            "record:zip",
            "Everything it was computed from, every number, and the charts: enough for anyone to verify it.",
        )
        table = lambda: safe_csv(store.snapshot(opened, saved).table)  # noqa: E731
        button("Results table (CSV)", table, f"{file}.csv", "record:csv")
    horizon = looks.horizon(saved.reference_date)
    more = lambda: beside_saved(side_of(opened, saved), horizon)  # noqa: E731
    buttons(store.snapshot(opened, saved), "record", replace(saved, name=name), more=more)


def archive(opened: Documents, saved: SavedForecast) -> bytes:
    """The zip of a saved forecast with its charts, where what they are drawn from is at hand."""
    from models.record.drawn import charts_of

    return opened.archive(saved, charts_of(opened, saved)[0])


def side_of(opened: Documents, saved: SavedForecast) -> Side:
    """A saved forecast with its evidence and draws: this program's own if they are the same, else those stored."""
    snapshot = store.snapshot(opened, saved)
    side = Side.of(snapshot, {}, cache.own(snapshot.reference_date))
    if side.library is not None or not saved.inputs:
        return side
    return store.side(saved.snapshot, lambda: Side.of(snapshot, opened.inputs(saved)))
