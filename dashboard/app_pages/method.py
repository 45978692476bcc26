"""The Method page: the account in plain language, the essay's claims as a table, and what the words mean."""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path

import streamlit as st

from dashboard.cache import forecasts as cache
from dashboard.cache import reference
from dashboard.cache.books import books
from dashboard.cache.reasons import agreement
from dashboard.checks.forecast import answer
from dashboard.frame import page as frame
from dashboard.frame.grid import grid
from dashboard.settings import reasons
from dashboard.tables.evidence import claim_table
from dashboard.wording.evidence import ahead_sentence, days_sentence, unseen_sentence
from dashboard.wording.glossary import GLOSSARY, define
from dashboard.wording.method.sections import Section, anchor, folded
from dashboard.wording.numerals import share
from dashboard.wording.support import agreement_sentence
from data.days import last_whole_year
from data.errors import ConjunctionError
from data.types import Evidence
from models.assumptions.setting import Assumptions
from models.measures.structure import ALIGNMENT
from models.names import Scenario
from models.outcome.rule import RULE, Label

TEXT = Path(__file__).parents[1] / "method.md"
READING_WIDTH = 760
GRAVE, MINOR = 8, 2
"""Intensities that the text sets side by side: a break of a commitment, and a visit."""
CLAIMS_TITLE, WORDS_TITLE, LIMITS = "The essay's claims", "Words", "Limits"
CLAIMS = (
    "R. Lincoln Hines's essay on cooperation and fault lines, read as claims that a model can use. Odds ratio: by how "
    "much the odds of a higher state next year rise when the driver stands one standard deviation above its mean, in "
    "the claimed direction. Sign right: how sure the wording sounds that the direction is right."
)


def _page() -> None:
    sections = folded(TEXT.read_text(encoding="utf-8").format(**_facts(cache.evidence())))
    with st.container(width=READING_WIDTH):
        _contents((*(section.title for section in sections), CLAIMS_TITLE, WORDS_TITLE))
        for section in sections:
            _section(section)
        st.header(CLAIMS_TITLE, anchor=anchor(CLAIMS_TITLE), help=define("odds ratio"))
        with st.expander("Every claim, its direction and its strength"):
            st.markdown(CLAIMS)
            _claims()
        _words()


def _contents(titles: Sequence[str]) -> None:
    """Where everything stands, and a way back to it that stays on the screen."""
    st.header("Contents", anchor="contents")
    st.markdown(" · ".join(f"[{title}](#{anchor(title)})" for title in titles))
    with st.container(key="to-contents", width="content"):
        st.markdown("[Contents](#contents)", width="content")


def _section(section: Section) -> None:
    """A title that can be linked to, what it says in brief, and the rest behind a click."""
    st.header(section.title, anchor=anchor(section.title))
    st.markdown(section.brief)
    if section.rest:
        with st.expander(f"More: {section.title.lower() if section.title != LIMITS else 'all limits'}"):
            st.markdown(section.rest)


def _claims() -> None:
    columns = {
        "Sign right": st.column_config.NumberColumn(format="percent"),
        "Odds ratio": st.column_config.NumberColumn(format="%.2f"),
        "In full": st.column_config.TextColumn(width="large"),
    }
    grid(claim_table(cache.evidence().claims), column_config=columns)


def _words() -> None:
    """Every term with an anchor of its own, for the links in other pages' sentences."""
    st.header(WORDS_TITLE, anchor=anchor(WORDS_TITLE))
    with st.container(key="words"):
        words = sorted(GLOSSARY.items(), key=lambda item: item[0].casefold())
        st.markdown("\n\n".join(f"### {frame.plain(term)}\n{frame.plain(meaning)}" for term, meaning in words))


def _facts(evidence: Evidence) -> Mapping[str, object]:
    """Every number and verdict of the text, from where it is computed."""
    knobs, card = Assumptions.defaults(evidence.claims).knobs, answer()
    return {
        **_ledger(evidence),
        **_ruptures(cache.history()),
        "days": days_sentence(evidence.as_of, evidence.known_on, reference.today()),
        "ahead": ahead_sentence(cache.acts_ahead(), evidence.as_of),
        "rule": RULE.version,
        "memory": RULE.memory_years,
        "ratio": f"{RULE.severity(GRAVE) / RULE.severity(MINOR):.0f}",
        "grave": GRAVE,
        "minor": MINOR,
        "booked": share(books().booked),
        "split": ALIGNMENT.split_year,
        "first": ALIGNMENT.first_year,
        "drivers_from": ALIGNMENT.drivers.scale_from,
        "readings": ALIGNMENT.measurement.effective_readings,
        "simulated": ALIGNMENT.measurement.simulated_readings,
        "weak": f"{knobs[reasons.STRENGTH].default:g}",
        "strong": f"{reasons.essay_strength(knobs):g}",
        "agreement": _agreement(Assumptions(knobs=knobs)),
        "skill": frame.plain(" ".join((card.sentence, *card.details))),
        "verdict": frame.plain(f"{card.short[:1].lower()}{card.short[1:]}. {card.sentence}"),
    }


def _ledger(evidence: Evidence) -> Mapping[str, int]:
    """How many acts carry a tone, and how unevenly the last forty years are recorded."""
    last = last_whole_year(evidence.as_of)
    toned = [event for event in evidence.events if not event.is_context]
    counts = Counter(event.year for event in toned if last - 40 < event.year <= last)
    (dense, most), (thin, least) = counts.most_common()[0], counts.most_common()[-1]
    return {"acts": len(toned), "dense_year": dense, "dense_acts": most, "thin_year": thin, "thin_acts": least}


def _ruptures(history: Sequence[Label]) -> Mapping[str, object]:
    """How long ruptures lasted in history, and what the ordered regression has never seen."""
    pairs = [after.state for before, after in pairwise(history) if before.state == Scenario.RUPTURE]
    since = ALIGNMENT.drivers.scale_from
    seen = [label.state for label in history if label.year >= since and label.state]
    return {
        "ruptures": len(pairs),
        "stays": sum(state == Scenario.RUPTURE for state in pairs),
        "unseen": unseen_sentence(seen, since),
    }


def _agreement(default: Assumptions) -> str:
    """How well the evidence agrees with the essay's strength; nothing without a library."""
    try:
        return agreement_sentence(agreement(cache.forecast(default), reasons.with_reasons(default)))
    except ConjunctionError:
        return ""


frame.title("Method", "How the numbers come about, and what they cannot say.")
frame.notes()
_page()
