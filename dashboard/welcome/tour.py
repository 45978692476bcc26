"""The tour: five steps in a corner of the page, shown once a browser, skipped or opened again at will.

It covers nothing that cannot be scrolled to, and outlines what a step is about: a box that stands in the corner by its
style alone (`dashboard/frame/live.html`), early in the page for keyboards and screen readers. That it was seen stands
in a cookie, which the server reads before it draws anything.
"""

import json
from html import escape
from pathlib import Path

import streamlit as st

from dashboard.frame.page import plain
from dashboard.wording.first import welcome as words

SEEN = Path(__file__).with_name("tour.html")
COOKIE, STEP, ASKED = "conjunction_tour", "tour:step", "tour:asked"
CLOSED = -1
TARGETS = (
    (".st-key-answer",),
    (".st-key-head [data-testid=stButtonGroup]",),
    ("[data-testid=stSidebar] [data-testid=stSlider]", "[data-testid=stExpandSidebarButton]"),
    (".st-key-trust",),
    (".st-key-actions",),
)
"""Selectors of what each step is about, the usual place first; on a phone the sliders wait behind the arrows."""


@st.fragment
def show() -> None:
    """The button that opens it, and the step that is open, if any. A run of its own: the page stays as it is."""
    at = st.session_state.setdefault(STEP, CLOSED if COOKIE in st.context.cookies else 0)
    if st.button(words.OPEN, key="tour:open", type="tertiary", icon=":material/explore:", help=words.ABOUT):
        at = _go(0)
        st.session_state[ASKED] = True
    if at != CLOSED:
        inner = "tour-asked" if st.session_state.get(ASKED) else "tour-unasked"
        with st.container(border=True, key="tour", gap="small"), st.container(key=inner, gap="small"):
            _step(at)


def _step(at: int) -> None:
    step, last = words.TOUR[at], at == len(words.TOUR) - 1
    told = escape(json.dumps({"targets": TARGETS[at], "scrolls": at > 0}))
    st.html(f'<i hidden data-tour-step="{told}"></i>{SEEN.read_text(encoding="utf-8")}', unsafe_allow_javascript=True)
    with st.container(key=f"tour-at-{at}", gap=None):
        st.markdown(f"**{plain(step.title)}** :small[{words.place(at)}]")
        st.markdown(plain(step.text))
    with st.container(horizontal=True, gap="small"):
        if st.button(words.DONE if last else words.NEXT, key="tour:next", type="primary"):
            _turn(CLOSED if last else at + 1)
        if st.button(words.BACK, key="tour:back", disabled=at == 0):
            _turn(at - 1)
        if st.button(words.SKIP, key="tour:skip", type="tertiary"):
            _turn(CLOSED)


def _go(at: int) -> int:
    st.session_state[STEP] = at
    return at


def _turn(at: int) -> None:
    _go(at)
    st.rerun(scope="fragment")
