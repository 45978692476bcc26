"""`resolve` and `evidence check`: the rule's own labels, and findings that cannot be overlooked."""

import json

import pytest

from data.load import load_evidence
from data.provenance import ProvenanceFinding
from data.types import Evidence
from models import command_resolve
from models.__main__ import main
from models.outcome import resolve_history
from models.signposts import SIGNPOSTS
from tests.commands import failed


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
