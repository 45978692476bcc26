"""`snapshot compare`: the split and the movers reach the terminal and a program, whole or with the reason why not."""

import json
from functools import partial
from pathlib import Path

import pytest

from models.__main__ import main
from models.change.compare import ROUNDING
from models.change.side import Side
from models.commands.options.context import Context
from models.forecast.results import make_forecast
from models.library.files import committed_library
from models.snapshot.archive import snapshot_bytes
from models.snapshot.inputs import inputs_of
from models.snapshot.value import build_snapshot
from tests.support.values.change_sides import CAME, side


def written(side: Side, path: Path, *, light: bool = False) -> str:
    """A side as a file, by its path."""
    inputs = {} if light else inputs_of(side.evidence, side.library)
    forecast = make_forecast(side.evidence, side.library, side.assumptions)
    snapshot = build_snapshot(side.evidence, side.library, forecast, side.assumptions, inputs)
    path.write_bytes(snapshot_bytes(snapshot, {}, inputs))
    return str(path)


@pytest.fixture
def without_own(tmp_path: Path) -> Context:
    """A program that has no library or fit of its own to lean on."""
    empty = tmp_path / "empty"
    return Context(fits=lambda _: empty, library=partial(committed_library, folder=empty))


def test_two_files_with_their_inputs_are_taken_apart_by_any_program(
    without_own: Context, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old = written(side("fewer"), tmp_path / "old.zip")
    new = written(side("2024", {"C01": 2.0, "outside_view_weight": 0.5}), tmp_path / "new.zip")
    assert main(["snapshot", "compare", old, new, "--json"], without_own) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["split"]["changed"] == ["data", "prior", "model"]
    assert len(shown["split"]["forecasts"]) == 8
    for row in shown["split"]["rows"]:
        assert row["data"] + row["prior"] + row["model"] == pytest.approx(row["total"], abs=2 * ROUNDING)
    assert shown["rows_that_moved"]["asked"] == CAME
    assert shown["rows_that_moved"]["silent"] == ["m1_latent_alignment"]
    assert {effect["name"] for effect in shown["assumptions_that_moved"]["effects"]} == {"C01"}


def test_light_files_are_explained_but_not_taken_apart(without_own: Context, tmp_path: Path, capsys) -> None:
    old = written(side("fewer"), tmp_path / "old.zip", light=True)
    new = written(side("2024", {"C01": 2.0}), tmp_path / "new.zip", light=True)
    assert main(["snapshot", "compare", old, new], without_own) == 0
    printed = capsys.readouterr()
    assert "Data and prior cannot be told apart, because the older snapshot carries no inputs" in printed.out
    assert "Rows that moved most" not in printed.out
    assert "no library.json in empty/" in printed.err
    assert main(["snapshot", "compare", old, old], without_own) == 0
    assert "split" not in capsys.readouterr().out
