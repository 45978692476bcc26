"""What is aimed at from elsewhere: a card's group is opened, and the reader is brought to the card, or to a box."""

from functools import partial
from pathlib import Path

import streamlit as st

from dashboard.settings import controls
from data.types import Claim

PAGE = "app_pages/assumptions.py"
WANTED, COUNT = "aim:card", "aim:count"
BROUGHT = Path(__file__).with_name("aim.html").read_text(encoding="utf-8")
"""Brings the reader to the box that the element before it names; the count makes it another one every time."""


def button(label: str, key: str, knob: str, claims: tuple[Claim, ...], icon: str | None = None) -> None:
    """A button that leads to one card."""
    present, groups = controls.account(), controls.knob_groups(controls.current(), claims)
    group = next(name for name, knobs in groups.items() if knob in {one.key for one in knobs})

    def press() -> None:
        st.session_state[WANTED] = knob
        present.look(group=group)

    if st.button(label, key=key, type="tertiary", icon=icon, on_click=partial(present.press, press)):
        st.switch_page(PAGE)


def taken() -> str:
    """The card that was aimed at, once; empty on every other run."""
    return st.session_state.pop(WANTED, "")


def card(knob: str) -> str:
    """Key of a card's container."""
    return f"card-{knob}"


def go_to(key: str) -> None:
    """Bring the reader to a box that stands by now, by its key; nowhere for an empty one."""
    if key:
        st.session_state[COUNT] = st.session_state.get(COUNT, 0) + 1
        named = f'<i hidden data-aim="{key}">{st.session_state[COUNT]}</i>'
        st.html(named + BROUGHT, unsafe_allow_javascript=True)
