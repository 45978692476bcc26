"""An update of the evidence as a value: what would be added, changed and left out, and the files' new contents."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from data.editions.edition import Edition
from data.event import EVENT_COLUMNS, PAGE_COLUMNS, Event
from data.values import frozen, settle

UNVERIFIED = "unverified: no page was found"
LATER = "its month or year was not over on the day to which the ledger was searched"


@frozen
class Uncounted:
    """A row that joins the ledger, and that no forecast counts yet.

    Attributes
    ----------
    reason : str
        `UNVERIFIED` or `LATER`.
    """

    event: Event
    reason: str


@frozen
class Near:
    """Two rows of other ids that may tell of one matter: a person must look.

    Attributes
    ----------
    event : Event
        The new row.
    other : Event
        One of the ledger, its reserve, or of the same update.
    alike : float
        Share of the words that they have in common, 0 to 1 (`data.update.differences.likeness`).
    """

    event: Event
    other: Event
    alike: float


@frozen
class Revision:
    """A row that is replaced by another content under the same id."""

    before: Event
    after: Event

    @property
    def changed(self) -> tuple[str, ...]:
        """Names of the columns that differ."""
        return tuple(name for name, former, later in self.cells if former != later)

    @property
    def cells(self) -> tuple[tuple[str, str, str], ...]:
        """Every column with the content that it had and has."""
        return tuple((name, *(_cell(event, name) for event in (self.before, self.after))) for name in EVENT_COLUMNS)


@frozen
class Update:
    """All that an update would do, before it does anything.

    Attributes
    ----------
    before, edition : Edition
        The edition that the evidence stands at, and the one that it would stand at.
    added : tuple of Event
        Rows that join the ledger, by date, also those that no forecast counts.
    uncounted : tuple of Uncounted
        The rows of `added` that no forecast counts, with the reason.
    waiting : tuple of Event
        Rows that the ledger holds already and that count from now on, since the reference date moves past them.
    figures : int
        How many more values of indicators count, since they were published, or their periods ended, in the meantime.
    held : tuple of Event
        Rows that the ledger holds word for word: skipped.
    near : tuple of Near
        Rows of other ids within days of a new one in similar words.
    revisions : tuple of Revision
        Rows that get another content.
    past : tuple of Event
        The rows of `added` from days that an earlier edition was searched for: they change what was known of the past.
    evidence_digest : str
        Digest of the evidence afterwards, at the new reference date.
    files : Mapping of str to (bytes or None)
        New contents by path in the data folder; None for a file that goes.
    based_on : Mapping of str to (str or None)
        SHA-256 of the same files as they are now; None for a file that is new.
    """

    before: Edition
    edition: Edition
    added: tuple[Event, ...]
    uncounted: tuple[Uncounted, ...]
    waiting: tuple[Event, ...]
    figures: int
    held: tuple[Event, ...]
    near: tuple[Near, ...]
    revisions: tuple[Revision, ...]
    past: tuple[Event, ...]
    evidence_digest: str
    files: Mapping[str, bytes | None]
    based_on: Mapping[str, str | None]

    def __post_init__(self) -> None:
        settle(self, files=MappingProxyType(dict(self.files)), based_on=MappingProxyType(dict(self.based_on)))

    @property
    def as_of(self) -> date:
        """Reference date that follows."""
        return self.edition.as_of

    @property
    def counted(self) -> tuple[Event, ...]:
        """The rows of `added` that forecasts count."""
        left_out = {one.event.id for one in self.uncounted}
        return tuple(event for event in self.added if event.id not in left_out)

    @property
    def changes_the_past(self) -> bool:
        """Whether evidence of days before the former edition's end becomes another one."""
        return bool(self.revisions or self.past)


def _cell(event: Event, column: str) -> str:
    return str(
        getattr(event.source, column.removeprefix("source_")) if column in PAGE_COLUMNS else getattr(event, column)
    )
