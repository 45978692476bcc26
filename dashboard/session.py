"""What a browser session remembers beside its settings: who it is, what it could trust, which refits it has needed."""

import secrets

import streamlit as st

from dashboard import controls
from models.assumptions import Assumptions

VISITOR, TRUSTED, NEEDED = "visitor", "trusted", "needed"


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
    known = key in needed
    needed.add(key)
    return not known
