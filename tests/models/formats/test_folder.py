"""A folder appears whole or not at all, and takes nothing of others with it."""

import pytest

from models.errors import FormatError
from models.formats import folder
from models.formats.folder import write_folder
from models.storage.disk import FileError

FILES = {"a/b.txt": b"one", "c.txt": b"two"}


def test_a_folder_with_something_in_it_is_left_alone(tmp_path):
    (tmp_path / "mine.txt").write_bytes(b"mine")
    for place in (tmp_path, tmp_path / "mine.txt"):
        with pytest.raises(FormatError, match="exists already"):
            write_folder(place, FILES)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_new_or_an_empty_folder_is_filled(tmp_path):
    (tmp_path / "empty").mkdir()
    for name in ("empty", "new"):
        write_folder(tmp_path / name, FILES)
        assert {p.relative_to(tmp_path / name).as_posix() for p in (tmp_path / name).rglob("*.txt")} == set(FILES)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["empty", "new"]


def test_a_full_disk_leaves_nothing_behind(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(folder.Path, "write_bytes", full)
    with pytest.raises(FileError, match="the disk is full"):
        write_folder(tmp_path / "out", FILES)
    assert list(tmp_path.iterdir()) == []
