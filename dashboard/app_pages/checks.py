"""The Checks page: four questions of a reader who doubts, each with an answer by rule and the tests behind it."""

import streamlit as st

from dashboard.checks import change, forecast, models, sampler
from dashboard.checks.frame import show_card
from dashboard.frame import page as frame
from dashboard.wording.verdicts import QUESTIONS

SECTIONS = (sampler, models, forecast, change)


def _answers() -> None:
    """Two rows of two cards, each filled as soon as its answer is known."""
    for first in (0, 2):
        for column, name, section in zip(st.columns(2), *_pair(first), strict=True):
            with column:
                show_card(name, section.answer())


def _pair(first: int) -> tuple:
    return tuple(QUESTIONS)[first : first + 2], SECTIONS[first : first + 2]


frame.title("Checks", "Would you notice if this were wrong?")
frame.notes()
_answers()
for part in SECTIONS:
    part.show()
