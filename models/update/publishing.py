"""The forecast into the project's record, once, and answers to questions of earlier ones that have come due."""

from datetime import date

from data.types import Evidence
from data.values import frozen
from models.published.place import ProjectRecord
from models.published.publishing import Publication, publish, published_before, resolve_published
from models.record.entries import LIVE, Draft, SavedForecast
from models.record.resolutions import Resolution
from models.snapshot.value import Snapshot


@frozen
class Author:
    """Who publishes, and why.

    Raises
    ------
    StorageError, RecordError
        No name, or one that a record does not take: before anything is fitted for it.
    """

    name: str
    note: str = ""

    def __post_init__(self) -> None:
        Draft(name="a forecast", author=self.name, note=self.note, kind=LIVE)


@frozen(eq=False)
class Published:
    """What was written into the project's record, or would be.

    Attributes
    ----------
    publication : Publication or None
        None when this forecast had been published before, as after a kill.
    before : SavedForecast or None
        That earlier publication.
    answers : tuple of Resolution
        Questions that have come due.
    """

    publication: Publication | None
    before: SavedForecast | None
    answers: tuple[Resolution, ...]


def into_record(
    record: ProjectRecord, evidence: Evidence, snapshot: Snapshot, author: Author, *, today: date, dry: bool = False
) -> Published:
    """Resolve what has come due, then publish, unless the same forecast is there already.

    Raises
    ------
    RecordError, FileError
    """
    answers = resolve_published(record, evidence, today, dry=dry)
    before = published_before(record, snapshot)
    publication = None if before else publish(record, snapshot, author.name, author.note, dry=dry)
    return Published(publication=publication, before=before, answers=answers)
