"""`resolve`: the rule's own labels, and rows that no label uses told."""

import json
from datetime import date
from pathlib import Path

import pytest

from data.types import Evidence
from models import commands
from models.__main__ import main
from models.commands.options.context import Context
from models.outcome.rule import resolve_history
from models.outcome.signpost_list import SIGNPOSTS
from tests.support.programs.commands import failed


def test_resolve_prints_the_labels_of_the_rule(evidence: Evidence, capsys: pytest.CaptureFixture[str]) -> None:
    expected = resolve_history(evidence.events, 1957, 1970)
    assert main(["resolve", "--from", "1957", "--to", "1970", "--json"]) == 0
    years = json.loads(capsys.readouterr().out)["years"]
    assert [(label["year"], label["state"], label["tone"]) for label in years] == [
        (label.year, label.state.value, label.tone) for label in expected
    ]
    assert main(["resolve", "--from", "1957", "--to", "1970"]) == 0
    lines = capsys.readouterr().out.splitlines()
    for line, label in zip(lines, expected, strict=True):
        assert line.split()[:2] == [str(label.year), label.state.value]
        assert label.reason in line


def test_resolve_covers_the_whole_ledger_by_default(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["resolve"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert (lines[0][:4], lines[-1][:4], len(lines)) == ("1950", "2025", 76)
    assert main(["resolve", "--as-of", "2010-12-31"]) == 0
    assert capsys.readouterr().out.splitlines()[-1].startswith("2010")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--from", "1900"], "expected 1950 to 2025"),
        (["--to", "2031"], "expected 1950 to 2025"),
        (["--from", "1970", "--to", "1960"], "first <= last"),
        (["--as-of", "2010-06-30", "--to", "2010"], "expected 1950 to 2009"),
    ],
)
def test_resolve_refuses_years_that_the_ledger_cannot_label(
    options: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert message in failed(capsys, ["resolve", *options])


def test_resolve_answers_every_signpost(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["resolve", "--signposts", "--json"]) == 0
    answers = json.loads(capsys.readouterr().out)
    assert [resolution["id"] for resolution in answers] == [signpost.id for signpost in SIGNPOSTS]
    assert main(["resolve", "--signposts"]) == 0
    text = capsys.readouterr().out
    assert all(signpost.question in text for signpost in SIGNPOSTS)


@pytest.mark.parametrize(
    ("options", "warned"), [([], True), (["--as-of", "2025-12-31"], True), (["--as-of", "2010-12-31"], False)]
)
def test_rows_after_the_last_day_are_told_unless_an_earlier_day_was_asked_for(
    options: list[str], warned: bool, later_data: Context, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["resolve", *options], later_data) == 0
    out, err = capsys.readouterr()
    row = len((later_data.data / "events.csv").read_text(encoding="utf-8").splitlines())
    assert (f"events.csv, row {row} (E2026-09-01-row, 2026-09-01)" in err) is warned
    assert "E2026-09-01-row" not in out


def test_no_command_reads_the_present_evidence_past_that_warning() -> None:
    folder = Path(commands.__file__).parent
    bare = {path.name for path in folder.rglob("*.py") if "load_evidence()" in path.read_text(encoding="utf-8")}
    assert bare == {"export.py"}, "it writes what was saved as it stands; without --from it asks chosen_library"


def test_a_day_inside_a_year_labels_the_years_before_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["resolve", "--as-of", "2010-06-30"]) == 0
    assert capsys.readouterr().out.splitlines()[-1].startswith("2009")


def test_an_overdue_signpost_is_due_on_the_command_line_too(capsys: pytest.CaptureFixture[str]) -> None:
    later = Context(today=lambda: date(2031, 1, 1))
    assert main(["resolve", "--signposts", "--json"], later) == 0
    statuses = {resolution["status"] for resolution in json.loads(capsys.readouterr().out)}
    assert statuses == {"due", "yes", "no"}, "what the ledger has answered stays answered"
    assert main(["resolve", "--signposts", "--json", "--as-of", "2024-12-31"], later) == 0
    assert {resolution["status"] for resolution in json.loads(capsys.readouterr().out)} == {"open"}
