"""Who signs what is saved: as the sign-in says where people sign in, else as they type."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.frame.plain_markdown import plain
from dashboard.roles.people import person
from dashboard.settings import session
from dashboard.wording.people.who import SIGNS
from models.record.entry_checks import NAME_LETTERS


def box(place: DeltaGenerator, key: str, label: str = "Author", hint: str = "Who says so? Required") -> None:
    """A box for the author's name; for who has signed in, the name that will stand there."""
    if signed := person().author:
        place.markdown(plain(SIGNS.format(author=signed)))
        return
    if key not in st.session_state:
        st.session_state[key] = session.author()
    place.text_input(label, key=key, max_chars=NAME_LETTERS, placeholder=hint, persist_state="session")


def said(key: str) -> str:
    """The author: nothing that is typed counts where people sign in."""
    return person().author or str(st.session_state.get(key, "")).strip()
