"""Checks, third question: did the models forecast the past better than simple rules would have?"""

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from dashboard.cache import checks as archive
from dashboard.cache import forecasts as cache
from dashboard.checks import mid_year, selectors, signposts
from dashboard.checks.frame import hindcast_badge, lazy, noted, plainly, rows
from dashboard.figures.backtest import (
    coverage_shares,
    given_to_outcome,
    hindcast_strip,
    score_differences,
    stacking_weights,
)
from dashboard.frame import page as frame
from dashboard.tables.studies import coverage_table, skill_table, stacking_table
from dashboard.wording.backtest import comparison_sentence, stacking_sentence, strip_sentence, typed
from dashboard.wording.glossary import define
from dashboard.wording.verdicts import Card, forecast_card
from models.assumptions.setting import Assumptions
from models.assumptions.shares import shares
from models.names import MODEL_M1, MODEL_MIXTURE
from models.verdicts.sentences import (
    chosen_sentence,
    coverage_sentence,
    first_edition_sentence,
    recent_sentence,
    year_mean_sentence,
)
from models.verdicts.studies import BACKTEST, Study

OWN_SCORES = dict.fromkeys(("Its own score", "The reference’s"), "%.3f")


def answer() -> Card:
    """The third question's answer."""
    study = archive.study(BACKTEST)
    if not study.present:
        return forecast_card(None)
    return forecast_card(study.tables["comparisons"], study.tables.get("controls"))


@st.fragment
def show() -> None:
    """Its section."""
    study = archive.study(BACKTEST)
    if not noted(study):
        return
    hindcast_badge()
    left, right = st.columns(2, gap="medium")
    with left:
        _skill(study)
    with right:
        _strip(study)
    _told(study)
    _means(study)
    mid_year.show()
    signposts.show()
    _weights(study)
    with lazy("Every comparison", "skill") as opened:
        if opened.open:
            rows(skill_table(study.tables["comparisons"]), OWN_SCORES)


def _told(study: Study) -> None:
    """What choosing among the members would have given, and what became of the first forecast that met its year."""
    tables = study.tables
    st.markdown(plainly(recent_sentence(tables["recent"])))
    st.markdown(plainly(chosen_sentence(tables["chosen"], tables["comparisons"])))
    if "first_edition_2025" in tables:
        st.markdown("### 2025 under the first edition, a hindcast", help=define("hindcast"))
        st.markdown(plainly(first_edition_sentence(tables["first_edition_2025"])))


def _skill(study: Study) -> None:
    st.markdown("### Better than simple rules?", help=define("score"))
    with st.container(horizontal=True):
        score, horizon = selectors.score(), selectors.horizon()
    table = study.tables["comparisons"]
    key = (*study.key, score, horizon)
    spec = cache.copied("skill", key, lambda: score_differences(table, score, horizon))
    told = frame.Picture(name="skill", title="Hindcasts against simple rules")
    frame.chart(spec, comparison_sentence(table, score, horizon), picture=told)


def _strip(study: Study) -> None:
    st.markdown("### The chance given to what then happened", help=define("hindcast"))
    given = cache.copied("given", study.key, lambda: given_to_outcome(study.tables["hindcasts"]))
    spec = cache.copied("strip", study.key, lambda: hindcast_strip(given))
    told = frame.Picture(name="given", title="The chance given to what then happened")
    frame.chart(spec, strip_sentence(given), picture=told)


def _means(study: Study) -> None:
    """The second target: did its ranges hold, and did it beat simple rules?"""
    tables = study.tables
    if "coverage" not in tables:
        return
    st.markdown("### Do the ranges of a year’s own mean hold?", help=define("year mean"))
    sentence = typed(coverage_sentence(tables["coverage"], tables["spreads"]))
    left, right = st.columns(2, gap="medium")
    with left:
        spec = cache.copied("coverage", study.key, lambda: _coverage(tables["coverage"], sentence))
        told = frame.Picture(name="coverage", title="Do the ranges of a year’s own mean hold?")
        frame.chart(spec, sentence, picture=told)
    with right:
        st.markdown(plainly(coverage_sentence(tables["coverage"], tables["spreads"], MODEL_M1)))
        st.markdown(plainly(year_mean_sentence(tables["year_mean_comparisons"])))
    with lazy("Every range and every comparison of the years’ own means", "means") as opened:
        if opened.open:
            rows(coverage_table(tables["coverage"]), {"Held": "%.0f %%"})
            rows(skill_table(tables["year_mean_comparisons"]), OWN_SCORES)


def _coverage(coverage: pd.DataFrame, sentence: str) -> cache.Spec:
    pooled = coverage[(coverage["model_id"] == MODEL_MIXTURE) & (coverage["horizon"] == 0)]
    return coverage_shares(pooled, sentence)


def published() -> Mapping[str, float]:
    """Default share of each model in the mixture."""
    return shares(Assumptions.defaults(cache.evidence().claims).values)


def _weights(study: Study) -> None:
    with lazy("How should the models be weighed?", "weights") as opened:
        if not opened.open:
            return
        weights, stacked = study.tables["weights"], study.tables["stacked"]
        default = published()
        key = (*study.key, *default.values())
        spec = cache.copied("weights", key, lambda: stacking_weights(weights, default, stacked))
        sentence = stacking_sentence(weights, default, stacked)
        frame.chart(spec, sentence, "Learned, equal and published weights", define("stacking"))
        numbers = ("Mean log score", "Less that of equal weights", "From", "To")
        rows(stacking_table(stacked), dict.fromkeys(numbers, "%.3f"))
