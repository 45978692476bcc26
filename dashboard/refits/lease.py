"""Who still lives: a file locked by a process for as long as it runs. The kernel lets go when it dies, however it dies.

A number of a process says less: it is given again to a stranger, and another container counts from one. Linux and
macOS; elsewhere `SUPPORTED` is false.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None

SUPPORTED = fcntl is not None


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold a file's lock inside the block; other threads and processes wait at its beginning.

    Raises
    ------
    OSError
        The file cannot be made.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        with suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_UN)
        os.close(descriptor)


def take(path: Path) -> int:
    """Make and lock a file and return its descriptor, which keeps the lock until its last copy is closed.

    A process that inherits the descriptor keeps the lock by merely living.

    Raises
    ------
    OSError
        The file exists or cannot be made.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    return descriptor


def held(path: Path) -> bool:
    """Whether a living process holds the file; a file that does not exist is held by nobody."""
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))  # a pipe would wait for a writer
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False
