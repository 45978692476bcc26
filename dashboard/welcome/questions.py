"""Three questions that set the page: each a button, each undone by undo or by closing what it opened."""

from functools import partial

import streamlit as st

from dashboard.cache import reference
from dashboard.inverse import panel
from dashboard.settings import controls
from dashboard.settings.account import Account
from dashboard.wording.first import welcome as words
from data.days import year_end
from models.assumptions.presets import presets
from models.assumptions.setting import Assumptions
from models.names import HORIZONS, Scenario

SCEPTIC = "sceptic"
ASKED = panel.Wish(state=Scenario.RUPTURE.value, years=HORIZONS[-1], ever=True, per_cent=15.0)
"""At least once by the last year-end, where a search finds a way: by a nearer one fifteen per cent lie out of reach."""


EXPLAINED = "why-year"
"""Key of the box in which `dashboard.year.panel` explains a year."""
GO = "questions:go"
"""Session key: what opened by a question, to which the reader is brought."""


def row() -> str:
    """The buttons; what they set is taken before anything of the next run is drawn.

    Returns
    -------
    str
        Key of what the last press opened; empty on every other run.
    """
    present, last = controls.account(), year_end(reference.evidence().as_of, HORIZONS[-1]).year
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="questions"):
        st.button(words.SCEPTIC, key="try:sceptic", on_click=present.press, args=(partial(_preset, present),))
        st.button(words.rupture(last), key="try:inverse", on_click=present.press, args=(_inverse,))
        st.button(words.WHY, key="try:why", on_click=present.press, args=(partial(_why, present),))
    return st.session_state.pop(GO, "")


def _preset(present: Account) -> None:
    """The sceptic's values; reasons that were written stay."""
    setting = present.setting
    values = presets(setting.knobs)[SCEPTIC].values
    present.commit(Assumptions(knobs=setting.knobs, values=values, reasons=setting.reasons))


def _inverse() -> None:
    panel.wish(ASKED)
    st.session_state[GO] = panel.BOX


def _why(present: Account) -> None:
    present.look(why=words.RUPTURE_YEAR)
    st.session_state[GO] = EXPLAINED
