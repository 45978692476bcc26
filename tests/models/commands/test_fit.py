"""`fit` and `benchmark`: what is stored, what is said, and how it stops."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from data.editions.edition import newest_edition
from data.types import Evidence
from models.__main__ import main
from models.commands.options.context import Context
from models.errors import FitCancelled, SamplerError
from models.fits.alignment_fit import AlignmentFit, load_fit
from tests.support.programs.commands import failed, with_failed_check
from tests.support.values.factories import synthetic_fit


@pytest.fixture
def sampler(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """A stand-in for the module that samples: these tests are about the command around it."""
    seen = SimpleNamespace(outcome=synthetic_fit, asked=None)

    def fit_latent_alignment(evidence, assumptions, *, settings, on_progress, cancelled):
        seen.asked, seen.assumptions, seen.evidence = settings, assumptions, evidence
        steps = (("compiling", 0.0), ("sampling", 0.2), ("sampling", 0.22), ("simulating", 0.97), ("done", 1.0))
        for phase, done in steps:
            on_progress(SimpleNamespace(phase=phase, done=done, message=f"{phase} {done}"))
        assert cancelled() is False
        return seen.outcome(evidence, assumptions)

    module = SimpleNamespace(SamplerSettings=SimpleNamespace, fit_latent_alignment=fit_latent_alignment)
    monkeypatch.setitem(sys.modules, "models.sampling.fit_alignment", module)
    return seen


def progress(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_fit_stores_what_was_asked_and_reports_progress(
    sampler: SimpleNamespace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given, out, report = tmp_path / "a.json", tmp_path / "fit", tmp_path / "progress.jsonl"
    given.write_text('{"values": {"C01": 1.8}}')
    arguments = ["fit", "--assumptions-file", str(given), "--out", str(out), "--progress", str(report)]
    assert main([*arguments, "--draws", "100", "--json"]) == 0
    printed, err = capsys.readouterr()
    fit = load_fit(out)
    assert fit.assumptions_values["C01"] == 1.8
    assert json.loads(printed)["key"] == fit.key
    assert vars(sampler.asked) == {"draws": 100}
    lines = progress(report)
    assert [line["phase"] for line in lines] == ["compiling", "sampling", "sampling", "simulating", "done"]
    assert all(set(line) == {"phase", "done", "message"} and 0 <= line["done"] <= 1 for line in lines)
    assert "sampling 0.2\n" in err
    assert "sampling 0.22" not in err, "a person is told every tenth only"


def test_fit_of_an_earlier_date_is_read_by_forecast(
    sampler: SimpleNamespace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = str(tmp_path / "fit")
    assert main(["fit", "--out", out, "--as-of", "2015-12-31"]) == 0
    assert sampler.evidence.as_of.year == 2015
    capsys.readouterr()
    assert main(["forecast", "--fit", out, "--as-of", "2015-12-31"]) == 0
    assert "Forecast from 2015-12-31" in capsys.readouterr().out


@pytest.mark.parametrize("as_of", ["1990-12-30", "2031-12-31"])
def test_fit_counts_from_a_day_that_the_ledger_covers(
    as_of: str, sampler: SimpleNamespace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "expected a day from 1990-12-31" in failed(capsys, ["fit", "--out", str(tmp_path / "fit"), "--as-of", as_of])
    assert sampler.asked is None


@pytest.mark.parametrize("option", [["--set", "C01=1.8"], ["--draws", "500"], ["--as-of", "2015-12-31"]])
def test_the_base_case_takes_no_settings(
    option: list[str], sampler: SimpleNamespace, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "expected none" in failed(capsys, ["fit", "--base-case", *option])
    assert sampler.asked is None


def test_a_base_case_that_fails_its_checks_is_never_stored(
    sampler: SimpleNamespace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    context = Context(fits=lambda _: tmp_path / "base_case")
    sampler.outcome = lambda evidence, assumptions: with_failed_check(synthetic_fit(evidence, assumptions))
    assert main(["fit", "--base-case"], context) == 2
    assert "R-hat is 1.2, expected at most 1.01" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
    sampler.outcome = synthetic_fit
    assert main(["fit", "--base-case"], context) == 0
    assert load_fit(tmp_path / "base_case").reference_date == newest_edition().as_of


def test_another_fit_that_fails_its_checks_is_stored_with_a_warning(
    sampler: SimpleNamespace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sampler.outcome = lambda evidence, assumptions: with_failed_check(synthetic_fit(evidence, assumptions))
    assert main(["fit", "--out", str(tmp_path / "fit")]) == 0
    out, err = capsys.readouterr()
    assert "should not be published" in err
    assert "FAILED  R-hat" in out
    assert not load_fit(tmp_path / "fit").diagnostics.passed


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        (SamplerError("the sampler failed: energy is not finite"), 2, "energy is not finite"),
        (FitCancelled("the fit was stopped on request; nothing was stored"), 130, "stopped"),
        (KeyboardInterrupt(), 130, "stopped"),
    ],
)
def test_a_fit_that_ends_early_stores_nothing_and_says_so(
    error: BaseException, code: int, message: str, sampler: SimpleNamespace, tmp_path: Path, capsys
) -> None:
    def stop(*_: object) -> AlignmentFit:
        raise error

    sampler.outcome = stop
    out, report = tmp_path / "fit", tmp_path / "progress.jsonl"
    before = signal.getsignal(signal.SIGINT)  # ignored where the tests run in the background
    assert main(["fit", "--out", str(out), "--progress", str(report)]) == code
    assert message in capsys.readouterr().err
    assert not out.exists()
    last = progress(report)[-1]
    assert (last["phase"], last["done"]) == ("failed", 0.0)
    assert message.lower() in str(last["message"]).lower()
    assert signal.getsignal(signal.SIGINT) is before


def test_a_fit_that_cannot_be_stored_is_told(
    sampler: SimpleNamespace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("in the way")
    assert main(["fit", "--out", str(tmp_path / "file" / "fit")]) == 2
    assert "could not be written" in capsys.readouterr().err
    assert sampler.asked is not None


def test_benchmark_prints_what_was_measured(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def run_benchmark(_: Evidence, *, quick: bool, report) -> pd.DataFrame:
        report("engine")
        return pd.DataFrame([("latency", 12.5, "ms", f"quick {quick}")], columns=["measure", "value", "unit", "note"])

    monkeypatch.setitem(sys.modules, "models.benchmarks.engine", SimpleNamespace(run_benchmark=run_benchmark))
    assert main(["benchmark", "--quick"]) == 0
    out, err = capsys.readouterr()
    assert "Measuring engine." in err
    assert out.split() == ["latency", "12.5", "ms", "quick", "True"]
    assert main(["benchmark", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == [
        {"measure": "latency", "value": 12.5, "unit": "ms", "note": "quick False"}
    ]


@pytest.mark.slow
@pytest.mark.parametrize(("phase", "number"), [("compiling", signal.SIGINT), ("sampling", signal.SIGTERM)])
def test_the_real_sampler_stops_on_request(phase: str, number: int, tmp_path: Path) -> None:
    out, report = tmp_path / "fit", tmp_path / "progress.jsonl"
    command = [sys.executable, "-m", "models", "fit", "--out", str(out), "--progress", str(report)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        while not (report.exists() and f'"phase": "{phase}"' in report.read_text()):
            assert process.poll() is None
            time.sleep(0.1)
        process.send_signal(number)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "stopped" in err
    assert "Traceback" not in err
    assert not out.exists()
    assert progress(report)[-1]["phase"] == "failed"


@pytest.mark.slow
def test_the_real_sampler_makes_a_fit_that_forecast_reads(tmp_path: Path) -> None:
    out = tmp_path / "fit"
    small = ["--chains", "2", "--tune", "200", "--draws", "100", "--set", "C01=1.8"]
    subprocess.run([sys.executable, "-m", "models", "fit", "--out", str(out), *small], check=True, capture_output=True)
    command = [sys.executable, "-m", "models", "forecast", "--fit", str(out), "--set", "C01=1.8"]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    assert "reliability: exact" in done.stdout
