"""Widgets of the Checks page that choose what to look at; they change no number."""

from collections.abc import Mapping, Sequence

import streamlit as st

from dashboard.frame import selectors
from dashboard.wording.backtest import horizon_text, short_name
from dashboard.wording.calibration import quantity_text
from dashboard.wording.labels import STATE_LABELS
from dashboard.wording.numerals import sentence_case
from models.names import HORIZONS, MEMBERS, STATES


def score() -> str:
    """Which score the comparison shows."""
    return selectors.score("checks:score")


def horizon() -> int:
    """Which horizon the comparison shows; 0 is all of them pooled."""
    return st.segmented_control(
        "Years ahead",
        (0, *HORIZONS),
        default=0,
        required=True,
        key="checks:horizon",
        format_func=lambda ahead: str(ahead) if ahead else "All",
        help=f"{horizon_text(0)} pooled, or one of them.",
    )


def quantity(quantities: Mapping[str, Sequence[str]], worst: Mapping[str, str]) -> tuple[str, str]:
    """A model and one of its simulated quantities; at first the one whose ranks are least like chance."""
    left, right = st.columns(2)
    with left:
        model = _model("checks:calibrated", [model for model in MEMBERS if model in quantities])
    with right:
        names = list(quantities[model])
        name = st.selectbox(
            "Quantity",
            names,
            index=names.index(worst[model]),
            key=f"checks:quantity:{model}",
            format_func=quantity_text,
            help="At first the one of each model that strays most.",
        )
    return model, name


def curve(models: Sequence[str], first: tuple[str, str]) -> tuple[str, str]:
    """A model and a state whose hindcasts are held against what happened; at first the pair given."""
    left, right = st.columns(2)
    with left:
        model = _model("checks:reliable", models, first[0])
    with right:
        states = tuple(reversed(STATES))
        state = st.selectbox(
            "State",
            states,
            index=states.index(first[1]),
            key="checks:state",
            format_func=STATE_LABELS.__getitem__,
            help="At first the curve that strays most from its band.",
        )
    return model, state


def _model(key: str, models: Sequence[str], first: str | None = None) -> str:
    return st.selectbox(
        "Model",
        models,
        index=models.index(first) if first in models else 0,
        key=key,
        format_func=lambda model: sentence_case(short_name(model)),
    )
