"""The caches of the record: opened once a server, read once for each state of it. SQLAlchemy is loaded on first use."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

import streamlit as st

from dashboard import cache
from models.errors import RecordError
from models.record.bodies import read_entry
from models.record.entries import FORECAST, REMARK, RESOLUTION, Remark, SavedForecast
from models.record.listing import shown_names

if TYPE_CHECKING:
    from collections.abc import Mapping

    from data.types import Evidence
    from models.change_side import Side
    from models.library import Library
    from models.record.store import Record
    from models.snapshot import Snapshot
    from models.verify_snapshot import Verification

RETRY_SECONDS = 15
"""A server that is down takes ten seconds to say so: one visitor waits for that, not every move of every visitor."""
LISTINGS = 2
"""A thousand forecasts take some ten megabytes; only the newest state is looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What the record holds, as far as it can be read.

    Attributes
    ----------
    head : (int, str)
        Number and digest of the newest entry.
    forecasts : tuple of SavedForecast
        The newest first.
    names : Mapping[str, str]
        Digest to the name that a forecast is shown under: the newest one given.
    remarks : Mapping[str, tuple of Remark]
        Digest of a forecast to what was said about it, the oldest first.
    damaged : tuple of int
        Numbers of the entries that are not as they were saved.
    """

    head: tuple[int, str]
    forecasts: tuple[SavedForecast, ...]
    names: Mapping[str, str]
    remarks: Mapping[str, tuple[Remark, ...]]
    damaged: tuple[int, ...]

    def beginning(self, prefix: str) -> tuple[SavedForecast, ...]:
        """Every forecast whose digest begins so."""
        return tuple(one for one in self.forecasts if one.digest.startswith(prefix))

    def children(self, digest: str) -> tuple[SavedForecast, ...]:
        """Forecasts that grew from this one."""
        return tuple(one for one in self.forecasts if one.parent == digest)


def record() -> Record:
    """The record that this server was told to use (``CONJUNCTION_RECORD``), or the one in this user's folder.

    Raises
    ------
    RecordError
        It is not to be had; for some seconds the same answer is given without trying again.
    """
    from models.record.database import record_url

    url = record_url().render_as_string(hide_password=False)
    found = _tried(url, int(time.monotonic() // RETRY_SECONDS))
    if isinstance(found, RecordError):
        raise RecordError(str(found))
    return found


def place() -> str:
    """Name of the record for people: no password, no user, no folder."""
    from models.record.database import record_url
    from models.record.faults import shown

    return shown(record_url())


def listing(opened: Record) -> Listing:
    """Everything that the list and the entries need, read once for each newest entry."""
    return _listing(place(), opened.head, lambda head: read_listing(opened, head))


def snapshot(opened: Record, saved: SavedForecast) -> Snapshot:
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
    from models.verify_snapshot import verify

    def own(_: Snapshot) -> tuple[Evidence, Library]:
        return cache.evidence(), cache.library()

    return _verification(hashlib.sha256(content).hexdigest(), lambda: verify(content, own))


def drop() -> None:
    """Open the record anew, but not before the time in which a server that is down is left alone."""
    _opened.clear()


def forget() -> None:
    """Open the record anew at the next visit."""
    _tried.clear()
    _opened.clear()
    _listing.clear()


@st.cache_resource(max_entries=4, show_spinner=False)
def _tried(url: str, window: int) -> Record | RecordError:  # noqa: ARG001 (the window names the entry)
    try:
        return _opened(url)
    except RecordError as error:
        return error


@st.cache_resource(max_entries=4, show_spinner="Opening the record.")
def _opened(url: str) -> Record:
    from models.record.store import Record

    return Record.open(url)


@st.cache_resource(max_entries=LISTINGS, show_spinner="Reading the record.")
def _listing(place: str, head: tuple[int, str], _make: Callable[[tuple[int, str]], Listing]) -> Listing:  # noqa: ARG001
    return _make(head)


@st.cache_resource(max_entries=32, show_spinner=False)
def _snapshot(address: str, _make: Callable[[], Snapshot]) -> Snapshot:  # noqa: ARG001 (the address names the entry)
    return _make()


@st.cache_resource(max_entries=4, show_spinner=False)
def _side(address: str, _make: Callable[[], Side]) -> Side:  # noqa: ARG001 (the address names the entry)
    return _make()


@st.cache_resource(max_entries=64, show_spinner=False)
def _verification(sha256: str, _make: Callable[[], Verification]) -> Verification:  # noqa: ARG001 (names the entry)
    return _make()


def read_listing(opened: Record, head: tuple[int, str]) -> Listing:
    """Every entry up to the head, its digest checked; what was altered is left out and named."""
    found: dict[str, list] = {FORECAST: [], REMARK: [], RESOLUTION: []}
    damaged: list[int] = []
    for entry in opened.entries(up_to=head[0]):
        try:
            found[entry.type].append(read_entry(entry))
        except (RecordError, KeyError):
            damaged.append(entry.sequence)
    remarks: dict[str, tuple[Remark, ...]] = {}
    for one in found[REMARK]:
        remarks[one.subject] = (*remarks.get(one.subject, ()), one)
    return Listing(
        head=head,
        forecasts=tuple(reversed(found[FORECAST])),
        names=MappingProxyType(shown_names(found[FORECAST], found[REMARK])),
        remarks=MappingProxyType(remarks),
        damaged=tuple(damaged),
    )
