"""Checks, within the third question: what half a year's rows are worth."""

import streamlit as st

from dashboard.cache import checks as archive
from dashboard.checks.frame import lazy, noted, plainly, rows
from dashboard.tables.studies import nowcast_table, worth_table
from dashboard.wording.glossary import define
from models.backtest.mid_year import MID_YEAR as PLANNED
from models.verdicts.mid_year import later_sentence, nowcast_sentence, other_day_sentence, worth_sentence
from models.verdicts.studies import MID_YEAR

OWN_SCORES = dict.fromkeys(("Inside the year", "Beside it"), "%.3f")


def show() -> None:
    """Its card."""
    st.markdown("### What are half a year’s rows worth?", help=define("hindcast"))
    study = archive.study(MID_YEAR)
    if not noted(study):
        return
    comparisons, coverage = study.tables["comparisons"], study.tables["coverage"]
    st.markdown(plainly(worth_sentence(comparisons)))
    st.markdown(plainly(later_sentence(comparisons)))
    others = [day for day in sorted(set(comparisons["day"])) if day != PLANNED]
    for day in others:
        st.markdown(plainly(other_day_sentence(comparisons, day)))
    for day in (PLANNED, *others):
        st.markdown(plainly(nowcast_sentence(coverage, day=day)))
    with lazy("Every day, year-end and model", "mid-year") as opened:
        if opened.open:
            rows(worth_table(comparisons), OWN_SCORES)
            rows(nowcast_table(coverage), {"Held": "%.0f %%"})
