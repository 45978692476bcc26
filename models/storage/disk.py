"""Files of a person's own: read with a limit, written in one step, and every fault of the disk told in words."""

import contextlib
import errno
import os
import secrets
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

from data.errors import ConjunctionError
from models.storage.home import HOME_VARIABLE, is_own

type Files = Mapping[str, bytes]
"""Contents of files by their names."""

_ADVICE = {
    errno.ENOSPC: "the disk is full; free some space and try again",
    errno.EDQUOT: "your share of the disk is used up; free some space and try again",
    errno.EACCES: "this user may not do that here; choose another folder",
    errno.EPERM: "this user may not do that here; choose another folder",
    errno.EEXIST: "a file is in the way; move it, or correct the path",
    errno.EROFS: "the disk is read-only; choose another folder",
    errno.ENOENT: "there is no such file or folder; correct the path",
    errno.EISDIR: "that is a folder; give a file's name",
    errno.ENOTDIR: "a part of the path is a file; correct the path",
    errno.ENAMETOOLONG: "the name is too long; shorten it",
}
_NO_PLAIN_FILE = "is a device or a pipe, expected a plain file"


class FileError(ConjunctionError, OSError):
    """A file could not be read or written; what stood there before still stands."""


@contextlib.contextmanager
def explained(path: Path, doing: str) -> Iterator[None]:
    """Turn an OSError inside the block into a `FileError` that names the file and what to do.

    Parameters
    ----------
    path : Path
        Only its last part appears in the message, unless it lies in this user's own folder, which nobody typed.
    doing : str
        "read" or "written".
    """
    try:
        yield
    except FileError:
        raise
    except OSError as error:
        reason, own = _ADVICE.get(error.errno, error.strerror or str(error)), is_own(path)
        elsewhere = f", or set {HOME_VARIABLE} to a folder that may be written" if own else ""
        raise FileError(f"{path if own else path.name} could not be {doing}: {reason}{elsewhere}") from error


def read_limited(path: Path, limit: int) -> bytes:
    """Return a file's bytes, at most one more than `limit`, so that a huge file is noticed and never held in memory.

    Raises
    ------
    FileError
    """
    with explained(path, "read"), open_plain(path) as stream:
        return stream.read(limit + 1)


def open_plain(path: Path) -> BinaryIO:
    """Open a plain file for reading: a device may never end, and a pipe may never begin.

    Raises
    ------
    FileError
        It is a device, a pipe or a socket.
    OSError
    """
    stream = path.open("rb") if os.name != "posix" else open(path, "rb", opener=_without_waiting)  # noqa: SIM115
    if stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
        return stream
    stream.close()
    raise FileError(f"{path.name} {_NO_PLAIN_FILE}; save what comes out of it to a file and give that")


def create_private(path: Path) -> BinaryIO:
    """Create a new file that nobody but this user can read, open for writing.

    Raises
    ------
    OSError
        Such as FileExistsError.
    """
    return open(path, "xb", opener=_private)


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NONBLOCK)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def write_atomically(path: Path, content: bytes) -> None:
    """Write beside the target, then rename: a full disk, a kill or a second writer leaves the old file whole.

    Raises
    ------
    FileError
    """
    with replacing(path) as partial:
        _write_through(partial, content)


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give the name of a new file beside the target, which takes its place when the block ends well, else is removed.

    Whoever writes there calls `wait_for_disk` last.

    Raises
    ------
    FileError
    """
    with explained(path, "written"):
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, "is a folder")
        if path.exists() and not path.is_file():  # a rename would put a file in the device's place
            raise FileError(f"{path.name} {_NO_PLAIN_FILE}; give a file's name")
        partial = path.with_name(f".{path.name}.{secrets.token_hex(4)}.partial")
        try:
            yield partial
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)


def wait_for_disk(stream: BinaryIO) -> None:
    """Before a rename, so that it never names a file whose bytes are still in memory."""
    stream.flush()
    os.fsync(stream.fileno())


def _write_through(path: Path, content: bytes) -> None:
    with path.open("xb") as stream:
        stream.write(content)
        wait_for_disk(stream)


def write_together(folder: Path, contents: Files) -> None:
    """Write all beside their targets, then rename all: a full disk leaves the old files whole."""
    folder.mkdir(parents=True, exist_ok=True)
    partials = {name: folder / f".{name}.{secrets.token_hex(4)}.partial" for name in contents}
    try:
        for name, content in contents.items():
            _write_through(partials[name], content)
        for name, partial in partials.items():
            partial.replace(folder / name)
    finally:
        for partial in partials.values():
            partial.unlink(missing_ok=True)
