"""Sentences under the charts of the archived studies tell the tables' own numbers."""

import pytest

from dashboard.figures.backtest import given_to_outcome
from dashboard.wording.backtest import (
    comparison_sentence,
    difference_text,
    driver_controls_sentence,
    drivers_phrase,
    reliability_sentence,
    stacking_sentence,
    strip_sentence,
)
from dashboard.wording.calibration import first_sentence, ranks_sentence
from dashboard.wording.sensitivity import BELIEFS, belief_word, beliefs_sentence, piece_name
from models.names import MEMBERS
from tests.support.values import studies

EQUAL = dict.fromkeys(MEMBERS, 0.25)


def test_comparisons_are_grouped_by_verdict_and_reference_with_the_rule():
    told = comparison_sentence(studies.comparisons(), "log", 5)
    assert "No evidence of skill against the base rate: all the others." in told
    assert "5 years ahead, by the log score" in told
    assert "leaves zero out" in told
    assert "hindcasts, not forecasts" in told


def test_a_difference_without_interval_says_so():
    assert difference_text({"difference": -0.05, "low": -0.1, "high": 0.0}) == "−0.050 (−0.100 to +0.000)"
    assert difference_text({"difference": 0.05, "low": float("nan"), "high": 0.1}) == "+0.050 (interval unknown)"


def test_the_strip_tells_means_and_the_greatest_surprise():
    given = given_to_outcome(studies.hindcasts())
    # The base rate gives 5 % to strain once and 65 % to deeper twice.
    assert given.loc[given["model_id"] == MEMBERS[0], "given"].mean() == pytest.approx(0.45, abs=1e-12)
    told = strip_sentence(given)
    assert "base rate 45 % and 45 %" in told
    assert "strain at the end of 2001, to which base rate gave 5 %" in told
    assert "by people who knew the outcome" in told


@pytest.mark.parametrize(
    ("ends", "phrase"), [((-0.2, -0.1), "they beat"), ((0.1, 0.2), "they did worse"), ((-0.1, 0.1), "no evidence")]
)
def test_stacking_says_whether_learning_paid(ends, phrase):
    told = stacking_sentence(studies.weights(), EQUAL, studies.stacked(*ends))
    assert phrase in told
    assert "equal weights lie outside the interval of base rate" in told


def test_controls_tell_what_shuffled_drivers_gain():
    told = driver_controls_sentence(studies.controls())
    assert "latent alignment +0.020, −0.050 to +0.090" in told
    assert "they gain +0.003 at most" in told


def test_reliability_without_enough_pairs_gives_no_verdict():
    assert "too few" in reliability_sentence(studies.curve(MEMBERS[0], "strain", 2, enough=False))
    assert "20 % of them lie outside" in reliability_sentence(studies.curve(MEMBERS[0], "strain", 2))


def test_ranks_tell_the_chance_of_sound_code():
    even, low = (row for row in studies.summary().head(2).to_dict("records"))
    assert "stays inside the band" in ranks_sentence(even)
    assert "leaves the band" in ranks_sentence(low)
    assert "less than 1 in 1,000" in ranks_sentence(low)


@pytest.mark.parametrize(
    ("row", "name"),
    [
        ({"kind": "event", "name": "E1969-03-02-zhenbao", "label": "x"}, "Border fighting (1969)"),
        ({"kind": "claim", "name": "C09", "label": "Free riding"}, "Claim C09: Free riding"),
        ({"kind": "indicator", "name": "un_votes", "label": "un votes"}, "Figures: un votes"),
    ],
)
def test_a_left_out_piece_has_a_name_that_fits_a_line(row, name):
    assert piece_name(row) == name


def test_models_that_failed_with_fewer_simulations_are_named():
    assert first_sentence(studies.verdicts()) == ""
    told = first_sentence(studies.verdicts(MEMBERS[0]))
    assert told.startswith("With the first 200 simulations alone, base rate had 3 of 26 quantities outside (2 allowed)")


@pytest.mark.parametrize(
    ("low", "high", "phrase"),
    [(0.01, 0.1, "have helped"), (-0.1, -0.01, "have harmed"), (-0.1, 0.1, "show no evidence of helping")],
)
def test_the_drivers_are_judged_by_their_interval(low, high, phrase):
    assert phrase in drivers_phrase(studies.controls().assign(low=low, high=high))


def test_one_list_of_words_serves_both_ways_of_asking_what_a_belief_rests_on():
    by_narrowing = {"prior-driven": 12, "partly informed": 2, "data-driven": 2, "setting": 8}
    by_power = {"prior-driven": 12, "in conflict": 2, "data-driven": 2}
    told = (
        "Of 16 assumptions the evidence decides 2, informs 2 in part and says little about 12: those rest on your "
        "setting."
    )
    assert beliefs_sentence(by_narrowing) == told
    assert beliefs_sentence(by_power).startswith(told.partition(" in part")[0])
    assert (
        beliefs_sentence({"partly informed": 3}) == "Of 3 assumptions the evidence decides none and informs 3 in part."
    )
    assert {belief_word(word).lower() for word in by_power} <= set(BELIEFS)
