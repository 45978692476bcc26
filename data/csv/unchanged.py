"""What was read from a folder counts until a file in it changes: evidence is read once, not at every question.

A folder whose files change while they are read is read again, so that nobody sees half an update.
"""

import os
from collections.abc import Callable, Iterator
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
    return tuple(sorted(_stamps(str(folder))))


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


def _stamps(folder: str) -> Iterator[tuple[str, int, int, int]]:
    # Not `Path.rglob`, which takes three times as long: this is asked at every move of a slider.
    with suppress(FileNotFoundError), os.scandir(folder) as entries:  # what vanishes meanwhile is another state
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from _stamps(entry.path)
            elif entry.name.endswith(SUFFIXES):
                status = entry.stat()
                yield entry.path, status.st_size, status.st_mtime_ns, status.st_ino
