"""Sentences about assumptions: what the evidence did to them and what they move."""

import pandas as pd
import pytest

from dashboard.wording.knobs import (
    SETTING,
    common_meaning,
    driver_sentence,
    knob_help,
    knobs_sentence,
    learning_sentence,
    moved_sentence,
    moves_text,
    slider_format,
    start_sentence,
    unit_of,
    value_text,
)
from data.load import load_claims
from data.receipts import DATA_FOLDER
from models.assumptions.setting import Assumptions

KNOBS = Assumptions.defaults(load_claims(DATA_FOLDER)).knobs


@pytest.mark.parametrize(
    ("after", "sd", "told"),
    [
        (1.60, 0.39, "The evidence hardly changes it (1.60). Prior-driven: the evidence says little here"),
        (1.45, 0.39, "The evidence says a little less (1.45) and leaves nearly all the doubt. Prior-driven"),
        (1.85, 0.30, "The evidence says more (1.85) and takes some of the doubt away."),
        (1.10, 0.20, "The evidence says much less (1.10) and takes much of the doubt away."),
        (1.61, 0.10, "The evidence leaves it at 1.61 and takes most of the doubt away."),
        (2.10, 0.44, "The evidence says much more (2.10) and adds to the doubt."),
    ],
)
def test_learning_in_words(after, sd, told):
    row = {"prior_centre": 1.6, "posterior_centre": after, "prior_sd": 0.4, "posterior_sd": sd}
    assert learning_sentence({**row, "verdict": "prior-driven"}).startswith(told)


def test_a_setting_says_that_no_evidence_speaks_to_it():
    assert learning_sentence({"verdict": "setting"}) == SETTING


def test_every_knob_has_words_for_its_ends_and_its_quantity():
    for knob in KNOBS.values():
        unit = unit_of(knob)
        assert len(f"{value_text(knob, knob.low)} {unit.low}{unit.high} {value_text(knob, knob.high)}") <= 30
        assert common_meaning([knob, knob]) == f"{unit.meaning}."
        assert unit.meaning in knob_help(knob)
        assert not set("\\*_`") & set(unit.low + unit.high + unit.name + unit.meaning)
    assert KNOBS["C14"].label == "The essay’s overall lean"


def test_a_moved_slider_says_what_it_was_and_what_it_is():
    knob = KNOBS["C02"]
    assert slider_format(knob, 1.4) % 1.4 == "1.40"
    assert slider_format(knob, 2.0) % 2.0 == "1.40 → 2.00"
    assert slider_format(KNOBS["C14"], -0.3) % -0.3 == "0.5 → -0.3"
    assert start_sentence(knob, 2.0) == (
        "Starting view 1.40, from 0.85 (opposite) to 2.35 (decisive). You have it at 2.00. Essay, paragraph 8."
    )
    assert common_meaning([knob, KNOBS["C14"]]) == ""
    moved = Assumptions(knobs=KNOBS, values={"C02": 2.0, "persistence": 0.9})
    told = "2 of 24 assumptions moved: Sharing the cost 1.40 → 2.00; How long moods last 0.85 → 0.90."
    assert moved_sentence(moved) == told
    assert moves_text(moved, most=1) == "Sharing the cost 1.40 → 2.00 and 1 more"
    assert moved_sentence(Assumptions(knobs=KNOBS)) == "The starting view: none of 24 assumptions is moved."


def test_the_knobs_sentence_names_the_widest():
    given = pd.DataFrame({"key": ["a", "b"], "label": ["First", "Second"], "low": [0.10, 0.3], "high": [0.102, 0.05]})
    text = knobs_sentence(given, 0.11, "Rupture on 31 December 2027")
    assert "“Second” moves it most: from 30 % at the slider’s lowest value to 5 % at its highest" in text
    assert "1 of 2 assumptions move it by less than one point" in text


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
