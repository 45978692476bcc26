"""Where the project's own fits lie: one folder a reference date, so that a newer date never takes an older one's place.

A folder holds the base case of M1, the fits of M2 and M3 and the library, all on one evidence. Where an update ends on
the day of the former one, its fits lie beside the former ones under their evidence's digest until its rows are in
force: a program that reads while they are swapped finds those of the evidence that it has.
"""

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path

FITS = Path(__file__).parent / "dates"


DIGITS = 12
"""Of a digest, in the name of a folder that waits beside another of its date."""


def dated(as_of: date, evidence_digest: str = "", root: Path | None = None) -> Path:
    """Folder of the fits as of a day; it need not exist.

    Parameters
    ----------
    evidence_digest : str, optional
        Of the evidence that they must be on, where several may lie there; that of the date alone when there is none.
    root : Path, optional
        Another folder of dates than this project's.
    """
    root = FITS if root is None else root
    own = beside(root, as_of, evidence_digest)
    return own if evidence_digest and own.is_dir() else root / as_of.isoformat()


def beside(root: Path, as_of: date, evidence_digest: str) -> Path:
    """Folder in which fits wait while those on another evidence have the name of their date."""
    return root / f"{as_of.isoformat()}-{evidence_digest[:DIGITS]}"


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
            named[name(json.loads((dated(day, root=root) / file).read_bytes()))] = day
    return named
