"""Files of a person's own: nothing half-written, nothing lost, every fault in words."""

import errno
import os
from pathlib import Path

import pytest

from data.errors import ConjunctionError
from models.storage import disk
from models.storage.disk import FileError, read_limited, write_atomically


def test_content_is_written_and_replaced(tmp_path: Path) -> None:
    target = tmp_path / "forecast.zip"
    write_atomically(target, b"old")
    write_atomically(target, b"new")
    assert target.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize(
    ("number", "advice"),
    [(errno.ENOSPC, "free some space"), (errno.EDQUOT, "free some space"), (errno.EROFS, "read-only")],
)
@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_full_disk_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, advice: str, step: str
) -> None:
    target = tmp_path / "forecast.zip"
    target.write_bytes(b"old")

    def full(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(*((disk.os, "fsync", full) if step == "fsync" else (Path, "replace", full)))
    with pytest.raises(FileError, match=advice) as caught:
        write_atomically(target, b"new")
    assert "forecast.zip could not be written" in str(caught.value)
    assert str(tmp_path) not in str(caught.value)
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_write_that_stops_half_way_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "forecast.zip"
    target.write_bytes(b"old")

    def half(path: Path, content: bytes) -> None:
        path.write_bytes(content[:2])
        raise KeyboardInterrupt

    monkeypatch.setattr(disk, "_write_through", half)
    with pytest.raises(KeyboardInterrupt):
        write_atomically(target, b"newer")
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


def test_paths_that_cannot_be_written_are_told(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="no such file or folder"):
        write_atomically(tmp_path / "absent" / "forecast.zip", b"x")
    with pytest.raises(FileError, match="that is a folder"):
        write_atomically(tmp_path, b"x")


def test_reading_stops_one_byte_after_the_limit(tmp_path: Path) -> None:
    path = tmp_path / "large"
    path.write_bytes(b"x" * 1000)
    assert len(read_limited(path, 100)) == 101
    assert len(read_limited(path, 5000)) == 1000


def test_a_missing_file_and_a_folder_are_told(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"absent\.zip could not be read: there is no such file"):
        read_limited(tmp_path / "absent.zip", 10)
    with pytest.raises(FileError, match="could not be read"):
        read_limited(tmp_path, 10)
    assert issubclass(FileError, ConjunctionError)
    assert issubclass(FileError, OSError)


def test_a_device_or_a_pipe_is_neither_waited_for_nor_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for place in (pipe, Path("/dev/zero")):
        with pytest.raises(FileError, match=rf"{place.name} is a device or a pipe, expected a plain file; save what"):
            read_limited(place, 10)
    with pytest.raises(FileError, match="pipe is a device or a pipe, expected a plain file; give a file's name"):
        write_atomically(pipe, b"x")
    assert pipe.is_fifo()
