"""`python -m models backtest --signposts` archives what it made beside the yearly study, and keeps pins that it did not
hold against brute force again."""

import json
from argparse import Namespace
from pathlib import Path
from types import SimpleNamespace

import pytest

from data.types import Evidence
from models.commands.actions import signposts_backtest
from models.signpost_study import study
from tests.support.values.signpost_studies import controls, pinned, searched, signpost_tables

RANKING = ("history",)
BRUTE = ("pins", "values")


@pytest.fixture
def args(tmp_path: Path, evidence: Evidence, monkeypatch: pytest.MonkeyPatch) -> Namespace:
    """A run whose tables are synthetic."""
    made = dict(signpost_tables())
    ranking = {name: made.pop(name) for name in RANKING}
    brute = {name: made.pop(name) for name in BRUTE}
    monkeypatch.setattr(study, "study_tables", lambda *_: made)
    monkeypatch.setattr(signposts_backtest, "_ranking", lambda *_: ranking)
    monkeypatch.setattr(signposts_backtest, "_pins", lambda *_: (brute, {"ledgers": 7}))
    monkeypatch.setattr(signposts_backtest, "load_readings", lambda *_: ())
    context = SimpleNamespace(evidence_of_whole_years=lambda: evidence, data=None)
    return Namespace(out=tmp_path / "backtest", pins=True, context=context)


def about(args: Namespace) -> dict:
    return json.loads((args.out.with_name("backtest_signposts") / "about.json").read_text())


def test_a_second_run_without_pins_keeps_those_of_the_first(args: Namespace) -> None:
    assert signposts_backtest.run_signposts(args) == 0
    args.pins = False
    signposts_backtest.run_signposts(args)
    assert about(args)["pins"] == {"ledgers": 7}
    assert study.signpost_structures().items() <= about(args)["structures"].items()
    written = {path.stem for path in args.out.with_name("backtest_signposts").glob("*.csv")}
    assert written == set(signpost_tables())


def test_what_was_missed_is_printed_and_is_no_failure(args: Namespace, monkeypatch, capsys) -> None:
    missed = {**signpost_tables(), "searches": searched(0.05), "controls": controls(planted=False), "pins": pinned()}
    monkeypatch.setattr(study, "study_tables", lambda *_: missed)
    assert signposts_backtest.run_signposts(args) == 0
    said = capsys.readouterr().out
    assert "primary, reached: brier against expanding: -0.0200 (-0.0300 to -0.0100)" in said
    assert "aim, MISSED: without the first search the median change of a chance is 0.050" in said
    assert "aim, MISSED: planted" in said
    assert "pins: 4 of 4 within; largest error 0.0200" in said
