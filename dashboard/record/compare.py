"""Two forecasts side by side: what became of the probabilities, whose doing it was, and everything that differs."""

from contextlib import suppress

import streamlit as st

from dashboard.cache import forecasts as cache
from dashboard.figures.change import change_waterfall, largest_row
from dashboard.frame import page as frame
from dashboard.frame.grid import grid
from dashboard.record import selectors
from dashboard.wording import change as words
from dashboard.wording.labels import MODEL_LABELS
from dashboard.wording.record import with_labels
from models.assumptions.knobs import knobs
from models.change.compare import compare
from models.change.movers import Movers, knobs_that_moved, rows_that_moved
from models.change.side import Side
from models.change.split import Split, split
from models.errors import FitError

WHAT = st.column_config.TextColumn(width=300)
SHOWN = 20
"""Rows of the list of movers: the rest move a probability by tenths of a point."""


CHANGE = frame.Picture(name="change")


@st.fragment
def show(old: Side, new: Side) -> None:
    """Everything about a change, from the older side to the newer one."""
    with frame.shown_errors():
        _change(old, new)
    _differences(old, new)


def _change(old: Side, new: Side) -> None:
    with st.container(horizontal=True):
        by = selectors.by()
        change = cache.copied("change", (*_key(old, new), by), lambda: split(old, new, by))
        days = change.table.drop_duplicates("target_end_date")
        day = selectors.year_end(list(days["target_end_date"]), list(days["horizon"]), by)
    row = largest_row(change, day)
    rows, knobs = _movers(old, new)
    st.markdown(f"**{frame.plain(words.split_sentence(change, row))}**")
    cell = day, row["state"]
    sentences = [words.movers_sentence(rows, *cell), words.years_sentence(rows, *cell)]
    sentences += [words.movers_sentence(knobs, *cell), words.between_sentence(change), *change.notes]
    for text in filter(None, sentences):
        st.markdown(frame.plain(text))
    if change.game.changed:
        key = (*_key(old, new), by, day)
        spec = cache.copied("waterfall", key, lambda: change_waterfall(change, day))
        frame.chart(spec, words.MARKS, "Where the change comes from", words.METHOD, picture=CHANGE)
    _tables(change, rows, knobs)


def _tables(change: Split, rows: Movers, knobs: Movers) -> None:
    with st.expander("Every year-end and state, in points"):
        grid(words.split_table(change))
        st.markdown(words.ROUNDED.strip())
    for movers, title in ((rows, "The rows that move most, each alone"), (knobs, "The assumptions, each alone")):
        if len(movers.table):
            with st.expander(title):
                grid(words.movers_table(movers, SHOWN), column_config={"What": WHAT})
                st.markdown(frame.plain(f"{words.ALONE} {words.silent_sentence(movers.silent, MODEL_LABELS)}"))


def _movers(old: Side, new: Side) -> tuple[Movers, Movers]:
    """Single effects, which take some seconds where a year of rows was added."""
    fit = None
    with suppress(FitError):
        fit = cache.base_fit()
    with st.spinner("Weighing the rows that differ, one by one."):
        rows = cache.copied("rows", _key(old, new), lambda: rows_that_moved(old, new, fit))
    return rows, cache.copied("knobs", _key(old, new), lambda: knobs_that_moved(old, new))


def _differences(old: Side, new: Side) -> None:
    comparison = compare(old.snapshot, new.snapshot)
    with st.expander(f"Everything that differs ({len(comparison.changes)})"):
        available = knobs(cache.evidence().claims)
        named = [with_labels(line, available) for line in comparison.explanation]
        st.markdown("\n".join(f"- {frame.plain(line)}" for line in named))


def _key(old: Side, new: Side) -> tuple[str, str, bool, bool]:
    return old.snapshot.digest, new.snapshot.digest, old.library is None, new.library is None
