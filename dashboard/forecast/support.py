"""Does the evidence support a setting, and what would one have to believe for another answer: two panels."""

import pandas as pd
import streamlit as st

from dashboard.cache import forecasts as cache
from dashboard.frame import page as frame
from dashboard.frame import selectors
from dashboard.frame.grid import grid
from dashboard.settings import controls
from dashboard.wording.chances import percent
from dashboard.wording.forecast import state_on_day
from dashboard.wording.glossary import define
from dashboard.wording.support import (
    TRUST,
    conflict_note,
    ratio_text,
    shift_changes,
    shift_sentence,
    support_sentence,
    unreachable,
)
from models.assumptions.setting import Assumptions
from models.forecast.inverse import Goal, Search, Shift
from models.forecast.results import Forecast
from models.measures.drivers import DRIVERS
from models.names import TARGET_STATE

TITLES = {driver.claim: driver.title for driver in DRIVERS}
MEASURED = {driver.claim: f"{driver.title} ({driver.sources})" for driver in DRIVERS}
GOAL, FOUND = "goal", "shifts"


def compatible(forecast: Forecast) -> None:
    """How compatible the evidence is with the setting, in all and assumption by assumption."""
    st.markdown("#### Does the evidence support your assumptions?", help=define("compatibility"))
    if forecast.assumptions.is_default:
        st.caption("These are the defaults, against which other assumptions are compared. Move one to see.")
        return
    st.markdown(frame.plain(support_sentence(cache.support(forecast))))
    supports = cache.knob_supports(forecast)
    titles = {key: knob.label for key, knob in forecast.assumptions.knobs.items()}
    note = conflict_note(supports, titles, MEASURED)
    if note:
        st.warning(frame.plain(note), icon=":material/contract_delete:")
    rows = [
        {
            "Assumption": titles[key],
            "Now": forecast.assumptions.values[key],
            "Default": forecast.assumptions.knobs[key].default,
            "Evidence, against its default": ratio_text(support),
            "Measured by": TITLES.get(key, ""),
        }
        for key, support in supports.items()
    ]
    grid(pd.DataFrame(rows))


def inverse(forecast: Forecast, horizon: int) -> None:
    """The inverse slider: choose a probability, see the smallest change of belief that gives it."""
    st.markdown("#### What would you have to believe?", help=define("inverse slider"))
    state = selectors.outcome("inverse")
    now = forecast.probability(TARGET_STATE, horizon, state)
    what = state_on_day(forecast.table, state, horizon)
    left, right = st.columns([2, 1], vertical_alignment="bottom")
    with left:
        probability = selectors.wanted(what, now, f"wanted:{state}:{horizon}")
    goal = Goal(target=TARGET_STATE, horizon=horizon, outcome=state, probability=probability)
    wanted = (*cache.of(forecast), goal)
    with right:
        if st.button("Find the smallest change", key="find", icon=":material/search:"):
            st.session_state[GOAL] = wanted
    if st.session_state.get(GOAL) == wanted:
        _answer(forecast, goal, what)


def _answer(forecast: Forecast, goal: Goal, what: str) -> None:
    search = Search(
        evidence=cache.evidence(), library=cache.library_of(forecast), start=forecast.assumptions, goal=goal
    )
    joint, single = _searched(search, (*cache.of(forecast), goal))
    st.markdown(frame.plain(shift_sentence(goal, joint, what)))
    reached = [shift for shift in (joint, *single) if shift.reached]
    for index, shift in enumerate(reached[:4]):
        _offer(shift, forecast.assumptions, index)
    missing = unreachable(single)
    if missing:
        st.caption(f"{missing} of {len(single)} claims cannot do it alone inside their ranges.")


def _searched(search: Search, key: tuple[object, ...]) -> tuple[Shift, tuple[Shift, ...]]:
    """The search, with its progress; a move of any slider stops it."""
    stored = st.session_state.get(FOUND)
    if stored and stored[0] == key:
        return stored[1]
    bar = st.progress(0.0, text="Moving all claims together.")
    joint, single = search.jointly(), []
    for done, claim in enumerate(search.claims):
        bar.progress((done + 1) / (len(search.claims) + 1), text=f"Moving {claim} alone.")
        single.append(search.along(claim))
    bar.empty()
    answer = joint, search.ranked(single)
    st.session_state[FOUND] = (key, answer)
    return answer


def _offer(shift: Shift, start: Assumptions, index: int) -> None:
    titles = {key: knob.label for key, knob in start.knobs.items()}
    changes = shift_changes(shift, start.values, titles)
    who = "All claims together" if len(shift.keys) > 1 else "One claim alone"
    with st.container(border=True):
        text, action = st.columns([4, 1], vertical_alignment="center")
        gives = f"gives {frame.plain(percent(shift.probability))}; {TRUST[shift.status]}"
        text.markdown(f"**{who}, {shift.sds:.1f} sd**: {frame.plain(changes)}  \n:small[{gives}]")
        action.button(
            "Use it",
            key=f"use:{index}",
            help="Moves the sliders there. Undo brings your setting back; a refit there confirms the number.",
            on_click=controls.commit,
            args=(shift.assumptions,),
        )
