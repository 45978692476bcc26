"""Who still lives: a file locked by a process for as long as it runs. The kernel lets go when it dies, however it dies.

A number of a process says less: it is given again to a stranger, and another container counts from one. Windows does
not let a child keep an inherited lock.
"""

import os
from pathlib import Path

from filelock import has_fcntl, lock_descriptor

SUPPORTED = has_fcntl


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
    lock_descriptor(descriptor)
    return descriptor


def held(path: Path) -> bool:
    """Whether a living process holds the file; a file that does not exist is held by nobody."""
    try:
        descriptor = os.open(path, os.O_RDWR | getattr(os, "O_NONBLOCK", 0))  # a pipe would wait for a writer
    except OSError:
        return False
    try:
        return not lock_descriptor(descriptor, blocking=False)
    finally:
        os.close(descriptor)
