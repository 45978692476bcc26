"""The frame of every page: errors caught once, notes about what could not be taken, charts with their sentence."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.cache import forecasts as cache
from dashboard.cache import reasons as reach
from dashboard.cache import reference
from dashboard.frame import who
from dashboard.frame.answer import answer, badge, default_forecast, state, states, trust_badge
from dashboard.frame.chart import Picture, chart, script
from dashboard.frame.plain_markdown import plain
from dashboard.settings import controls, idle, looks, marks, reasons, sidebar
from dashboard.wording.evidence import days_sentence, fitting_commands, fitting_sentence, former_sentence
from dashboard.wording.glossary import define
from dashboard.wording.labels import date_text
from dashboard.wording.record import rule_note
from data.editions.edition import newest_edition
from data.errors import ConjunctionError
from data.load import load_evidence
from data.unused import later_warning
from models.assumptions.knobs import knobs
from models.errors import FitError
from models.fits.dated import fitted_dates

__all__ = ["Picture", "answer", "badge", "chart", "default_forecast", "plain", "state", "states", "trust_badge"]
WITH_SLIDERS = ("", "ask", "assumptions")
"""Addresses of the pages whose sidebar holds the sliders."""
LIVE = Path(__file__).with_name("live.html")
"""What the browser adds: a move replaces the history's entry, and numbers that are being computed are marked."""


@contextmanager
def shown_errors() -> Iterator[None]:
    """Show one of our errors in place of what it stopped; anything else is a bug and goes its way."""
    try:
        yield
    except FitError as error:
        _no_fit(error)
    except ConjunctionError as error:
        st.error(plain(str(error)), icon=":material/error:")


def _look_from(day: date, label: str) -> None:
    """A button that looks at the evidence as of another day."""
    present, as_of = controls.account(), None if day == reference.newest() else day
    st.button(label, key=f"as-of:{day}", on_click=present.press, args=(partial(present.look, as_of=as_of),))


def _no_fit(error: FitError) -> None:
    """What there is no forecast of, how one is made, and which days have theirs."""
    own, fitted = reference.evidence().as_of, fitted_dates()
    st.error(f"**There is no forecast to show.** {plain(str(error))}", icon=":material/error:")
    st.markdown(f"{fitting_sentence(own, fitted)}\n\n```\n{fitting_commands(own)}\n```")
    for day in reversed(fitted):
        if day not in (own, reference.newest()):  # to the newest there is a way below the page's title
            _look_from(day, f"Look from {date_text(day)} instead")
    st.markdown("The *Evidence* and *Method* pages work without it.")


def run(page: object) -> None:
    """Run the page that was chosen, inside the frame."""
    with shown_errors():
        controls.start(load_evidence().claims)
        controls.collect()
        _other_evidence()
        controls.account().turn(page.url_path)
        controls.publish()
        with st.container(key="live"):
            st.html(LIVE, unsafe_allow_javascript=True)
            script()
        page.run()
        with st.sidebar:
            who.show()
        if page.url_path not in WITH_SLIDERS:
            with st.sidebar:
                sidebar.set_aside()


def _other_evidence() -> bool:
    """Hold on to the evidence that the session looks at; whether it is other than what the page was drawn from, because
    another day was chosen or an update came into force."""
    reference.choose(controls.view().as_of)
    return reference.hold()


def live(body: Callable[[], Callable[[], None] | None]) -> None:
    """Run `body` and the sidebar's sliders in one fragment: a move redraws these and nothing else.

    Parameters
    ----------
    body : callable
        Draws the page; what it returns, if anything, is called when all else stands.
    """

    @st.fragment
    def redrawn() -> None:
        controls.collect()
        controls.publish()
        if _other_evidence():
            st.rerun()
        with shown_errors(), st.sidebar:  # before the numbers, which may take seconds: what is in force shows at once
            below = sidebar.show(cache.evidence().claims)
            looks.reference_selector(fitted_dates())
        with shown_errors():
            with st.container():
                notes()
            last = body()
            _idle(below)
            if last:
                last()
        controls.publish()
        if controls.account().unheard:
            st.rerun()

    st.html(marks.style_sheet(knobs(cache.evidence().claims)))
    redrawn()


def _idle(below: Mapping[str, DeltaGenerator]) -> None:
    """Last of all, since nobody waits for it: which claims move nothing."""
    forecast, base = cache.forecast(controls.current()), reasons.strength_alone(controls.current())
    idle.notes(below, lambda claim: reach.reach(forecast, base, claim))


def in_turn(*steps: Callable[[], None]) -> Callable[[], None]:
    """Several things that wait until all else stands, as one."""

    def all_of_them() -> None:
        for step in steps:
            step()

    return all_of_them


def notes() -> None:
    """Say what a link or a typed number held that could not be taken as it was."""
    problems = controls.problems()
    if problems:
        listed = "\n".join(f"- {plain(problem)}" for problem in problems)
        st.warning(f"Not everything could be taken as it was given:\n\n{listed}", icon=":material/rule:")


def title(name: str, question: str, beside: Callable[[], None] | None = None) -> None:
    """The page's name, the question it answers, how old the evidence is, and what of it is not counted.

    Parameters
    ----------
    beside : callable, optional
        Draws what stands in the same line as the name.
    """
    with st.container(horizontal=True, vertical_alignment="center"):
        st.title(name, anchor=False, width="content" if beside else "stretch")
        if beside:
            beside()
    known, today = reference.evidence(), reference.today()
    words = days_sentence(known.as_of, known.known_on, today)
    st.markdown(f"{question} {words}", help=define("evidence as of"))
    if warning := later_warning(cache.unused(), newest_edition()):
        st.warning(plain(f"{warning}."), icon=":material/event_busy:")
    if known.as_of != reference.newest():
        st.info(plain(former_sentence(known.as_of, reference.newest(), today)), icon=":material/history:")
        _look_from(reference.newest(), "Back to the newest evidence")


def rule_line(digest: str, version: str = "") -> None:
    """Say of a stored forecast that it was asked under another outcome rule, where it was."""
    if note := rule_note(digest, version):
        st.info(plain(note), icon=":material/rule:")
