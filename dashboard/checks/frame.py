"""What every part of the Checks page shares: question, answer, next step and tests, lists of checks, old studies."""

from collections.abc import Callable, Mapping

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.frame import page as frame
from dashboard.frame.grid import grid
from dashboard.frame.terms import linked
from dashboard.tables.checks import check_table
from dashboard.wording.backtest import HINDCAST, typed
from dashboard.wording.verdicts import CHANGE, FORECAST, MODELS, QUESTIONS, SAMPLER, STEPS, Card
from models.fits.certificate import Diagnostics
from models.verdicts.studies import Study

MARKS = {
    "holds": (":material/check_circle:", "green"),
    "partly": (":material/rule:", "orange"),
    "fails": (":material/cancel:", "red"),
    "untested": (":material/help:", "gray"),
    "told": (":material/list_alt:", "blue"),
}
"""Icon and colour of each verdict; the badge says it in words too."""


PAGES = {
    SAMPLER: "app_pages/forecast.py",
    MODELS: "app_pages/method.py",
    FORECAST: "app_pages/track_record.py",
    CHANGE: "app_pages/assumptions.py",
}
"""Where each question's next step is done."""
TERMS = "refit", "prior", "hindcast", "mixture", "reliability"
"""What the answers link to its meaning."""


def heading(name: str) -> DeltaGenerator:
    """A question with the anchor that links to it; returned is the room for its verdict, in the same line."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.header(QUESTIONS[name], anchor=name, width="content")
        return st.container(width="content")


def show_card(card: Card, verdict: DeltaGenerator) -> None:
    """The answer to one question: verdict and one sentence."""
    icon, colour = MARKS[card.answer]
    verdict.badge(card.short, icon=icon, color=colour)
    st.markdown(linked(card.sentence, *TERMS))


def step(name: str) -> None:
    """The one thing to do next."""
    st.page_link(PAGES[name], label=STEPS[name], icon=":material/arrow_forward:")


@st.fragment
def tests(name: str, card: Card, show: Callable[[], None]) -> None:
    """Everything behind an answer, built when it is asked for."""
    with lazy("The tests behind it", f"answer:{name}") as opened:
        if opened.open:
            st.markdown("\n".join(f"- {linked(detail, *TERMS)}" for detail in card.details))
            show()


def noted(study: Study) -> bool:
    """Whether a study is of this version; if not, a warning says so with the command that makes it anew."""
    if not study.present:
        why = "There is no archive of it." if study.standing == "missing" else "Its archive is of another version."
        st.warning(f"**Not tested for this version.** {why} Make it with `{study.command}`.", icon=":material/history:")
    else:
        rests_on(study.rests_on)
    return study.present


def rests_on(told: str) -> None:
    """Say on which evidence a study rests, where it is not the present one."""
    if told:
        st.info(f"This study {told}, not on the newest; rule and models are the same.", icon=":material/history:")


def plainly(sentence: str) -> str:
    """A sentence of the verdicts, set as the page sets it and without markup."""
    return frame.plain(typed(sentence))


def outcome(passed: int, count: int, what: str) -> None:
    """“48 of 48 acceptance checks passed”, in the colour and with the icon of its result."""
    show, icon = (st.success, ":material/check_circle:") if passed == count else (st.error, ":material/cancel:")
    show(f"{passed} of {count} {what}.", icon=icon)


def hindcast_badge() -> None:
    """What tells hindcasts from forecasts above a chart."""
    st.badge(HINDCAST, icon=":material/history:", color="gray")


def every_check(certificates: Mapping[str, Diagnostics]) -> None:
    """Named checks of each with value, threshold and meaning."""
    for name, certificate in certificates.items():
        st.markdown(f"**{name}**")
        table = check_table(certificate.checks).map(frame.plain)
        named = "**" + table["Check"] + "**  \n" + table["Why it matters"]
        st.table(table.assign(Check=named).drop(columns="Why it matters").set_index("Check"))


def lazy(label: str, key: str) -> object:
    """An expander whose inside is built only when it is open: ask its ``open``."""
    return st.expander(label, key=f"checks:{key}", on_change="rerun")


def rows(table: object, decimals: dict[str, str] | None = None) -> None:
    """A table without row numbers; `decimals` gives formats by column."""
    formats = {name: st.column_config.NumberColumn(format=text) for name, text in (decimals or {}).items()}
    grid(table, column_config=formats)
