"""What stands below the slider of a claim that moves nothing, and the one button that gives the essay its strength."""

from collections.abc import Callable, Mapping

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.settings import reasons
from dashboard.settings.account import Account
from dashboard.settings.controls import account, current

IDLE = 0.01
"""A claim is idle when it moves no chance by a point over its full range."""
IDLE_TEXT = "Over its full range it moves no chance by a point."
OFFER = ":small[:primary[Use the essay’s reading]]"


def notes(below: Mapping[str, DeltaGenerator], reach: Callable[[str], float]) -> None:
    """Say below its slider that a claim is idle, and offer the strength at which it is not.

    Every claim is one step, at which a new move may interrupt: where all are new they take a second.

    Parameters
    ----------
    below : mapping of str to DeltaGenerator
        As `dashboard.settings.sidebar.show` returns it.
    reach : callable
        How far a claim can move the forecast (`models.forecast.effects.claim_reach`).
    """
    offered = reasons.kind(current()) != reasons.Answer.REASONS
    for key, place in below.items():
        with place.container(gap=None):
            if reach(key) < IDLE:
                _note(key, offered)


def _note(claim: str, offered: bool) -> None:
    st.caption(IDLE_TEXT)
    if offered:
        essay_button(OFFER, f"use-essay:{claim}", "tertiary")


def essay_button(label: str, key: str, kind: str = "secondary") -> None:
    """A button that gives the essay's reasons the strength of the preset; the reader's other moves stay."""
    present, strength = account(), reasons.essay_strength(current().knobs)
    help_text = (
        f"Puts “{current().knobs[reasons.STRENGTH].label}” to {strength:g}, as the preset “The essay’s reading” does. "
        "Your other moves stay; undo takes it back."
    )
    st.button(label, key=key, type=kind, help=help_text, on_click=present.press, args=(_take(present),))


def _take(present: Account) -> Callable[[], None]:
    return lambda: present.commit(reasons.with_reasons(present.setting))
