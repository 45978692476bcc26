"""Words, numbers and frequencies must agree with each other and with the table they were computed from."""

import math
import re
from datetime import date

import numpy as np
import pandas as pd
import pytest

from dashboard.wording import chances as wording_chances
from dashboard.wording.chances import STEPS, chance, doubt_sentence, interval_text, points, rounding_step
from dashboard.wording.forecast import (
    alignment_sentence,
    dot_counts,
    dots_sentence,
    headline,
    level,
    likeliest,
    number_sentence,
    outlook,
    state_on_day,
    states_sentence,
    targets_sentence,
    weights_sentence,
)
from dashboard.wording.labels import TARGET_EXPLANATION
from dashboard.wording.models import models_disagree, models_sentence
from dashboard.wording.table import readings
from models.names import (
    HORIZONS,
    MODEL_M0,
    MODEL_M1,
    MODEL_MIXTURE,
    STATES,
    TARGET_STATE,
)
from tests.support.values.results import STATES_H1, STATES_H5, table

TODAY = date(2024, 12, 31)

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
    assert chance(p).word == word


@pytest.mark.parametrize("mcse", [0.0, 0.004, 0.009, 0.02, 0.045, 0.09, 0.2])
def test_word_number_and_frequency_never_contradict(mcse):
    for p in np.linspace(0, 1, 1009):
        shown = chance(float(p), mcse)
        digits = [int(re.search(r"\d+", text).group()) for text in (shown.percent, shown.in_100)]
        assert digits[0] == digits[1]
        below, above = shown.percent[0] == "<", shown.percent[0] == ">"
        assert below == shown.in_100.startswith("fewer than")
        assert above == shown.in_100.startswith("more than")
        assert not shown.percent.startswith(("0 ", "100 "))
        low, high = ICD_203[shown.word]
        step = rounding_step(mcse)
        value = step / 2 if below else 100 - step / 2 if above else digits[0]
        assert low <= value <= high
        assert abs(value - 100 * p) <= step / 2 + 1e-6


def test_a_chance_and_its_opposite_carry_opposite_words():
    for percent in range(1, 100):
        low, high = chance(percent / 100).word, chance(1 - percent / 100).word
        assert ORDER.index(low) == len(ORDER) - 1 - ORDER.index(high)


@pytest.mark.parametrize(
    ("mcse", "step"), [(0, 1), (0.004, 1), (0.005, 1), (0.0051, 2), (0.02, 5), (0.03, 10), (0.4, 50)]
)
def test_rounding_is_no_finer_than_the_monte_carlo_error(mcse, step):
    assert rounding_step(mcse) == step
    assert step in STEPS


def test_rare_and_near_certain_chances_are_never_nought_or_a_hundred():
    assert wording_chances.percent(1e-12) == "<1 %"
    assert chance(0.004).in_100 == "fewer than 1 in 100"
    assert wording_chances.percent(0.9999) == ">99 %"
    assert wording_chances.percent(0.01, mcse=0.02) == "<5 %"
    assert chance(0.31).text == "unlikely, 31 %, about 31 in 100"


@pytest.mark.parametrize("p", [-0.01, 1.01, math.nan, math.inf])
def test_a_number_that_is_no_probability_is_refused(p):
    with pytest.raises(ValueError, match="expected a number from 0 to 1"):
        chance(p)


@pytest.mark.parametrize("mcse", [-0.001, math.nan, math.inf])
def test_a_monte_carlo_error_that_is_none_is_refused(mcse):
    with pytest.raises(ValueError, match="Monte Carlo error"):
        chance(0.5, mcse)


def test_a_range_is_on_the_grid_of_its_number_and_in_order():
    assert interval_text(0.213, 0.382) == "21 % to 38 %"
    assert interval_text(0.213, 0.382, mcse=0.02) == "20 % to 40 %"
    assert interval_text(0.001, 0.08) == "<1 % to 8 %"
    assert interval_text(0.301, 0.304) == "about 30 %"
    with pytest.raises(ValueError, match="smaller number first"):
        interval_text(0.4, 0.3)


def test_differences_have_a_sign_and_no_false_precision():
    assert points(0.071) == "+7 points"
    assert points(-0.012) == "−1 point"
    assert points(0.004) == "less than 1 point"
    assert points(0.013, mcse=0.02) == "less than 5 points"


def test_simulation_error_in_words():
    assert doubt_sentence(0.0) == "Exact: no simulation error."
    assert "about 2.0 percentage points" in doubt_sentence(0.0102)
    assert "by less than 0.1 percentage points" in doubt_sentence(1e-5)


# The results table ------------------------------------------------------------------------------------------------


def test_readings_are_the_tables_numbers_to_the_last_digit():
    given = table()
    found = readings(given, TARGET_STATE, MODEL_M1)
    assert [(one.horizon, one.outcome) for one in found] == [(h, s) for h in HORIZONS for s in STATES]
    rows = given[(given["model_id"] == MODEL_M1) & (given["target"] == TARGET_STATE) & (given["output_type"] == "pmf")]
    assert [one.probability for one in found] == rows["value"].tolist()
    assert found[0].date == "2025-12-31"
    assert found[0].interval == (0.01, 0.51)


def test_a_table_without_its_errors_is_refused_except_where_exact():
    given = table()
    bare = given[given["output_type"] != "mcse"]
    assert readings(bare, TARGET_STATE, MODEL_M0)[0].mcse == 0.0
    with pytest.raises(ValueError, match="no Monte Carlo error"):
        readings(bare, TARGET_STATE, MODEL_MIXTURE)
    with pytest.raises(ValueError, match="no probability of 'strain'"):
        readings(given[given["output_type_id"] != "strain"])


# The headline -----------------------------------------------------------------------------------------------------


def test_the_headline_says_the_likeliest_state_with_word_number_frequency_and_range():
    assert state_on_day(table(), "transactional", 1) == "Transactional status quo on 31 December 2025"
    assert headline(table(), 1, TODAY) == (
        "On 31 December 2025 the relationship will most likely stand in Transactional status quo "
        "(likely, 62 %, about 62 in 100; range 31 % to 81 %)."
    )


def test_the_headline_does_not_sound_sure_when_nothing_stands_out():
    split = table(first=(0.1, 0.2, 0.45, 0.25))
    assert headline(split, 1, TODAY).startswith("No state stands out on 31 December 2025. The likeliest is")
    even = table(first=(0.1, 0.1, 0.402, 0.398))
    assert "about equally likely" in headline(even, 1, TODAY)


def test_the_headline_that_a_layman_repeats_is_no_surer_than_the_numbers_and_names_the_range():
    assert likeliest(table(), 1, TODAY) == "Most likely at the end of 2025: business as usual"
    assert number_sentence(table(), 1) == (
        "Business as usual (transactional): 62 in 100; the models allow anything from 31 to 81."
    )
    assert number_sentence(table(first=(0.024, 0.024, 0.864, 0.088)), 1).endswith("Rounded: sum 99.")
    split, even = table(first=(0.1, 0.2, 0.45, 0.25)), table(first=(0.1, 0.1, 0.402, 0.398))
    assert likeliest(split, 1, TODAY) == "Nothing stands out at the end of 2025: business as usual is the likeliest"
    assert likeliest(even, 1, TODAY).endswith("business as usual or deeper cooperation, about equally likely")
    assert likeliest(table(), 1, date(2026, 1, 1)).startswith("31 December 2025 has come. As of 31 December 2024 the")


def test_the_outlook_lists_all_four_states_from_worst_to_best():
    found = outlook(table(), 5)
    assert tuple(one.outcome for one in found) == STATES
    np.testing.assert_allclose([one.probability for one in found], STATES_H5, rtol=1e-12)  # one rounding of the line


# Sentences of the forecast ----------------------------------------------------------------------------------------


def test_the_states_sentence_names_the_largest_loss_and_gain():
    text = states_sentence(table())
    assert text == "2025 to 2029: transactional 62 % → 41 %, deeper 28 % → 42 %."


def test_the_states_sentence_says_when_nothing_moves():
    assert "no state’s chance changes" in states_sentence(table(last=STATES_H1))


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
    text = dots_sentence(table(first=(0.004, 0.1, 0.6, 0.296)), 1)
    assert text.startswith("30 transactional, 15 deeper, 5 strain.")
    assert "Rupture (<1 %) is too rare for a dot" in text


def test_the_models_sentence_finds_the_widest_gap():
    given = table(m0=(0.03, 0.07, 0.80, 0.10))
    text = models_sentence(given, 5)
    assert text.startswith("Widest apart on transactional, by 39 points: ")
    assert text.endswith(" 41 %, base rate 80 %, mixture 41 %.")
    assert models_disagree(given, 5)
    assert not models_disagree(table(), 5)


def test_the_targets_sentence_shows_that_at_least_once_is_the_larger():
    text = targets_sentence(table(), 5)
    assert text == "Rupture at any year-end until 2029: 8 %; at that one: 5 %. Deeper cooperation: 50 % and 42 %."
    assert "never the smaller" in TARGET_EXPLANATION


def test_the_alignment_sentence_reads_its_summary():
    years = [1950, 1969, 2024, 2025, 2029]
    median = [2.0, -2.04, 0.8, 0.7, 0.6]
    given = pd.DataFrame({"year": years, "kind": ["history"] * 3 + ["forecast"] * 2, "q50": median})
    for name, shift in (("q05", -1.5), ("q25", -0.5), ("q75", 0.5), ("q95", 1.5)):
        given[name] = given["q50"] + shift
    assert alignment_sentence(given) == (
        "Warmest 1950 (+2.0), coldest 1969 (−2.0), now +0.8; 2029: nine in ten between −0.9 and +2.1."
    )
    assert [level(value) for value in (0.04, -0.04, -0.06)] == ["0.0", "0.0", "−0.1"]


@pytest.mark.parametrize("status", ["exact", "good", "fair", "poor"])
def test_reliability_says_what_to_do(status):
    text = weights_sentence(status, 1234.4, 0.912)
    assert "1,234 independent draws" in text
    assert ("refit" in text) == (status in ("fair", "poor"))
    assert ("0.91" in text) == (status != "exact")


def test_an_unknown_status_is_refused():
    with pytest.raises(ValueError, match="expected one of exact, good, fair, poor"):
        weights_sentence("fine", 10)


def test_a_tail_without_a_shape_is_said_so():
    assert "no finite Pareto k" in weights_sentence("poor", 3, math.inf)
