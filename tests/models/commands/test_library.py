"""`python -m models library` and `verify-engine`: what they print, store and refuse."""

from __future__ import annotations

import json
from concurrent.futures import Executor
from functools import partial
from io import BytesIO
from pathlib import Path

import pandas as pd
import pytest

from data.load import load_evidence
from data.types import Evidence
from models.__main__ import main
from models.commands.library import STUDY_CHARTS
from models.commands.options.context import Context
from models.engine_study import held_out
from models.errors import SamplerError
from models.library.anchors import first_design
from models.library.files import committed_library
from models.library.library import Library
from models.sampling import library_build
from models.sampling.anchor_fits import task_of
from models.sampling.library_build import BuildStep
from models.storage.home import HOME_VARIABLE
from tests.support.programs.commands import OneThread, failed
from tests.support.values.anchor_work import Pretender, fit_of, library_of_fits
from tests.support.values.factories import synthetic_fit


@pytest.fixture(scope="session")
def real_evidence() -> Evidence:
    """What commands read without being asked for a day."""
    return load_evidence()


@pytest.fixture(scope="module")
def library(real_evidence: Evidence, default_assumptions) -> Library:
    template = synthetic_fit(real_evidence, samples=120)
    tasks = [task_of(design, real_evidence, seed) for seed, design in enumerate(first_design(default_assumptions)[1:3])]
    return library_of_fits(real_evidence, [template, *(fit_of(template, task) for task in tasks)])


@pytest.fixture
def context(library: Library) -> Context:
    """That library, one thread, and one chart of a study."""
    chart = {"error_by_badge": lambda settings: f"<svg>{len(settings)}</svg>".encode()}
    return Context(library=lambda _: library, workers=OneThread(), declared={STUDY_CHARTS: chart}.__getitem__)


@pytest.fixture(autouse=True)
def own_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "home"))


def test_show_lists_every_anchor_with_its_support_and_the_worst_checks(library, context, capsys):
    assert main(["library", "show"], context) == 0
    head, *lines = capsys.readouterr().out.splitlines()
    assert head == f"library {library.key[:12]}: 3 anchors, {library.size} draws"
    for anchor, line in zip(library.anchors, lines, strict=False):
        assert line.split() == [
            *anchor.name.split(),
            *("log", "support", f"{anchor.log_support:.2f}", "efficiency", f"{anchor.efficiency:.2f}"),
        ]
    assert lines[3:] == ["worst rhat: 1.001 (<= 1.01)"]


def test_show_for_programs(library, context, capsys):
    assert main(["library", "show", "--json"], context) == 0
    shown = json.loads(capsys.readouterr().out)
    assert (shown["key"], shown["draws"]) == (library.key, library.size)
    assert [anchor["name"] for anchor in shown["anchors"]] == [anchor.name for anchor in library.anchors]
    assert [anchor["log_support"] for anchor in shown["anchors"]] == [anchor.log_support for anchor in library.anchors]


def test_a_missing_library_is_told_with_what_to_do(capsys, tmp_path):
    context = Context(library=partial(committed_library, folder=tmp_path / "anchor_library"))
    message = failed(capsys, ["library", "show"], context)
    assert message.startswith("error: no library.json in anchor_library/, expected a library")
    assert "`python -m models library build`" in message


@pytest.mark.parametrize("command", [["library", "build"], ["verify-engine"]], ids=" ".join)
def test_long_commands_say_that_they_can_be_stopped(command, capsys):
    with pytest.raises(SystemExit) as caught:
        main([*command, "--help"])
    text = " ".join(capsys.readouterr().out.split())
    assert caught.value.code == 0
    assert "stopped" in text
    assert all(
        option in text for option in ("--work FOLDER", "--scheduler ADDRESS", "--processes N", "tcp://host:8786")
    )


@pytest.mark.parametrize(
    "arguments",
    [["library"], ["library", "rebuild"], ["verify-engine"], ["verify-engine", "--out", "x", "--all", "few"]],
)
def test_a_wrong_call_is_refused_with_the_usage(arguments, capsys):
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    assert "usage: python -m models" in capsys.readouterr().err


def test_build_passes_its_options_on_and_tells_progress(library, context, monkeypatch, capsys, tmp_path):
    def build(_: Evidence, work: Path, __: Executor, on_step, ___: Path) -> Library:
        assert work == tmp_path / "home" / "anchors"
        on_step(BuildStep(done=1, planned=54, message="Fitted C01 low."))
        return library

    monkeypatch.setattr(library_build, "build_committed", build)
    assert main(["library", "build", "--processes", "3"], context) == 0
    out, err = capsys.readouterr()
    assert out == f"3 anchors, {library.size} draws, library {library.key[:12]}\n"
    assert err.startswith("1 of 54. Fitted C01 low. About ")
    assert context.workers.asked == [(None, 3)]


def test_an_anchor_that_fails_is_a_message(context, monkeypatch, capsys):
    def build(*_: object) -> Library:
        raise SamplerError("anchor corner 5: the fit failed its checks (R-hat is 1.02, expected at most 1.01)")

    monkeypatch.setattr(library_build, "build_committed", build)
    assert "anchor corner 5" in failed(capsys, ["library", "build"], context)


@pytest.fixture
def refits(real_evidence: Evidence, context: Context, tmp_path: Path) -> Pretender:
    """The study's refits, by the fake sampler."""
    context.workers.work = Pretender.of(real_evidence, tmp_path / "fake")
    return context.workers.work


def strict(text: str) -> dict:
    """JSON as other programs read it, which know no NaN."""

    def refuse(name: str) -> float:
        raise ValueError(f"{name} is no JSON")

    return json.loads(text, parse_constant=refuse)


def test_a_study_is_printed_and_archived_to_the_last_row(refits, library, context, real_evidence, capsys, tmp_path):
    out = tmp_path / "deep" / "study"
    code = main(["verify-engine", "--single", "2", "--triple", "1", "--all", "0", "--out", str(out)], context)
    printed, err = capsys.readouterr()
    assert refits.calls == ["single 1", "single 2", *(f"support {index}" for index in range(6)), "triple 1"]
    assert "9 of 9. Refitted " in err
    about = strict((out / "study.json").read_text())
    assert (about["library"], about["evidence"], about["settings"]) == (library.key, real_evidence.digest, 3)
    assert about["seed"] == held_out.STUDY_SEED
    verdicts = [figure["passed"] for figure in about["figures"]]
    nothing = [figure for figure in about["figures"] if figure["measure"] == "green among all-knob settings"]
    assert [(figure["value"], figure["passed"]) for figure in nothing] == [(None, None)]
    assert set(verdicts) <= {True, False, None}
    assert code == int(False in verdicts) == 1, "a fake library cannot pass"
    words = {True: "passed ", False: "FAILED ", None: "none   "}
    assert [line[:7] for line in printed.splitlines()] == [words[verdict] for verdict in verdicts]
    cells = pd.read_csv(BytesIO((out / "cells.csv").read_bytes()))
    settings = pd.read_csv(BytesIO((out / "settings.csv").read_bytes()))
    assert (len(cells), list(settings["setting"])) == (90, ["single 1", "single 2", "triple 1"])
    assert settings["seed"].is_unique
    recounted = held_out.summary(cells)["value"]
    stored = pd.Series([figure["value"] for figure in about["figures"]], dtype=float, name="value")[: len(recounted)]
    assert len(pd.read_csv(out / "supports.csv")) == 3
    assert len(pd.read_csv(out / "inverse.csv")) == 5
    pd.testing.assert_series_equal(recounted, stored, rtol=1e-12)
    assert (out / "error_by_badge.svg").read_bytes() == b"<svg>3</svg>"


@pytest.mark.slow
@pytest.mark.usefixtures("refits")
@pytest.mark.parametrize("seed", [0, 5])
def test_the_seed_is_the_one_that_was_given(context, capsys, tmp_path, seed):
    counts = ["--single", "1", "--triple", "0", "--all", "0"]
    main(["verify-engine", *counts, "--seed", str(seed), "--out", str(tmp_path)], context)
    capsys.readouterr()
    assert strict((tmp_path / "study.json").read_text())["seed"] == seed


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--single", "0", "--triple", "0", "--all", "0"], "expected at least one setting"),
        (["--single", "-2"], "no negative number"),
        (["--seed", "-1"], "no negative number"),
    ],
)
def test_a_study_of_nothing_is_a_message(options, message, context, capsys, tmp_path):
    assert message in failed(capsys, ["verify-engine", "--out", str(tmp_path), *options], context)


def test_a_folder_that_cannot_be_written_is_told_before_anything_is_fitted(refits, context, capsys, tmp_path):
    (tmp_path / "study").write_text("a file")
    message = failed(capsys, ["verify-engine", "--out", str(tmp_path / "study")], context)
    assert "study could not be written" in message
    assert refits.calls == []
