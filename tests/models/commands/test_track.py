"""`track`: resolve, score, dispute and replay on the command line, with the same answers as the functions."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from data.editions.edition import newest_edition
from models.__main__ import main
from models.backtest.origins import whole_evidence
from models.commands.options.context import Context
from models.record.entries import Draft
from models.record.resolutions import ResolutionDraft
from models.record.store import Record
from models.snapshot.inputs import inputs_of
from models.snapshot.value import Snapshot
from models.track import replay
from models.track.doubt import doubtful_events
from models.track.replay import append, resolve_due
from tests.support.programs.clock import NOW, TODAY
from tests.support.programs.commands import failed
from tests.support.values.asked import asked_snapshot, small_library
from tests.support.values.saved import answer, archived, resolved

STANDING = Context(today=lambda: TODAY)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A record of two replayed year-ends, as bytes: each test has its own copy."""
    file = tmp_path_factory.mktemp("filled") / "record.db"
    with Record.open(str(file)) as record:
        append(record, {year: (snapshot, {}) for year, snapshot in last_two().items()}, whole_evidence())
        resolve_due(record, whole_evidence(), TODAY, doubtful_events())
    return file.read_bytes()


@pytest.fixture
def url(filled: bytes, tmp_path: Path) -> str:
    (tmp_path / "record.db").write_bytes(filled)
    return str(tmp_path / "record.db")


def answered(capsys: pytest.CaptureFixture[str], *arguments: str) -> object:
    assert main(["track", *arguments, "--json"], STANDING) == 0
    return json.loads(capsys.readouterr().out)


def test_scores_name_their_mark_and_stand_beside_the_base_rate(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    shown = answered(capsys, "score", "--record", url)
    assert {row["mark"] for row in shown["scores"]} == {"hindcast"}
    assert {row["verdict_base_rate"] for row in shown["scores"]} == {"too few to tell"}
    assert {row["status"]: row["dates"] for row in shown["counts"]} == {"resolved": 3, "open": 3}
    assert main(["track", "score", "--record", url], STANDING) == 0
    printed = capsys.readouterr().out
    assert "too few to tell (3 year-ends)" in printed
    assert "lower is better" in printed


def test_what_a_settled_signpost_taught_is_told_beside_the_scores(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url, snapshot = str(tmp_path / "record.db"), asked_snapshot()
    said = min(snapshot.signposts.chances, key=lambda row: row.deadline)
    with Record.open(url, clock=lambda: NOW) as record:
        record.save(Draft(name="Asked", author="Ada"), snapshot, inputs_of(*small_library()))
        record.resolve(
            answer(question="signpost", subject=said.id, outcome="yes", rule=said.digest, as_of=said.deadline)
        )
    shown = answered(capsys, "score", "--record", url)
    (row,) = shown["signposts_taught"]
    assert (row["answers"], row["scored"], row["gained"], row["verdict"]) == (1, 0, None, "too few to tell")
    assert row["expected"] in {each["expected"] for each in shown["signposts_taught_each"] if each["usual"]}
    assert main(["track", "score", "--record", url], STANDING) == 0
    printed = capsys.readouterr().out
    assert "answers 1, of years 1: expected" in printed
    assert "no year-end of theirs is resolved" in printed
    assert f"signposts that wait for an answer: {len(snapshot.signposts.chances) - 1}" in printed


def test_nothing_is_due_twice(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert answered(capsys, "resolve", "--record", url, "--dry-run") == []
    assert main(["track", "resolve", "--record", url], STANDING) == 0
    assert capsys.readouterr().out == f"0 resolved; the ledger ends {newest_edition().as_of}.\n"


def test_what_the_rule_no_longer_says_is_resolved_again(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    with Record.open(url) as record:
        last = [one for one in record.resolutions() if one.question == "state"][-1]
        right, wrong = last.outcome, resolved(1, 2025, "rupture", rule=last.rule)
        fields = {name: getattr(wrong, name) for name in ("question", "subject", "status", "outcome", "note", "author")}
        record.resolve(ResolutionDraft(**fields, rule=wrong.rule, evidence=wrong.evidence, as_of=wrong.as_of))
    (shown,) = answered(capsys, "resolve", "--record", url, "--dry-run")
    assert (shown["subject"], shown["outcome"]) == ("2025", right)
    assert answered(capsys, "resolve", "--record", url) == [shown]
    assert answered(capsys, "resolve", "--record", url) == []


def test_a_dispute_is_written_with_its_author_and_lifted_again(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    person = ("--author", "Ada", "--reason", "The row was withdrawn.", "--record", url)
    done = answered(capsys, "dispute", "2024", *person)
    assert (done["status"], done["note"]) == ("disputed", "The row was withdrawn.")
    before = answered(capsys, "score", "--record", url)["counts"]
    assert {row["status"]: row["dates"] for row in before}["disputed"] == 1
    assert answered(capsys, "resolve", "--record", url) == []  # the rule does not overrule a person
    assert main(["track", "settle", "2024", "--outcome", "strain", *person], STANDING) == 0
    told = capsys.readouterr().out
    assert told.startswith("State at the end of 2024")
    assert told.endswith(": resolved, strain.\n")


def test_faults_are_told(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    person = ["--author", "Ada", "--reason", "No.", "--record", url]
    assert "expected one of" in failed(capsys, ["track", "dispute", "1066", *person], STANDING)
    assert "wait for the day" in failed(capsys, ["track", "dispute", "2028", *person], STANDING)
    assert "a person's name" in failed(capsys, ["track", "dispute", "2024", *person, "--author", "rule"], STANDING)
    assert "dispute it first" in failed(capsys, ["track", "settle", "2024", "--outcome", "strain", *person], STANDING)
    answered(capsys, "dispute", "2024", *person)
    assert "outcome" in failed(capsys, ["track", "settle", "2024", "--outcome", "war", *person], STANDING)


def test_replay_takes_the_archive(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(replay, "read_archive", last_two)
    url = str(tmp_path / "new.db")
    assert answered(capsys, "replay", "--record", url) == {"saved": 2, "resolved": 3}
    assert main(["track", "replay", "--record", url], STANDING) == 0
    assert capsys.readouterr().out == "0 hindcasts saved, 0 questions resolved.\n"


def last_two() -> Mapping[int, Snapshot]:
    return archived(2022, 2023)
