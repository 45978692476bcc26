"""Checks, within the third question: do the signposts' chances hold?"""

import streamlit as st

from dashboard.cache import checks as archive
from dashboard.checks.frame import lazy, noted, plainly, rows
from dashboard.tables.signpost_study import against_table, calibration_table, searches_table
from dashboard.wording.glossary import define
from models.verdicts.signposts import (
    chances_sentence,
    controls_sentence,
    count_sentence,
    pins_sentence,
    ranking_sentence,
    searches_sentence,
    unseen_sentence,
)
from models.verdicts.studies import SIGNPOSTS

BRIER = dict.fromkeys(("Ours", "Theirs"), "%.3f")
POINTS = dict.fromkeys(("Expected", "Came true", "Median change", "Largest change"), "%.1f")


def show() -> None:
    """Its card."""
    st.markdown("### Do the signposts’ chances hold?", help=define("hindcast"))
    study = archive.study(SIGNPOSTS)
    if not noted(study):
        return
    tables = study.tables
    st.markdown(plainly(chances_sentence(tables["comparisons"], tables["scores"])))
    told = [
        unseen_sentence(tables["scores"]),
        count_sentence(tables["coverage"]),
        searches_sentence(tables["searches"]),
        controls_sentence(tables["controls"]),
        ranking_sentence(tables["history"]),
    ]
    if "pins" in tables:
        told.append(pins_sentence(tables["pins"], tables["values"]))
    for sentence in told:
        st.markdown(plainly(sentence))
    with lazy("Every comparison, size of chance and search", "signposts") as opened:
        if opened.open:
            rows(against_table(tables["comparisons"]), BRIER)
            rows(calibration_table(tables["calibration"]), POINTS)
            rows(searches_table(tables["searches"]), {**POINTS, "Sum of all chances": "%+.2f"})
