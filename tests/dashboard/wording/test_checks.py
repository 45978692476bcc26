"""Sentences about checks: what flips, what lies outside, and each check in the unit of its threshold."""

import math
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
