"""Track record: what was asked, how it was answered and why; resolving and disputing."""

from collections.abc import Callable
from datetime import date

import streamlit as st

from dashboard.cache import forecasts as cache
from dashboard.cache import store
from dashboard.cache.shelves import Shelf
from dashboard.frame import author
from dashboard.frame import page as frame
from dashboard.frame.grid import grid
from dashboard.roles import gate
from dashboard.roles.actions import Action
from dashboard.tables.track import question_table
from dashboard.track import replays, selectors, settling
from dashboard.track.data import Track, doubtful
from dashboard.wording.evidence import event_sentence
from dashboard.wording.labels import STATE_LABELS, date_text
from dashboard.wording.numerals import counted
from dashboard.wording.record import moment_text, short
from dashboard.wording.saved.forms import AUTHOR_PLEASE, REASON_PLEASE, missing_words
from dashboard.wording.saved.questions import due_sentence
from dashboard.wording.track import STATUS_LABELS, STATUS_MEANINGS
from models.record.entry_checks import DISPUTED, NOTE_LETTERS
from models.record.resolutions import Resolution
from models.text.visible import isolated
from models.track.resolution import Question, dispute

AUTHOR = "track:author"
QUESTION_WIDTH, ROW_HEIGHT = 330, 58
"""Pixels: the first column fills a phone, and in rows of this height a question takes three lines."""


def actions(track: Track, shelf: Shelf) -> None:
    """Two buttons that add to the record, each only when there is something to add."""
    with st.container(horizontal=True, vertical_alignment="center"):
        if track.ready and gate.may(Action.RESOLVE):
            label = f"Resolve {counted(len(track.ready), 'due question')}"
            st.button(label, key="track:resolve", on_click=_add, args=(_resolve,), icon=":material/gavel:")
        if gate.may(Action.REPLAY):
            replays.offer(shelf)
    replays.ask(shelf)
    st.markdown(frame.plain(due_sentence(track.ready, track.questions, cache.evidence().as_of)))
    if done := st.session_state.pop(replays.TOLD, ""):
        st.success(done, icon=":material/check_circle:")


@st.fragment
def show(track: Track) -> None:
    """The list of questions, and one of them in full."""
    st.header("Questions", anchor="questions", divider="gray")
    meanings = "  \n".join(f"**{STATUS_LABELS[status]}:** {text}" for status, text in STATUS_MEANINGS.items())
    st.markdown("Every year-end that a saved forecast speaks about, and every signpost.", help=meanings)
    status = selectors.status({question.status for question in track.questions})
    chosen = [question for question in track.questions if status in (None, question.status)]
    columns = {
        "Day": st.column_config.DateColumn(format="YYYY-MM-DD"),
        "Question": st.column_config.TextColumn(width=QUESTION_WIDTH),
    }
    table = question_table(chosen, cache.evidence().as_of)
    grid(table, column_config=columns, height=320, row_height=ROW_HEIGHT)
    with st.container(border=True):
        _question(selectors.question(chosen), own=track.own)


def _question(question: Question, *, own: bool) -> None:
    if not question.history:
        st.markdown(frame.plain(f"{STATUS_LABELS[question.status]}. {STATUS_MEANINGS[question.status]}"))
    for resolution in question.history:
        _resolution(resolution, newest=resolution is question.history[0])
    if not own:
        return
    if question.status == DISPUTED:
        settling.show(question)
    elif question.history:
        _form(question)


def _resolution(resolution: Resolution, newest: bool) -> None:
    """A resolution note with its decisive rows; an older one is marked as no longer counting."""
    answer = STATE_LABELS.get(resolution.outcome, resolution.outcome)
    heading = f"{STATUS_LABELS[resolution.status]}{f': {answer}' if answer else ''}"
    st.markdown(f"**{frame.plain(heading)}**{'' if newest else ' :gray[(no longer counts)]'}")
    st.markdown(frame.plain(resolution.note))
    ledger = {event.id: event for event in cache.whole_ledger().events}
    rows = [f"- {frame.plain(event_sentence(ledger[key]))}" for key in resolution.events if key in ledger]
    if rows:
        st.markdown("Decisive rows of the ledger:\n" + "\n".join(rows))
    who, when = isolated(resolution.author), moment_text(resolution.saved_at)
    about = f"By {who}, {when}; ledger up to {date_text(resolution.as_of)}; entry"
    st.caption(f"{frame.plain(about)} `{short(resolution.digest)}`")


def _form(question: Question) -> None:
    """An objection."""
    label = "Dispute this answer"
    if refused := gate.refusal(Action.DISPUTE):
        st.caption(frame.plain(refused))
        return
    with (
        st.expander(label, icon=":material/balance:"),
        st.form(f"track:form:{question.subject}:{question.rule}", border=False),
    ):
        st.markdown("Your name and reason are added to the record for good. Disputed questions are not scored.")
        author.box(st.container(), AUTHOR, "Your name", "")
        reason = st.text_area("Reason", max_chars=NOTE_LETTERS)
        if st.form_submit_button(label, icon=":material/gavel:"):
            if asked := missing_words({AUTHOR_PLEASE: author.said(AUTHOR), REASON_PLEASE: reason}):
                st.error(" ".join(asked), icon=":material/edit_note:")
                return
            _added(lambda: _objection(question, reason))


def _objection(question: Question, reason: str) -> str:
    with gate.passing(Action.DISPUTE) as someone:
        draft = dispute(question, someone.author or author.said(AUTHOR), reason, cache.evidence())
        store.record().resolve(draft)
    return f"{question.title}: disputed, and not scored until it is settled."


def _added(add: Callable[[], str]) -> None:
    """Add to the record, then draw the page anew with a word on what was done."""
    with frame.shown_errors():
        st.session_state[replays.TOLD] = add()
        st.rerun()


def _add(add: Callable[[], str]) -> None:
    """The same inside a callback, after which the page is drawn anyway."""
    with frame.shown_errors():
        st.session_state[replays.TOLD] = add()


def _resolve() -> str:
    from models.track.replay import resolve_due

    with gate.passing(Action.RESOLVE):
        done = resolve_due(store.record(), cache.evidence(), date.today(), doubtful())
    return f"{len(done)} questions were resolved." if len(done) != 1 else "One question was resolved."
