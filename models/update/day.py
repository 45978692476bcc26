"""The models fitted as of any day of the ledger, beside the fits of its editions."""

from datetime import date
from pathlib import Path
from typing import Self

from data.load import load_evidence
from data.swap.lock import alone
from data.types import Evidence
from data.values import frozen
from models.library.library import Library
from models.update.project import Project
from models.update.running import Worker
from models.update.staging import DIGITS, FITS
from models.update.swapping import install


@frozen(eq=False)
class Day:
    """Evidence as of a day, and where its fits are made.

    Attributes
    ----------
    folder : Path
        Named by the evidence's digest: what was stopped goes on from there.
    evidence : Evidence
    data : Path
        The evidence's files, for worker processes.
    """

    folder: Path
    evidence: Evidence
    data: Path

    @classmethod
    def of(cls, project: Project, as_of: date) -> Self:
        """Of a day that the project's ledger was searched for."""
        evidence = load_evidence(as_of, folder=project.data)
        return cls(folder=project.work / evidence.digest[:DIGITS], evidence=evidence, data=project.data)

    @property
    def fits(self) -> Path:
        """Where its fits are made."""
        return self.folder / FITS


def fit_day(project: Project, as_of: date, worker: Worker) -> Library:
    """Fit everything as of a day, check it against refits, and put it beside the other fits.

    Raises
    ------
    UpdateError
        An update of this project is running.
    EvidenceError, SamplerError, FitError, FileError
    KeyboardInterrupt
        Stopped on request. What was fitted waits for the same command.
    """
    with alone(project.data):
        day = Day.of(project, as_of)
        with worker.workers() as executor:
            library = worker.building(day).library(executor)
        install(project, day)
    worker.tell("done", 1.0, "Done.")
    return library
