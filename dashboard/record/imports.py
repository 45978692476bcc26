"""Import of a snapshot: what it would change and whether it is what it says; then its settings, or a new entry."""

import hashlib

import streamlit as st

from dashboard.cache import forecasts as cache
from dashboard.cache import store
from dashboard.forecast import exchange
from dashboard.frame import author
from dashboard.frame import page as frame
from dashboard.record import save
from dashboard.roles import gate
from dashboard.roles.actions import Action
from dashboard.server import uploads
from dashboard.settings import controls
from dashboard.wording.record import KIND_HELP, MARKS, VERIFICATION, changed_text, imported_note, unreasoned_sentence
from dashboard.wording.saved.forms import AUTHOR_PLEASE, FOR_GOOD, NAME_PLEASE, missing_words
from data.errors import ConjunctionError
from models.change.side import Side, foreign
from models.record.entries import HINDCAST, LIVE, Draft
from models.record.entry_checks import NAME_LETTERS, NOTE_LETTERS
from models.snapshot.archive import MAX_BYTES, read_archive
from models.snapshot.value import Snapshot
from models.storage.disk import Files

MEGABYTE = 2**20
ABOUT = (
    "Read a snapshot that somebody exported or sent: see what was assumed, have its numbers computed again, then use "
    "its settings or save it to the record."
)
NOTE_ROOM = NOTE_LETTERS - 500
"""What is left for a person's note once the file and its verification are told."""
KINDS = (LIVE, HINDCAST)
AUTHOR = "import:author"


def load() -> None:
    """Read a snapshot, show what it would change, and only then offer to use it or to save it."""
    st.markdown("**Import**")
    st.markdown(ABOUT)
    upload = st.file_uploader(
        "Snapshot to read (zip or JSON)",
        type=["zip", "json"],
        key="upload",
        max_upload_size=MAX_BYTES // MEGABYTE,
        help="Nothing changes until you press one of the buttons that appear.",
    )
    if upload is not None:
        with frame.shown_errors():
            content = uploads.content(upload)
            archive = read_archive(content)
            exchange.preview(archive.snapshot)
            _checked(content, archive.snapshot, archive.inputs)


def verification(outcome: str, checks: tuple) -> None:
    """What a verification found, the failed checks first."""
    show = {"passed": st.success, "failed": st.error, "undecided": st.warning}[outcome]
    icons = {True: ":material/check:", False: ":material/close:", None: ":material/question_mark:"}
    show(VERIFICATION[outcome], icon=":material/fact_check:")
    ordered = sorted(checks, key=lambda check: (check.passed is not False, check.passed is not None))
    with st.expander("What was checked", expanded=outcome != "passed"):
        st.markdown("\n".join(f"- {icons[check.passed]} {frame.plain(check.detail)}" for check in ordered))


def _checked(content: bytes, snapshot: Snapshot, inputs: Files) -> None:
    with st.spinner("Computing the file’s numbers again."):
        verified = store.verification(content)
    verification(verified.outcome, verified.checks)
    if verified.outcome == "failed":
        st.markdown("It cannot be saved to the record: it is not what it says. Its settings can still be used.")
        return
    without = [key for key in snapshot.assumptions.changed if not snapshot.assumptions.reasons.get(key, "").strip()]
    if without:
        labels = changed_text(without, controls.current().knobs)
        st.markdown(frame.plain(unreasoned_sentence(labels)))
        return
    with st.expander("Save it to the record", icon=":material/inventory_2:", key="import", on_change="rerun") as box:
        if box.open:
            _form(content, snapshot, inputs, verified.outcome)


def _form(content: bytes, snapshot: Snapshot, inputs: Files, outcome: str) -> None:
    if refused := gate.refusal(Action.SAVE):
        st.markdown(frame.plain(refused))
        return
    frame.trust_badge(snapshot.reliability.status)
    st.markdown(FOR_GOOD)
    with st.form("import", border=False):
        left, right = st.columns(2)
        name = left.text_input("Name", key="import:name", max_chars=NAME_LETTERS)
        author.box(right, AUTHOR)
        kind = st.radio(
            "Counts as", KINDS, key="import:kind", format_func=MARKS.__getitem__, horizontal=True, help=KIND_HELP
        )
        note = st.text_area("Note (may stay empty)", key="import:note", max_chars=NOTE_ROOM, height=68)
        pressed = st.form_submit_button("Save to the record", key="import:go", icon=":material/inventory_2:")
    sha256 = hashlib.sha256(content).hexdigest()
    if pressed and (asked := missing_words({NAME_PLEASE: name, AUTHOR_PLEASE: author.said(AUTHOR)})):
        st.error("**Nothing was saved.** " + " ".join(asked), icon=":material/edit_note:")
    elif pressed:
        imported = imported_note(sha256, outcome)
        try:
            text = f"{note.strip()}\n\n{imported}".strip()
            draft = Draft(name=name.strip(), author=author.said(AUTHOR), note=text, kind=kind)
            _save(draft, snapshot, inputs, sha256)
        except ConjunctionError as error:
            st.error(f"**Nothing was saved:** {frame.plain(str(error))}", icon=":material/edit_note:")
    file, saved = st.session_state.get("import:done", ("", None))
    if file == sha256:
        save.confirmation(saved)


def _save(draft: Draft, snapshot: Snapshot, inputs: Files, sha256: str) -> None:
    with st.spinner("Saving the snapshot with everything it carries."):
        if saved := save.keep(draft, _side(snapshot, inputs), inputs):
            st.session_state["import:done"] = (sha256, saved)


def _side(snapshot: Snapshot, inputs: Files) -> Side:
    """The snapshot with what it was made from: this program's own if that is the same, else what it carries."""
    own = cache.own(snapshot.reference_date)
    return Side.of(snapshot, inputs if foreign(snapshot, *own) else {}, own)
