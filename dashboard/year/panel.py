"""Why a year is what it is: its label, the rule's sum, its acts with their sources, and the way to the ledger."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from dashboard.cache import forecasts as cache
from dashboard.cache import reference
from dashboard.frame.plain_markdown import link, plain
from dashboard.settings import controls
from dashboard.settings.ledger import show_year
from dashboard.wording.glossary import define
from dashboard.wording.past import why
from data.days import last_whole_year
from models.measures.structure import ALIGNMENT
from models.outcome.breakdown import ActPart, Breakdown, break_down

FIRST = 6
"""Acts shown at once; the others wait behind a click."""
COLUMNS = ("Year", "Acts", "Mean", "Counts", "Adds")
EVIDENCE = "app_pages/evidence.py"


def show(year: int | None) -> None:
    """Explain a year, or nothing where none is asked about."""
    if year is None:
        return
    as_of = reference.evidence().as_of
    with st.container(border=True, key="why-year"):
        if year > as_of.year:
            st.markdown(plain(why.ahead_sentence(year, as_of)))
        else:
            _explained(found(year), running=year > last_whole_year(as_of))
        _ways(year)


def found(year: int) -> Breakdown:
    """The year taken apart, from the evidence that the session looks at."""
    known = reference.evidence()
    return cache.shared("breakdown", (known.digest, year), lambda: break_down(known.events, year))


def _explained(year: Breakdown, *, running: bool) -> None:
    st.markdown(f"## {plain(why.heading(year, running))}", help=define("tone"))
    if running:
        st.markdown(plain(why.running_sentence(year.label.year, reference.evidence().as_of)))
    st.markdown(plain(why.reason_sentence(year)))
    total, acts = st.columns([2, 3], gap="medium")
    with total:
        _sum(year)
    with acts:
        _acts(year)


def _sum(year: Breakdown) -> None:
    st.markdown("**The rule’s sum**")
    rows = [f"| {' | '.join(map(plain, row))} |" for row in why.sum_rows(year.years)]
    st.markdown("\n".join([f"| {' | '.join(COLUMNS)} |", f"|---{'|---:' * (len(COLUMNS) - 1)}|", *rows]))
    st.markdown(f":small[{plain(why.sum_sentence())}]")


def _acts(year: Breakdown) -> None:
    own = year.label.year
    rows = sum(event.year == own and not event.is_context for event in cache.whole_ledger().events)
    st.markdown(f"**Its acts.** {plain(why.counted_sentence(year, max(0, rows - len(year.acts))))}")
    _list(year.acts[:FIRST])
    if rest := year.acts[FIRST:]:
        with st.expander(f"{len(rest)} more, which weigh less"):
            _list(rest)


def _list(acts: Sequence[ActPart]) -> None:
    lines = [
        f"- **{plain(why.act_head(act.event))}**  \n{plain(act.event.summary)} {_source(act)} "
        f":small[{plain(why.act_weight(act))}]"
        for act in acts
    ]
    st.markdown("\n".join(lines))


def _source(act: ActPart) -> str:
    source = act.event.source
    return link(source.title, source.url) if source.url else plain(source.title or "no page was found")


def _ways(year: int) -> None:
    """To the year's rows, to its neighbours, and out."""
    present, last = controls.account(), reference.evidence().as_of.year
    with st.container(horizontal=True):
        rows = st.button(
            f"Rows of {year} in the ledger",
            key="why:rows",
            icon=":material/history_edu:",
            on_click=show_year,
            args=(year,),
        )
        for other in (year - 1, year + 1):
            if ALIGNMENT.first_year <= other <= last:
                look = partial(present.look, why=other)
                st.button(str(other), key=f"why:{other}", on_click=present.press, args=(look,), help=f"Why {other}?")
        away = partial(present.look, why=None)
        st.button("Close", key="why:close", icon=":material/close:", on_click=present.press, args=(away,))
    if rows:
        st.switch_page(EVIDENCE)
