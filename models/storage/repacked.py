"""Zips that another program packed again: the names as they were exported, without what file managers add."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Mapping
from typing import NoReturn

from data.csv.hints import is_clutter
from models.errors import SnapshotError

_DRIVE = re.compile(r"[A-Za-z]:")
_SHOWN = 80


def exported_names(infos: Iterable[zipfile.ZipInfo], listing: str) -> Mapping[str, zipfile.ZipInfo]:
    """Every file of a zip under the name it was exported with; their contents are for others to check.

    Backslashes may separate folders, all files may lie in one folder, and folder entries and the file manager's own
    files are passed over: the file that lists the others tells what belongs.

    Parameters
    ----------
    listing : str
        Name of that file; where it lies, the export begins.

    Raises
    ------
    SnapshotError
        A name could lead out of a folder, stands twice, or lies beside the export.
    """
    files: dict[str, zipfile.ZipInfo] = {}
    for info in infos:
        name = _plain(info.orig_filename)
        if is_clutter(name) or (name.endswith("/") and info.file_size == 0):
            continue
        if name in files:
            _refuse("the same file name twice", "every name once")
        files[name] = info
    top = _top(files, listing)
    for name in files:
        if not name.startswith(top):
            _refuse(f"a file named {name[:_SHOWN]!a}", f"only files beside {listing} in {top!a}; take it out")
    return {name.removeprefix(top): info for name, info in files.items()}


def _plain(name: str) -> str:
    parts = name.replace("\\", "/").split("/")
    if not name.isprintable() or not parts[0] or _DRIVE.match(name) or ".." in parts:
        _refuse(f"a file named {name[:_SHOWN]!a}", "a name that stays inside the zip")
    return "/".join(part for part in parts if part != ".")


def _top(files: Mapping[str, zipfile.ZipInfo], listing: str) -> str:
    """Folder of the listing that lies highest; nothing where there is none, which others notice."""
    places = [name for name in files if name.rpartition("/")[2] == listing]
    return min(places, key=lambda name: name.count("/"), default=listing).removesuffix(listing)


def _refuse(got: str, expected: str) -> NoReturn:
    raise SnapshotError(f"the zip: got {got}, expected {expected}; export it again")
