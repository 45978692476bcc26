"""Save where the button is: the forecast on screen with name, author, note, a reason for every moved assumption."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import streamlit as st

from dashboard.cache import forecasts as cache
from dashboard.cache import reference, store
from dashboard.forecast import exchange
from dashboard.frame import author
from dashboard.frame.page import plain, trust_badge
from dashboard.record.frame import STARTING, available, choose, shared
from dashboard.roles import gate
from dashboard.roles.actions import Action
from dashboard.settings import controls, looks, session
from dashboard.wording.forecast import headline
from dashboard.wording.labels import date_text
from dashboard.wording.record import changed_text, choice, marks_sentence, short
from dashboard.wording.saved.forms import AGAIN, AUTHOR_PLEASE, FOR_GOOD, NAME_PLEASE, missing_words, suggested_name
from data.errors import ConjunctionError
from models.assumptions.setting import MAX_REASON_LENGTH, Assumptions
from models.change.side import Side
from models.forecast.results import Forecast
from models.record.entries import Draft, SavedForecast
from models.record.entry_checks import NAME_LETTERS, NOTE_LETTERS
from models.record.listing import Listing
from models.storage.disk import Files
from models.text.visible import require_visible
from models.track.beside import default_beside

NAME, AUTHOR, NOTE, PARENT = "save:name", "save:author", "save:note", "save:parent"
REASON, DONE = "save:reason:", "save:done"


def panel(forecast: Forecast) -> None:
    """What will be saved and the form, or what was saved from this setting in their place; or why one may not save."""
    if refused := gate.refusal(Action.SAVE):
        st.markdown(plain(refused))
        return
    with available():
        if saved := _saved_now(forecast):
            confirmation(saved)
            st.button(AGAIN, key="save:again", type="tertiary", icon=":material/add:", on_click=_again)
            return
        opened = store.record()
        listing = store.listing(opened)
        _preview(forecast)
        st.markdown(FOR_GOOD)
        with st.form("save:form", border=False):
            _words()
            parent = _parent(listing)
            reasons = _reasons(controls.current())
            pressed = st.form_submit_button(
                "Save to the record", key="save:go", type="primary", icon=":material/inventory_2:"
            )
            told = st.empty()  # one place, in view of the button: what is told now replaces what was told before
        if pressed:
            with told.container():
                _take(forecast, reasons, parent)


def _preview(forecast: Forecast) -> None:
    head = headline(forecast.table, looks.horizon(forecast.reference_date), reference.today())
    day = date_text(forecast.reference_date)
    st.markdown(f"**What is saved:** {plain(head)} And with it every other number of this page.")
    moved = changed_text(forecast.assumptions.changed, forecast.assumptions.knobs)
    st.markdown(plain(f"Reference date {day}. Assumptions moved: {moved}."))
    trust_badge(forecast.status)


def _described(setting: Assumptions, missing: tuple[str, ...]) -> None:
    """Offer the description of the preset on screen as the reason for what it moved."""
    if active := controls.active_preset(setting):
        text = f"Preset “{active.label}”: {active.description}"
        st.form_submit_button(
            f"Give “{active.label}” as the reason for all {len(missing)}",
            key="save:preset",
            type="tertiary",
            icon=":material/format_quote:",
            help=plain(text),
            on_click=_give,
            args=(dict.fromkeys(missing, text),),
        )


def _words() -> None:
    left, right = st.columns(2)
    if NAME not in st.session_state:
        setting = controls.current()
        preset = controls.active_preset(setting)
        st.session_state[NAME] = suggested_name(setting, preset.label if preset else "")[:NAME_LETTERS]
    left.text_input("Name", key=NAME, max_chars=NAME_LETTERS)
    author.box(right, AUTHOR)
    st.text_area("Note (may stay empty)", key=NOTE, max_chars=NOTE_LETTERS, height=68)


def _parent(listing: Listing) -> str:
    """The saved forecast that this one builds on: the one opened last, unless the reader says otherwise."""
    before = [forecast for forecast in listing.forecasts if forecast.digest == session.last_opened()]
    if not before:
        return ""
    names = {"": "nothing: it starts a new line"}
    names |= {forecast.digest: choice(forecast, listing.names[forecast.digest]) for forecast in before}
    return st.selectbox(
        "Builds on",
        (before[0].digest, ""),
        key=f"{PARENT}:{before[0].digest}",
        format_func=names.__getitem__,
        help="The saved forecast that you opened or saved last. The record keeps which forecast builds on which.",
    )


def _missing(setting: Assumptions) -> tuple[str, ...]:
    return tuple(key for key in setting.changed if not setting.reasons.get(key, "").strip())


def _reasons(setting: Assumptions) -> Mapping[str, str]:
    """One box for every moved assumption that has no reason yet."""
    missing = _missing(setting)
    if missing:
        st.markdown("**Why did you move these?** The record keeps no moved assumption without a reason.")
        _described(setting, missing)
    elif setting.changed:
        st.markdown(f"Moved assumptions with their reasons: {len(setting.changed)}.")
    given = {}
    for key in missing:
        knob = setting.knobs[key]
        value, default = setting.values[key], knob.default
        given[key] = st.text_area(
            f"{knob.label}: {value:g} instead of {default:g}",
            key=f"{REASON}{key}",
            max_chars=MAX_REASON_LENGTH,
            height=68,
        )
    return given


def _give(reasons: Mapping[str, str]) -> None:
    """Add reasons to the setting on screen; they change no number."""
    controls.commit(controls.current().replace({}, reasons))


def _take(forecast: Forecast, reasons: Mapping[str, str], parent: str) -> None:
    """Check what was typed, keep the reasons, save, and empty the form; all that is missing is told at once."""
    state, knobs = st.session_state, controls.current().knobs
    bare = [knobs[key].label for key, text in reasons.items() if not text.strip()]
    if asked := missing_words({NAME_PLEASE: state[NAME], AUTHOR_PLEASE: author.said(AUTHOR)}, bare):
        st.error("**Nothing was saved.** " + plain(" ".join(asked)), icon=":material/edit_note:")
        return
    try:
        draft = Draft(name=state[NAME].strip(), author=author.said(AUTHOR), note=state[NOTE].strip(), parent=parent)
        if checked := {key: _checked(key, text) for key, text in reasons.items()}:
            _give(checked)
        session.remember_author(draft.author)
        _save(forecast, draft)
    except ConjunctionError as error:
        st.error(f"**Nothing was saved:** {plain(str(error))}", icon=":material/edit_note:")
        return
    for key in (NAME, NOTE, *(f"{REASON}{key}" for key in reasons)):
        state.pop(key, None)
    st.rerun()


def _checked(key: str, text: str) -> str:
    name = controls.current().knobs[key].label
    require_visible(text, f"the reason for {name}", multiline=True)
    return text.strip()


def _save(forecast: Forecast, draft: Draft) -> None:
    with st.spinner("Saving the forecast with everything it was computed from."):
        inputs = exchange.inputs_behind(forecast)
        said = exchange.signposts_of(forecast, controls.conditions())
        snapshot = exchange.snapshot_of(forecast, controls.current().reasons, inputs, said)
        side = Side(snapshot=snapshot, evidence=cache.evidence_of(forecast), library=cache.library_of(forecast))
        if saved := keep(draft, side, inputs):
            st.session_state[DONE] = (_key(forecast), saved)


def keep(draft: Draft, side: Side, inputs: Files) -> SavedForecast | None:
    """Save once: the same words on the same numbers are the second click of one save, which adds nothing.

    Raises
    ------
    RoleError
        Whoever asks may not save.
    """
    content = (draft.name, draft.author, draft.note, draft.kind, side.snapshot.digest)
    if session.saved(content):
        return None
    with gate.passing(Action.SAVE) as someone:
        signed = replace(draft, author=someone.author or draft.author)
        saved = store.record().save(signed, side.snapshot, inputs, default_beside(side))
    session.remember_saved(content, saved.digest)
    session.remember_author(draft.author)
    session.remember_opened(saved.digest)
    controls.look_at(saved.digest)
    return saved


def _key(forecast: Forecast) -> tuple[str, date]:
    return forecast.assumptions.digest, forecast.reference_date


def _saved_now(forecast: Forecast) -> SavedForecast | None:
    """What was saved last, if it was saved from what is on screen: the second click of a save finds no form."""
    key, saved = st.session_state.get(DONE, (None, None))
    return saved if key == _key(forecast) else None


def _again() -> None:
    st.session_state.pop(DONE, None)


def confirmation(saved: SavedForecast) -> None:
    """That a forecast is in the record, how to come back to it, and what it can be compared with."""
    text = f". Saved as entry {saved.sequence}, digest {short(saved.digest)}. {marks_sentence(saved)}"
    st.success(f"**{plain(saved.name)}**{plain(text)}", icon=":material/inventory_2:")
    shared(saved)
    label, pair = ("Compare with another", (saved.digest,))
    if saved.changed:
        label, pair = "Compare with the starting view", (STARTING, saved.digest)
    about = {"icon": ":material/compare_arrows:", "on_click": choose, "args": pair}
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button(label, key=f"save:compare:{saved.digest}", **about):
            st.switch_page("app_pages/record.py")
        st.page_link("app_pages/record.py", label="Open it in the record", icon=":material/inventory_2:")
