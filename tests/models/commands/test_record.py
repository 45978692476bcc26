"""`record`: save, find, remark, check, move; every action with an answer, a refusal in words, and an exit code."""

import json
import sqlite3
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from models.__main__ import main
from models.commands.options.context import Context
from models.record.store import Record
from models.snapshot.archive import read_archive
from tests.support.programs.commands import drawing, failed, small_context
from tests.support.values.factories import synthetic_library

SAVE = ["record", "save", "--name", "Autumn", "--author", "A. Reader", "--note", "A long talk"]
MOVED = ["--set", "C01=1.8", "--reason", "C01=sanctions bite"]


@pytest.fixture(autouse=True)
def own_record(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CONJUNCTION_RECORD", str(tmp_path / "record.db"))


def run(*arguments: str) -> int:
    """A command with a small library in the place of the committed one."""
    return main(arguments, small_context())


@pytest.fixture
def saved(capsys: pytest.CaptureFixture[str]) -> dict:
    """A saved forecast with one moved assumption."""
    assert run(*SAVE, *MOVED, "--json") == 0
    return json.loads(capsys.readouterr().out)


def test_a_forecast_is_saved_listed_and_shown(saved: dict, capsys: pytest.CaptureFixture[str]) -> None:
    assert (saved["sequence"], saved["changed"], saved["kind"]) == (1, ["C01"], "live")
    assert saved["default"]["mixture"] != saved["published"]["mixture"]
    assert run(*SAVE[:3], "Winter", *SAVE[4:], "--light", "--hindcast", "--parent", saved["digest"][:8]) == 0
    assert "Saved as entry 2" in capsys.readouterr().out
    for options, names in (
        ([], ["Winter", "Autumn"]),
        (["--changed", "C01"], ["Autumn"]),
        (["--kind", "hindcast"], ["Winter"]),
        (["--text", "BITE"], ["Autumn"]),
        (["--author", "a. reader"], ["Winter", "Autumn"]),
    ):
        assert run("record", "list", *options, "--json") == 0
        assert [entry["shown_name"] for entry in json.loads(capsys.readouterr().out)] == names
    assert run("record", "list", "--author", "nobody") == 0
    assert "None of 2 saved forecasts" in capsys.readouterr().err
    assert run("record", "list") == 0
    assert "Autumn (C01)" in capsys.readouterr().out
    assert run("record", "show", saved["digest"][:8]) == 0
    assert "C01: sanctions bite" in capsys.readouterr().out


def test_a_remark_renames_and_is_shown(saved: dict, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("record", "remark", saved["digest"][:8], "--author", "B", "--text", "Hm.", "--name", "Late") == 0
    assert "Added as entry 2" in capsys.readouterr().out
    assert run("record", "show", saved["digest"], "--json") == 0
    assert json.loads(capsys.readouterr().out)["remarks"][0]["text"] == "Hm."
    assert run("record", "list") == 0
    assert "Late (C01)" in capsys.readouterr().out


def test_a_saved_forecast_comes_out_as_a_snapshot(
    saved: dict, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "autumn.zip"
    assert run("record", "get", saved["digest"][:8], "--out", str(out)) == 0
    assert capsys.readouterr().err == ""
    archive = read_archive(out.read_bytes())
    snapshot, inputs = archive.snapshot, archive.inputs
    assert snapshot.assumptions.reasons == {"C01": "sanctions bite"}
    assert dict(snapshot.inputs).keys() == inputs.keys() == saved["inputs"].keys()
    assert b"picture" in out.read_bytes()
    assert "exists already" in failed(capsys, ["record", "get", saved["digest"][:8], "--out", str(out)])


def test_without_its_draws_a_forecast_comes_out_without_charts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*SAVE, "--light") == 0
    with Record.open() as record:
        digest = record.head[1]
    other = Context(library=partial(synthetic_library, samples=40), declared=drawing())
    assert main(["record", "get", digest, "--out", str(tmp_path / "light.zip")], other) == 0
    assert "Without charts" in capsys.readouterr().err
    assert run("record", "get", digest, "--out", str(tmp_path / "drawn.zip")) == 0
    assert capsys.readouterr().err == ""


def test_the_check_passes_fails_and_asks_for_the_noted_head(
    saved: dict, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("record", "head") == 0
    assert capsys.readouterr().out == f"1 {saved['digest']}\n"
    assert run("record", "verify", "--head", saved["digest"][:12]) == 0
    assert "Nothing was altered. Entries: 1," in capsys.readouterr().out
    assert run("record", "verify", "--head", "0" * 12) == 1
    assert "is not in this record" in capsys.readouterr().out
    assert "at least 6 digits" in failed(capsys, ["record", "verify", "--head", "0"])
    connection = sqlite3.connect(tmp_path / "record.db")
    connection.executescript("DROP TRIGGER entry_no_update; UPDATE entry SET saved_at = '2020';")
    connection.close()
    assert run("record", "verify", "--json") == 1
    guard, damage = json.loads(capsys.readouterr().out)["damages"]
    assert (guard["sequence"], guard["place"]) == (0, "the guards")
    assert (damage["sequence"], damage["place"]) == (1, "the entry")
    assert run("record", "guard") == 0
    assert capsys.readouterr().out == "Put back: entry_no_update is missing\n"
    assert run("record", "guard") == 0
    assert capsys.readouterr().out == "Every guard stands.\n"


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("UPDATE entry SET body = replace(body, 'Hm.', 'Ha.') WHERE sequence = 2", "entry 2 of the record is"),
        ("UPDATE entry SET type = 'other' WHERE sequence = 2", "entry 2 of the record is"),
        ("UPDATE entry SET body = '{}' WHERE sequence IN (1, 2)", "entries 1, 2 of the record are"),
        ("DELETE FROM entry WHERE sequence = 1", "entry 1 of the record is"),
    ],
)
def test_a_damaged_entry_is_named_and_the_rest_is_listed_but_not_scored(
    saved: dict, tmp_path: Path, capsys: pytest.CaptureFixture[str], statement: str, named: str
) -> None:
    remark = ["record", "remark", saved["digest"], "--author", "B", "--text", "Hm."]
    assert run(*remark) == run(*SAVE[:3], "Winter", *SAVE[4:], "--light") == 0
    connection = sqlite3.connect(tmp_path / "record.db")
    connection.executescript(f"DROP TRIGGER entry_no_update; DROP TRIGGER entry_no_delete; {statement};")
    connection.close()
    capsys.readouterr()
    assert run("record", "list") == 1
    printed = capsys.readouterr()
    assert "Winter" in printed.out
    assert ("Autumn" in printed.out) == ("1" not in named)
    assert f"Left out: {named} not as saved" in printed.err
    assert "Hm." not in printed.out
    for arguments in (["resolve"], ["score"], ["dispute", "2025", "--author", "A", "--reason", "No."]):
        assert f"{named} not as saved, expected all of them" in failed(capsys, ["track", *arguments])


@pytest.mark.usefixtures("saved")
def test_a_time_that_cannot_be_believed_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ten_years_on = datetime.now(UTC) + timedelta(days=3653)
    open_record = Record.open
    with monkeypatch.context() as patch:
        patch.setattr(Record, "open", lambda url: open_record(url, lambda: ten_years_on))
        assert run(*SAVE[:3], "Ahead", *SAVE[4:], "--light") == 0
    assert run(*SAVE[:3], "After", *SAVE[4:], "--light") == 0
    assert "its time of saving contradicts that of other entries: it counts as a hindcast" in capsys.readouterr().err
    assert run("record", "verify") == 0
    printed = capsys.readouterr()
    assert "Nothing was altered. Entries: 3" in printed.out
    assert "do not count as live: entries 2, 3." in printed.err
    assert run("record", "list", "--kind", "live") == 0
    assert "Autumn" in (printed := capsys.readouterr().out)
    assert "After" not in printed


def test_the_whole_evidence_moves(saved: dict, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, other = str(tmp_path / "all.zip"), str(tmp_path / "other.db")
    assert run("record", "export", file) == 0
    assert "entries: 1," in capsys.readouterr().out
    assert run("record", "import", file, "--record", other, "--dry-run") == 0
    assert "Would be added: 1 (forecasts: 1); here before: 0" in capsys.readouterr().out
    assert run("record", "import", file, "--record", other) == 0
    with Record.open(other) as record:
        assert record.head == (1, saved["digest"])
    capsys.readouterr()
    assert "exists already" in failed(capsys, ["record", "export", file], small_context())
    assert "ends in .zip" in failed(capsys, ["record", "export", str(tmp_path / "all.txt")], small_context())


def test_refusals_say_what_to_do(saved: dict, capsys: pytest.CaptureFixture[str]) -> None:
    assert "no reason for C01" in failed(capsys, [*SAVE, "--set", "C01=1.7"], small_context())
    assert "at least 6" in failed(capsys, ["record", "show", saved["digest"][:3]])
    assert "no forecast whose digest" in failed(capsys, [*SAVE, "--parent", "0" * 12], small_context())
    assert "blank text" in failed(capsys, ["record", "remark", saved["digest"], "--author", "B"])
    with pytest.raises(SystemExit):
        run("record", "list", "postgresql://a:first@hunter2@host/base")
    assert "postgresql://***@host/base" in (printed := capsys.readouterr().err)
    assert "hunter2" not in printed
    assert "the record's URL" in failed(capsys, ["record", "list", "--record", "mysql://a:hunter2@host/base"])
