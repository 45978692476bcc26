"""Presets: each is a valid setting, and each leans the way its name says."""

import math
from pathlib import Path

import pytest

from data.errors import EvidenceError
from data.load import load_evidence
from models.alignment.priors import prior_parameters
from models.assumptions import presets as presets_module
from models.assumptions.knobs import BASELINE_CLAIM, HISTORY_CLAIM, knobs
from models.assumptions.presets import Preset, presets
from models.assumptions.setting import Assumptions
from models.assumptions.shares import shares
from models.names import MODEL_M0
from tests.support.values.year_end import YEAR_END

KNOBS = knobs(load_evidence(YEAR_END).claims)
PRESETS = presets(KNOBS)
DEFAULTS = Assumptions(knobs=KNOBS)


def setting(key: str) -> Assumptions:
    return Assumptions(knobs=KNOBS, values=PRESETS[key].values)


def test_all_in_page_order() -> None:
    readings = ("evidence", "essay", "outside_view", "sceptic", "believer", "history_repeats")
    assert tuple(PRESETS) == (*readings, "equal_weights", "stacked")


def test_presets_of_weights_give_the_shares_they_promise() -> None:
    assert set(shares(setting("equal_weights").values).values()) == {0.25}
    learned = [0.01 / 1.01, 0.93 / 1.01, 0.04 / 1.01, 0.03 / 1.01]  # each is rounded
    assert list(shares(setting("stacked").values).values()) == pytest.approx(learned, abs=1e-12)
    assert all(setting(key).values["C01"] == DEFAULTS.values["C01"] for key in ("equal_weights", "stacked"))


@pytest.mark.parametrize("preset", PRESETS.values(), ids=PRESETS)
def test_every_preset_is_a_valid_setting_that_says_what_it_is(preset: Preset) -> None:
    assert setting(preset.key).changed == tuple(key for key in KNOBS if key in preset.values)
    assert preset.label.strip()
    assert preset.description.endswith(".")


def test_no_two_presets_are_the_same() -> None:
    assert len({setting(key).digest for key in PRESETS}) == len(PRESETS)
    assert setting("evidence").is_default
    assert setting("essay").changed == ("driver_strength",)
    assert setting("essay").values["driver_strength"] == 0.4


def test_outside_view_silences_every_claim_and_the_other_model() -> None:
    parameters = prior_parameters(setting("outside_view"))
    assert parameters.beta_mean.tolist() == [0.0] * 12
    assert shares(setting("outside_view").values)[MODEL_M0] == 1.0
    assert setting("outside_view").values[HISTORY_CLAIM] == 1.0
    assert setting("outside_view").values["driver_strength"] == KNOBS["driver_strength"].low


@pytest.mark.parametrize(("key", "stronger"), [("sceptic", -1), ("believer", 1)])
def test_the_two_camps_are_mirror_images(key: str, stronger: int) -> None:
    mine = setting(key)
    assert mine.values["driver_strength"] == 0.4, "at the evidence's own strength hardly anything would move"
    for claim, knob in KNOBS.items():
        if claim == "driver_strength":
            continue
        if knob.group != "claim" or claim in (HISTORY_CLAIM, BASELINE_CLAIM):
            assert mine.values[claim] == knob.default
        elif knob.direction == stronger:
            moved = math.log(mine.values[claim]) - math.log(knob.default)
            # One prior sd, rounded to the grid or stopped by the bound (two sds).
            assert moved == pytest.approx(knob.sd, abs=knob.step / knob.default)
        else:
            assert mine.values[claim] == 1.0


def test_history_repeats_fears_a_break_and_shorter_moods() -> None:
    mine = setting("history_repeats").values
    assert mine[HISTORY_CLAIM] > DEFAULTS.values[HISTORY_CLAIM]
    assert mine["rupture_hazard"] > DEFAULTS.values["rupture_hazard"]
    assert mine["persistence"] < DEFAULTS.values["persistence"]


def test_the_presets_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        PRESETS["mine"] = PRESETS["essay"]


@pytest.mark.parametrize(
    ("before", "after", "named"),
    [
        ("0.05,0.65", "0.05,o.65", "row 7, column 'persistence'"),
        ("believer,", "sceptic,", "row 6, column 'key'"),
        ("switched off.,1,", "switched off.,1;2,", "row 5, column 'pull'"),
    ],
)
def test_a_wrong_cell_is_named(before: str, after: str, named: str, monkeypatch, tmp_path: Path) -> None:
    text = (presets_module.FOLDER / presets_module.PRESETS).read_text()
    (tmp_path / presets_module.PRESETS).write_text(text.replace(before, after, 1))
    monkeypatch.setattr(presets_module, "FOLDER", tmp_path)
    with pytest.raises(EvidenceError, match=rf"presets\.csv, {named}"):
        presets(KNOBS)
