"""An answer as every page shows it: the sentence that a layman repeats, four states in one order, and the badges."""

from dataclasses import replace

import streamlit as st

from dashboard.cache import forecasts as cache
from dashboard.cache import reference
from dashboard.frame.plain_markdown import plain
from dashboard.settings import controls
from dashboard.wording.days import hindcast_note
from dashboard.wording.first.change import change
from dashboard.wording.first.trust import TRUST, Badge, Stale
from dashboard.wording.forecast import likeliest, number_sentence, outlook
from dashboard.wording.glossary import define
from dashboard.wording.labels import STATE_LABELS, STATE_MEANINGS, STATE_SHORT
from dashboard.wording.table import Reading
from data.days import year_end
from models.assumptions.setting import Assumptions
from models.forecast.results import Forecast
from models.names import STATES
from models.weighting.status import Status

NO_NUMBERS = "No numbers for this setting yet"
MEANINGS = "\n\n".join(f"**{STATE_LABELS[state]}.** {STATE_MEANINGS[state]}" for state in reversed(STATES))


def answer(forecast: Forecast, horizon: int, struck: Stale | None = None, about: str = "") -> None:
    """The headline of one horizon: a sentence, its number and range, and the four states.

    Parameters
    ----------
    struck : Stale, optional
        Whose numbers these are while the setting on the sliders has none; None where they are its own.
    about : str
        Markdown: what the answer rests on.
    """
    with st.container(key="answer"):
        if struck:
            st.markdown(f"## {NO_NUMBERS}")
            st.markdown(f"**{plain(struck.sentence)}**")
        else:
            today = reference.today()
            st.markdown(f"## {plain(likeliest(forecast.table, horizon, today))}", help=MEANINGS)
            st.markdown(plain(number_sentence(forecast.table, horizon)), help=about or None)
            if note := hindcast_note(year_end(forecast.reference_date, horizon), forecast.reference_date, today):
                st.markdown(plain(note), help=define("hindcast"))
        moved = not forecast.assumptions.is_default
        states(forecast, horizon, default_forecast() if moved and not struck else None, struck, cards=True)


def states(
    forecast: Forecast, horizon: int, usual: Forecast | None = None, struck: Stale | None = None, cards: bool = False
) -> None:
    """The four states, cooperation first as in every legend and table, each with its change where asked."""
    before = {reading.outcome: reading for reading in outlook(usual.table, horizon)} if usual else {}
    shown = tuple(reversed(outlook(forecast.table, horizon)))
    for column, reading in zip(st.columns(len(STATES), gap="small"), shown, strict=True):
        with column, st.container(border=cards, height="stretch", gap=None):
            state(reading, before.get(reading.outcome), struck, short=not cards)


def state(reading: Reading, usual: Reading | None = None, struck: Stale | None = None, short: bool = False) -> None:
    """One state's chance in number, word and range, with what it was where asked; struck through where it is stale."""
    said, label = reading.chance, STATE_SHORT[reading.outcome]
    about = f"**{STATE_LABELS[reading.outcome]}**, {plain(said.in_100)}. {STATE_MEANINGS[reading.outcome]}"
    if struck:
        st.markdown(label)
        with st.container(key=f"struck-{reading.outcome}"):
            st.markdown(f"~~{plain(said.percent)}~~")
        st.markdown(struck.whose)
        return
    if usual is None:
        st.metric(label, said.percent, help=about)
    else:
        moved = change(usual, reading)
        st.metric(label, said.percent, moved.text, moved.colour, delta_arrow=moved.arrow, help=about)
    lines = () if short else (said.word,)
    st.markdown("  \n".join((*lines, *filter(None, (plain(said.range),)))))


def default_forecast() -> Forecast:
    """The forecast with every knob at its default: the starting view."""
    return cache.forecast(Assumptions(knobs=controls.current().knobs))


def badge(shown: Badge, help_text: str = "") -> None:
    """A word in a colour, with what it means."""
    st.badge(shown.text, color=shown.colour, icon=shown.icon, help=help_text or None)


def trust_badge(status: str, details: str = "", short: bool = False) -> None:
    """How far the numbers can be trusted; in short, the colour alone, by its name."""
    told = TRUST[Status(status)]
    text = told.text.partition(":")[0] if short else told.text
    badge(replace(told, text=text), details or define("reweighting"))
