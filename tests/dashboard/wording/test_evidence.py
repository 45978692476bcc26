"""Sentences about the evidence and the checks, and the words that explain them."""

import math
import re
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from dashboard.wording.checks import (
    check_name,
    check_threshold,
    check_value,
    deep_sentence,
    predictive_sentence,
    robustness_sentence,
)
from dashboard.wording.evidence import (
    agreement_sentence,
    ahead_sentence,
    alpha_text,
    checks_text,
    history_sentence,
    indicator_sentence,
    lag_text,
    ledger_sentence,
    pull_sentence,
    readings_text,
    unseen_sentence,
)
from dashboard.wording.forecast import needed_sentence
from dashboard.wording.glossary import GLOSSARY, define
from dashboard.wording.knobs import driver_sentence, knobs_sentence, learning_sentence
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
from dashboard.wording.numerals import number
from data.publication import PublicationLag
from data.readings import Coding, Reading
from data.types import Observation
from models.coding.agreement import EVERYTHING, Agreement, Closeness
from models.coding.searches import Pull
from models.names import (
    MODELS,
    STATES,
    Scenario,
)
from models.outcome.rule import resolve_history


def test_the_history_sentence_counts_the_labels(evidence):
    history = resolve_history(evidence.events, 1950, 2024)
    text = history_sentence(history)
    for state in STATES:
        assert f"{sum(one.state == state for one in history)} {STATE_LABELS[state]}" in text
    assert "75 labelled year-ends from 1950 to 2024" in text
    run = next(i for i, one in enumerate(reversed(history)) if one.state != history[-1].state)
    assert f"for the last {run} year-ends" in text


def test_the_ledger_sentence_counts_the_rows_shown(evidence):
    ledger = evidence.ledger()
    text = ledger_sentence(ledger)
    assert text.startswith(f"{len(ledger)} acts from 14 February 1950 to ")
    assert f"{(ledger['direction'] == 'conflict').sum()} hostile" in text
    assert ledger_sentence(ledger.iloc[:0]) == "No act matches; widen the search."
    assert ledger_sentence(ledger.iloc[:1]).startswith("1 act from")


CODED = Coding(intensity=-3, direction="conflict", domain="civil_space", mechanism="joint_projects")


@pytest.mark.parametrize(
    ("second", "doubt", "said"),
    [
        (CODED, 0, "Second reading, blind to the first: the same (without doubt)."),
        (
            replace(CODED, intensity=-4),
            1,
            "blind to the first: −4, hostile, Civil space, joint projects (some doubt).",
        ),
        (None, None, "Read once: nobody has coded this row a second time."),
    ],
)
def test_both_codings_of_a_row_are_told(second, doubt, said):
    text = readings_text(Reading(id="E", search="first", first=CODED, second=second, doubt=doubt))
    assert text.startswith("First reading: −3, hostile, Civil space, joint projects. ")
    assert said in text


def test_a_row_without_any_reading_was_read_once():
    assert readings_text(None) == "Read once: nobody has coded this row a second time."
    assert checks_text(twice=False, second_page=True) == "read once, second page"


def test_agreement_is_told_with_its_interval_and_what_it_is_not():
    one = Agreement(column="intensity", group=EVERYTHING, member="", rows=9, alpha=0.97, low=-0.021, high=0.98)
    close = Closeness(rows=9, exact=0.5, within_one=0.75, mean=0.0, sd=1.0)
    assert alpha_text(one) == "0.97 (−0.02 to 0.98)"
    assert alpha_text(replace(one, alpha=None, low=None, high=None)) == "nothing varies"
    text = agreement_sentence([one], close, once=2)
    for part in (
        "9 rows were coded",
        "0.97 on the intensity",
        "in 50 % of",
        "not truth",
        "2 rows were read once",
    ):
        assert part in text
    assert "read once" not in agreement_sentence([one], close, once=0)


def test_the_pull_of_a_second_search_is_told_by_sign():
    found = [Pull(sign=1, years=42, before=3.16, after=2.18), Pull(sign=-1, years=24, before=-4.09, after=-2.48)]
    text = pull_sentence(found)
    assert "in 42 warm years the plain mean went from +3.2 to +2.2" in text
    assert "in 24 cold years the plain mean went from −4.1 to −2.5" in text
    assert pull_sentence([]) == ""


@pytest.mark.parametrize(
    ("months", "said"), [(0, "when its period ends on"), (1, "1 month after"), (4, "4 months after")]
)
def test_the_day_that_a_figure_is_known_from_is_told_with_its_reason(months, said):
    text = lag_text(PublicationLag(file="indicators/a.csv", months_after=months, why="It says so."))
    assert said in text
    assert text.endswith("It says so.")


def test_an_indicator_tells_its_gaps_breaks_and_doubtful_figures(evidence):
    whole = evidence.indicator("orbital_launches.rus_attempts")
    seen = [Observation(period_end=date(y, 12, 31), value=float(y), source_kind="opened") for y in (2000, 2001, 2004)]
    seen.append(Observation(period_end=date(2005, 12, 31), value=2e9, source_kind="unverified"))
    text = indicator_sentence(replace(whole, observations=tuple(seen), definition_breaks=("2004: other",)))
    assert text.startswith("2,000 in 2000 and 2 billion in 2005 (launches a year).")
    assert "No figure for 2002–2003" in text
    assert "definition break. 2004: other." in text
    assert "Unverified: 2005." in text
    assert "No figure with an opened source" in indicator_sentence(replace(whole, observations=()))


@pytest.mark.parametrize(
    ("value", "text"), [(0.0712, "0.0712"), (-3.5, "−3.5"), (1234.5, "1,234"), (2.02e12, "2.02 trillion"), (79.0, "79")]
)
def test_figures_have_three_digits_and_real_minus_signs(value, text):
    assert number(value) == text


def test_learning_in_words():
    row = {
        "prior_centre": 1.6,
        "posterior_centre": 1.55,
        "prior_sd": 0.4,
        "posterior_sd": 0.3,
        "verdict": "prior-driven",
    }
    text = learning_sentence(row)
    assert text.startswith("The evidence moved it from 1.60 to 1.55 and narrowed the doubt by 25 %. Prior-driven")
    wide = learning_sentence({**row, "posterior_centre": 1.6, "posterior_sd": 0.44, "verdict": "in conflict"})
    assert wide.startswith("The evidence left it at 1.60 and widened the doubt by 10 %. In conflict")
    assert "not an unknown of the latent alignment" in learning_sentence({"verdict": "setting"})


def test_robustness_names_the_worst_and_counts_the_failures():
    given = pd.DataFrame({"variation": ["a", "b", "c"], "flipped_share": [0.05, 0.27, 0.08]})
    given = given.assign(limit=[0.2, 0.3, 0.1], unlabelled_share=[0.0, 0.0, 0.03])
    assert robustness_sentence(given) == (
        "Most sensitive to “b”: 27 % of the labelled years change. More than allowed: “c”."
    )
    assert robustness_sentence(given.iloc[:2]).endswith("No change flips more than allowed.")


def test_the_newest_years_are_told_by_all_rows_and_by_the_grave_ones():
    names = ("year", "state", "tone", "rows", "grave_state", "grave_tone", "grave_rows")
    table = pd.DataFrame(
        [(2025, "transactional", 3.0, 64, "strain", -0.52, 41), (2026, None, np.nan, 0, None, np.nan, 0)], columns=names
    )
    told = deep_sentence(table, date(2026, 6, 30))
    assert "2025 strain (−0.52) by 41 rows, transactional status quo (+3.00) by all 64;" in told
    assert "2026 without a label by 0 rows, without a label by all 0." in told
    assert told.endswith("The ledger ends on 30 June 2026.")


def test_a_predictive_check_counts_what_is_outside_and_skips_what_was_not_observed():
    given = pd.DataFrame(
        {"category": ["x", "y", "z"], "observed": [1.0, 9.0, np.nan], "q05": 0.0, "q50": 2.0, "q95": 5.0}
    )
    text = predictive_sentence(given)
    assert text.startswith("1 of 2 observed values")
    assert "made after the model saw the evidence. Outside: y." in text


def test_the_knobs_sentence_names_the_widest():
    given = pd.DataFrame({"key": ["a", "b"], "label": ["First", "Second"], "low": [0.10, 0.3], "high": [0.102, 0.05]})
    text = knobs_sentence(given, 0.11, "Rupture on 31 December 2027")
    assert "“Second” moves it most: from 30 % at the slider’s lowest value to 5 % at its highest" in text
    assert "1 of 2 knobs move it by less than one point" in text


# Labels, dates, terms ---------------------------------------------------------------------------------------------


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


@pytest.mark.parametrize(
    ("value", "note", "direction", "expected"),
    [
        (
            2.0,
            "observed",
            1,
            "2.0 standard deviations above its usual value, so a stronger claim pushes the relationship up now",
        ),
        (2.0, "observed", -1, "pushes the relationship down now"),
        (-0.35, "carried from 2023", -1, "0.3 standard deviations below its usual value (carried from 2023)"),
        (-0.35, "observed", -1, "pushes the relationship up now"),
        (0.0, "masked", 1, "pushes nothing now"),
    ],
)
def test_a_driver_below_its_mean_turns_the_push_round(value: float, note: str, direction: int, expected: str) -> None:
    assert expected in driver_sentence("A driver", value, note, direction)


def test_next_year_is_told_what_it_would_take():
    told = needed_sentence(2025, (-11.1, -4.14, 4.18), (3.09, 1.1, math.nan, 1.91))
    assert told == (
        "To be labelled deeper cooperation, 2025 alone would need a mean intensity of +4.2 or more; a mean below −4.1 "
        "would make it strain; no mean is low enough to make it rupture (the scale ends at −10). One act that breaks a "
        "core commitment makes it rupture whatever the mean. On the books: +3.1 in 2021, +1.1 in 2022 and +1.9 in 2024."
    )


def test_what_next_year_would_take_stays_on_the_scale():
    cold = needed_sentence(1970, (10.3, 14.0, 18.0), (-9.0,) * 4)
    assert "would need more than any year can give (the scale ends at +10)" in cold
    assert "no mean is high enough to lift it above strain (the scale ends at +10)" in cold
    assert "no mean is high enough to lift it above rupture (the scale ends at +10)" in cold
    warm = needed_sentence(1958, (-20.0, -14.0, -10.0), (math.nan,) * 4)
    assert "would need no more than any recorded act" in warm
    assert warm.count("no mean is low enough to make it") == 2
    assert "On the books" not in warm
    assert not re.search(r"[−+]1[1-9]|[−+]2[0-9]", cold + warm)


@pytest.mark.parametrize(
    ("value", "threshold", "shown", "expected"),
    [
        (1333.8, "at least 1000", "1,334", "at least 1,000"),
        (1.00366, "at most 1.01", "1.004", "at most 1.01"),
        (1 / 3000, "at most 0.1% of draws", "0.033 %", "at most 0.1 % of draws"),
        (0.0, "at most 0.1% of draws", "0 %", "at most 0.1 % of draws"),
        (0.9191, "at least 90% of draws between 40% and 90%", "92 %", "at least 90 % of draws between 40 % and 90 %"),
        (math.nan, "at least 400", "not a number", "at least 400"),
    ],
)
def test_a_check_is_told_in_the_unit_of_its_threshold(value, threshold, shown, expected):
    assert check_value(value, threshold) == shown
    assert check_threshold(threshold) == expected


def test_names_of_checks_start_as_titles_do():
    assert check_name("bulk effective sample size of parameters") == "Bulk effective sample size of parameters"
    assert check_name("prior: rupture within a year, median") == "Rupture within a year, median"
    assert check_name("R-hat of parameters") == "R-hat of parameters"


def test_acts_after_the_reference_date_are_counted_and_told_when_they_will_count():
    told = ahead_sentence(34, date(2025, 12, 31))
    assert told.startswith("34 acts of 2026 so far are on the Evidence page and not in these models")
    assert told.endswith("They count when 2026 is over and its ledger complete.")
    assert ahead_sentence(1, date(2025, 12, 31)).startswith("One act of 2026 so far is ")
    assert ahead_sentence(0, date(2025, 12, 31)) == ""


def test_states_that_the_regression_never_saw_are_named():
    told = unseen_sentence([Scenario.TRANSACTIONAL, Scenario.DEEPER], 1992)
    assert "has never seen rupture and strain" in told
    assert "It reads 4 year-ends since 1992" in unseen_sentence(list(Scenario), 1992)
