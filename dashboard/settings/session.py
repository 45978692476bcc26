"""What a browser session remembers beside its settings: who it is, what it could trust, which refits it has needed."""

import secrets

import streamlit as st

from dashboard.settings import controls
from models.assumptions.setting import Assumptions

VISITOR, TRUSTED, NEEDED, AUTHOR, OPENED, SAVED = "visitor", "trusted", "needed", "author", "opened", "saved"
REDRAWN = "redrawn"


def visitor() -> str:
    """A name for this browser session, under which it asks for refits."""
    return st.session_state.setdefault(VISITOR, secrets.token_hex(6))


def remember_trusted() -> None:
    """Keep the setting on screen as the last one whose numbers could be trusted."""
    st.session_state[TRUSTED] = controls.current()


def last_trusted() -> Assumptions:
    """The last setting whose numbers could be trusted; the defaults before any."""
    return st.session_state.get(TRUSTED, Assumptions(knobs=controls.current().knobs))


def first_need(key: str) -> bool:
    """Whether this session needs a refit for the first time: one that ended badly is not started again by itself."""
    needed = st.session_state.setdefault(NEEDED, set())
    first = key not in needed
    needed.add(key)
    return first


def first_redraw() -> bool:
    """Whether the setting on screen has not been drawn anew as a whole page since it was put in force."""
    digest = controls.current().digest
    first = st.session_state.get(REDRAWN) != digest
    st.session_state[REDRAWN] = digest
    return first


def author() -> str:
    """Who saved or said something last in this session; empty before."""
    return st.session_state.get(AUTHOR, "")


def remember_author(name: str) -> None:
    """Keep the author's name for the next form."""
    st.session_state[AUTHOR] = name


def last_opened() -> str:
    """Digest of the saved forecast that was opened or saved last; empty before any."""
    return st.session_state.get(OPENED, "")


def remember_opened(digest: str) -> None:
    """Keep the saved forecast that a next one grows from."""
    st.session_state[OPENED] = digest


def saved(content: tuple[str, ...]) -> str:
    """Digest of the entry under which this session saved just this already; empty if it hasn't."""
    return st.session_state.setdefault(SAVED, {}).get(content, "")


def remember_saved(content: tuple[str, ...], digest: str) -> None:
    """Keep what was saved, so that a second click saves nothing."""
    st.session_state.setdefault(SAVED, {})[content] = digest
