"""What a reader in a hurry takes away: what moved, what was moved, how far to trust it, and what the record says."""

import math
from dataclasses import replace

import pandas as pd
import pytest

from dashboard.wording.first.change import ROOM, change, moved_sentence, moves
from dashboard.wording.first.trust import (
    SILENT,
    TRUST,
    against_essay,
    reason,
    record_badge,
    scores_sentence,
    skill_sentence,
    stale,
)
from dashboard.wording.first.welcome import TOUR, place
from dashboard.wording.forecast import outlook
from data.load import load_evidence
from models.assumptions.setting import Assumptions
from models.library.compatibility import Compatibility
from models.verdicts.facts import NONE, SKILL, WORSE
from models.weighting.status import Status
from tests.support.values.results import table

FOUND = Compatibility(log_ratio=-math.log(4), mcse=0.05, status="good")


@pytest.fixture(scope="module")
def defaults() -> Assumptions:
    return Assumptions.defaults(load_evidence().claims)


def test_a_change_is_told_by_word_arrow_and_colour_as_far_as_it_is_written():
    before = outlook(table(first=(0.14, 0.20, 0.40, 0.26)), 1)
    after = outlook(table(first=(0.21, 0.12, 0.402, 0.268)), 1)
    rupture, strain, same, _ = (change(was, now) for was, now in zip(before, after, strict=True))
    assert (rupture.text, rupture.colour, rupture.arrow) == ("up: 14 % → 21 %", "blue", "up")
    assert (strain.text, strain.colour, strain.arrow) == ("down: 20 % → 12 %", "orange", "down")
    assert (same.text, same.colour, same.arrow) == ("still 40 %", "gray", "off")


def test_what_was_moved_is_one_sentence_that_keeps_to_a_line(defaults):
    assert moved_sentence(defaults) == ""
    one = defaults.replace({"C01": 2.2})
    assert moved_sentence(one) == "You moved 1 of 24 assumptions: Balancing the United States 1.60 → 2.20."
    knobs = [knob for knob in defaults.knobs.values() if knob.group == "claim"]
    many = defaults.replace({knob.key: knob.high for knob in knobs})
    told = moved_sentence(many)
    assert len(moves(many)) == len(knobs)
    assert told.startswith(f"You moved {len(knobs)} of 24 assumptions: ")
    assert told.endswith(" more.")
    assert len(told) < ROOM + 60


@pytest.mark.parametrize(
    ("times", "words", "colour"),
    [
        (4, "The evidence speaks against these settings: it fits 4.0 times worse", "orange"),
        (12, "The evidence speaks strongly against these settings: it fits 12.0 times worse", "red"),
        (7872, "The evidence speaks very strongly against these settings: it fits 7,872 times worse", "red"),
        (
            3e9,
            "The evidence speaks very strongly against these settings: it fits more than a million times worse",
            "red",
        ),
    ],
)
def test_the_record_is_as_loud_as_it_deserves(times, words, colour):
    told = record_badge(replace(FOUND, log_ratio=-math.log(times)))
    assert (told.text, told.colour) == (words, colour)
    other_way = record_badge(replace(FOUND, log_ratio=math.log(times)))
    assert other_way.text == words.replace("against", "for").replace("worse", "better")
    assert other_way.colour == "blue"


def test_the_record_is_silent_where_it_cannot_tell():
    assert record_badge(replace(FOUND, log_ratio=-math.log(2))) == SILENT
    assert record_badge(replace(FOUND, mcse=1.0)) == SILENT  # four times, and not sure of it
    assert "these reasons from weak ones" in against_essay(replace(FOUND, log_ratio=0.1)).text


def test_every_badge_has_a_word_a_colour_and_a_reason():
    colours = {"exact": "Green", "good": "Green", "fair": "Amber", "poor": "Red"}
    assert all(TRUST[status].text.startswith(f"{colours[status]}: ") for status in Status)
    assert reason(Status.GOOD, 0.008) == "A second run would agree within about 2 points."
    assert reason(Status.GOOD, 0.002).endswith("within about a point.")
    assert reason(Status.EXACT, 0.0) == "Exact: no simulation error."
    assert ["refit" in reason(status, 0.1).lower() for status in Status] == [False, False, True, True]


@pytest.mark.parametrize(
    ("verdict", "words"), [(SKILL, "Shown to beat"), (WORSE, "worse"), (NONE, "Not shown to beat")]
)
def test_the_sentence_on_skill_follows_the_planned_comparison(verdict, words):
    row = {"role": "primary", "origins": 50, "verdict": verdict}
    told = skill_sentence(pd.DataFrame([{**row, "role": "secondary", "verdict": SKILL}, row]))
    assert words in told
    assert told.endswith("simple rules, in 50 hindcasts.")
    assert "Not tested" in skill_sentence(None)


def test_the_scores_name_the_starting_view_and_both_rules_the_worse_first():
    row = {"role": "primary", "score": "rps", "horizon": 0, "model_id": "mixture", "ours": 0.179, "theirs": 0.194}
    row |= {"difference": -0.015, "low": -0.113, "high": 0.059, "verdict": NONE}
    rows = [{**row, "reference": "moving_average"}, {**row, "reference": "m0_base_rate", "theirs": 0.227}]
    others = [{**row, "reference": "climatology"}, {**rows[1], "score": "log"}, {**rows[1], "horizon": 3}]
    assert scores_sentence(pd.DataFrame([*others, *rows])) == (
        "Mean ranked score, 0 being perfect: the starting view 0.179, the base rate 0.227 and the moving average 0.194."
        " The difference to the better rule, −0.015 (−0.113 to +0.059), is within what chance alone can do."
    )
    assert "is beyond what chance does" in scores_sentence(pd.DataFrame([{**one, "verdict": SKILL} for one in rows]))
    assert scores_sentence(None) == ""


def test_stale_numbers_say_whose_they_are():
    opened = stale(at_start=True, from_link=True)
    assert opened.sentence == "The link’s setting has no numbers yet. Struck through: your starting view."
    assert opened.whose == "your starting view"
    assert "your last setting that had some" in stale(at_start=False, from_link=False).sentence


def test_the_tour_has_five_short_steps():
    assert [place(at) for at in (0, 4)] == ["1 of 5", "5 of 5"]
    assert len(TOUR) == 5
    assert all(len(step.text.split()) <= 30 for step in TOUR)
