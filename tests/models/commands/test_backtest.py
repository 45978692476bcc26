"""`python -m models backtest`: what it prints, stores and repeats, with a forecaster that stands in for the sampler."""

import json
import shutil
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import pandas as pd
import pytest

from models.__main__ import main
from models.backtest import scores
from models.backtest.controls import NO_DRIVERS, SHUFFLES
from models.backtest.origins import OriginTask
from models.commands.options.context import Context
from models.names import MEMBERS, MODEL_M1
from models.storage.home import HOME_VARIABLE
from tests.support.programs.commands import OneThread, failed

DOCS = Path(__file__).parents[3] / "docs"
FEW = 40
"""Resamples: what is tested here is the road of the numbers, not their intervals."""
NAMES = {"hindcasts", "comparisons", "reliability", "weights", "stacked", "controls"}


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
        return {"p": [[*state, 0.1, 0.5]] * 5, "mcse": [[0.001] * 6] * 5, "failed": [], "attempts": 1}


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Few resamples."""
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "home"))
    for name in ("mean_interval", "pooled_interval", "stack_interval"):
        monkeypatch.setattr(scores, name, partial(getattr(scores, name), resamples=FEW))


def run(folder: Path, *arguments: str, lucky: bool = False) -> tuple[int, Forecaster]:
    forecaster = Forecaster(lucky)
    context = Context(workers=OneThread(forecaster))
    return main(["backtest", "--out", str(folder), "--work", str(folder), *arguments], context), forecaster


@pytest.mark.slow
def test_a_study_is_archived_and_a_second_run_repeats_no_fit(tmp_path, capsys) -> None:
    code, first = run(tmp_path)
    printed = capsys.readouterr()
    assert code == 0
    assert len(first.asked) == len({task.key for task in first.asked}) == 2 * 49 + 2 * 20 + 3 * 2 * 20
    assert "m1_latent_alignment against persistence:" in printed.out
    assert "drivers shuffled 1, m2_ordered_regression: gain -0." in printed.out
    assert "258 of 258." in printed.err
    about = json.loads((tmp_path / "about.json").read_text())
    assert (about["kind"], about["fits"], about["failed_fits"]) == ("hindcast", 258, 0)
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


def test_without_controls_no_driver_is_left_out(tmp_path) -> None:
    code, forecaster = run(tmp_path, "--without-controls")
    assert code == 0
    assert {task.variant for task in forecaster.asked if task.model_id == MODEL_M1} == {"as recorded"}
    assert not (tmp_path / "controls.csv").exists()


def test_a_full_disk_or_a_wrong_folder_is_told_in_words(tmp_path, capsys) -> None:
    (tmp_path / "file").write_text("x")
    assert "file" in failed(capsys, ["backtest", "--out", str(tmp_path / "file" / "out")])


@pytest.fixture
def archived(tmp_path: Path) -> Path:
    """A copy of the archived study."""
    return Path(shutil.copytree(DOCS / "backtest", tmp_path / "backtest"))


def test_the_archived_hindcasts_are_scored_again_without_a_fit(archived, capsys) -> None:
    before = (archived / "hindcasts.csv").read_bytes()
    about = json.loads((archived / "about.json").read_text())
    compared = pd.read_csv(archived / "comparisons.csv")
    code, forecaster = run(archived, "--rescore")
    assert (code, forecaster.asked) == (0, [])
    assert (archived / "hindcasts.csv").read_bytes() == before
    again = json.loads((archived / "about.json").read_text())
    assert again.pop("rescored") >= about.pop("rescored")
    assert again == about
    pd.testing.assert_series_equal(pd.read_csv(archived / "comparisons.csv")["difference"], compared["difference"])
    assert "m3_hidden_regimes against m0_base_rate: -0.014" in capsys.readouterr().out


def test_hindcasts_of_other_evidence_are_not_scored_with_the_present_one(archived, capsys) -> None:
    path = archived / "about.json"
    path.write_text(path.read_text().replace('"evidence": "', '"evidence": "0'))
    before = (archived / "comparisons.csv").read_bytes()
    assert "of other evidence or another rule" in failed(capsys, ["backtest", "--rescore", "--out", str(archived)])
    assert (archived / "comparisons.csv").read_bytes() == before


@pytest.mark.parametrize(("origins", "enough"), [(19, False), (20, True)])
def test_weights_may_be_published_from_twenty_origins_on(origins: int, enough: bool) -> None:
    table = pd.read_csv(DOCS / "backtest" / "hindcasts.csv", keep_default_na=False, na_values=[""])
    weights, _ = scores.stack_tables(table[table["origin"] >= 2024 - origins])
    assert set(weights["origins"]) == {origins}
    assert set(weights["enough"]) == {enough}
