"""Two answers, state below state: what the evidence alone says, and what the essay's reasons make of it.

The first is the setting in force: published, scored, exported. The second has the same moves and the other strength of
the reasons; it is computed when the rest of the page stands, so that the first is no slower for it.
"""

from collections.abc import Mapping
from types import MappingProxyType

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.cache import forecasts as cache
from dashboard.cache.reasons import agreement
from dashboard.frame import page as frame
from dashboard.frame.page import plain
from dashboard.settings import idle, reasons
from dashboard.settings.reasons import Answer
from dashboard.wording.first.trust import Stale, against_essay
from dashboard.wording.glossary import define
from dashboard.wording.knobs import ESSAY
from dashboard.wording.models import reads_reasons, same_answers
from dashboard.wording.support import agreement_sentence
from models.forecast.results import Forecast
from models.weighting.status import Status

TITLES: Mapping[Answer, str] = MappingProxyType(
    {
        Answer.EVIDENCE: "The evidence alone",
        Answer.REASONS: "With the reasons of Hines’s essay",
        Answer.OWN: "At your own strength of the essay’s reasons",
    }
)
ABOUT: Mapping[Answer, str] = MappingProxyType(
    {
        Answer.EVIDENCE: "The published answer: it is the one that is scored, saved and exported.",
        Answer.REASONS: "You gave the essay’s reasons their full strength: this is what is saved and exported now.",
        Answer.OWN: "You moved how much drivers matter: this is what is saved and exported now.",
    }
)
BESIDE: Mapping[Answer, str] = MappingProxyType(
    {
        Answer.EVIDENCE: "The default strength, with your other moves.",
        Answer.REASONS: "The essay’s full strength, with your other moves. Shown beside, not scored.",
    }
)
SAME = "Both answers show the same chances here."
DEAF = "No model that reads the essay’s reasons has a weight, so they cannot move the answer."


def first(forecast: Forecast, horizon: int, struck: Stale | None = None) -> None:
    """Draw the answer in force, struck through where it is not that of the sliders."""
    kind = reasons.kind(forecast.assumptions)
    about = f"**{TITLES[kind]}.** {ABOUT[kind]}\n\n{define("essay's reading")}"
    frame.answer(forecast, horizon, struck, about)


def second(place: DeltaGenerator, forecast: Forecast, horizon: int) -> None:
    """Compute the other answer and draw it into its place."""
    setting = reasons.counterpart(forecast.assumptions)
    other, kind = cache.forecast(setting), reasons.kind(setting)
    with place:
        with st.container(horizontal=True, vertical_alignment="center"):
            help_text = f"{ESSAY} {BESIDE[kind]}\n\n{define("essay's reading")}"
            st.markdown(f"### {TITLES[kind]}", help=help_text, width="content")
            frame.trust_badge(other.status, short=other.status == forecast.status)
            if other.status != Status.POOR:
                _agreed(forecast, other)
            if kind == Answer.REASONS:
                idle.essay_button("Use it", "use-essay", "tertiary")
        if other.status == Status.POOR:
            st.markdown("Too far from all stored fits: no numbers. Move a claim a little towards its default.")
        else:
            frame.states(other, horizon)


def _agreed(forecast: Forecast, other: Forecast) -> None:
    """What the record says of the essay's strength, as a badge; that the two do not differ where they do not."""
    if not reads_reasons(forecast.model_weights):
        st.markdown(DEAF, width="content")
        return
    stronger, weaker = (forecast, other) if reasons.kind(forecast.assumptions) == Answer.REASONS else (other, forecast)
    found = agreement(weaker, stronger.assumptions)
    same = f"{SAME} " if same_answers(forecast.table, other.table) else ""
    details = f"{plain(same + agreement_sentence(found))}\n\n{define('compatibility')}"
    frame.badge(against_essay(found), details)
