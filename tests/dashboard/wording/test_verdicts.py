"""What the four cards of the Checks page say: the verdict in a few words, and the numbers behind it."""

import re
from pathlib import Path

import pandas as pd
import pytest

from dashboard.wording.verdicts import (
    NOT_TESTED,
    SHORT,
    change_card,
    change_untested,
    forecast_card,
    models_card,
    sampler_card,
)
from models.backtest.yardsticks import PERSISTENCE
from models.names import MEMBERS, MODEL_M0, MODEL_M2
from models.verdicts import rules
from models.verdicts.facts import curve_shares, largest_moves, piece_moves
from models.verdicts.rules import UNTESTED
from tests.support.values import studies

GREEN = pd.DataFrame({"kind": ["single"], "status": ["good"], "error": [0.009]})
PASSED = dict.fromkeys(MEMBERS, True)


def test_a_test_that_passed_only_when_enlarged_is_no_plain_yes():
    card = sampler_card((40, 40), studies.verdicts(), (True, GREEN), studies.verdicts(MODEL_M2))
    assert (card.answer, card.short) == ("partly", "Yes; one borderline test needed more runs")
    assert card.details[-1].startswith("With the first 200 simulations alone, ordered regression had")
    assert card.sentence == "Where the badge is green, the sliders were never more than 0.9 points off a full refit."


def test_the_sampler_card_counts_quantities_and_names_the_model_that_fails():
    card = sampler_card((40, 40), studies.verdicts(MODEL_M2), (True, GREEN))
    assert "ordered regression did not find what had been put in" in card.sentence
    told = " ".join(card.details)
    assert "98 of 104 quantities recovered within the 95 % band" in told
    assert "too many outside for the ordered regression" in told
    assert "off by at most 0.9 points in 1 green settings" in told


def test_tests_of_the_models_are_counted_and_the_refused_priors_named():
    curves = curve_shares(studies.reliability(1))
    card = models_card({**PASSED, MODEL_M0: False}, (90, 100), (12, 12), curves)
    assert (card.answer, card.short) == ("partly", "In part: 2 of 3 tests passed")
    assert card.details[0] == "Priors alone are sensible for 3 of 4 models (not base rate)."
    assert "base rate would forecast something absurd" in card.sentence
    assert models_card({**PASSED, MODEL_M0: False}, (79, 100), (11, 12), curves).short == "No: every test failed"
    assert models_card(PASSED, (90, 100), (12, 12), curves).short == "Yes"
    flips = models_card(PASSED, (90, 100), (11, 12), curves)
    assert "what history is called depends on the rule in 1 of 12 ways of changing it" in flips.sentence
    assert "Only 79 of 100 recorded values" in models_card(PASSED, (79, 100), (12, 12), curves).sentence


def test_models_whose_curves_mostly_leave_their_bands_are_no_yes():
    curves = curve_shares(studies.reliability(1)).assign(outside=0.9)
    card = models_card(PASSED, (90, 100), (12, 12), curves)
    assert (card.answer, card.short) == ("partly", "Sound on paper; reliability in doubt")
    assert "did not come true as often as stated in" in card.sentence


def test_models_without_a_backtest_are_not_tested():
    card = models_card(PASSED, (90, 100), (12, 12), None)
    assert (card.answer, card.short) == ("untested", NOT_TESTED)


@pytest.mark.parametrize(
    ("verdict", "expected", "plain", "phrase"),
    [
        ("skill", "holds", "it forecast better than the moving average", "skill is claimed"),
        (
            "no evidence of skill",
            "partly",
            "it was not shown to be better than “nothing changes” or the moving average",
            "was not shown",
        ),
        ("worse", "fails", "it forecast worse than the moving average", "the mixture forecast worse than"),
    ],
)
def test_the_forecast_card_follows_the_one_comparison(verdict, expected, plain, phrase):
    card = forecast_card(studies.comparisons(verdict), studies.controls())
    assert card.answer == expected
    assert card.sentence == f"In hindcasts from 50 past year-ends {plain}."
    told = " ".join(card.details)
    assert phrase in told
    assert "by people who knew the outcome" in told
    assert "other comparisons, all secondary" in told
    assert "weak as by default, show no evidence of helping" in told


def test_no_rule_is_named_as_not_beaten_that_was_beaten():
    table = studies.comparisons("no evidence of skill")
    persistence = table["reference"] == PERSISTENCE
    card = forecast_card(table.assign(verdict=table["verdict"].where(~persistence, "skill")))
    assert "nothing changes" not in card.sentence
    assert "better than the moving average" in card.sentence


def test_without_an_archive_nothing_is_claimed():
    assert (forecast_card(None).answer, forecast_card(None).short) == ("untested", NOT_TESTED)
    assert (change_untested().answer, change_untested().short) == ("untested", NOT_TESTED)


def test_every_reason_of_the_rules_has_its_words():
    given = set(re.findall(r'reason="(.+?)"', Path(rules.__file__).read_text(encoding="utf-8")))
    assert given - {UNTESTED.reason} == {reason for words in SHORT.values() for reason in words}


def test_what_would_change_it_names_large_pieces_and_admits_a_missed_target():
    pieces = piece_moves(studies.cells(), studies.events())
    tables = largest_moves(studies.cells()), pieces, studies.knobs(), studies.copies()
    card = change_card(*tables, [{"measure": "cases compared", "passed": True}])
    assert (card.answer, card.short) == ("told", "A few pieces of evidence")
    assert card.sentence.startswith("Claim C12: Claim 12")
    assert card.sentence.endswith("without it a chance moves by 5 to 6 points.")
    told = " ".join(card.details)
    assert "Claim C12: Claim 12 (+6.2 points)" in told
    assert "Of 3 assumptions the evidence decides none, informs 1 in part and says little about 2" in told
    assert "Ten copies of one indicator move it by 0.4 points at most" in told
    missed = change_card(*tables, [{"measure": "cases compared", "value": 12.0, "passed": False}])
    assert missed.answer == "partly"
    assert missed.sentence == card.sentence, "an answer is given all the same"
    assert "missed its own target: cases compared: 12" in missed.details[-1]


def test_where_no_piece_moves_much_none_is_named():
    pieces = piece_moves(studies.cells(), studies.events())
    card = change_card(
        largest_moves(studies.cells()), pieces.assign(change=-0.023), studies.knobs(), studies.copies(), []
    )
    assert card.short == "No single piece of evidence"
    assert card.sentence == (
        "Leaving out any one of 13 acts and claims moves a chance of the main model by 2.3 points at most."
    )
