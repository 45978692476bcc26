"""Put a planned update in, or a copy of the evidence with it elsewhere."""

from pathlib import Path

from data.digest import file_digest
from data.errors import UpdateError
from data.swap.journal import complete, replace_files
from data.swap.lock import alone
from data.update.parts import Update
from data.update.staged import copy_evidence


def apply_update(folder: Path, update: Update) -> None:
    """Put a planned update into the evidence: all of its files or none, whenever the program is stopped.

    Whoever holds `data.swap.lock.alone` for longer work may call it inside.

    Raises
    ------
    BusyError
        Another update of the folder is running.
    UpdateError
        The folder changed since the update was planned, or it could not be written: nothing has changed then.
    """
    with alone(folder):
        complete(folder)
        moved = [name for name, digest in update.based_on.items() if digest != _digest(folder / name)]
        if moved:
            raise UpdateError(
                f"got another {', '.join(moved)} in {folder} than when the update was planned, expected the same; plan "
                "it again and look at what it says now"
            )
        replace_files(folder, update.files)


def write_updated(folder: Path, update: Update, into: Path) -> None:
    """Copy the evidence with an update in it to a folder that does not exist yet: what fits are made on before the
    update counts.

    Raises
    ------
    OSError
    """
    copy_evidence(folder, into)
    for name, content in update.files.items():
        if content is None:
            (into / name).unlink()
        else:
            (into / name).parent.mkdir(parents=True, exist_ok=True)
            (into / name).write_bytes(content)


def _digest(path: Path) -> str | None:
    return file_digest(path) if path.is_file() else None
