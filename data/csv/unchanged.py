"""What was read from a folder counts until a file in it changes: evidence is read once, not at every question.

A folder whose files change while they are read is read again, so that nobody sees half an update.
"""

from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache, wraps
from pathlib import Path

from data.errors import UpdateError
from data.swap.journal import complete

KEPT = 16
"""Readings kept: the few dates and folders that one program asks for."""
TRIES = 100
SUFFIXES = (".csv", ".json", ".toml")


def state(folder: Path) -> tuple[tuple[str, int, int, int], ...]:
    """Name, size, time of change and number of every data file; another state wherever one was written."""
    files = sorted(path for path in folder.rglob("*") if path.suffix in SUFFIXES)
    return tuple((str(path), *_stamp(path)) for path in files)


def read_once[**P, R](read: Callable[P, R], *, folder_of: Callable[P, Path]) -> Callable[P, R]:
    """Keep what `read` returned for the same arguments while its folder stays in the same state.

    Parameters
    ----------
    read : callable
        Returns values that nobody can change. What it raises is not kept.
    folder_of : callable
        The folder that `read` reads under these arguments.

    Raises
    ------
    UpdateError
        An update of the folder was stopped and cannot be completed, or the files change all the time.
    """

    @lru_cache(maxsize=KEPT)
    def kept(folder: Path, before: tuple, args: tuple, options: tuple) -> R:
        try:
            value = read(*args, **dict(options))
        except Exception as error:
            if state(folder) != before:
                raise _MovedError from error
            raise
        if state(folder) != before:
            raise _MovedError
        return value

    @wraps(read)
    def reading(*args: P.args, **options: P.kwargs) -> R:
        folder = folder_of(*args, **options)
        for _ in range(TRIES):
            complete(folder)
            with suppress(_MovedError):
                return kept(folder, state(folder), args, tuple(sorted(options.items())))
        raise UpdateError(f"got other files at every look into {folder}, expected them to rest; try again")

    return reading


class _MovedError(Exception):
    """A file changed while its folder was read."""


def _stamp(path: Path) -> tuple[int, int, int]:
    status = path.stat()
    return status.st_size, status.st_mtime_ns, status.st_ino
