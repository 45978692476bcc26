"""`resolve` and `evidence check`: the rule's own labels, and findings that cannot be overlooked."""

import json
from datetime import date
from pathlib import Path

import pytest

from data import unused
from data.load import load_evidence
from data.provenance import ProvenanceFinding
from data.types import Evidence
from data.unused import Unused
from models.__main__ import main
from models.commands import resolve as command_resolve
from models.commands.options import settings as command_settings
from models.outcome.rule import resolve_history
from models.outcome.signpost_list import SIGNPOSTS
from tests.support.programs.commands import failed


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    return load_evidence()


def test_resolve_prints_the_labels_of_the_rule(evidence: Evidence, capsys: pytest.CaptureFixture[str]) -> None:
    expected = resolve_history(evidence.events, 1957, 1970)
    assert main(["resolve", "--from", "1957", "--to", "1970", "--json"]) == 0
    years = json.loads(capsys.readouterr().out)["years"]
    assert [(one["year"], one["state"], one["tone"]) for one in years] == [
        (one.year, one.state.value, one.tone) for one in expected
    ]
    assert main(["resolve", "--from", "1957", "--to", "1970"]) == 0
    lines = capsys.readouterr().out.splitlines()
    for line, one in zip(lines, expected, strict=True):
        assert line.split()[:2] == [str(one.year), one.state.value]
        assert one.reason in line


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
    assert [one["id"] for one in answers] == [signpost.id for signpost in SIGNPOSTS]
    assert main(["resolve", "--signposts"]) == 0
    text = capsys.readouterr().out
    assert all(signpost.question in text for signpost in SIGNPOSTS)


LATER = Unused(file="events.csv", row=313, name="E2026-09-01-row", day=date(2026, 9, 1), reason=unused.LATER)


@pytest.mark.parametrize(
    ("options", "told"), [([], True), (["--as-of", "2024-12-31"], True), (["--as-of", "2010-12-31"], False)]
)
def test_rows_after_the_last_day_are_told_unless_an_earlier_day_was_asked_for(
    options: list[str], told: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command_settings, "later_rows", lambda: (LATER,))
    assert main(["resolve", *options]) == 0
    out, err = capsys.readouterr()
    assert ("events.csv, row 313 (E2026-09-01-row, 2026-09-01)" in err) is told
    assert "E2026-09-01-row" not in out


def test_no_command_reads_the_present_evidence_past_that_warning() -> None:
    folder = Path(command_settings.__file__).parents[1]
    bare = {path.name for path in folder.rglob("*.py") if "load_evidence()" in path.read_text(encoding="utf-8")}
    assert bare == {"export.py"}, "it writes what was saved as it stands; without --from it asks chosen_library"


def test_a_day_inside_a_year_labels_the_years_before_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["resolve", "--as-of", "2010-06-30"]) == 0
    assert capsys.readouterr().out.splitlines()[-1].startswith("2009")


def test_a_notice_is_printed_and_fails_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    good = ProvenanceFinding(file="a.csv", check="has a receipt", passed=True, detail="")
    later = ProvenanceFinding(file="b.csv", check="rows used", passed=True, detail="row 9 lies later", notice=True)
    monkeypatch.setattr(command_resolve, "check_provenance", lambda: (good, later))
    assert main(["evidence", "check"]) == 0
    out = capsys.readouterr().out
    assert "NOTICE b.csv: rows used. row 9 lies later" in out
    assert "2 of 2 checks passed. Nothing is wrong with what the NOTICE above names, and no forecast uses it" in out


def test_an_overdue_signpost_is_due_on_the_command_line_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Later(date):
        @classmethod
        def today(cls) -> date:
            return date(2031, 1, 1)

    monkeypatch.setattr(command_resolve, "date", Later)
    assert main(["resolve", "--signposts", "--json"]) == 0
    assert {one["status"] for one in json.loads(capsys.readouterr().out)} == {"due"}
    assert main(["resolve", "--signposts", "--json", "--as-of", "2024-12-31"]) == 0
    assert {one["status"] for one in json.loads(capsys.readouterr().out)} == {"open"}


def test_evidence_check_passes_on_the_committed_data(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evidence", "check", "--json"]) == 0
    assert all(finding["passed"] for finding in json.loads(capsys.readouterr().out))


def test_a_failed_check_is_named_and_gives_exit_code_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    good = ProvenanceFinding(file="a.csv", check="has a receipt", passed=True, detail="")
    bad = ProvenanceFinding(file="b.csv", check="digest", passed=False, detail="write the receipts")
    order: list[str] = []
    monkeypatch.setattr(command_resolve, "check_provenance", lambda: order.append("check") or (good, bad))
    monkeypatch.setattr(command_resolve, "write_receipts", lambda: order.append("write") or ("b.csv",))
    assert main(["evidence", "check"]) == 1
    out = capsys.readouterr().out
    assert "FAILED b.csv: digest. write the receipts" in out
    assert "a.csv" not in out
    assert "1 of 2 checks passed" in out
    assert main(["evidence", "check", "--all", "--write-receipts"]) == 1
    assert "ok     a.csv" in capsys.readouterr().out
    assert order == ["check", "write", "check"]
