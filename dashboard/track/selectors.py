"""Widgets of the Track record page that choose what to look at; they change no number."""

from collections.abc import Sequence

import streamlit as st

from dashboard.frame import selectors
from dashboard.wording.glossary import define
from dashboard.wording.track import GROUP_LABELS, STATUS_LABELS, event_name
from models.names import HORIZONS, STATES, TARGET_DEEPER, TARGET_RUPTURE
from models.track.asked import asked_under
from models.track.resolution import Question

EVENTS = (*reversed(STATES), TARGET_RUPTURE, TARGET_DEEPER)


def score(mark: str) -> str:
    """Which score the table shows."""
    return selectors.score(f"track:{mark}:score")


def group(mark: str) -> str:
    """What the table has a row for."""
    return st.segmented_control(
        "A row for each",
        tuple(GROUP_LABELS),
        default="assumptions",
        required=True,
        key=f"track:{mark}:group",
        format_func=GROUP_LABELS.__getitem__,
    )


def rule(mark: str, rules: Sequence[str]) -> str:
    """Under which outcome rule the scored forecasts were asked: two rules are never pooled."""
    return st.segmented_control(
        "Asked under",
        rules,
        default=rules[0],
        required=True,
        key=f"track:{mark}:rule:{'/'.join(rules)}",
        format_func=asked_under,
    )


def horizon(mark: str) -> int:
    """How many years ahead the chart looks; 0 are forecasts of a year's end from inside that year."""
    return st.segmented_control(
        "Years ahead",
        (0, *HORIZONS),
        default=1,
        required=True,
        key=f"track:{mark}:horizon",
        format_func=lambda ahead: str(ahead) if ahead else "Nowcast",
        help=define("nowcast"),
    )


def event(mark: str) -> str:
    """Which event's chances are held against what happened."""
    return st.selectbox(
        "Chance of",
        EVENTS,
        key=f"track:{mark}:event",
        format_func=event_name,
        persist_state="session",
        help=define("scenario"),
    )


def status(present: Sequence[str]) -> str | None:
    """Which questions are listed; None for all."""
    return st.segmented_control(
        "Show",
        [status for status in STATUS_LABELS if status in present],
        key="track:status",
        format_func=STATUS_LABELS.get,
    )


def question(questions: Sequence[Question]) -> Question:
    """Which question is looked at."""
    return st.selectbox(
        "Look at",
        questions,
        key="track:question",
        format_func=lambda question: f"{question.title} ({STATUS_LABELS[question.status].lower()})",
        help="Type to search.",
    )
