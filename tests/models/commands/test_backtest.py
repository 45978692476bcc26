"""`python -m models backtest`: what it prints, stores and repeats, with a forecaster that stands in for the sampler."""

import json
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import pandas as pd
import pytest

from data.load import load_evidence
from models.__main__ import main
from models.backtest import coverage, scores, weights
from models.backtest.controls import NO_DRIVERS, SHUFFLES
from models.backtest.origins import FIRST_ORIGIN, OriginTask
from models.commands.options.context import Context
from models.names import MEMBERS, MODEL_M0, MODEL_M1, MODEL_M2
from models.outcome.rule import RULE
from models.storage.home import HOME_VARIABLE
from models.verdicts.studies import BACKTEST, TABLES
from tests.support.programs.commands import OneThread, failed
from tests.support.values.year_end import YEAR_END

FEW = 40
"""Resamples: what is tested here is the road of the numbers, not their intervals."""
NAMES = set(TABLES[BACKTEST])


class Forecaster:
    """Gives the four states fixed chances, other ones to each variant, and counts how often it is asked."""

    def __init__(self, lucky_shuffles: bool) -> None:
        self.asked: list[OriginTask] = []
        self.lucky = lucky_shuffles

    def __call__(self, task: OriginTask) -> Mapping[str, object]:
        self.asked.append(task)
        state = (0.1, 0.1, 0.6, 0.2) if task.variant == NO_DRIVERS else (0.2, 0.2, 0.4, 0.2)
        if self.lucky and task.variant in SHUFFLES:
            state = (0.0, 0.0, 0.65, 0.35)  # about what happened since 2004
        means = None if task.model_id in (MODEL_M0, MODEL_M2) else [[0.05 * level for level in range(99)]] * 5
        told = {"p": [[*state, 0.1, 0.5]] * 5, "mcse": [[0.001] * 6] * 5, "year_mean": means}
        return {**told, "failed": [], "attempts": 1}


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Few resamples."""
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "home"))
    for room, name in ((scores, "mean_interval"), (scores, "pooled_interval"), (weights, "stack_interval")):
        monkeypatch.setattr(room, name, partial(getattr(room, name), resamples=FEW))


def run(folder: Path, *arguments: str, lucky: bool = False) -> tuple[int, Forecaster]:
    forecaster = Forecaster(lucky)
    context = Context(workers=OneThread(forecaster))
    return main(["backtest", "--out", str(folder), "--work", str(folder), *arguments], context), forecaster


@pytest.mark.slow
def test_a_study_is_archived_and_a_second_run_repeats_no_fit(tmp_path, capsys) -> None:
    code, first = run(tmp_path)
    printed = capsys.readouterr()
    assert code == 0
    fits = 3 * 50 + 21 + 33 + 21 + 35 + 3 * 2 * 21
    assert len(first.asked) == len({task.key for task in first.asked}) == fits
    assert printed.out.startswith("primary: mixture against ")
    assert "secondary: m1_latent_alignment against persistence:" in printed.out
    assert "drivers shuffled 1, m2_ordered_regression: gain -0." in printed.out
    assert f"{fits} of {fits}." in printed.err
    about = json.loads((tmp_path / "about.json").read_text())
    assert (about["kind"], about["fits"], about["failed_fits"]) == ("hindcast", fits, 0)
    tables = {name: pd.read_csv(tmp_path / f"{name}.csv") for name in NAMES}
    assert set(tables["weights"]["model_id"]) == set(MEMBERS)
    before = (tmp_path / "hindcasts.csv").read_bytes()
    code, second = run(tmp_path)
    assert (code, second.asked) == (0, [])
    assert (tmp_path / "hindcasts.csv").read_bytes() == before


@pytest.mark.slow
def test_shuffled_drivers_that_gain_fail_the_study(tmp_path, capsys) -> None:
    code, _ = run(tmp_path, lucky=True)
    assert code == 1
    assert "drivers shuffled 1, m1_latent_alignment: gain +" in capsys.readouterr().out


@pytest.fixture
def archived(tmp_path: Path, capsys, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small study of its own, of late origins and without controls."""
    for model in FIRST_ORIGIN:
        monkeypatch.setitem(FIRST_ORIGIN, model, 2004)
    places = partial(coverage.calibrated_places, simulations=FEW)
    monkeypatch.setattr(coverage, "calibrated_places", places)
    code, forecaster = run(tmp_path, "--without-controls")
    assert code == 0
    assert {task.variant for task in forecaster.asked if task.model_id == MODEL_M1} == {"as recorded"}
    assert not (tmp_path / "controls.csv").exists()
    capsys.readouterr()
    return tmp_path


def test_archived_hindcasts_are_scored_again_without_a_fit(archived, capsys) -> None:
    before = {path.name: path.read_bytes() for path in archived.glob("*.csv")}
    about = json.loads((archived / "about.json").read_text())
    code, forecaster = run(archived, "--rescore")
    assert (code, forecaster.asked) == (0, [])
    again = json.loads((archived / "about.json").read_text())
    assert again.pop("rescored")
    assert again == about
    for name, content in before.items():
        assert (archived / name).read_bytes() == content, name
    assert "primary: mixture against " in capsys.readouterr().out
    path = archived / "about.json"
    path.write_text(path.read_text().replace('"evidence": "', '"evidence": "0'))
    assert "of other evidence or another rule" in failed(capsys, ["backtest", "--rescore", "--out", str(archived)])
    assert (archived / "comparisons.csv").read_bytes() == before["comparisons.csv"]


def test_an_archive_without_the_years_means_is_told_to_be_of_a_former_version(tmp_path, capsys) -> None:
    about = {"evidence": load_evidence(YEAR_END).digest, "rule": RULE.digest}
    (tmp_path / "about.json").write_text(json.dumps(about))
    assert "as former versions archived them" in failed(capsys, ["backtest", "--rescore", "--out", str(tmp_path)])


def test_a_full_disk_or_a_wrong_folder_is_told_in_words(tmp_path, capsys) -> None:
    (tmp_path / "file").write_text("x")
    assert "file" in failed(capsys, ["backtest", "--out", str(tmp_path / "file" / "out")])
