"""The sidebar as a whole: presets, the way back and forth, every slider by group; or what is set, where none moves."""

from collections.abc import Mapping
from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.settings import beside, controls
from dashboard.settings.link import GROUPS
from dashboard.wording.knobs import moved_sentence
from data.types import Claim

CARDS_PAGE = "app_pages/assumptions.py"


def show(claims: tuple[Claim, ...]) -> Mapping[str, DeltaGenerator]:
    """Presets, undo, redo, reset and every slider, for the sidebar; returns the place below each claim's slider."""
    st.markdown("**Your assumptions**", help=moved_sentence(controls.current()))
    controls.preset_box()
    beside.button()
    steps()
    below = {}
    for group, knobs in controls.knob_groups(controls.current(), claims).items():
        with st.expander(controls.GROUP_LABELS[group], expanded=group == GROUPS[0]):
            for knob in knobs:
                controls.slider(knob)
                if knob.group == "claim":
                    below[knob.key] = st.container()
            _cards_button(group)
    return below


def set_aside() -> None:
    """What stands in the sidebar of a page that no slider moves: what is set, and the way back and forth."""
    st.markdown("**Your assumptions**")
    steps()
    st.markdown(f":small[{moved_sentence(controls.current())} The sliders stand on Forecast, Ask and Assumptions.]")


def steps() -> None:
    """Undo, redo and reset; the keys for them are in `dashboard/frame/live.html`."""
    present = controls.account()
    back = "Put every slider back to the starting view; undo brings your setting back"
    untouched = controls.current().is_default and not controls.current().reasons
    told = (
        ("undo", "Undo", "Take the last change back (Ctrl+Z)", not present.history.past, present.undo),
        ("redo", "Redo", "Take the last undo back (Ctrl+Shift+Z)", not present.history.future, present.redo),
        ("reset", "Reset", back, untouched, present.reset),
    )
    with st.container(horizontal=True, gap="small"):
        for key, label, help_text, disabled, step in told:
            st.button(label, key=key, help=help_text, disabled=disabled, on_click=present.press, args=(step,))


def _cards_button(group: str) -> None:
    """The way to the cards of a group: the reason and the evidence behind each of its sliders."""
    present = controls.account()
    look = partial(present.look, group=group)
    about = {"type": "tertiary", "icon": ":material/menu_book:", "help": "Opens the cards of this group on Assumptions"}
    if st.button("Reasons and evidence", key=f"cards:{group}", on_click=present.press, args=(look,), **about):
        st.switch_page(CARDS_PAGE)
