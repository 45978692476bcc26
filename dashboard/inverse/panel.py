"""The question, how far the search has come, and its answer with what applies it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import streamlit as st

from dashboard.cache import forecasts as cache
from dashboard.frame import page as frame
from dashboard.frame.grid import grid
from dashboard.frame.page import plain
from dashboard.inverse.searches import Question, Run
from dashboard.settings import controls, session
from dashboard.settings.account import Account
from dashboard.wording import support as words
from dashboard.wording.glossary import define
from dashboard.wording.labels import STATE_LABELS
from data.days import horizons_from
from data.values import frozen
from models.assumptions.setting import Assumptions
from models.forecast.results import Forecast
from models.inverse.goal import EVER, Goal
from models.inverse.search import Shift
from models.names import STATES

DESK, WITHIN, BOX = "inverse:desk", "inverse:within", "inverse"
"""Session keys: what is asked, who draws the bar, and whether the box around the question is open."""
POLL_SECONDS = 0.5
SUGGESTED = 15.0
"""Per cent."""


@frozen
class Wish:
    """What the form says before anybody touches it: of its own accord, or because a button elsewhere asks it.

    Attributes
    ----------
    years : int or None
        From the reference date's own on; None for the year-end that the page is about.
    """

    state: str = STATES[0]
    years: int | None = None
    ever: bool = False
    per_cent: float = SUGGESTED


@dataclass(slots=True)
class Desk:
    """What a session asks: a press of the button or a wish until it is carried out, which a new message must not lose,
    and the search that is going on or has ended. Every wish gets a form of its own, by its number."""

    asked: bool = False
    run: Run | None = None
    form: Wish = field(default_factory=Wish)
    wishes: int = 0
    opening: bool = False

    def ask(self) -> None:
        """Note the press."""
        self.asked = True

    def take(self, wish: Wish) -> None:
        """Note a wish."""
        self.form, self.asked, self.opening = wish, True, True
        self.wishes += 1


def _desk() -> Desk:
    return st.session_state.setdefault(DESK, Desk())


def wish(asked: Wish) -> None:
    """Ask a question in place of the form's: the box around it opens, and the search begins."""
    _desk().take(asked)


def opened() -> None:
    """Open the box around the question where a wish asks it; to be called before the box is drawn."""
    desk = _desk()
    if desk.opening:
        st.session_state[BOX], desk.opening = True, False


def show(forecast: Forecast, horizon: int, usable: bool = True) -> Callable[[], None]:
    """The inverse question from a forecast's setting.

    Parameters
    ----------
    forecast : Forecast
        Whose setting a search starts from.
    horizon : int
        Whose year-end is asked about until another is chosen.
    usable : bool
        Whether it is the setting on the sliders.

    Returns
    -------
    callable
        Draws the progress of a search; to be called when all else stands, as that of a refit
        (`dashboard.forecast.trust.show`).
    """
    if not usable:
        st.caption(words.CANNOT)
        return lambda: None
    with frame.shown_errors():
        goal = _goal(forecast, horizon)
        now = forecast.probability(goal.target, goal.horizon, goal.outcome)
        st.caption(plain(words.now_sentence(goal, forecast.reference_date, now)), help=define("inverse slider"))
        desk, present = _desk(), controls.account()
        st.button(
            "Ask",
            key="inverse:ask",
            icon=":material/search:",
            type="primary",
            on_click=present.press,
            args=(desk.ask,),
        )
        if desk.asked:
            _begin(forecast, goal)
            desk.asked = False
    place = st.container()
    run = _desk().run
    if run is not None and not run.alive:
        _answer(run, forecast)
    return lambda: _drawn_progress(run, place)


def _goal(forecast: Forecast, horizon: int) -> Goal:
    """What the form asks; what it cannot ask is an error in its place."""
    reference, desk = forecast.reference_date, _desk()
    form, number = desk.form, f":{desk.wishes}" if desk.wishes else ""
    years = tuple(reference.year + ahead for ahead in horizons_from(reference))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        state = st.selectbox(
            "What would it take for",
            STATES,
            STATES.index(form.state),
            key=f"inverse:state{number}",
            format_func=STATE_LABELS.__getitem__,
            persist_state="session",
            width=220,
        )
        ways = (words.ON_DAY, words.EVER) if state in EVER else (words.ON_DAY,)
        first = ways.index(words.EVER) if form.ever and len(ways) > 1 else 0
        key = f"inverse:when:{len(ways)}{number}"
        way = st.selectbox("When", ways, first, key=key, persist_state="session", width=170)
        at = years.index(reference.year + (horizon if form.years is None else form.years))
        year = st.selectbox("31 December", years, at, key=f"inverse:year:{years[0]}{number}", width=110)
        wanted = st.number_input(
            "to reach (per cent)",
            value=form.per_cent,
            step=0.5,
            format="%.1f",
            key=f"inverse:chance{number}",
            persist_state="session",
            width=150,
        )
    return Goal.asked(state, year, (wanted or 0.0) / 100, reference, ever=way == words.EVER)


def _begin(forecast: Forecast, goal: Goal) -> None:
    """Start this session's search, in place of its last one."""
    desk = _desk()
    if desk.run is not None:
        desk.run.cancel()
    question = Question(
        evidence=cache.evidence_of(forecast),
        libraries=cache.libraries(forecast),
        start=forecast.assumptions,
        goal=goal,
    )
    desk.run = Run(question=question, key=cache.of(forecast))
    desk.run.begin()


def _drawn_progress(run: Run | None, place: object) -> None:
    if run is not None and run.alive:
        with place:
            st.session_state[WITHIN] = True
            _progress()
            st.session_state[WITHIN] = False


@st.fragment(run_every=POLL_SECONDS)
def _progress() -> None:
    """A bar that moves on its own; at the end the whole page is drawn again, with the answer. (Why it may be drawn once
    before: `dashboard.forecast.trust`.)"""
    run, within = _desk().run, st.session_state.get(WITHIN, False)
    if run is None or not run.alive or (not within and session.first_redraw()):
        st.rerun()
        return
    before = words.OF_BEFORE if run.question.start.digest != controls.current().digest else ""
    st.progress(run.share, text=plain(f"{run.message}{before} The page stays usable meanwhile."))
    st.button("Cancel the search", key="inverse:cancel", icon=":material/cancel:", on_click=run.cancel)
    if run.alone is not None:
        st.markdown(plain(words.alone_sentence(run.alone, run.question.goal, run.question.start.knobs)))


def _answer(run: Run, forecast: Forecast) -> None:
    """The answer of a search that has ended; that of another setting is not shown as this one's."""
    goal, reference = run.question.goal, forecast.reference_date
    shifts = [*(run.alone.shifts if run.alone else ()), *([run.joint] if run.joint else [])]
    here = controls.current().digest
    with st.container(border=True, key="inverse-answer"):
        st.markdown(f"**{plain(words.question(goal, reference))}**")
        if run.key != cache.of(forecast) and here not in [shift.assumptions.digest for shift in shifts]:
            st.warning(words.STALE, icon=":material/history:")
        elif run.error:
            st.error(plain(run.error), icon=":material/error:")
        elif run.there:
            st.markdown(plain(words.there_sentence(goal, reference, run.now)))
        else:
            _shifts(run)
            st.caption(plain(words.LEFT_OUT))


def _shifts(run: Run) -> None:
    """Single levers, then all together, each with its moves and what applies them."""
    knobs, goal = run.question.start.knobs, run.question.goal
    singles = [shift for shift in run.alone.shifts if shift.moves]
    st.markdown(plain(words.alone_sentence(run.alone, goal, knobs)))
    if singles:
        grid(words.moves_table(tuple(singles), knobs), key="inverse:alone")
        with st.container(horizontal=True):
            for shift in singles:
                _use(shift, run, shift.moves[0].key)
    if run.joint.assumptions.digest in [shift.assumptions.digest for shift in singles]:
        st.markdown("All assumptions together do no better.")
        return
    st.markdown(plain(words.joint_sentence(run.joint, goal)))
    if run.joint.moves:
        grid(words.moves_table((run.joint,), knobs), key="inverse:joint")
        _use(run.joint, run, "joint")


def _use(shift: Shift, run: Run, name: str) -> None:
    present, knobs = controls.account(), run.question.start.knobs
    if shift.assumptions.digest == present.setting.digest:
        st.badge(f"{words.IN_FORCE}: {words.tenths(shift.probability)}", color="green", icon=":material/check:")
        return
    st.button(
        words.use_label(shift, knobs),
        key=f"inverse:use:{name}",
        help="Moves the sliders there. Undo brings your setting back.",
        on_click=present.press,
        args=(partial(_apply, present, shift.assumptions),),
    )


def _apply(present: Account, found: Assumptions) -> None:
    """Put an answer in force; reasons that were written meanwhile stay."""
    present.commit(Assumptions(knobs=found.knobs, values=found.values, reasons=present.setting.reasons))
