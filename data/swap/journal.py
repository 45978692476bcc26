"""The one file whose appearance makes new contents count, and what completes a replacement that was stopped.

New contents are written beside the files they are for (`STAGED`), then the journal, which names them, appears by one
rename: before it nothing has changed, after it everything has, since whoever reads the folder first completes what the
journal says. After that rename nothing needs room on the disk any more.
"""

import hashlib
import json
import os
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from data.errors import UpdateError
from data.swap.lock import BusyError, alone

JOURNAL_FILE = "update.journal"
STAGED = ".staged"
PATIENCE, PAUSE = 30.0, 0.02
"""Seconds that a reader waits for a writer that is at work: some renames, on the slowest of disks."""


def replace_files(folder: Path, files: Mapping[str, bytes | None]) -> None:
    """Give several files of a folder new contents, all of them or none.

    Parameters
    ----------
    files : Mapping of str to bytes or None
        Contents by path relative to the folder; None removes the file.

    Raises
    ------
    UpdateError
        Another writer is at work, or the contents could not be written; nothing has changed then.
    """
    with alone(folder):
        complete(folder)
        _forget(folder)
        try:
            _stage(folder, files)
        except BaseException as error:
            _forget(folder)
            if isinstance(error, OSError):
                advice = "nothing has changed; make room or see to the folder's rights, then try again"
                raise UpdateError(f"{folder} could not be written ({error.strerror or error}); {advice}") from error
            raise
        (folder / (JOURNAL_FILE + STAGED)).replace(folder / JOURNAL_FILE)
        complete(folder)


def complete(folder: Path) -> None:
    """Complete a replacement that was stopped; nothing where none was. Every reader begins with it.

    Raises
    ------
    UpdateError
        The folder may not be written, a staged file is gone, or another writer does not come to its end.
    """
    waited = time.monotonic() + PATIENCE
    while (folder / JOURNAL_FILE).exists():
        try:
            with alone(folder):
                _complete(folder)
        except BusyError:
            if time.monotonic() > waited:
                raise
            time.sleep(PAUSE)
        except OSError as error:
            reason = error.strerror or error
            raise UpdateError(
                f"an update of {folder} was stopped midway and could not be completed ({reason}); see to the folder's "
                "rights, then start again"
            ) from error


def _stage(folder: Path, files: Mapping[str, bytes | None]) -> None:
    for name, content in files.items():
        if content is not None:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            _write_through(folder / (name + STAGED), content)
    digests = {name: None if content is None else _sha256(content) for name, content in files.items()}
    _write_through(folder / (JOURNAL_FILE + STAGED), json.dumps(digests, indent=1).encode())


def _complete(folder: Path) -> None:
    journal = folder / JOURNAL_FILE
    try:
        digests = json.loads(journal.read_bytes())
    except FileNotFoundError:
        return  # its writer was quicker
    for name, digest in digests.items():
        staged, target = folder / (name + STAGED), folder / name
        if digest is None:
            target.unlink(missing_ok=True)
        elif staged.exists():
            staged.replace(target)
        elif not target.exists() or _sha256(target.read_bytes()) != digest:
            raise UpdateError(
                f"an update of {folder} was stopped, and {staged.name} is gone, which it would go on with; restore "
                f"{name} from the repository, delete {JOURNAL_FILE}, and update again"
            )
    journal.unlink()


def _forget(folder: Path) -> None:
    """Remove what was staged and never came to count."""
    for path in folder.rglob(f"*{STAGED}"):
        with suppress(OSError):
            path.unlink()


def _write_through(path: Path, content: bytes) -> None:
    with path.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())  # the rename that makes it count may reach the disk first otherwise


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
