"""`python -m models calibrate`: what it prints, stores and refuses, and that it catches a planted mistake."""

import json
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from data.types import Evidence
from models.__main__ import main
from models.calibration.study import SEED, CalibrationTask
from models.commands.options.context import Context
from models.names import MODEL_M0, MODEL_M1, MODEL_M3
from models.storage.home import HOME_VARIABLE
from tests.support.programs.commands import OneThread, failed


@pytest.fixture(autouse=True)
def own_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "home"))


def study(folder: Path, *arguments: str, workers: OneThread | None = None) -> tuple[int, pd.DataFrame, dict]:
    context = Context(workers=workers or OneThread())
    code = main(["calibrate", "--model", "m0", "--out", str(folder), "--work", str(folder), *arguments], context)
    return code, pd.read_csv(folder / "summary.csv"), json.loads((folder / "about.json").read_text())


def test_the_right_likelihood_passes_and_the_wrong_one_is_caught(tmp_path, capsys):
    """Seed 1, so that right code is not one of the fifth of all seeds at which two in twenty quantities are out."""
    right, table, about = study(tmp_path / "right", "--seed", "1", "--simulations", "80")
    assert "passed m0_base_rate: " in capsys.readouterr().out
    wrong, mistaken, about_wrong = study(tmp_path / "wrong", "--seed", "1", "--simulations", "80", "--wrong")
    assert "FAILED m0_base_rate: " in capsys.readouterr().out
    assert (right, wrong) == (0, 1)
    assert (about["wrong"], about_wrong["wrong"]) == (False, True)
    assert (about["verdicts"][0]["passed"], about_wrong["verdicts"][0]["passed"]) == (True, False)
    assert table["chance"].min() * len(table) > 0.001
    assert mistaken["chance"].min() * len(mistaken) < 1e-6


def test_everything_is_archived_and_a_second_run_refits_nothing(tmp_path, real_evidence: Evidence, capsys):
    workers = OneThread()
    _, table, about = study(tmp_path, "--simulations", "3", "--processes", "2", workers=workers)
    assert "3 of 3. Refitted m0_base_rate, simulation 2. About 0 min left." in capsys.readouterr().err
    ranks = (tmp_path / "ranks.csv").read_bytes()
    study(tmp_path, "--simulations", "3", "--scheduler", "tcp://host:1", workers=workers)
    assert "Refitted" not in capsys.readouterr().err
    assert (tmp_path / "ranks.csv").read_bytes() == ranks
    assert workers.asked == [(None, 2), ("tcp://host:1", None)]
    assert len(table) == about["verdicts"][0]["quantities"] == 26
    assert (about["evidence"], about["seed"], about["simulations"]) == (real_evidence.digest, SEED, {MODEL_M0: 3})
    assert len(about["structures"]) == 4
    assert pd.read_csv(tmp_path / "ranks.csv")["count"].sum() == 3 * 26
    assert pd.read_csv(tmp_path / "fits.csv").empty, "M0 samples nothing"


def test_a_study_of_nothing_is_refused_before_anything_is_written(tmp_path, capsys):
    arguments = ["calibrate", "--model", "m0", "--simulations", "0", "--out", str(tmp_path / "out")]
    assert "at least one simulation" in failed(capsys, arguments)
    assert not (tmp_path / "out").exists()


def recovered(task: CalibrationTask) -> dict[str, object]:
    """Ranks that are as even as they can be, in the place of a refit."""
    return {"ranks": {"parameter": {"level": 10 * task.number}}, "attempts": 1, "rhat": 1.0, "ess": 400.0}


def test_ledgers_that_end_inside_a_year_have_an_archive_of_their_own(tmp_path, real_evidence: Evidence, capsys):
    asked: list[CalibrationTask] = []
    context = Context(workers=OneThread(lambda task: asked.append(task) or recovered(task)))
    arguments = ["--part-of-year", "--simulations", "10", "--out", str(tmp_path), "--work", str(tmp_path)]
    assert main(["calibrate", *arguments], context) == 0
    assert "10 of 20" in capsys.readouterr().err
    assert {task.model_id for task in asked} == {MODEL_M1, MODEL_M3}
    assert {(task.as_of, task.evidence_digest) for task in asked} == {
        ("2024-07-01", real_evidence.visible(date(2024, 7, 1)).digest)
    }
    about = json.loads((tmp_path / "part_of_year" / "about.json").read_text())
    assert (about["evidence"], about["simulated_to"]) == (real_evidence.digest, "2024-07-01")
    assert set(pd.read_csv(tmp_path / "part_of_year" / "summary.csv")["model_id"]) == {MODEL_M1, MODEL_M3}
    assert not (tmp_path / "about.json").exists()


def test_models_that_read_no_part_of_a_year_are_refused(tmp_path, capsys):
    arguments = ["calibrate", "--part-of-year", "--model", "m0", "m1", "--out", str(tmp_path / "out")]
    assert "got --part-of-year for m0, expected some of m1 m3" in failed(capsys, arguments)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("arguments", [["--model", "m4"], ["--model"], ["--simulations", "few"]])
def test_a_wrong_call_is_refused_with_the_usage(arguments, capsys):
    with pytest.raises(SystemExit) as caught:
        main(["calibrate", *arguments])
    assert caught.value.code == 2
    assert "usage: python -m models" in capsys.readouterr().err
