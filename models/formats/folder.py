"""Many files as one folder: all or nothing."""

import secrets
import shutil
from pathlib import Path

from models.errors import FormatError
from models.storage.disk import Files, explained


def write_folder(folder: Path, files: Files) -> None:
    """Write files by path below a new folder, which appears complete or not at all.

    Raises
    ------
    FormatError
        Something is there already: a folder may hold what others put into it, and is never replaced.
    FileError
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FormatError(f"{folder.name} exists already; choose another name, or remove it first")
    partial = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}.partial")
    with explained(folder, "written"):
        try:
            for name, content in files.items():
                path = partial / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
            partial.replace(folder)  # an empty folder is replaced in the same step
        finally:
            shutil.rmtree(partial, ignore_errors=True)
