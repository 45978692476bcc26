"""The four answers follow from numbers by rule, and never say more than the intervals allow."""

import pandas as pd
import pytest

from dashboard.studies.facts import curve_shares, largest_moves
from dashboard.wording.verdicts import NOT_TESTED, change_answer, forecast_answer, models_answer, sampler_answer
from models.names import MEMBERS, MODEL_M0, MODEL_M2
from tests.support.values import studies

GREEN = pd.DataFrame({"kind": ["single"], "status": ["good"], "error": [0.009]})
PASSED = dict.fromkeys(MEMBERS, True)


@pytest.mark.parametrize(
    ("checks", "verdicts", "engine", "expected"),
    [
        ((40, 40), studies.verdicts(), (True, GREEN), "holds"),
        ((39, 40), studies.verdicts(), (True, GREEN), "fails"),
        ((40, 40), studies.verdicts(MODEL_M2), (True, GREEN), "partly"),
        ((40, 40), studies.verdicts(), (False, GREEN), "partly"),
        ((40, 40), studies.verdicts()[:3], (True, GREEN), "untested"),
        ((40, 40), None, (True, GREEN), "untested"),
        ((40, 40), studies.verdicts(), None, "untested"),
    ],
)
def test_the_sampler_is_trusted_only_when_every_test_of_every_model_passed(checks, verdicts, engine, expected):
    assert sampler_answer(checks, verdicts, engine).verdict == expected


def test_a_test_that_passed_only_when_enlarged_is_no_plain_yes():
    found = sampler_answer((40, 40), studies.verdicts(), (True, GREEN), "With the first 200 alone, one failed.")
    assert (found.verdict, found.short) == ("partly", "Yes, one test only when enlarged")
    assert found.sentence.endswith("With the first 200 alone, one failed.")


def test_the_sampler_answer_counts_quantities_and_names_the_model_that_fails():
    told = sampler_answer((40, 40), studies.verdicts(MODEL_M2), (True, GREEN)).sentence
    assert "98 of 104 quantities recovered within the 95 % band" in told
    assert "too many outside for the ordered regression" in told
    assert "off by at most 0.9 points in 1 green settings" in told


@pytest.mark.parametrize(
    ("gates", "inside", "flips", "outside", "expected"),
    [
        (PASSED, (90, 100), 0.18, 1, "holds"),
        ({**PASSED, MODEL_M0: False}, (90, 100), 0.18, 1, "partly"),
        (PASSED, (79, 100), 0.18, 1, "partly"),
        (PASSED, (90, 100), 0.21, 1, "partly"),
        (PASSED, (90, 100), 0.18, 3, "holds"),
        ({**PASSED, MODEL_M0: False}, (79, 100), 0.21, 3, "fails"),
    ],
)
def test_each_test_of_the_models_counts(gates, inside, flips, outside, expected):
    assert models_answer(gates, inside, flips, curve_shares(studies.reliability(outside))).verdict == expected


def test_models_whose_curves_mostly_leave_their_bands_are_no_yes():
    curves = curve_shares(studies.reliability(1)).assign(outside=0.9)
    found = models_answer(PASSED, (90, 100), 0.18, curves)
    assert (found.verdict, found.short) == ("partly", "Sound on paper; reliability in doubt")


def test_models_without_a_backtest_are_not_tested():
    found = models_answer(PASSED, (90, 100), 0.1, None)
    assert (found.verdict, found.short) == ("untested", NOT_TESTED)


@pytest.mark.parametrize(
    ("verdict", "expected", "phrase"),
    [
        ("skill", "holds", "Skill against past frequencies: all four models"),
        ("no evidence of skill", "partly", "No evidence of skill against past frequencies: all four models"),
        ("worse", "fails", "Worse than past frequencies: all four models"),
    ],
)
def test_the_forecast_answer_follows_the_intervals(verdict, expected, phrase):
    found = forecast_answer(studies.comparisons(verdict))
    assert found.verdict == expected
    assert phrase in found.sentence
    assert "written by people who knew the outcome" in found.sentence


def test_one_reference_that_did_better_is_enough_for_a_no():
    table = studies.comparisons("skill")
    worse = (table["model_id"] == MODEL_M2) & (table["reference"] == "persistence")
    found = forecast_answer(table.assign(verdict=table["verdict"].mask(worse, "worse")))
    assert found.verdict == "fails"
    assert "Worse than “nothing changes”: ordered regression" in found.sentence


def test_beating_simple_rules_but_not_the_base_rate_is_said():
    table = studies.comparisons("skill")
    inside = table["reference"] == MODEL_M0
    found = forecast_answer(table.assign(verdict=table["verdict"].mask(inside, "no evidence of skill")))
    assert (found.verdict, found.short) == ("partly", "No evidence of skill beyond the base rate")


def test_skill_in_a_single_comparison_is_claimed_and_decides_nothing():
    table = studies.comparisons()
    single = (table["model_id"] == "m3_hidden_regimes") & (table["reference"] == MODEL_M0) & (table["score"] == "log")
    single &= table["horizon"].isin((1, 2))
    found = forecast_answer(table.assign(verdict=table["verdict"].mask(single, "skill")))
    assert (found.verdict, found.short) == ("partly", "Skill in single comparisons only, past frequencies aside")
    assert "Of 126 comparisons beyond past frequencies 2 show skill: hidden regimes against the base" in found.sentence
    assert "1 year ahead and 2 years ahead" in found.sentence
    assert "show skill" not in forecast_answer(studies.comparisons()).sentence


def test_only_the_primary_score_over_all_horizons_decides():
    table = studies.comparisons("skill")
    primary = (table["score"] == "rps") & (table["horizon"] == 0)
    assert forecast_answer(table.assign(verdict=table["verdict"].where(primary, "worse"))).verdict == "holds"
    assert forecast_answer(None).verdict == "untested"


def test_what_would_change_it_names_pieces_and_admits_a_missed_target():
    tables = largest_moves(studies.cells()), studies.knobs(), studies.copies()
    found = change_answer(*tables, [{"measure": "cases compared", "passed": True}])
    assert found.verdict == "told"
    assert "Claim C12: Claim 12 (+6.2 points)" in found.sentence
    assert "3 assumptions: 2 prior-driven and 1 in conflict" in found.sentence
    assert "Ten copies of one indicator move it by 0.4 points at most" in found.sentence
    missed = change_answer(*tables, [{"measure": "cases compared", "value": 12.0, "passed": False}])
    assert missed.verdict == "partly"
    assert "missed its own target: cases compared: 12" in missed.sentence
