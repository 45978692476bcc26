"""The folders that an update reads and changes, and the steps that it tells of."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from data.receipts import DATA_FOLDER
from data.values import frozen
from models.fits.dated import FITS
from models.storage.home import home

if TYPE_CHECKING:
    from models.published.place import ProjectRecord

DOCS = Path(__file__).parents[2] / "docs"


@frozen
class Project:
    """Where an update reads and writes.

    Attributes
    ----------
    data : Path
        Folder of the evidence.
    fits : Path
        One folder of fits a reference date.
    docs : Path
        Holds the studies, whose fits are kept, the project's own record and the changelog.
    home : Path or None
        Where unfinished updates wait; this user's own cache by default.
    """

    data: Path = DATA_FOLDER
    fits: Path = FITS
    docs: Path = DOCS
    home: Path | None = None

    @property
    def record(self) -> ProjectRecord:
        """The project's own forecasts."""
        from models.published.place import ProjectRecord  # with the record's database, which a preview can do without

        return ProjectRecord(docs=self.docs)

    @property
    def work(self) -> Path:
        """Where unfinished updates wait, apart from the project."""
        return (self.home or home()) / "update"


@frozen
class Step:
    """How far a run has come.

    Attributes
    ----------
    phase : str
        "staging", "sampling", "simulating", "compiling", "members", "library", "check", "explaining", "swapping",
        "publishing" or "done".
    done : float
        Share of the whole run, 0 to 1, by what it takes on two cores.
    message : str
        For a person.
    """

    phase: str
    done: float
    message: str


type OnStep = Callable[[Step], None]
