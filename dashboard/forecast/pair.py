"""Two answers side by side: what the evidence alone says, and what it says with the essay's reasons.

The first is the setting in force: published, scored, exported. The second has the same moves and the other strength of
the reasons; it is computed when the rest of the page stands, so that the first is no slower for it.
"""

from collections.abc import Mapping
from types import MappingProxyType

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.cache import forecasts as cache
from dashboard.cache import reference
from dashboard.cache.books import books
from dashboard.cache.reasons import agreement
from dashboard.forecast import nowcast
from dashboard.frame import page as frame
from dashboard.frame.page import plain
from dashboard.settings import idle, reasons
from dashboard.settings.reasons import Answer
from dashboard.wording.chances import doubt_sentence
from dashboard.wording.days import hindcast_note
from dashboard.wording.forecast import likeliest, outlook
from dashboard.wording.glossary import define
from dashboard.wording.labels import STATE_LABELS, STATE_MEANINGS
from dashboard.wording.models import reads_reasons, same_answers
from dashboard.wording.support import agreement_sentence
from dashboard.wording.year_mean import cuts_sentence, first_full, words_line, year_headline, year_outlooks
from data.days import year_end
from models.forecast.cells import cells
from models.forecast.results import Forecast
from models.names import STATES
from models.outcome.rule import RULE
from models.weighting.status import Status

TITLES: Mapping[Answer, str] = MappingProxyType(
    {
        Answer.EVIDENCE: "What the evidence alone says",
        Answer.REASONS: "What it says with the essay’s reasons",
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
MEANINGS = "\n\n".join(f"**{STATE_LABELS[state]}.** {STATE_MEANINGS[state]}" for state in reversed(STATES))
SAME = "Both columns show the same chances here."
DEAF = "No model that reads the essay’s reasons has a weight, so they cannot move the answer."


def first(forecast: Forecast, horizon: int, greyed: bool) -> DeltaGenerator:
    """Draw the answer in force; returns the place for the one beside it."""
    left, right = st.columns(2, gap="small")
    kind = reasons.kind(forecast.assumptions)
    usual, moved = frame.default_forecast(), not forecast.assumptions.is_default
    with left.container(border=True, height="stretch"):
        _title(kind, ABOUT[kind], forecast.status)
        with st.container(key="answer"):
            _states(forecast, usual, horizon, moved and not greyed, greyed)
            frame.change_note(moved, greyed)
        nowcast.card(forecast, reference.today())
        nowcast.begun(forecast)
        _year(forecast)
    return right.container(border=True, height="stretch", key="beside")


def second(place: DeltaGenerator, forecast: Forecast, horizon: int) -> None:
    """Compute the other answer and draw it into its place."""
    setting = reasons.counterpart(forecast.assumptions)
    other, kind = cache.forecast(setting), reasons.kind(setting)
    with place:
        _title(kind, BESIDE[kind], other.status)
        if other.status == Status.POOR:
            st.warning("Too far from all stored fits: no numbers. Move a claim a little towards its default.")
            return
        _states(other, forecast, horizon, compared=True)
        st.caption("Tags: the change against the column beside.")
        nowcast.card(other, reference.today())
        _year(other)
        worst = cells(other.table).worst_error
        agreement = f":material/balance: {plain(_agreement(forecast, other))}"
        st.caption(f"{agreement} {plain(doubt_sentence(worst))}", help=define("compatibility"))
        if kind == Answer.REASONS:
            idle.essay_button("Use the essay’s reading", "use-essay")


def _title(kind: Answer, about: str, status: Status) -> None:
    st.markdown(f"**{TITLES[kind]}**", help=f"{about}\n\n{define("essay's reading")}")
    frame.trust_badge(status)


def _states(forecast: Forecast, usual: Forecast, horizon: int, compared: bool, greyed: bool = False) -> None:
    """Headline and states of one answer, each with its distance from another where asked."""
    today = reference.today()
    head = plain(likeliest(forecast.table, horizon, today))
    st.markdown(f"##### :gray[{head}]" if greyed else f"##### {head}", help=MEANINGS)
    if note := hindcast_note(year_end(forecast.reference_date, horizon), forecast.reference_date, today):
        st.caption(plain(note), help=define("hindcast"))
    others = {reading.outcome: reading for reading in outlook(usual.table, horizon)}
    states = reversed(outlook(forecast.table, horizon))
    for column, reading in zip(st.columns(len(STATES), gap="xsmall"), states, strict=True):
        with column:
            frame.state(reading, others[reading.outcome], compared, greyed, short=True)


def _year(forecast: Forecast) -> None:
    """The next full year."""
    known, table, today = books(), forecast.table, reference.today()
    if years := year_outlooks(table):
        year = first_full(years, forecast.reference_date)
        with st.container(border=True):
            st.markdown(plain(year_headline(year, today)), help=define("year mean"))
            st.markdown(f"**{plain(words_line(year))}**")
            st.caption(plain(cuts_sentence(known.tone, RULE.word_cuts)))


def _agreement(forecast: Forecast, other: Forecast) -> str:
    """What holds between the two, and how well the evidence agrees with the essay's strength."""
    if not reads_reasons(forecast.model_weights):
        return DEAF
    stronger, weaker = (forecast, other) if reasons.kind(forecast.assumptions) == Answer.REASONS else (other, forecast)
    said = agreement_sentence(agreement(weaker, stronger.assumptions))
    return f"{SAME} {said}" if same_answers(forecast.table, other.table) else said
