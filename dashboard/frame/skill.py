"""Whether the forecast was shown to beat simple rules, said on every page in the same words."""

import streamlit as st

from dashboard.cache import checks as archive
from dashboard.cache import forecasts as cache
from dashboard.frame.page import plain
from dashboard.frame.terms import linked
from dashboard.wording.first.trust import scores_sentence, skill_sentence
from models.verdicts.sentences import primary_sentence
from models.verdicts.studies import BACKTEST

TRACK_PAGE = "app_pages/track_record.py"


def skill_line() -> None:
    """The sentence, and the way to how good forecasts have been."""
    told, details, _ = skill()
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="skill"):
        st.markdown(told, help=details, width="content")
        st.page_link(TRACK_PAGE, label="Track record", icon=":material/target:")


def skill() -> tuple[str, str | None, str]:
    """The sentence, by rule from the archived study, the numbers behind it where there are any, and the scores."""
    return cache.shared("skill", (cache.evidence().digest,), _skill)


def _skill() -> tuple[str, str | None, str]:
    study = archive.study(BACKTEST)
    comparisons = study.tables["comparisons"] if study.present else None
    details = None if comparisons is None else plain(primary_sentence(comparisons))
    scores = linked(scores_sentence(comparisons), "base rate")
    return linked(skill_sentence(comparisons), "hindcast"), details, scores
