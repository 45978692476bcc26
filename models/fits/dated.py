"""Where the project's own fits lie: one folder a reference date, so that a newer date never takes an older one's place.

A folder holds the base case of M1, the fits of M2 and M3 and the library, all on one evidence.
"""

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path

FITS = Path(__file__).parent / "dates"


def dated(as_of: date, root: Path | None = None) -> Path:
    """Folder of the fits as of a day; it need not exist.

    Parameters
    ----------
    root : Path, optional
        Another folder of dates than this project's.
    """
    return (FITS if root is None else root) / as_of.isoformat()


def fitted_dates(root: Path | None = None) -> tuple[date, ...]:
    """Reference dates that the project has fits for, oldest first."""
    days = []
    for path in (FITS if root is None else root).glob("*"):
        with suppress(ValueError):
            days.append(date.fromisoformat(path.name))
    return tuple(sorted(days))


def fitted_evidence(root: Path | None = None) -> Mapping[str, date]:
    """Reference date of each evidence that the project has fits on, by its digest."""
    return _named("fit.json", lambda plain: plain["evidence_digest"], root)


def fitted_libraries(root: Path | None = None) -> Mapping[str, date]:
    """Reference date of each library of the project, by its key."""
    return _named("library.json", lambda plain: plain["key"], root)


def _named(file: str, name: Callable[[Mapping], str], root: Path | None) -> Mapping[str, date]:
    """Dates by what a certificate says; a folder without a readable one has none to tell."""
    named = {}
    for day in fitted_dates(root):
        with suppress(OSError, ValueError, KeyError, TypeError):
            named[name(json.loads((dated(day, root) / file).read_bytes()))] = day
    return named
