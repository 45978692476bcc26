"""The list of open signposts: searched, filtered, sorted, and one of them opened."""

from collections.abc import Callable, Mapping

import pandas as pd
import streamlit as st

from dashboard.frame.selectors import matching
from dashboard.settings import controls
from dashboard.tables.asked import SORTS, sorted_rows
from dashboard.wording.ask.signposts import FAMILY_LABELS, FAMILY_MEANINGS, line, question_text
from dashboard.wording.glossary import define
from models.outcome.signpost_list import Signpost

TEXT, SORT, SIDE, ABOUT, BY = "ask:text", "ask:sort", "ask:side", "ask:about", "ask:by"
HEIGHT = 640
"""Pixels of the list: the height of a card, and on a phone no more than a screen."""
SEARCHED = ("id", "question", "about")


def chosen(rows: pd.DataFrame, questions: Mapping[str, Signpost]) -> Signpost | None:
    """Draw the list; returns the signpost that is open, None where the search finds none.

    Parameters
    ----------
    rows : DataFrame
        `dashboard.tables.asked.signpost_rows`.
    """
    shown = sorted_rows(_found(rows), st.session_state.get(SORT) or "value")
    if shown.empty:
        st.info("No open question matches. Take a word or a filter away.", icon=":material/search_off:")
        return None
    with st.container(height=HEIGHT, key="questions"):
        return questions[_radio(shown, questions)]


def about(claim_title: str) -> Callable[[], None]:
    """What a press elsewhere does: the list with the signposts of one claim, and nothing else filtered."""

    def show() -> None:
        st.session_state.update({TEXT: "", SIDE: [], BY: [], ABOUT: [claim_title]})

    return show


def _found(rows: pd.DataFrame) -> pd.DataFrame:
    """Search box, order and filters; returns the rows that match."""
    search, order, more = st.columns([5, 4, 3], vertical_alignment="bottom", gap="small")
    with search:
        text = st.text_input(
            "Find a question", key=TEXT, persist_state="session", placeholder="Words of a question, or its number"
        )
    with order:
        st.selectbox(
            "Sort by", tuple(SORTS), key=SORT, format_func=SORTS.__getitem__, persist_state="session", help=SORT_HELP
        )
    filters = {column: st.session_state.get(key) or [] for column, key in COLUMNS.items()}
    on = sum(map(bool, filters.values()))
    with more, st.popover(f"Filter ({on})" if on else "Filter", icon=":material/filter_list:", width="stretch"):
        filters = _filters(rows)
    return matching(rows, text, filters, SEARCHED)


COLUMNS = {"family": SIDE, "about": ABOUT, "deadline": BY}
SORT_HELP = "\n\n".join(f"**{term}.** {define(term)}" for term in ("value of an answer", "pull"))


def _filters(rows: pd.DataFrame) -> Mapping[str, list]:
    side = st.pills(
        "Side",
        tuple(FAMILY_LABELS),
        selection_mode="multi",
        key=SIDE,
        format_func=FAMILY_LABELS.__getitem__,
        persist_state="session",
        help=FAMILY_MEANINGS,
    )
    what = st.multiselect(
        "Speaks to", sorted(rows["about"].unique()), key=ABOUT, persist_state="session", placeholder="All"
    )
    by = st.pills(
        "By the end of", sorted(rows["deadline"].unique()), selection_mode="multi", key=BY, persist_state="session"
    )
    return {"family": side, "about": what, "deadline": by}


def _radio(shown: pd.DataFrame, questions: Mapping[str, Signpost]) -> str:
    present, options = controls.account(), shown["id"].tolist()
    value = controls.view().signpost if controls.view().signpost in options else options[0]
    answers = controls.conditions()
    captions = [
        line(questions[row["id"]], row["chance"], answers.answer(row["id"]), row["before"])
        for row in shown.to_dict("records")
    ]
    seen = st.radio(
        f"{len(options)} question{'' if len(options) == 1 else 's'}",
        options,
        index=options.index(value),
        captions=captions,
        key=present.key("signpost", value, lambda picked: present.look(signpost=picked or value)),
        format_func=lambda identifier: question_text(questions[identifier]),
    )
    controls.compare(present, seen, value)
    return value
