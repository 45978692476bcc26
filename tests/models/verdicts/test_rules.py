"""The four verdicts follow from numbers by rule, and never say more than the intervals allow."""

import pytest

from models.names import MEMBERS, MODEL_M0, MODEL_M2
from models.verdicts.facts import curve_shares
from models.verdicts.rules import (
    UNTESTED,
    change_verdict,
    forecast_verdict,
    models_tests,
    models_verdict,
    sampler_verdict,
)
from tests.support.values import studies

PASSED = dict.fromkeys(MEMBERS, True)


@pytest.mark.parametrize(
    ("checks", "calibration", "engine", "expected"),
    [
        ((40, 40), studies.verdicts(), True, "holds"),
        ((39, 40), studies.verdicts(), True, "fails"),
        ((40, 40), studies.verdicts(MODEL_M2), True, "partly"),
        ((40, 40), studies.verdicts(), False, "partly"),
        ((40, 40), studies.verdicts()[:3], True, "untested"),
        ((40, 40), None, True, "untested"),
        ((40, 40), studies.verdicts(), None, "untested"),
    ],
)
def test_the_sampler_is_trusted_only_when_every_test_of_every_model_passed(checks, calibration, engine, expected):
    assert sampler_verdict(checks, calibration, engine, enlarged=False).answer == expected


def test_a_test_that_passed_only_when_enlarged_is_no_plain_yes():
    verdict = sampler_verdict((40, 40), studies.verdicts(), True, enlarged=True)
    assert (verdict.answer, verdict.reason) == ("partly", "only when enlarged")


@pytest.mark.parametrize(
    ("gates", "inside", "labels", "outside", "expected"),
    [
        (PASSED, (90, 100), (12, 12), 1, "holds"),
        ({**PASSED, MODEL_M0: False}, (90, 100), (12, 12), 1, "partly"),
        (PASSED, (79, 100), (12, 12), 1, "partly"),
        (PASSED, (80, 100), (12, 12), 1, "holds"),
        (PASSED, (90, 100), (11, 12), 1, "partly"),
        (PASSED, (90, 100), (12, 12), 3, "holds"),
        ({**PASSED, MODEL_M0: False}, (79, 100), (11, 12), 3, "fails"),
    ],
)
def test_each_test_of_the_models_counts(gates, inside, labels, outside, expected):
    tests = models_tests(gates, inside, labels)
    assert models_verdict(tests, curve_shares(studies.reliability(outside))).answer == expected


def test_models_whose_curves_mostly_leave_their_bands_are_no_yes():
    curves = curve_shares(studies.reliability(1)).assign(outside=0.9)
    verdict = models_verdict((True, True, True), curves)
    assert (verdict.answer, verdict.reason) == ("partly", "reliability in doubt")
    assert models_verdict((True, True, True), None) == UNTESTED


@pytest.mark.parametrize(
    ("verdict", "expected"), [("skill", "holds"), ("no evidence of skill", "partly"), ("worse", "fails")]
)
def test_the_one_comparison_named_before_the_scores_decides_alone(verdict, expected):
    table = studies.comparisons(verdict)
    assert forecast_verdict(table).answer == expected
    others = {"skill": "worse", "worse": "skill"}.get(verdict, "worse")
    turned = table.assign(verdict=table["verdict"].where(table["role"] == "primary", others))
    assert forecast_verdict(turned).answer == expected


def test_without_it_nothing_is_claimed():
    table = studies.comparisons("skill")
    assert forecast_verdict(table[table["role"] != "primary"]) == UNTESTED
    assert forecast_verdict(None) == UNTESTED


def test_a_study_that_missed_its_own_target_is_told_only_in_part():
    assert change_verdict([{"passed": True}, {"passed": True}]).answer == "told"
    assert change_verdict([{"passed": True}, {"passed": False}]).answer == "partly"
