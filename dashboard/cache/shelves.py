"""The two records that a reader can look into: this server's own, and the project's, which no page changes."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from dashboard.cache import store
from data.values import frozen
from models.errors import RecordError
from models.published.owners import OWN, PROJECT

if TYPE_CHECKING:
    from models.published.place import ProjectRecord
    from models.record.contents import Documents
    from models.record.listing import Listing

type Stamp = tuple[tuple[int, int], ...]


@frozen(eq=False)
class Shelf:
    """One of the two, open for reading.

    Attributes
    ----------
    owner : {"own", "project"}
    opened : Documents
        An open `Record`, or the project's file.
    place : str
        Where it lies, for people.
    """

    owner: str
    opened: Documents
    listing: Listing
    place: str

    @property
    def own(self) -> bool:
        """Whether a page may add to it."""
        return self.owner == OWN


def shelf(owner: str) -> Shelf:
    """This server's record, or the project's.

    Raises
    ------
    RecordError
        It is not to be had, or the project's is damaged.
    """
    return own() if owner == OWN else published()


def own() -> Shelf:
    """The record of this server.

    Raises
    ------
    RecordError
    """
    opened = store.record()
    return Shelf(owner=OWN, opened=opened, listing=store.listing(opened), place=store.place())


def published() -> Shelf:
    """The project's own forecasts, verified; read again when their file or the changelog has changed.

    Raises
    ------
    RecordError
    """
    where = project()
    return _published(str(where.docs), (_stamp(where.file), _stamp(where.changelog)))


def usual() -> str:
    """Whose record to open first: the reader's own, unless that is empty and the project's is not."""
    with suppress(RecordError):
        if not own().listing.forecasts and published().listing.forecasts:
            return PROJECT
    return OWN


def offered() -> bool:
    """Whether there is a second record to look into; a damaged one is, so that its damage is seen."""
    try:
        return bool(published().listing.forecasts)
    except RecordError:
        return True


def holding(digits: str) -> tuple[Shelf, ...]:
    """The shelves with a forecast whose digest begins so, each as often as it has one; own ones first.

    Raises
    ------
    RecordError
        Neither has it, and one could not be asked.
    """
    found: list[Shelf] = []
    failed: RecordError | None = None
    for open_one in (own, published):
        try:
            one = open_one()
        except RecordError as error:
            failed = failed or error
            continue
        known = {saved.digest for each in found for saved in each.listing.beginning(digits)}
        found += [one for saved in one.listing.beginning(digits) if saved.digest not in known]
    if failed and not found:
        raise failed
    return tuple(found)


def project() -> ProjectRecord:
    """Where the project's forecasts lie."""
    from models.published.place import ProjectRecord

    return ProjectRecord()


def _stamp(path: Path) -> tuple[int, int]:
    with suppress(OSError):
        status = path.stat()
        return status.st_mtime_ns, status.st_size
    return 0, 0


@st.cache_resource(max_entries=2, show_spinner="Reading the project’s forecasts.")
def _published(docs: str, stamps: Stamp) -> Shelf:  # noqa: ARG001 (the stamps name the entry)
    from models.published.place import SHOWN_PLACE
    from models.record.listing import read_listing

    opened = project().read()
    return Shelf(owner=PROJECT, opened=opened, listing=read_listing(opened, opened.head), place=SHOWN_PLACE)
