"""Three questions that set the page: each a button, each undone by undo or by closing what it opened."""

from functools import partial

import streamlit as st

from dashboard.inverse import panel
from dashboard.settings import controls
from dashboard.settings.account import Account
from dashboard.wording.first import welcome as words
from models.assumptions.presets import presets
from models.assumptions.setting import Assumptions
from models.names import HORIZONS, Scenario

SCEPTIC = "sceptic"
ASKED = panel.Wish(state=Scenario.RUPTURE.value, years=HORIZONS[-1], ever=True, per_cent=15.0)
"""At least once by the last year-end, where a search finds a way: by a nearer one fifteen per cent lie out of reach."""


def row() -> None:
    """The buttons; what they set is taken before anything of the next run is drawn."""
    present = controls.account()
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="questions"):
        st.markdown("Try:", width="content")
        st.button(words.SCEPTIC, key="try:sceptic", on_click=present.press, args=(partial(_preset, present),))
        st.button(words.RUPTURE, key="try:inverse", on_click=present.press, args=(partial(panel.wish, ASKED),))
        look = partial(present.look, why=words.RUPTURE_YEAR)
        st.button(words.WHY, key="try:why", on_click=present.press, args=(look,))


def _preset(present: Account) -> None:
    """The sceptic's values; reasons that were written stay."""
    setting = present.setting
    values = presets(setting.knobs)[SCEPTIC].values
    present.commit(Assumptions(knobs=setting.knobs, values=values, reasons=setting.reasons))
