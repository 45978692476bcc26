"""One writer a folder: whoever comes second is told so."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from data.errors import UpdateError

LOCK_FILE = "update.lock"


class BusyError(UpdateError):
    """Another process or thread is the writer now."""


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Be the only writer of a folder inside the block; a thread that is already may enter again.

    The operating system ends the lock with the process, however it ends.

    Raises
    ------
    BusyError
        Another process or thread writes the folder.
    UpdateError
        The folder may not be written at all.
    """
    from filelock import FileLock, Timeout  # only writers need it

    lock = FileLock(folder / LOCK_FILE, timeout=0, is_singleton=True)
    try:
        lock.acquire()
    except Timeout:
        raise BusyError(
            f"another update of {folder} is running, expected one at a time; wait for its end or stop it, then try "
            "again"
        ) from None
    except OSError as error:
        raise UpdateError(f"{folder} may not be written ({error.strerror}); use a folder of your own") from error
    try:
        yield
    finally:
        lock.release()
