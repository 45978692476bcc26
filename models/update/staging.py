"""The evidence as it will be, in a folder apart from the project: fitted to before anything in the project changes."""

import secrets
import shutil
from datetime import date
from pathlib import Path
from typing import Protocol, Self

from data.editions.edition import newest_edition
from data.load import load_evidence
from data.types import Evidence
from data.update.apply import write_updated
from data.update.parts import Update
from data.update.staged import copy_evidence
from data.values import frozen
from models.storage.disk import explained, read_limited, write_atomically
from models.update.project import Project

AFTER, BEFORE, FITS, ROWS = "data", "former", "fits", "rows.csv"
DIGITS = 16
"""Of the evidence's digest, in the name of its folder."""
KEPT = 3
"""Staged evidences that stay: the present run's, and those that may be asked for again."""
MAX_ROWS_BYTES = 2**23


class Prepared(Protocol):
    """Evidence and the folders that its fits are made in; fits are read from `fits`, rows from `data`."""

    @property
    def folder(self) -> Path:
        """Where the work lies."""

    @property
    def evidence(self) -> Evidence:
        """What is fitted to."""

    @property
    def data(self) -> Path:
        """The evidence's files, for worker processes."""

    @property
    def fits(self) -> Path:
        """Where the fits are made."""


@frozen(eq=False)
class Staged:
    """Evidence that waits to come into force, or has just come.

    Attributes
    ----------
    folder : Path
        Named by the new evidence's digest: the same update finds its fits again, whatever stopped it.
    evidence : Evidence
        As it will be.
    former : Evidence
        As it was when the update was staged.
    """

    folder: Path
    evidence: Evidence
    former: Evidence

    @classmethod
    def read(cls, folder: Path) -> Self:
        """What was staged in a folder."""
        after, before = (load_evidence(folder=folder / name) for name in (AFTER, BEFORE))
        return cls(folder=folder, evidence=after, former=before)

    @property
    def data(self) -> Path:
        """The evidence's files, for worker processes."""
        return self.folder / AFTER

    @property
    def fits(self) -> Path:
        """Where its fits are made."""
        return self.folder / FITS


def stage(project: Project, update: Update, file: Path | None) -> Staged:
    """Copy the evidence twice, put the update into one copy, and read both.

    Parameters
    ----------
    file : Path or None
        The rows behind the update: kept, so that a run is known again after they have come into force.

    Raises
    ------
    EvidenceError, FileError
    """
    work = project.work
    folder, partial = work / update.evidence_digest[:DIGITS], work / f".{secrets.token_hex(4)}.partial"
    with explained(work, "written"):
        if not folder.is_dir():
            try:
                copy_evidence(project.data, partial / BEFORE)
                write_updated(project.data, update, partial / AFTER)
                partial.rename(folder)
            finally:
                shutil.rmtree(partial, ignore_errors=True)
            _forget(work, folder)
        if file is None:
            (folder / ROWS).unlink(missing_ok=True)
        else:  # other rows that do not count lead to the same evidence
            write_atomically(folder / ROWS, read_limited(file, MAX_ROWS_BYTES))
    return Staged.read(folder)


def in_force(project: Project, file: Path | None, searched_until: date) -> Staged | None:
    """What was staged for this very request, where its rows have come into force already; None where they have not.

    A run that was stopped after that goes on from here. Its file may be gone: one among the pending updates goes when
    its rows come into force.
    """
    if newest_edition(project.data).searched_until != searched_until:
        return None
    folder = project.work / load_evidence(folder=project.data).digest[:DIGITS]
    rows = folder / ROWS
    if not folder.is_dir() or (file is None) == rows.is_file():
        return None
    if file is not None and file.is_file() and read_limited(file, MAX_ROWS_BYTES) != rows.read_bytes():
        return None
    return Staged.read(folder)


def _forget(work: Path, new: Path) -> None:
    """Remove what was staged longest ago: tens of megabytes each."""
    others = [path for path in work.iterdir() if path.is_dir() and path != new]
    for path in sorted(others, key=lambda one: one.stat().st_mtime)[: max(0, len(others) + 1 - KEPT)]:
        shutil.rmtree(path, ignore_errors=True)
