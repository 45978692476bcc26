"""A record that lost its end, or all of itself, is found by a head that was kept elsewhere, and by nothing else."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from models.errors import RecordError
from models.record.entries import Draft
from models.record.file import RecordFile
from models.record.kept.heads import Heads, behind
from models.record.store import Record
from models.record.transfer import export_record, import_record
from models.snapshot.value import Snapshot


@pytest.fixture
def file(tmp_path: Path, plain_snapshot: Snapshot) -> Path:
    """A record of three entries whose head was seen."""
    file = tmp_path / "record.db"
    with Record.open(str(file)) as record:
        saved = record.save(Draft(name="One", author="Ada"), plain_snapshot)
        record.remark(saved.digest, "Bea", "First.")
        record.remark(saved.digest, "Bea", "Second.")
        export_record(record, tmp_path / "copy.zip")
        assert Heads(tmp_path).check(record) == ""
    return file


def cut(file: Path) -> None:
    """Take the newest entry away, as whoever owns the file can, and put the guard back."""
    with closing(sqlite3.connect(file)) as database:
        (guard,) = database.execute("SELECT sql FROM sqlite_master WHERE name = 'entry_no_delete'").fetchone()
        database.executescript(f"DROP TRIGGER entry_no_delete; DELETE FROM entry WHERE sequence = 3; {guard};")


def test_a_cut_end_shows_against_a_head_and_a_copy_and_not_from_inside(file: Path, tmp_path: Path) -> None:
    cut(file)
    with Record.open(str(file)) as record, RecordFile(tmp_path / "copy.zip") as copy:
        assert record.verify() == ()
        assert "entry 3" in Heads(tmp_path).check(record)
        assert "entry 3" in behind(record, copy)
        assert Heads(tmp_path / "elsewhere").check(record) == ""


def test_a_lost_record_is_told_and_comes_back_from_its_copy(file: Path, tmp_path: Path) -> None:
    file.unlink()
    with Record.open(str(file)) as record:
        assert "has 0 entries" in Heads(tmp_path).check(record)
        import_record(record, tmp_path / "copy.zip")
        assert Heads(tmp_path).check(record) == ""
        assert record.verify() == ()


def test_a_cut_record_comes_back_from_its_copy(file: Path, tmp_path: Path) -> None:
    cut(file)
    with Record.open(str(file)) as record:
        import_record(record, tmp_path / "copy.zip")
        assert Heads(tmp_path).check(record) == ""


def test_a_loss_that_was_meant_can_be_said_to_be(file: Path, tmp_path: Path) -> None:
    cut(file)
    with Record.open(str(file)) as record:
        Heads(tmp_path).accept(record)
        assert Heads(tmp_path).check(record) == ""


def test_more_entries_are_no_loss(file: Path, tmp_path: Path) -> None:
    with Record.open(str(file)) as record:
        record.remark(record.forecasts()[0].digest, "Bea", "Third.")
        assert Heads(tmp_path).check(record) == ""
        assert Heads(tmp_path).last(record.url).sequence == 4


def test_another_record_has_a_head_of_its_own(file: Path, tmp_path: Path) -> None:
    with Record.open(str(file)), Record.open(str(tmp_path / "other.db")) as other:
        assert Heads(tmp_path).check(other) == ""


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b'{"sequence": 0, "digest": "x"}', b"\xff" * 5000])
def test_a_damaged_memory_is_told(file: Path, tmp_path: Path, content: bytes) -> None:
    with Record.open(str(file)) as record:
        Heads(tmp_path).file(record.url).write_bytes(content)
        with pytest.raises(RecordError, match="expected one; check the record against a backup"):
            Heads(tmp_path).check(record)
