"""What the page says about compatibility and the held-out study."""

import math
from dataclasses import replace

import pandas as pd
import pytest

from dashboard.figures.engine import error_against_badge
from dashboard.wording.calibration import study_sentence
from dashboard.wording.support import (
    agreement_sentence,
    conflict_note,
    ratio_text,
    support_sentence,
)
from models.library.compatibility import Compatibility

LESS = Compatibility(log_ratio=-math.log(4), mcse=0.05, status="good")


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (LESS, "4.0 times less compatible with these assumptions than with the defaults (3.6 to 4.4 with"),
        (replace(LESS, log_ratio=math.log(12)), "12.0 times more compatible"),
        (replace(LESS, log_ratio=-0.08), "about as compatible"),
        (replace(LESS, log_ratio=-math.log(30_000), mcse=0.0), "30,000 times less"),
    ],
)
def test_a_ratio_in_words(found, words):
    assert words in support_sentence(found)


def test_strength_follows_the_ratio():
    told = [support_sentence(replace(LESS, log_ratio=-math.log(times))) for times in (2, 4, 12)]
    assert told[0].endswith("The evidence cannot tell the two apart.")
    assert told[1].endswith("The evidence speaks against these settings.")
    assert told[2].endswith("The evidence speaks strongly against these settings.")


def test_a_conflict_names_claim_and_indicators_and_silence_means_none():
    titles = {"C01": "Balancing", "C02": "Cost"}
    found = {"C01": LESS, "C02": replace(LESS, log_ratio=-0.1)}
    told = conflict_note(found, titles, {"C01": "UN voting (un.absdist)"})
    assert told == (
        "The evidence speaks against where you moved: Balancing (4.0 times; measured by UN voting (un.absdist))."
    )
    assert conflict_note({"C02": found["C02"]}, titles, {}) == ""


def test_ratio_in_a_cell():
    assert ratio_text(LESS) == "4.0 times less (3.6 to 4.4)"
    assert ratio_text(replace(LESS, mcse=0.0)) == "4.0 times less"


def study(**changes: object) -> pd.DataFrame:
    rows = {
        "setting": ["single 1", "triple 1", "all 1"],
        "kind": ["single", "triple", "all"],
        "changed": ["C01=2", "C01=2; C02=1; C03=1", "many"],
        "status": ["good", "good", "poor"],
        "ess": [9000.0, 4000.0, 40.0],
        "error": [0.002, 0.008, 0.05],
        "z": [0.5, 1.5, 4.0],
    }
    return pd.DataFrame({**rows, **changes})


def test_the_study_in_words_counts_green_settings_only():
    told = study_sentence(study())
    assert "(2 of them; one moved, 100 % green; three moved, 100 % green; all moved, 0 % green)" in told
    assert "0.5 points on average and 0.8 at worst" in told
    assert "None of 3 settings" in study_sentence(study(status="poor"))


def test_the_study_as_a_picture_has_a_mark_for_every_setting():
    spec = error_against_badge(study())
    rows = spec["datasets"]["rows"]
    assert [row["badge"].split(":")[0] for row in rows] == ["Green", "Green", "Red"]
    assert [row["error"] for row in rows] == pytest.approx([0.2, 0.8, 5.0])
    assert "0.8 at worst" in spec["description"]


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (LESS, "agrees 4.0 times worse with the essay’s reading than with weak reasons (3.6 to 4.4 with"),
        (replace(LESS, log_ratio=math.log(12)), "12.0 times better with the essay’s reading"),
        (replace(LESS, log_ratio=-0.08), "about as well as with weak reasons"),
    ],
)
def test_agreement_with_the_essays_reading_in_words(found, words):
    assert words in agreement_sentence(found)
