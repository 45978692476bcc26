"""How the chance of one state at one year-end has moved with each saved forecast, the project's and the reader's."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import date

import streamlit as st

from dashboard.cache import forecasts as cache
from dashboard.cache import shelves
from dashboard.figures.course import course_chart
from dashboard.frame import page as frame
from dashboard.frame import selectors
from dashboard.wording.saved.course import course_sentence, course_title
from models.errors import RecordError
from models.published.owners import OWN, PROJECT
from models.record.listing import Listing
from models.track.course import course


def show(day: date) -> None:
    """The chart of a state that the reader chooses; a sentence alone while no saved forecast speaks about the day.

    Both records are opened here: place it where a reader has asked for it.
    """
    state = selectors.outcome("course:state")
    known = listings()
    key = (*((owner, *one.head) for owner, one in known.items()), state, day)
    table = cache.copied("course", key, lambda: course({o: one.forecasts for o, one in known.items()}, state, day))
    if table.empty:
        st.info(course_sentence(table, state, day), icon=":material/hourglass_empty:")
        return
    spec = cache.copied("course chart", key, lambda: course_chart(table, state, day))
    told = frame.Picture(name="course", day=day)
    frame.chart(spec, course_sentence(table, state, day), course_title(state, day), picture=told)


def listings() -> Mapping[str, Listing]:
    """What can be read of the two; the Record page says what is wrong with the other."""
    found = {}
    for owner in (PROJECT, OWN):
        with suppress(RecordError):
            found[owner] = shelves.shelf(owner).listing
    return found
