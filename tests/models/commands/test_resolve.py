"""`resolve` and `evidence check`: the rule's own labels, and findings that cannot be overlooked."""

import json
import shutil
from datetime import date
from pathlib import Path

import pytest

from data.receipts import DATA_FOLDER
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
    assert (lines[0][:4], lines[-1][:4], len(lines)) == ("1950", "2024", 75)
    assert main(["resolve", "--as-of", "2010-12-31"]) == 0
    assert capsys.readouterr().out.splitlines()[-1].startswith("2010")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--from", "1900"], "expected 1950 to 2024"),
        (["--to", "2031"], "expected 1950 to 2024"),
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


@pytest.fixture
def own_data(tmp_path: Path) -> Context:
    """A copy of the committed files that a test may change."""
    return Context(data=Path(shutil.copytree(DATA_FOLDER, tmp_path / "data", ignore=shutil.ignore_patterns("*.py*"))))


def add_later_row(context: Context) -> None:
    """The ledger's last row once more, after the evidence's last day."""
    path = context.data / "events.csv"
    last = path.read_text(encoding="utf-8").splitlines()[-1].split(",", 3)
    row = ",".join(["E2026-09-01-row", "2026-09-01", "day", last[3]])
    path.write_text(path.read_text(encoding="utf-8") + row + "\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("options", "warned"), [([], True), (["--as-of", "2024-12-31"], True), (["--as-of", "2010-12-31"], False)]
)
def test_rows_after_the_last_day_are_told_unless_an_earlier_day_was_asked_for(
    options: list[str], warned: bool, own_data: Context, capsys: pytest.CaptureFixture[str]
) -> None:
    add_later_row(own_data)
    assert main(["resolve", *options], own_data) == 0
    out, err = capsys.readouterr()
    row = len((own_data.data / "events.csv").read_text(encoding="utf-8").splitlines())
    assert (f"events.csv, row {row} (E2026-09-01-row, 2026-09-01)" in err) is warned
    assert "E2026-09-01-row" not in out


def test_no_command_reads_the_present_evidence_past_that_warning() -> None:
    folder = Path(commands.__file__).parent
    bare = {path.name for path in folder.rglob("*.py") if "load_evidence()" in path.read_text(encoding="utf-8")}
    assert bare == {"export.py"}, "it writes what was saved as it stands; without --from it asks chosen_library"


def test_a_day_inside_a_year_labels_the_years_before_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["resolve", "--as-of", "2010-06-30"]) == 0
    assert capsys.readouterr().out.splitlines()[-1].startswith("2009")


def test_a_notice_is_printed_and_fails_nothing(own_data: Context, capsys: pytest.CaptureFixture[str]) -> None:
    add_later_row(own_data)
    assert main(["evidence", "check", "--write-receipts"], own_data) == 0
    *_, notice, last = capsys.readouterr().out.splitlines()
    assert notice.startswith("NOTICE events.csv: ")
    assert "(E2026-09-01-row, 2026-09-01)" in notice
    passed, _, total, rest = last.split(" ", 3)
    assert passed == total
    assert rest.startswith("checks passed. Nothing is wrong with what the NOTICE above names, and no forecast uses it")


def test_an_overdue_signpost_is_due_on_the_command_line_too(capsys: pytest.CaptureFixture[str]) -> None:
    later = Context(today=lambda: date(2031, 1, 1))
    assert main(["resolve", "--signposts", "--json"], later) == 0
    assert {resolution["status"] for resolution in json.loads(capsys.readouterr().out)} == {"due"}
    assert main(["resolve", "--signposts", "--json", "--as-of", "2024-12-31"], later) == 0
    assert {resolution["status"] for resolution in json.loads(capsys.readouterr().out)} == {"open"}


def test_evidence_check_passes_on_the_committed_data(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evidence", "check", "--json"]) == 0
    assert all(finding["passed"] for finding in json.loads(capsys.readouterr().out))


def test_a_failed_check_is_named_and_gives_exit_code_one(own_data: Context, capsys) -> None:
    path = own_data.data / "claims.csv"
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert main(["evidence", "check"], own_data) == 1
    (failure, last) = capsys.readouterr().out.splitlines()
    assert failure.startswith("FAILED claims.csv: ")
    assert failure.endswith("write the receipts again")
    passed, _, total, _ = last.split(" ", 3)
    assert int(passed) == int(total) - 1
    assert main(["evidence", "check", "--all", "--write-receipts"], own_data) == 0, "written before it is checked"
    printed = capsys.readouterr()
    assert "ok     claims.csv: " in printed.out
    assert "Wrote the digest of claims.csv." in printed.err
