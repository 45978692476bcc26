"""What a command finds around it: the committed evidence and draws, who works, which day it is, who draws."""

from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path

from data.days import last_year_end
from data.editions.edition import Edition, newest_edition
from data.load import load_evidence
from data.receipts import DATA_FOLDER
from data.types import Evidence
from data.unused import later_rows, later_warning
from data.values import frozen
from models.commands.options.line import note
from models.fits.dated import dated
from models.library.files import committed_library
from models.library.library import Library
from models.storage.declared import Declarations, declared
from models.storage.tasks import workers
from models.update.project import Project


@frozen
class Context:
    """Where a command takes what its options do not say; nothing is read before it is asked for.

    Attributes
    ----------
    data : Path
        Folder of the evidence.
    fits : callable
        Folder of the fits as of a day, which commands rebuild.
    library : callable
        The library that answers to an evidence.
    workers : callable
        The executor for a scheduler's address and a number of processes.
    project : callable
        All that an update changes, beside a folder of evidence.
    declared : callable
        Functions that the installed package declares under a group, by name.
    today : callable
    """

    data: Path = DATA_FOLDER
    fits: Callable[[date], Path] = dated
    library: Callable[[Evidence], Library] = committed_library
    workers: Callable[[str | None, int | None], AbstractContextManager[Executor]] = workers
    project: Callable[..., Project] = Project
    declared: Declarations = declared
    today: Callable[[], date] = date.today

    @property
    def edition(self) -> Edition:
        """The newest edition of the evidence: up to which day the ledger was searched."""
        return newest_edition(self.data)

    def evidence(self, as_of: date | None = None) -> Evidence:
        """The evidence of this release, or of an earlier day that was asked for.

        Rows after the day to which the ledger was searched, which nobody asked to leave out, are told on standard
        error.
        """
        newest = self.edition
        asked = as_of in (None, newest.as_of, newest.searched_until)
        if asked and (warning := later_warning(later_rows(self.data), newest)):
            note(f"Warning: {warning}.")
        return load_evidence(as_of, folder=self.data)

    def evidence_of_whole_years(self) -> Evidence:
        """The evidence as of the last year-end: what studies of whole years rest on, wherever in a year it stands."""
        return self.evidence(last_year_end(self.edition.as_of))
