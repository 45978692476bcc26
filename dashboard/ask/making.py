"""An act made to happen beside the same act observed, each by itself: what differs, in the reader's own case."""

import streamlit as st

from dashboard.ask.given import QUESTIONS, pictured
from dashboard.ask.supposed import Supposed
from dashboard.cache import asked as cache
from dashboard.figures.asked import answer_bars
from dashboard.frame import page as frame
from dashboard.frame.page import plain
from dashboard.wording.ask import given as words
from dashboard.wording.ask.signposts import question_text
from dashboard.wording.glossary import define
from dashboard.wording.pictures.card import slug
from models.forecast.results import Forecast
from models.names import STATES
from models.signposts.pins import Act, Observed

_SIZE = len(STATES)


def show(forecast: Forecast, given: Supposed, year: int) -> None:
    """Each act that is made to happen; nothing without one."""
    for act in given.conditions.acts:
        with st.container(border=True):
            name = f"{act.id}: observed, or made to happen in {act.year}"
            st.markdown(f"**{name}**", help=define("made to happen"))
            st.caption(plain(question_text(QUESTIONS[act.id])))
            _both(forecast, act, year)


def _both(forecast: Forecast, act: Act, year: int) -> None:
    at = cache.board(forecast).coming.years.index(year)
    plainly = cache.asked(forecast)
    seen, made = cache.asked(forecast, (Observed(id=act.id, yes=True),)), cache.asked(forecast, (), (act,))
    if seen.too_rare:
        st.caption(words.TOO_RARE)
        return
    before = plainly.published[at, :_SIZE]
    moves = {
        answer: words.shifts(before, answer.published[at, :_SIZE], answer.mixture.mcse[at, :_SIZE])
        for answer in (seen, made)
    }
    state = words.most_moved(moves[seen])
    observed, happened = (next(move for move in moves[answer] if move.state == state) for answer in (seen, made))
    sentence = words.difference_sentence(act, QUESTIONS[act.id], year, observed, happened)
    bars = {
        "Nothing supposed": before,
        "Observed": seen.published[at, :_SIZE],
        f"Made to happen in {act.year}": made.published[at, :_SIZE],
    }
    told = pictured(f"observed-or-made-{slug(act.id)}", forecast, question_text(QUESTIONS[act.id]))
    frame.chart(answer_bars(bars, seen.mixture.mcse[at, :_SIZE], sentence), sentence, picture=told)
