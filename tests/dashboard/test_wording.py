"""Words, numbers and frequencies must agree with each other and with the table they were computed from."""

import math
import re
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from dashboard import wording
from dashboard.wording_chances import STEPS
from dashboard.wording_evidence import number
from dashboard.wording_forecast import dot_counts, level
from dashboard.wording_labels import joined, years_text
from data.load import load_evidence
from data.types import Observation
from models.names import (
    HORIZONS,
    MODEL_M0,
    MODEL_M1,
    MODEL_MIXTURE,
    MODELS,
    STATES,
    TABLE_COLUMNS,
    TARGET_DEEPER,
    TARGET_RUPTURE,
    TARGET_STATE,
)
from models.outcome import resolve_history

LOW_WORDS = ["almost no chance", "very unlikely", "unlikely", "roughly even chance"]
ORDER = [*LOW_WORDS, "likely", "very likely", "almost certain"]
ICD_203 = {
    "almost no chance": (0, 5),
    "very unlikely": (5, 20),
    "unlikely": (20, 45),
    "roughly even chance": (45, 55),
    "likely": (55, 80),
    "very likely": (80, 95),
    "almost certain": (95, 100),
}
STATES_H1, STATES_H5 = (0.02, 0.08, 0.62, 0.28), (0.05, 0.12, 0.41, 0.42)


def table(first=STATES_H1, last=STATES_H5, mcse=0.004, m0=None) -> pd.DataFrame:
    """A results table whose states move in a straight line from the first to the last horizon."""
    rows = []
    for model in MODELS:
        for h in HORIZONS:
            mixed = [a + (b - a) * (h - 1) / 4 for a, b in zip(first, last, strict=True)]
            states = m0 if model == MODEL_M0 and m0 else mixed
            start = (model, "2024-12-31")
            end = f"{2024 + h}-12-31"
            cells = [(TARGET_STATE, name, p) for name, p in zip(STATES, states, strict=True)]
            cells += [(TARGET_RUPTURE, "yes", states[0] * 1.5), (TARGET_DEEPER, "yes", min(1.0, states[3] * 1.2))]
            for target, outcome, p in cells:
                at = (*start, target, h, end)
                rows += [(*at, "pmf", outcome, p), (*at, "mcse", outcome, 0.0 if model == MODEL_M0 else mcse)]
                rows += [(*at, "interval", f"{outcome}:0.05", p / 2), (*at, "interval", f"{outcome}:0.95", (1 + p) / 2)]
    return pd.DataFrame(rows, columns=list(TABLE_COLUMNS))


@pytest.fixture(scope="module")
def evidence():
    return load_evidence()


# Probabilities in words -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("p", "word"),
    [
        (0.0, "almost no chance"),
        (0.044, "almost no chance"),
        (0.05, "very unlikely"),
        (0.194, "very unlikely"),
        (0.20, "unlikely"),
        (0.444, "unlikely"),
        (0.45, "roughly even chance"),
        (0.55, "roughly even chance"),
        (0.56, "likely"),
        (0.80, "likely"),
        (0.81, "very likely"),
        (0.95, "very likely"),
        (0.96, "almost certain"),
        (1.0, "almost certain"),
    ],
)
def test_an_edge_of_the_standard_gets_the_more_cautious_word(p, word):
    assert wording.chance(p).word == word


@pytest.mark.parametrize("mcse", [0.0, 0.004, 0.009, 0.02, 0.045, 0.09, 0.2])
def test_word_number_and_frequency_never_contradict(mcse):
    for p in np.linspace(0, 1, 1009):
        shown = wording.chance(float(p), mcse)
        digits = [int(re.search(r"\d+", text).group()) for text in (shown.percent, shown.in_100)]
        assert digits[0] == digits[1]
        below, above = shown.percent[0] == "<", shown.percent[0] == ">"
        assert below == shown.in_100.startswith("fewer than")
        assert above == shown.in_100.startswith("more than")
        assert not shown.percent.startswith(("0 ", "100 "))
        low, high = ICD_203[shown.word]
        step = wording.rounding_step(mcse)
        value = step / 2 if below else 100 - step / 2 if above else digits[0]
        assert low <= value <= high
        assert abs(value - 100 * p) <= step / 2 + 1e-6


def test_a_chance_and_its_opposite_carry_opposite_words():
    for percent in range(1, 100):
        low, high = wording.chance(percent / 100).word, wording.chance(1 - percent / 100).word
        assert ORDER.index(low) == len(ORDER) - 1 - ORDER.index(high)


@pytest.mark.parametrize(
    ("mcse", "step"), [(0, 1), (0.004, 1), (0.005, 1), (0.0051, 2), (0.02, 5), (0.03, 10), (0.4, 50)]
)
def test_rounding_is_no_finer_than_the_monte_carlo_error(mcse, step):
    assert wording.rounding_step(mcse) == step
    assert step in STEPS


def test_rare_and_near_certain_chances_are_never_nought_or_a_hundred():
    assert wording.percent(1e-12) == "<1 %"
    assert wording.chance(0.004).in_100 == "fewer than 1 in 100"
    assert wording.percent(0.9999) == ">99 %"
    assert wording.percent(0.01, mcse=0.02) == "<5 %"
    assert wording.chance(0.31).text == "unlikely, 31 %, about 31 in 100"


@pytest.mark.parametrize("p", [-0.01, 1.01, math.nan, math.inf])
def test_a_number_that_is_no_probability_is_refused(p):
    with pytest.raises(ValueError, match="expected a number from 0 to 1"):
        wording.chance(p)


@pytest.mark.parametrize("mcse", [-0.001, math.nan, math.inf])
def test_a_monte_carlo_error_that_is_none_is_refused(mcse):
    with pytest.raises(ValueError, match="Monte Carlo error"):
        wording.chance(0.5, mcse)


def test_a_range_is_on_the_grid_of_its_number_and_in_order():
    assert wording.interval_text(0.213, 0.382) == "21 % to 38 %"
    assert wording.interval_text(0.213, 0.382, mcse=0.02) == "20 % to 40 %"
    assert wording.interval_text(0.001, 0.08) == "<1 % to 8 %"
    assert wording.interval_text(0.301, 0.304) == "about 30 %"
    with pytest.raises(ValueError, match="smaller number first"):
        wording.interval_text(0.4, 0.3)


def test_differences_have_a_sign_and_no_false_precision():
    assert wording.points(0.071) == "+7 points"
    assert wording.points(-0.012) == "−1 point"
    assert wording.points(0.004) == "less than 1 point"
    assert wording.points(0.013, mcse=0.02) == "less than 5 points"


def test_simulation_error_in_words():
    assert wording.doubt_sentence(0.0) == "Exact: no simulation error."
    assert "about 2.0 percentage points" in wording.doubt_sentence(0.0102)
    assert "by less than 0.1 percentage points" in wording.doubt_sentence(1e-5)


# The results table ------------------------------------------------------------------------------------------------


def test_readings_are_the_tables_numbers_to_the_last_digit():
    given = table()
    found = wording.readings(given, TARGET_STATE, MODEL_M1)
    assert [(one.horizon, one.outcome) for one in found] == [(h, s) for h in HORIZONS for s in STATES]
    rows = given[(given["model_id"] == MODEL_M1) & (given["target"] == TARGET_STATE) & (given["output_type"] == "pmf")]
    assert [one.probability for one in found] == rows["value"].tolist()
    assert found[0].date == "2025-12-31"
    assert found[0].interval == (0.01, 0.51)


def test_a_table_without_its_errors_is_refused_except_where_exact():
    given = table()
    bare = given[given["output_type"] != "mcse"]
    assert wording.readings(bare, TARGET_STATE, MODEL_M0)[0].mcse == 0.0
    with pytest.raises(ValueError, match="no Monte Carlo error"):
        wording.readings(bare, TARGET_STATE, MODEL_MIXTURE)
    with pytest.raises(ValueError, match="no probability of 'strain'"):
        wording.readings(given[given["output_type_id"] != "strain"])


# The headline -----------------------------------------------------------------------------------------------------


def test_the_headline_says_the_likeliest_state_with_word_number_frequency_and_range():
    found = wording.headline(table(), 1)
    assert (found.state, found.label, found.date) == ("transactional", "Transactional status quo", "31 December 2025")
    assert found.text == (
        "On 31 December 2025 the relationship will most likely stand in Transactional status quo "
        "(likely, 62 %, about 62 in 100; range 31 % to 81 %)."
    )


def test_the_headline_does_not_sound_sure_when_nothing_stands_out():
    split = table(first=(0.1, 0.2, 0.45, 0.25))
    assert wording.headline(split, 1).text.startswith("No state stands out on 31 December 2025. The likeliest is")
    even = table(first=(0.1, 0.1, 0.402, 0.398))
    assert "about equally likely" in wording.headline(even, 1).text


def test_the_outlook_lists_all_four_states_from_worst_to_best():
    found = wording.outlook(table(), 5)
    assert tuple(one.outcome for one in found) == STATES
    np.testing.assert_allclose([one.probability for one in found], STATES_H5, rtol=1e-12)  # one rounding of the line


# Sentences of the forecast ----------------------------------------------------------------------------------------


def test_the_states_sentence_names_the_largest_loss_and_gain():
    text = wording.states_sentence(table())
    assert "Transactional status quo loses most, from 62 % to 41 %" in text
    assert "Deeper cooperation gains most, from 28 % to 42 %" in text


def test_the_states_sentence_says_when_nothing_moves():
    assert "no state’s chance changes" in wording.states_sentence(table(last=STATES_H1))


@pytest.mark.parametrize("seed", range(20))
def test_fifty_dots_are_fifty_and_none_is_off_by_a_whole_dot(seed):
    shares = np.random.default_rng(seed).dirichlet([0.3, 0.5, 2, 2])
    counts = dot_counts(shares.tolist())
    assert sum(counts) == 50
    assert np.all(np.abs(np.array(counts) - 50 * shares) < 1)


def test_dots_of_something_that_is_no_distribution_are_refused():
    with pytest.raises(ValueError, match="add up to 1"):
        dot_counts([0.5, 0.4, 0.05, 0.01])


def test_the_dots_sentence_counts_what_is_drawn_and_names_what_is_too_rare():
    text = wording.dots_sentence(table(first=(0.004, 0.1, 0.6, 0.296)), 1)
    assert "30 Transactional status quo, 15 Deeper cooperation and 5 Strain" in text
    assert "Rupture (<1 %) is too rare for a dot" in text


def test_the_models_sentence_finds_the_widest_gap():
    given = table(m0=(0.03, 0.07, 0.80, 0.10))
    text = wording.models_sentence(given, 5)
    assert "differ most on Transactional status quo on 31 December 2029, by 39 points: 80 %" in text
    assert wording.models_disagree(given, 5)
    assert not wording.models_disagree(table(), 5)


def test_the_targets_sentence_shows_that_at_least_once_is_the_larger():
    text = wording.targets_sentence(table(), 5)
    assert "at least one rupture year-end 8 %, rupture on that very day 5 %" in text
    assert "at least one deeper cooperation year-end 50 %, deeper cooperation on that very day 42 %" in text
    assert "never the smaller" in wording.TARGET_EXPLANATION


def test_the_alignment_sentence_reads_its_summary():
    years = [1950, 1969, 2024, 2025, 2029]
    median = [2.0, -2.04, 0.8, 0.7, 0.6]
    given = pd.DataFrame({"year": years, "kind": ["history"] * 3 + ["forecast"] * 2, "q50": median})
    for name, shift in (("q05", -1.5), ("q25", -0.5), ("q75", 0.5), ("q95", 1.5)):
        given[name] = given["q50"] + shift
    assert wording.alignment_sentence(given) == (
        "The median path was highest in 1950 (+2.0) and lowest in 1969 (−2.0), and stands at +0.8 at the end of 2024. "
        "In 2029 half of the simulated futures lie between +0.1 and +1.1, nine in ten between −0.9 and +2.1."
    )
    assert [level(value) for value in (0.04, -0.04, -0.06)] == ["0.0", "0.0", "−0.1"]


@pytest.mark.parametrize("status", ["exact", "good", "fair", "poor"])
def test_reliability_says_what_to_do(status):
    text = wording.weights_sentence(status, 1234.4, 0.912)
    assert "1,234 independent draws" in text
    assert ("refit" in text) == (status in ("fair", "poor"))
    assert ("0.91" in text) == (status != "exact")


def test_an_unknown_status_is_refused():
    with pytest.raises(ValueError, match="expected one of exact, good, fair, poor"):
        wording.weights_sentence("fine", 10)


def test_a_tail_without_a_shape_is_said_so():
    assert "no finite Pareto k" in wording.weights_sentence("poor", 3, math.inf)


# Sentences of the record ------------------------------------------------------------------------------------------


def test_the_history_sentence_counts_the_labels(evidence):
    history = resolve_history(evidence.events, 1950, 2024)
    text = wording.history_sentence(history)
    for state in STATES:
        assert f"{sum(one.state == state for one in history)} {wording.STATE_LABELS[state]}" in text
    assert "75 labelled year-ends from 1950 to 2024" in text
    run = next(i for i, one in enumerate(reversed(history)) if one.state != history[-1].state)
    assert f"for the last {run} year-ends" in text


def test_the_ledger_sentence_counts_the_rows_shown(evidence):
    ledger = evidence.ledger()
    text = wording.ledger_sentence(ledger)
    assert text.startswith(f"{len(ledger)} acts from 14 February 1950 to ")
    assert f"{(ledger['direction'] == 'conflict').sum()} hostile" in text
    assert wording.ledger_sentence(ledger.iloc[:0]) == "No act matches; widen the search."
    assert wording.ledger_sentence(ledger.iloc[:1]).startswith("1 act from")


def test_an_indicator_tells_its_gaps_breaks_and_doubtful_figures(evidence):
    whole = evidence.indicator("orbital_launches.rus_attempts")
    seen = [Observation(period_end=date(y, 12, 31), value=float(y), source_kind="opened") for y in (2000, 2001, 2004)]
    seen.append(Observation(period_end=date(2005, 12, 31), value=2e9, source_kind="unverified"))
    text = wording.indicator_sentence(replace(whole, observations=tuple(seen), definition_breaks=("2004: other",)))
    assert text.startswith("2,000 in 2000 and 2 billion in 2005 (launches a year).")
    assert "No figure for 2002–2003" in text
    assert "definition break. 2004: other." in text
    assert "Unverified: 2005." in text
    assert "No figure with an opened source" in wording.indicator_sentence(replace(whole, observations=()))


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
    text = wording.learning_sentence(row)
    assert text.startswith("The record moved it from 1.60 to 1.55 and narrowed the doubt by 25 %. Prior-driven")
    wide = wording.learning_sentence({**row, "posterior_centre": 1.6, "posterior_sd": 0.44, "verdict": "in conflict"})
    assert wide.startswith("The record left it at 1.60 and widened the doubt by 10 %. In conflict")
    assert "cannot move it" in wording.learning_sentence({"verdict": "setting"})


def test_robustness_names_the_worst_and_counts_the_failures():
    given = pd.DataFrame({"variation": ["a", "b", "c"], "flipped_share": [0.05, 0.27, 0.21]})
    assert wording.robustness_sentence(given) == (
        "Most sensitive to “b”: 27 % of the labelled years change. 2 of 3 changes flip more than 20 %."
    )
    assert "None of 1 changes" in wording.robustness_sentence(given.iloc[:1])


def test_a_predictive_check_counts_what_is_outside_and_skips_what_was_not_observed():
    given = pd.DataFrame(
        {"category": ["x", "y", "z"], "observed": [1.0, 9.0, np.nan], "q05": 0.0, "q50": 2.0, "q95": 5.0}
    )
    text = wording.predictive_sentence(given, "before")
    assert text.startswith("1 of 2 observed values")
    assert "made before the model saw the record. Outside: y." in text


def test_the_knobs_sentence_names_the_widest():
    given = pd.DataFrame({"key": ["a", "b"], "label": ["First", "Second"], "low": [0.10, 0.3], "high": [0.102, 0.05]})
    text = wording.knobs_sentence(given, 0.11, "Rupture on 31 December 2027")
    assert "“Second” moves it most: from 30 % at the slider’s lowest value to 5 % at its highest" in text
    assert "1 of 2 knobs move it by less than one point" in text


# Labels, dates, terms ---------------------------------------------------------------------------------------------


def test_every_state_target_and_model_has_a_label():
    for names in (wording.STATE_LABELS, wording.STATE_SHORT, wording.STATE_MEANINGS):
        assert tuple(names) == STATES
    assert set(wording.MODEL_LABELS) == set(MODELS)
    assert wording.state_label("deeper") == "Deeper cooperation"
    assert wording.state_label("deeper", short=True) == "Deeper"


def test_dates_are_no_finer_than_known():
    assert wording.date_text("2027-12-31") == "31 December 2027"
    assert wording.event_date_text(date(1958, 6, 1), "month") == "June 1958"
    assert wording.event_date_text(date(2014, 1, 1), "year") == "2014"
    assert wording.event_date_text(date(1969, 3, 2), "day") == "2 March 1969"


def test_every_act_has_a_short_name(evidence):
    assert wording.event_label("E1969-03-02-zhenbao") == "Border fighting"
    assert wording.event_label("E2014-s400-contract") == "S400 contract"
    for event in evidence.events:
        label = wording.event_label(event.id)
        assert label[0] == label[0].upper()
        assert not re.search(r"\bE?\d{4}\b", label)


def test_lists_of_words_and_years():
    assert [joined(parts) for parts in (["a"], ["a", "b"], ["a", "b", "c"])] == ["a", "a and b", "a, b and c"]
    assert years_text([1970, 1969, 1959, 2022]) == "1959, 1969–1970 and 2022"


def test_terms_are_explained_in_at_most_two_sentences():
    for term, meaning in wording.GLOSSARY.items():
        assert meaning.endswith(".")
        assert len(re.findall(r"[.;]\s+[A-Z]", meaning)) <= 1, term
    with pytest.raises(KeyError, match="add it to the glossary"):
        wording.define("flux")


def test_the_terms_that_the_page_needs_are_there(evidence):
    needed = (
        "posterior|prior|Monte Carlo error|effective sample size|Pareto k|base rate|horizon|reference date|odds ratio"
    )
    assert set(needed.split("|")) <= set(wording.GLOSSARY)
    assert set(wording.DOMAIN_LABELS) >= {event.domain for event in evidence.events}


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
    assert expected in wording.driver_sentence("A driver", value, note, direction)


def test_next_year_is_told_what_it_would_take():
    told = wording.needed_sentence(2025, (-11.1, -4.14, 4.18), (3.09, 1.1, math.nan, 1.91))
    assert told == (
        "To be labelled deeper cooperation, 2025 alone would need a mean intensity of +4.2 or more; a mean below −4.1 "
        "would make it strain; no mean is low enough to make it rupture (the scale ends at −10). One act that breaks a "
        "core commitment makes it rupture whatever the mean. On the books: +3.1 in 2021, +1.1 in 2022 and +1.9 in 2024."
    )


def test_what_next_year_would_take_stays_on_the_scale():
    cold = wording.needed_sentence(1970, (10.3, 14.0, 18.0), (-9.0,) * 4)
    assert "would need more than any year can give (the scale ends at +10)" in cold
    assert "no mean is high enough to lift it above strain (the scale ends at +10)" in cold
    assert "no mean is high enough to lift it above rupture (the scale ends at +10)" in cold
    warm = wording.needed_sentence(1958, (-20.0, -14.0, -10.0), (math.nan,) * 4)
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
    assert wording.check_value(value, threshold) == shown
    assert wording.check_threshold(threshold) == expected


def test_names_of_checks_start_as_titles_do():
    assert wording.check_name("bulk effective sample size of parameters") == "Bulk effective sample size of parameters"
    assert wording.check_name("prior: rupture within a year, median") == "Rupture within a year, median"
    assert wording.check_name("R-hat of parameters") == "R-hat of parameters"
