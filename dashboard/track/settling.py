"""Track record: a dispute settled by a keeper who has signed in; where nobody signs in, by the command line."""

import streamlit as st

from dashboard.cache import store
from dashboard.frame import page as frame
from dashboard.roles import gate
from dashboard.roles.actions import Action
from dashboard.roles.people import person
from dashboard.track import replays
from dashboard.wording.labels import STATE_LABELS
from dashboard.wording.saved.forms import REASON_PLEASE
from dashboard.wording.saved.questions import settling_command, settling_outcomes, settling_sentence
from models.record.entry_checks import NOTE_LETTERS
from models.track.resolution import Question, settled_again


def show(question: Question) -> None:
    """The form, for whom the record can name; for others what settles it."""
    if person().signed_in and gate.may(Action.SETTLE):
        _form(question)
        return
    st.markdown(frame.plain(settling_sentence(question)))
    st.code(settling_command(question), language=None, wrap_lines=True)


def _form(question: Question) -> None:
    with st.form(f"track:settle:{question.subject}:{question.rule}", border=False):
        st.markdown("Your name and reason are added to the record for good. Scores follow this answer from then on.")
        if outcomes := settling_outcomes(question):
            outcome = st.selectbox("Answer", outcomes, format_func=lambda one: STATE_LABELS.get(one, one.capitalize()))
        else:
            outcome = st.text_input("Answer, such as +2.310")
        reason = st.text_area("Reason", max_chars=NOTE_LETTERS)
        if st.form_submit_button("Settle the dispute", icon=":material/gavel:"):
            if not reason.strip():
                st.error(REASON_PLEASE, icon=":material/edit_note:")
                return
            with frame.shown_errors():
                st.session_state[replays.TOLD] = settle(question, outcome, reason)
                st.rerun()


def settle(question: Question, outcome: str, reason: str) -> str:
    """Write the answer down, signed by who is signed in.

    Raises
    ------
    RoleError, RecordError
    """
    with gate.passing(Action.SETTLE) as someone:
        store.record().settle_dispute(settled_again(question, someone.author, outcome, reason))
    return f"{question.title}: settled, and scored from now on."
