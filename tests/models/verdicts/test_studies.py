"""An archive counts only when it is whole and of the present evidence, rule and models."""

from dataclasses import replace
from datetime import date

import pytest

from models.fits.dated import fitted_dates, fitted_evidence, fitted_libraries
from models.names import MODEL_M1, MODEL_M3
from models.verdicts.studies import BACKTEST, COMMANDS, SENSITIVITY, TABLES, read_engine_study, read_study
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


def test_an_archive_on_earlier_evidence_keeps_its_tables_and_says_which(tmp_path):
    write(BACKTEST, tmp_path, VERSION)
    newer = replace(VERSION, evidence="newer", earlier={"e": date(2025, 12, 31)})
    study = read_study(BACKTEST, tmp_path / BACKTEST, newer)
    assert (study.standing, study.present) == ("earlier", True)
    assert study.rests_on == "rests on the evidence as of 31 December 2025 (e)"
    assert set(study.tables) == set(TABLES[BACKTEST])
    assert not newer.matches(study.about)


def test_earlier_evidence_does_not_excuse_another_rule(tmp_path):
    write(BACKTEST, tmp_path, VERSION)
    newer = replace(VERSION, evidence="newer", rule="newer", earlier={"e": date(2025, 12, 31)})
    assert read_study(BACKTEST, tmp_path / BACKTEST, newer).standing == "stale"


def test_the_study_of_an_earlier_library_says_on_which_evidence_it_rests(tmp_path):
    (tmp_path / "study.json").write_text('{"library": "k", "evidence": "e"}')
    (tmp_path / "settings.csv").write_text("setting,error\nsingle 1,0.01\n")
    about, settings = read_engine_study(tmp_path, "k")
    assert (about["rests_on"], len(settings)) == ("", 1)
    assert read_engine_study(tmp_path, "newer") is None
    about, _ = read_engine_study(tmp_path, "newer", {"k": date(2025, 12, 31)})
    assert about["rests_on"] == "rests on the evidence as of 31 December 2025 (e)"


def test_the_project_knows_the_evidence_and_the_library_of_every_date_that_it_has_fits_of():
    assert date(2025, 12, 31) in fitted_evidence().values()
    assert set(fitted_libraries().values()) == set(fitted_evidence().values()) == set(fitted_dates())
