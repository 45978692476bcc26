"""Names of states, models, days and acts, and the words that explain terms."""

import re
from datetime import date

import pytest

from dashboard.wording.glossary import GLOSSARY, define
from dashboard.wording.labels import (
    DOMAIN_LABELS,
    MODEL_LABELS,
    STATE_LABELS,
    STATE_MEANINGS,
    STATE_SHORT,
    date_text,
    event_date_text,
    event_label,
    joined,
    years_text,
)
from models.names import (
    MODELS,
    STATES,
)


def test_every_state_target_and_model_has_a_label():
    for names in (STATE_LABELS, STATE_SHORT, STATE_MEANINGS):
        assert tuple(names) == STATES
    assert set(MODEL_LABELS) == set(MODELS)


def test_dates_are_no_finer_than_known():
    assert date_text("2027-12-31") == "31 December 2027"
    assert event_date_text(date(1958, 6, 1), "month") == "June 1958"
    assert event_date_text(date(2014, 1, 1), "year") == "2014"
    assert event_date_text(date(1969, 3, 2), "day") == "2 March 1969"


def test_every_act_has_a_short_name(evidence):
    assert event_label("E1969-03-02-zhenbao") == "Border fighting"
    assert event_label("E2014-s400-contract") == "S400 contract"
    for event in evidence.events:
        label = event_label(event.id)
        assert label[0] == label[0].upper()
        assert not re.search(r"\bE?\d{4}\b", label)


def test_lists_of_words_and_years():
    assert [joined(parts) for parts in (["a"], ["a", "b"], ["a", "b", "c"])] == ["a", "a and b", "a, b and c"]
    assert years_text([1970, 1969, 1959, 2022]) == "1959, 1969–1970 and 2022"


def test_terms_are_explained_in_at_most_two_sentences():
    for term, meaning in GLOSSARY.items():
        assert meaning.endswith(".")
        assert len(re.findall(r"[.;]\s+[A-Z]", meaning)) <= 1, term
    with pytest.raises(KeyError, match="add it to the glossary"):
        define("flux")


def test_the_terms_that_the_page_needs_are_there(evidence):
    needed = (
        "posterior|prior|Monte Carlo error|effective sample size|Pareto k|base rate|horizon|reference date|odds ratio"
    )
    assert set(needed.split("|")) <= set(GLOSSARY)
    assert set(DOMAIN_LABELS) >= {event.domain for event in evidence.events}
