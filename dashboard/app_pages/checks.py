"""The Checks page: four questions of a reader who doubts, each with an answer by rule, a next step and its tests."""

import streamlit as st

from dashboard.checks import change, forecast, models, sampler
from dashboard.checks.frame import heading, show_card, step, tests
from dashboard.frame import page as frame
from dashboard.wording.verdicts import CHANGE, FORECAST, MODELS, QUESTIONS, SAMPLER

SECTIONS = {SAMPLER: sampler, FORECAST: forecast, CHANGE: change, MODELS: models}
"""In the order of answering: the models' priors are asked under the setting in force, which takes seconds."""

frame.title("Checks", "Would you notice if this were wrong?")
frame.notes()
places = {name: st.container(border=True, gap="xsmall") for name in QUESTIONS}
verdicts = {}
for asked, place in places.items():
    with place:
        verdicts[asked] = heading(asked)
for asked, section in SECTIONS.items():
    with places[asked]:
        card = section.answer()
        show_card(card, verdicts[asked])
        step(asked)
        tests(asked, card, section.show)
