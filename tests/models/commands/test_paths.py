"""`python -m models paths`: what can be held is listed, what holding does is printed, and nonsense is told."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from data.load import load_evidence
from models.__main__ import main
from models.assumptions.setting import Assumptions
from models.commands.options.context import Context
from models.fits.alignment_fit import save_fit
from models.forecast.results import make_forecast
from models.names import MODEL_M1, TARGET_STATE
from models.paths.answers import COLUMNS, PathBasis
from models.paths.holds import Hold
from tests.support.programs.commands import failed, small_context, small_library
from tests.support.values.factories import synthetic_fit


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Context:
    """The small library, and the fit that it was made of as the base case."""
    folder = tmp_path_factory.mktemp("base")
    save_fit(synthetic_fit(load_evidence(), samples=80), folder)
    return replace(small_context(), fits=lambda _: folder)


def test_what_can_be_held_is_listed(stored: Context, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["paths"], stored) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "First years: 2026 to 2030."
    assert (
        "C04  A joint space programme or agreement concluded within five years: now yes (observed), yes or no" in lines
    )
    assert "--named wolf           The United States relaxes the Wolf Amendment (C11=usual)" in lines
    assert main(["paths", "--json"], stored) == 0
    known = json.loads(capsys.readouterr().out)
    assert list(known["drivers"]) == [f"C{number:02}" for number in range(1, 13)]


def test_both_columns_are_the_functions_answers(stored: Context, capsys: pytest.CaptureFixture[str]) -> None:
    evidence = load_evidence()
    assert main(["paths", "--named", "wolf@2027", "--hold", "C04=no", "--set", "C01=2", "--json"], stored) == 0
    shown = json.loads(capsys.readouterr().out)
    assert [(each["claim"], each["from"]) for each in shown["held"]] == [("C11", 2027), ("C04", 2026)]
    basis = PathBasis.of(evidence, small_library(), synthetic_fit(evidence, samples=80))
    holds = [Hold(claim="C11", level="usual", start=2027), Hold(claim="C04", level="no", start=2026)]
    setting = Assumptions.defaults(evidence.claims).replace({"C01": 2.0})
    expected = {name: column.plain for name, column in basis.in_both(setting, holds).items()}
    assert tuple(shown["columns"]) == COLUMNS
    assert shown["columns"] == json.loads(json.dumps(expected))
    forecast = make_forecast(evidence, small_library(), setting)
    row = next(row for row in shown["columns"][COLUMNS[0]]["rows"] if (row["horizon"], row["outcome"]) == (3, "deeper"))
    assert row["without"] == forecast.probability(TARGET_STATE, 3, "deeper")


def test_people_read_chances_differences_and_what_they_rest_on(
    stored: Context, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["paths", "--named", "test", "--model", MODEL_M1], stored) == 0
    out = capsys.readouterr().out
    assert out.startswith("Another destructive anti-satellite test (essay, paragraph 4)\n")
    assert "yes from 2026 on; -0.34 -> +2.00 standard deviations, the most that models take from a driver" in out
    for name in COLUMNS:
        assert f"{name}, {MODEL_M1}; reliability: " in out
    assert out.count("The first year-end that can move is that of 2027.") == 2
    assert out.count("The claim after the evidence: C06 ") == 2


def test_one_fit_in_a_folder_answers_too(stored: Context, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fit = synthetic_fit(load_evidence(), Assumptions.defaults(load_evidence().claims).replace({"C04": 2.0}), samples=80)
    save_fit(fit, tmp_path)
    assert main(["paths", "--fit", str(tmp_path), "--hold", "C04=no", "--set", "C04=2", "--json"], stored) == 0
    shown = json.loads(capsys.readouterr().out)["columns"][COLUMNS[0]]
    assert shown["pareto_k"] is None  # at the setting that was fitted nothing is weighed
    assert {row["model_id"] for row in shown["rows"]} == {"mixture", "m0_base_rate", MODEL_M1}


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--hold", "C13=2"], "no other claim is measured"),
        (["--hold", "C11"], "CLAIM=VALUE@YEAR"),
        (["--hold", "C11=9@2027"], "the models know nothing of values further out"),
        (["--hold", "C11=usual@2025"], "expected 2026 to 2030"),
        (["--hold", "C11=usual@2031"], "for the last time on 2031"),
        (["--hold", "C11=usual", "--named", "wolf"], "C11 held twice"),
        (["--named", "wolf2"], "expected one of wolf, thaw"),
    ],
)
def test_nonsense_is_told(stored: Context, arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert told in failed(capsys, ["paths", *arguments], stored)
