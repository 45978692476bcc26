"""What was read from a folder counts until a file in it changes: evidence is read once, not at every question."""

from collections.abc import Callable
from functools import lru_cache, wraps
from pathlib import Path

KEPT = 16
"""Readings kept: the few dates and folders that one program asks for."""
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
    """

    @lru_cache(maxsize=KEPT)
    def kept(_: tuple, args: tuple, options: tuple) -> R:
        return read(*args, **dict(options))

    @wraps(read)
    def reading(*args: P.args, **options: P.kwargs) -> R:
        folder = folder_of(*args, **options)
        return kept((str(folder), state(folder)), args, tuple(sorted(options.items())))

    return reading


def _stamp(path: Path) -> tuple[int, int, int]:
    status = path.stat()
    return status.st_size, status.st_mtime_ns, status.st_ino
