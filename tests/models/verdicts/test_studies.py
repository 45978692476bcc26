"""An archive counts only when it is whole and of the present evidence, rule and models."""

from dataclasses import replace

import pytest

from models.names import MODEL_M1, MODEL_M3
from models.verdicts.studies import BACKTEST, COMMANDS, SENSITIVITY, TABLES, read_study
from tests.support.values.studies import VERSION, write


@pytest.mark.parametrize("name", TABLES)
def test_an_archive_of_this_version_is_read_whole(tmp_path, name):
    write(name, tmp_path, VERSION)
    study = read_study(name, tmp_path / name, VERSION)
    assert study.present
    assert set(study.tables) == set(TABLES[name])
    assert study.about["evidence"] == "e"


def test_a_run_may_leave_the_controls_out_but_no_other_table(tmp_path):
    write(BACKTEST, tmp_path, VERSION)
    (tmp_path / BACKTEST / "controls.csv").unlink()
    assert "controls" not in read_study(BACKTEST, tmp_path / BACKTEST, VERSION).tables
    (tmp_path / BACKTEST / "weights.csv").unlink()
    study = read_study(BACKTEST, tmp_path / BACKTEST, VERSION)
    assert (study.standing, dict(study.tables)) == ("missing", {})
    assert study.command == COMMANDS[BACKTEST]


@pytest.mark.parametrize(
    "other",
    [
        replace(VERSION, evidence="newer"),
        replace(VERSION, rule="newer"),
        replace(VERSION, structures={**VERSION.structures, MODEL_M3: "newer"}),
    ],
)
def test_an_archive_of_another_version_gives_no_numbers(tmp_path, other):
    write(BACKTEST, tmp_path, VERSION)
    study = read_study(BACKTEST, tmp_path / BACKTEST, other)
    assert (study.standing, dict(study.tables)) == ("stale", {})


def test_a_calibration_with_deliberate_mistakes_counts_for_no_version():
    about = {"evidence": "e", "rule": "r", "structures": dict(VERSION.structures)}
    assert VERSION.matches(about)
    assert not VERSION.matches({**about, "wrong": True})


def test_a_study_of_one_model_outlives_a_change_of_another(tmp_path):
    write(SENSITIVITY, tmp_path, VERSION)
    folder = tmp_path / SENSITIVITY
    other = {model: replace(VERSION, structures={**VERSION.structures, model: "newer"}) for model in VERSION.structures}
    assert read_study(SENSITIVITY, folder, other[MODEL_M3]).present
    assert not read_study(SENSITIVITY, folder, other[MODEL_M1]).present
