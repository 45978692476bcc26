"""The caches of the record: opened once a server, read once for each state of it. SQLAlchemy is loaded on first use."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import streamlit as st

from dashboard.cache import forecasts as cache
from models.errors import RecordError
from models.record.listing import Listing, read_listing
from models.storage.home import home

if TYPE_CHECKING:
    from data.types import Evidence
    from models.change.side import Side
    from models.library.library import Library
    from models.record.contents import Documents
    from models.record.entries import SavedForecast
    from models.record.store import Record
    from models.snapshot.value import Snapshot
    from models.snapshot.verify import Verification

RETRY_SECONDS = 15
"""A server that is down takes ten seconds to say so: one visitor waits for that, not every move of every visitor."""
ALARM_SECONDS = 60
"""A trigger that was dropped shows within a minute."""
LISTINGS = 2
"""A thousand forecasts take some ten megabytes; only the newest state is looked at."""


def record() -> Record:
    """The record that this server was told to use (``CONJUNCTION_RECORD``), or the one in this user's folder.

    Raises
    ------
    RecordError
        It is not to be had; for some seconds the same answer is given without trying again.
    """
    from models.record.database import record_url

    url = record_url().render_as_string(hide_password=False)
    opened = _tried(url, int(time.monotonic() // RETRY_SECONDS))
    if isinstance(opened, RecordError):
        raise RecordError(str(opened))
    return opened


def place() -> str:
    """Name of the record for people: no password, no user, no folder."""
    from models.record.database import record_url
    from models.record.faults import shown

    return shown(record_url())


def listing(opened: Record) -> Listing:
    """Everything that the list and the entries need, read once for each newest entry."""
    return _listing(place(), opened.head, lambda head: read_listing(opened, head))


def alarms(opened: Record) -> tuple[str, ...]:
    """What is wrong with the record that can be seen at a glance, looked for once for each newest entry: entries that
    were seen before and are gone, and guards that do not stand.

    Raises
    ------
    RecordError
    """
    return _alarms(place(), opened.head, opened)


def snapshot(opened: Documents, saved: SavedForecast) -> Snapshot:
    """The snapshot of a saved forecast."""
    return _snapshot(saved.snapshot, lambda: opened.snapshot(saved))


def side(address: str, make: Callable[[], Side]) -> Side:
    """A saved forecast with its stored evidence and draws, by the address of its document; seconds the first time."""
    return _side(address, make)


def verification(content: bytes) -> Verification:
    """Whether a snapshot's file is what it says.

    Raises
    ------
    SnapshotError
    """
    from models.snapshot.verify import verify

    def own(snapshot: Snapshot) -> tuple[Evidence, Library]:
        return cache.own(snapshot.reference_date)

    return _verification(hashlib.sha256(content).hexdigest(), lambda: verify(content, own))


def drop() -> None:
    """Open the record anew, but not before the time in which a server that is down is left alone."""
    _opened.clear()


def forget() -> None:
    """Open the record anew at the next visit."""
    _tried.clear()
    _opened.clear()
    _listing.clear()
    _alarms.clear()


@st.cache_resource(max_entries=4, show_spinner=False)
def _tried(url: str, window: int) -> Record | RecordError:  # noqa: ARG001 (the window names the entry)
    try:
        return _opened(url)
    except RecordError as error:
        return error


@st.cache_resource(max_entries=4, show_spinner="Opening the record.")
def _opened(url: str) -> Record:
    from dashboard.cache.page_record import PageRecord

    return PageRecord.open(url)


@st.cache_resource(max_entries=LISTINGS, show_spinner="Reading the record.")
def _listing(place: str, head: tuple[int, str], _make: Callable[[tuple[int, str]], Listing]) -> Listing:  # noqa: ARG001
    return _make(head)


@st.cache_resource(max_entries=LISTINGS, ttl=ALARM_SECONDS, show_spinner=False)
def _alarms(place: str, head: tuple[int, str], _opened: Record) -> tuple[str, ...]:  # noqa: ARG001 (they name the entry)
    from models.record.kept.heads import Heads
    from models.record.verification import MEND

    try:
        lost = Heads(home()).check(_opened)
    except RecordError as error:
        lost = str(error)
    return (*((lost,) if lost else ()), *(f"{what}; {MEND}" for what in _opened.unguarded()))


@st.cache_resource(max_entries=32, show_spinner=False)
def _snapshot(address: str, _make: Callable[[], Snapshot]) -> Snapshot:  # noqa: ARG001 (the address names the entry)
    return _make()


@st.cache_resource(max_entries=4, show_spinner=False)
def _side(address: str, _make: Callable[[], Side]) -> Side:  # noqa: ARG001 (the address names the entry)
    return _make()


@st.cache_resource(max_entries=64, show_spinner=False)
def _verification(sha256: str, _make: Callable[[], Verification]) -> Verification:  # noqa: ARG001 (names the entry)
    return _make()
