"""Checks, fourth question: which pieces of the evidence and which assumptions is the forecast made of?"""

import streamlit as st

from dashboard.cache import checks as archive
from dashboard.cache import forecasts as cache
from dashboard.checks.frame import hindcast_badge, lazy, noted, rows
from dashboard.figures.sensitivity import leave_one_out_bars
from dashboard.frame import page as frame
from dashboard.tables.studies import act_table, left_out_table, reading_table
from dashboard.wording.backtest import driver_controls_sentence
from dashboard.wording.glossary import define
from dashboard.wording.sensitivity import TWO_QUESTIONS, beliefs_sentence, copies_sentence, moves_sentence
from dashboard.wording.verdicts import Card, change_card, change_untested
from models.verdicts.facts import largest_moves, piece_moves, reading_counts
from models.verdicts.studies import BACKTEST, SENSITIVITY, Study

POINTS = {"Before": "%.0f %%", "Change, points": "%+.1f"}


def answer() -> Card:
    """The fourth question's answer."""
    study = archive.study(SENSITIVITY)
    if not study.present:
        return change_untested()
    tables = study.tables
    moves = largest_moves(tables["cells"])
    pieces = piece_moves(tables["cells"], tables["events"])
    return change_card(moves, pieces, tables["knobs"], tables["copies"], study.about["figures"])


@st.fragment
def show() -> None:
    """Its section."""
    study = archive.study(SENSITIVITY)
    if noted(study):
        left, right = st.columns((3, 4), gap="medium")
        with left:
            _pieces(study)
        with right:
            _priors(study)
        _tables(study)
    _controls(study)


def _pieces(study: Study) -> None:
    st.markdown("### The ten pieces that move most", help=define("leave one out"))
    moves = largest_moves(study.tables["cells"])
    spec = cache.copied("moves", study.key, lambda: leave_one_out_bars(moves))
    picture = frame.Picture(name="left-out", title="The ten pieces that move most")
    frame.chart(spec, moves_sentence(moves), picture=picture)


def _tables(study: Study) -> None:
    with lazy("Every piece and every act", "pieces") as opened:
        if opened.open:
            rows(left_out_table(study.tables["cells"]), POINTS)
            st.markdown("Every act, left out by re-weighting:")
            rows(act_table(study.tables["events"]), POINTS)
            st.markdown("The probability that hangs most on each assumption:")
            rows(reading_table(study.tables["knobs"]))


def _priors(study: Study) -> None:
    st.markdown("### Your settings or the evidence?", help=define("power scaling"))
    knobs = study.tables["knobs"]
    rows(reading_table(knobs)[["Assumption", "What decides it"]])
    st.markdown(frame.plain(f"{beliefs_sentence(reading_counts(knobs))} {TWO_QUESTIONS}"))


def _controls(study: Study) -> None:
    backtest = archive.study(BACKTEST)
    st.markdown("### Would the tests notice nonsense?", help=define("negative control"))
    if study.present:
        st.markdown(frame.plain(copies_sentence(study.tables["copies"])))
    if not noted(backtest):
        return
    hindcast_badge()
    if "controls" in backtest.tables:
        st.markdown(frame.plain(driver_controls_sentence(backtest.tables["controls"])))
    else:
        st.markdown("The archived run did not leave out or shuffle the drivers.")
