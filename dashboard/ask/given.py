"""What is supposed: how likely it is, what it moves, how it is taken away; on the Ask page, and in short elsewhere."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.ask import supposed as session
from dashboard.ask.supposed import Supposed, supposed
from dashboard.cache import asked as cache
from dashboard.figures.asked import supposed_states
from dashboard.forecast import downloads
from dashboard.frame import page as frame
from dashboard.frame.grid import grid
from dashboard.frame.page import plain
from dashboard.settings import controls
from dashboard.tables.asked import answer_rows, answer_table
from dashboard.wording.ask import given as words
from dashboard.wording.ask.given import Shift
from dashboard.wording.chances import percent, points
from dashboard.wording.glossary import define
from dashboard.wording.labels import STATE_SHORT
from models.errors import FitError
from models.forecast.results import Forecast
from models.names import STATES
from models.outcome.signpost_list import SIGNPOSTS
from models.signposts.ask import Asked
from models.signposts.pins import Act, Observed, Pin, StateHeld, implied
from models.storage.safe_csv import safe_csv
from models.storage.strict_json import json_text

METRIC = 140
"""Pixels of a chance: two of them fit a phone."""
QUESTIONS = {signpost.id: signpost for signpost in SIGNPOSTS}


def panel(forecast: Forecast, given: Supposed, horizon: int) -> None:
    """Everything that is supposed with its answer, or how one begins."""
    year = forecast.reference_date.year + horizon
    with st.container(border=True, key="supposed"):
        st.markdown("**What you suppose**", help=define("pin"))
        for asked in (*given.conditions.pins, *given.conditions.acts):
            _line(asked)
        for text, why in given.admitted.refused.items():
            _refused(text, why)
        _states(year)
        if given.impossible:
            st.warning(plain(given.impossible), icon=":material/block:")
        elif given.asked is None:
            st.caption(words.NOTHING_ASKED)
        else:
            _likely(given, forecast)
            if given.told:
                _answer(forecast, given.told, year)


def _line(asked: Pin | Act) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(plain(words.asked_text(asked, QUESTIONS)), width="stretch")
        session.button(
            "Take away", f"away:{asked.text}", lambda now: now.without(asked), type="tertiary", icon=":material/close:"
        )


def _refused(text: str, why: str) -> None:
    asked = next(one for one in (*controls.conditions().pins, *controls.conditions().acts) if one.text == text)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f":orange[Not asked:] {plain(why)}", width="stretch")
        session.button(
            "Take away", f"away:{text}", lambda now: now.without(asked), type="tertiary", icon=":material/close:"
        )


def _states(year: int) -> None:
    """A state at the year-end that is looked at, by one press each; and everything taken away."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"Suppose that the end of {year} is", width="content")
        for state in reversed(STATES):
            held = StateHeld(state=state, year=year)
            chosen = held in controls.conditions().pins
            session.button(
                STATE_SHORT[state],
                f"suppose:{state}",
                lambda now, held=held, chosen=chosen: now.without(held) if chosen else now.pinned(held),
                type="primary" if chosen else "secondary",
            )
        if controls.conditions():
            session.button("Take all away", "away", session.nothing, type="tertiary", icon=":material/restart_alt:")


def _likely(given: Supposed, forecast: Forecast) -> None:
    """The chance of the pins and how far what follows from them can be trusted."""
    answer = given.asked
    with st.container(horizontal=True, vertical_alignment="center"):
        if given.conditions.pins:
            st.markdown(f"**{plain(words.chance_sentence(answer.mixture.chance))}**", width="content")
        if given.told:
            frame.trust_badge(answer.mixture.status)
            if given.conditions.pins and answer.borrowed > 0:
                st.badge(words.borrowed_text(answer.borrowed), color="gray", help=define("borrowed"))
    if answer.too_rare:
        st.warning(words.TOO_RARE, icon=":material/block:")
    elif overlap := words.overlap_sentence(implied(given.conditions.pins, cache.board(forecast))):
        st.caption(f":material/join_inner: {plain(overlap)}")


def pictured(name: str, forecast: Forecast, title: str = "") -> frame.Picture:
    """What a picture of an answer is told; what is supposed stands in its sentence."""
    setting = forecast.assumptions
    return frame.Picture(
        name=name, title=title, values=setting.values, knobs=setting.knobs, as_of=forecast.reference_date
    )


def _answer(forecast: Forecast, answer: Asked, year: int) -> None:
    rows = answer_rows(forecast.table, answer)
    moves = {at: shifts_of(rows, at) for at in answer.years}
    st.markdown(f"## {plain(words.given_sentence(moves[year], year))}")
    metrics(moves[year])
    sentence = words.course_sentence(moves)
    title = "Four states at each year-end, with what you suppose"
    frame.chart(supposed_states(rows, sentence), sentence, title, picture=pictured("supposed", forecast))
    if answer.pins:
        _signs(forecast, answer)
    with st.expander(
        "As a table and as files", icon=":material/table:", key="supposed:table", on_change="rerun"
    ) as box:
        if box.open:
            grid(answer_table(rows))
            _files(forecast, answer, year)


def _signs(forecast: Forecast, answer: Asked) -> None:
    """The signs on the way: open questions whose chances move most."""
    pinned = [pin.id for pin in answer.pins if isinstance(pin, Observed)]
    chances = cache.chances(forecast), cache.chances(forecast, answer.pins)
    lines = words.sign_lines(cache.board(forecast).open, *chances, pinned)
    if lines:
        st.markdown("\n".join((f"**{words.SIGNS_TITLE}**\n", *(f"- {plain(line)}" for line in lines))))


def _files(forecast: Forecast, answer: Asked, year: int) -> None:
    stem = f"conjunction-{forecast.reference_date}-supposed"
    everything = cache.table(forecast, year, answer.pins, answer.acts)
    with st.container(horizontal=True):
        downloads.button("States (CSV)", lambda: safe_csv(everything.states), f"{stem}.csv", "supposed-csv")
        downloads.button("Everything (JSON)", lambda: json_text(everything.document), f"{stem}.json", "supposed-json")
    st.caption(
        "The same numbers as `python -m models signposts` prints. The address of this page holds what you suppose: "
        "whoever opens it sees them."
    )


def shifts_of(rows: pd.DataFrame, year: int) -> tuple[Shift, ...]:
    """The four states at a year-end, worst first, from `dashboard.tables.asked.answer_rows`."""
    at = rows[rows["year"] == year]
    without, with_ = (at[at["kind"] == kind] for kind in ("without", "supposed"))
    return words.shifts(without["chance"], with_["chance"], at.groupby("state", sort=False)["error"].max())


def metrics(moves: Sequence[Shift]) -> None:
    """The four chances with what is supposed, each with its distance from the published one."""
    with st.container(
        horizontal=True
    ):  # two beside each other on a phone, where columns would stand one below the other
        for move in reversed(moves):
            delta = points(move.after - move.before, move.error).replace("less than ", "<")
            label, now = STATE_SHORT[move.state], percent(move.after, move.error)
            st.metric(label, now, delta, delta_color="off", delta_arrow="off", width=METRIC)
    st.caption("Tags: the change against the published forecast, which supposes nothing.")


def line() -> None:
    """On a page of published numbers: that something is supposed, and that these numbers are without it."""
    asked = controls.conditions()
    if asked:
        with st.container(horizontal=True, vertical_alignment="center", key="supposed-line"):
            text = f":material/push_pin: You suppose {plain(words.short_text(asked.pins, asked.acts))}. "
            st.markdown(text + plain(words.UNCONDITIONAL), width="stretch")
            session.button("Take all away", "away", session.nothing, type="tertiary", icon=":material/restart_alt:")


def card(place: DeltaGenerator, forecast: Forecast, horizon: int) -> None:
    """On the Forecast page, below the published answer: what follows from what is supposed, if anything is."""
    if not controls.conditions():
        return
    with place.container(border=True, key="supposed-card"):
        st.markdown("**Given what you suppose**", help=define("pin"))
        try:
            given = supposed(forecast)
        except FitError as error:
            st.caption(plain(str(error)))
            return
        for why in given.admitted.refused.values():
            st.markdown(f":orange[Not asked:] {plain(why)}")
        if given.asked is None:
            st.caption(plain(given.impossible or "Nothing of it can be asked of this evidence."))
            return
        _likely(given, forecast)
        if given.told:
            year = forecast.reference_date.year + horizon
            moves = shifts_of(answer_rows(forecast.table, given.told), year)
            st.markdown(plain(words.given_sentence(moves, year)))
            metrics(moves)
        if st.button("Ask further", key="to-ask", type="tertiary", icon=":material/live_help:"):
            st.switch_page("app_pages/ask.py")
