"""The form for news, what the rows would change, and how far the run that puts them in force has come."""

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import streamlit as st

from dashboard.cache import reference
from dashboard.frame.page import plain, shown_errors
from dashboard.roles import gate
from dashboard.roles.actions import Action
from dashboard.server import uploads
from dashboard.update.process import ROWS, Asked, Run, Updates
from dashboard.wording.now import update as words
from data.editions.edition import newest_edition
from data.errors import ConjunctionError
from data.update.words import preview as sentences
from models.storage.home import home
from models.update.project import Project
from models.update.running import Request, preview

LOOKED = "update:looked"
POLL_SECONDS = 2.0
MEGABYTES = 8
"""The ledger of seventy years has a tenth of that."""


@st.cache_resource(max_entries=1, show_spinner=False)
def updates() -> Updates:
    """The runs of this server's user."""
    return Updates(home())


def project() -> Project:
    """What an update changes."""
    return Project()


def show() -> None:
    """Everything about news, for keepers; for others why they may not, and how it is done elsewhere."""
    if refused := gate.refusal(Action.UPDATE):
        st.caption(plain(refused))
        st.caption(words.ELSEWHERE)
        return
    run = updates().newest()
    if run and run.alive:
        _follow()
        return
    if run:
        _ended(run)
    _form()


def _form() -> None:
    st.caption(words.WHAT)
    today, before = reference.today(), newest_edition().searched_until
    left, right = st.columns([2, 1])
    upload = left.file_uploader("New rows (CSV)", type=["csv"], key="update:rows", max_upload_size=MEGABYTES)
    until = right.date_input("Searched until", None, min_value=before, max_value=today, key="update:until")
    revise = right.checkbox("May change the past", key="update:revise", help=words.REVISE_HELP)
    pressed = st.button("Look at it", key="update:look", icon=":material/preview:", disabled=until is None)
    if until is None:
        return
    rows = uploads.content(upload) if upload else b""
    asked = Asked(rows=rows, searched_until=until, revise=revise)
    if pressed:
        st.session_state[LOOKED] = asked
    if st.session_state.get(LOOKED) == asked:  # other rows or another day are looked at anew
        _looked(asked)


def _looked(asked: Asked) -> None:
    """What the rows would change, every fault of the file, and only then what puts them in force."""
    try:
        told = _preview(asked)
    except ConjunctionError as error:
        st.error(plain(str(error)), icon=":material/error:")
        return
    head, others = words.heads(told)
    with st.container(border=True):
        st.markdown(f"**{plain(head)}**")
        st.markdown("\n".join(f"- {plain(line)}" for line in others))
    author = st.text_input("Publish as (author; may stay empty)", key="update:author", help=words.AUTHOR_HELP)
    note = st.text_input("Note to the published forecast", key="update:note") if author.strip() else ""
    with st.container(horizontal=True):
        st.button(words.DRY, key="update:dry", on_click=_start, args=(asked, True, "", ""))
        arguments = (asked, False, author.strip(), note.strip())
        st.button(words.WHOLE, key="update:go", type="primary", on_click=_start, args=arguments)
    st.caption(words.KEEPS)


def _preview(asked: Asked) -> tuple[str, ...]:
    with TemporaryDirectory() as folder:
        file = Path(folder) / ROWS
        file.write_bytes(asked.rows)
        wanted = Request(file=file if asked.rows else None, searched_until=asked.searched_until, revise=asked.revise)
        return sentences(preview(project(), wanted))


def _start(asked: Asked, dry: bool, author: str, note: str) -> None:
    try:
        with gate.passing(Action.UPDATE) as someone:
            signed = (someone.author or author) if author else ""
            updates().start(replace(asked, dry=dry, author=signed, note=note))
    except ConjunctionError as error:
        st.toast(plain(str(error)), icon=":material/error:")


def _cancel(run: Run) -> None:
    with shown_errors(), gate.passing(Action.UPDATE):
        updates().cancel(run)


@st.fragment(run_every=POLL_SECONDS)
def _follow() -> None:
    """A bar that moves on its own; at the end the whole page is drawn again, with the new evidence."""
    run = updates().newest()
    if run is None or not run.alive:
        st.rerun()
        return
    st.progress(run.done, text=plain(_sentence(run)))
    st.button("Cancel", key="update:cancel", icon=":material/cancel:", on_click=_cancel, args=(run,))
    _output(run)


def _ended(run: Run) -> None:
    show_it = st.success if run.is_done else st.warning
    show_it(plain(_sentence(run)), icon=":material/newspaper:")
    _output(run)


def _output(run: Run) -> None:
    if run.output.strip():
        with st.expander("What it said"):
            st.code(run.output, language=None, wrap_lines=True)


def _sentence(run: Run) -> str:
    return words.run_sentence(alive=run.alive, dry=run.dry, phase=run.phase, message=run.message)
