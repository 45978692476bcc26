"""Sentences about assumptions: what the evidence did to them and what they move."""

import pandas as pd
import pytest

from dashboard.wording.knobs import driver_sentence, knobs_sentence, learning_sentence


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


def test_the_knobs_sentence_names_the_widest():
    given = pd.DataFrame({"key": ["a", "b"], "label": ["First", "Second"], "low": [0.10, 0.3], "high": [0.102, 0.05]})
    text = knobs_sentence(given, 0.11, "Rupture on 31 December 2027")
    assert "“Second” moves it most: from 30 % at the slider’s lowest value to 5 % at its highest" in text
    assert "1 of 2 knobs move it by less than one point" in text


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
