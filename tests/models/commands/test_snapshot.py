"""`snapshot`: the bytes of the page, nothing lost, and every difference explained."""

import errno
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from dashboard.report.pictures import charts
from data.types import Evidence
from models.__main__ import main
from models.assumptions.setting import Assumptions
from models.commands.options.context import Context
from models.fits.alignment_fit import AlignmentFit, save_fit
from models.forecast.results import make_forecast
from models.library.library import Library
from models.signposts.published import published_signposts
from models.snapshot.archive import read_snapshot, snapshot_bytes
from models.snapshot.charts import chart_renderer
from models.snapshot.inputs import inputs_of
from models.snapshot.value import Snapshot, build_snapshot
from models.storage import disk
from tests.support.programs.commands import PICTURE, drawing, failed, small_context
from tests.support.values.factories import (
    library_of,
    synthetic_fit,
    synthetic_library,
    synthetic_snapshot,
    whole_snapshot,
)


@pytest.fixture(scope="module")
def fit(evidence: Evidence) -> AlignmentFit:
    return synthetic_fit(evidence)


@pytest.fixture(scope="module")
def library(evidence: Evidence, fit: AlignmentFit) -> Library:
    return library_of(evidence, fit)


@pytest.fixture(scope="module")
def stored(fit: AlignmentFit, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("stored") / "fit"
    save_fit(fit, folder)
    return folder


QUICK_CHARTS = Context(declared=drawing())


def test_the_command_line_writes_the_bytes_of_the_page_wherever_it_runs(
    evidence: Evidence, library: Library, stored: Path, tmp_path: Path
) -> None:
    """What the page builds in this process against the command in another one: other folder, home, clock and hash."""
    defaults = Assumptions.defaults(evidence.claims)
    assumptions = defaults.replace({"C01": 1.8, "outside_view_weight": 0.3}, {"C01": "sanctions bite"})
    forecast = make_forecast(evidence, library, assumptions)
    inputs = inputs_of(evidence, library)
    said = published_signposts(evidence, library, forecast)
    snapshot = build_snapshot(evidence, library, forecast, assumptions, inputs, said)
    page = snapshot_bytes(snapshot, charts(evidence, library, forecast), inputs)
    command = [sys.executable, "-m", "models", "snapshot", "export", "--out", "mine.zip", "--fit", str(stored)]
    settings = ["--set", "outside_view_weight=0.30", "--set", "C01=1.8", "--reason", "C01=sanctions bite"]
    elsewhere = {**os.environ, "HOME": str(tmp_path), "TZ": "Asia/Shanghai", "LANG": "C", "PYTHONHASHSEED": "7"}
    subprocess.run([*command, *settings], cwd=tmp_path, env=elsewhere, check=True, capture_output=True)
    assert (tmp_path / "mine.zip").read_bytes() == page
    assert read_snapshot(page) == snapshot


def test_the_installed_package_declares_who_draws() -> None:
    assert chart_renderer() is charts


def test_without_charts_export_says_what_to_do(
    tmp_path: Path, stored: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["snapshot", "export", "--out", str(tmp_path / "a.zip"), "--fit", str(stored)]
    assert "pip install -e ." in failed(capsys, arguments, Context(declared=lambda _: {}))


def test_export_reports_what_it_wrote(
    evidence: Evidence, library: Library, stored: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "a.zip"
    arguments = ["snapshot", "export", "--out", str(target), "--fit", str(stored), "--light", "--json"]
    assert main(arguments, QUICK_CHARTS) == 0
    report = json.loads(capsys.readouterr().out)
    snapshot = whole_snapshot(evidence, library)
    assert target.read_bytes() == snapshot_bytes(snapshot, PICTURE)
    assert (report["file"], report["bytes"]) == ("a.zip", target.stat().st_size)
    assert report["snapshot_digest"] == snapshot.digest


def test_export_replaces_a_file_only_when_told(
    stored: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "a.zip"
    target.write_bytes(b"mine")
    arguments = ["snapshot", "export", "--out", str(target), "--fit", str(stored)]
    assert "exists already" in failed(capsys, arguments, QUICK_CHARTS)
    assert "ends in .zip" in failed(capsys, [*arguments[:3], str(tmp_path / "a.json"), "--fit", str(stored)])
    assert target.read_bytes() == b"mine"
    assert main([*arguments, "--force"], QUICK_CHARTS) == 0
    assert target.read_bytes() != b"mine"


def test_a_full_disk_loses_nothing(
    stored: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "a.zip"
    target.write_bytes(b"mine")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(disk.os, "fsync", full)
    arguments = ["snapshot", "export", "--out", str(target), "--force", "--fit", str(stored)]
    assert "a.zip could not be written: the disk is full" in failed(capsys, arguments, QUICK_CHARTS)
    assert target.read_bytes() == b"mine"
    assert list(tmp_path.iterdir()) == [target]


@pytest.fixture
def saved(evidence: Evidence, library: Library, tmp_path: Path) -> Iterator[tuple[Path, Snapshot]]:
    snapshot = synthetic_snapshot(evidence, library, {"C01": 1.8}, {"C01": "sanctions bite"})
    path = tmp_path / "saved.zip"
    path.write_bytes(snapshot_bytes(snapshot, PICTURE))
    return path, snapshot


def test_show_prints_the_settings_and_the_document(
    evidence: Evidence, saved: tuple[Path, Snapshot], capsys: pytest.CaptureFixture[str]
) -> None:
    path, snapshot = saved
    assert main(["snapshot", "show", str(path), "--json"]) == 0
    assert capsys.readouterr().out.encode() == snapshot.json
    assert main(["snapshot", "show", str(path)]) == 0
    out = capsys.readouterr().out
    rows = f"{len(evidence.events)} ledger rows"
    for word in (snapshot.digest[:12], "C01 = 1.8", "sanctions bite", "2030-12-31", rows):
        assert word in out


def test_compare_explains_two_files_and_the_present(
    evidence: Evidence, library: Library, stored: Path, saved: tuple[Path, Snapshot], capsys: pytest.CaptureFixture[str]
) -> None:
    path, _ = saved
    bare = path.with_name("base.json")
    bare.write_bytes(synthetic_snapshot(evidence, library).json)
    assert main(["snapshot", "compare", str(bare), str(path)], small_context()) == 0
    assert "The assumption C01 was 1.6 and is 1.8." in capsys.readouterr().out
    assert main(["snapshot", "compare", str(path), "--fit", str(stored), "--json"]) == 0
    comparison = json.loads(capsys.readouterr().out)
    assert comparison["same_numbers"] is True
    assert comparison["changes"] == []
    assert len(comparison["rows"]) == 150


def test_compare_names_a_ledger_row_that_changed_since(
    evidence: Evidence, stored: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    event = evidence.events[40]
    events = [replace(event, intensity=event.intensity - 1) if other is event else other for other in evidence.events]
    then = replace(evidence, events=tuple(events))
    path = tmp_path / "then.json"
    path.write_bytes(synthetic_snapshot(then, synthetic_library(then)).json)
    assert main(["snapshot", "compare", str(path), "--fit", str(stored)]) == 0
    assert f"The ledger row {event.id} changed." in capsys.readouterr().out


def test_a_hostile_snapshot_is_told_by_every_command(
    stored: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "bad.zip"
    path.write_bytes(b"PK\x03\x04 and nothing else")
    for arguments in (["snapshot", "show"], ["snapshot", "compare"], ["forecast", "--fit", str(stored), "--snapshot"]):
        assert "damaged or cut off" in failed(capsys, [*arguments, str(path)])
