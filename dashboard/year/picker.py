"""The two ways to ask about a year: a click on a chart, and a list for the keyboard."""

import streamlit as st

from dashboard.cache import forecasts as cache
from dashboard.cache import reference
from dashboard.figures.style import Spec
from dashboard.figures.years import with_chosen
from dashboard.frame import page as frame
from dashboard.settings import controls
from dashboard.wording.past.why import choice
from data.days import last_whole_year

HELP = "Its acts, and how the rule makes its label of them. A click on a year in the chart above does the same."


def chart(
    spec: Spec, sentence: str, title: str = "", help_text: str = "", picture: frame.Picture | None = None
) -> None:
    """A chart whose years can be clicked, with the explained year marked in it, and the list of years below it."""
    present, year = controls.account(), controls.view().why
    key = present.click_key("years", year, _take)
    frame.chart(with_chosen(spec, year), sentence, title, help_text, key, picture)
    years()


def years() -> None:
    """The list of years, for whoever does not click."""
    present, value, as_of = controls.account(), controls.view().why, reference.evidence().as_of
    states = {label.year: label.state for label in cache.history()}
    options = sorted({*states, as_of.year}, reverse=True)
    if value not in options:
        value = None
    shown = st.selectbox(
        "Why this year?",
        options,
        index=None if value is None else options.index(value),
        key=present.key("why", value, _take),
        format_func=lambda year: choice(year, states.get(year), year > last_whole_year(as_of)),
        placeholder="Click a year in the chart, or choose one",
        help=HELP,
        width=420,
    )
    controls.compare(present, shown, value)


def _take(year: object) -> None:
    """Explain a year that has begun; a click beside all years changes nothing."""
    if isinstance(year, int) and year <= reference.evidence().as_of.year:
        controls.account().look(why=year)
