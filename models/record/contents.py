"""Documents and inputs by the digest of what they hold: packed once, stored once, unpacked without trust."""

from __future__ import annotations

import zlib
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from sqlalchemy import Connection, select

from data.digest import sha256
from data.values import frozen
from models.errors import RecordError
from models.record.tables import CONTENT
from models.snapshot.archive import MAX_UNPACKED_BYTES, snapshot_bytes
from models.snapshot.document import read_document
from models.snapshot.value import Snapshot
from models.storage.disk import Files

if TYPE_CHECKING:
    from models.record.entries import SavedForecast

MAX_CONTENT_BYTES = MAX_UNPACKED_BYTES
"""Nothing that fits in a snapshot's zip unpacks to more."""
LEVEL = 6
"""Level 9 takes twice as long for one per cent less."""
ASKED_AT_ONCE = 200
"""Addresses in one question to the database: SQLite takes at most 999 values in old builds."""


@frozen
class Packed:
    """A content as it is stored.

    Attributes
    ----------
    sha256 : str
        Of the content.
    packed : str
        SHA-256 of `content`, the stored bytes.
    content : bytes
        zlib.
    """

    sha256: str
    packed: str
    content: bytes


def pack(content: bytes) -> Packed:
    """Compress a content for storing.

    Raises
    ------
    RecordError
        It is larger than anything that can be read again.
    """
    if len(content) > MAX_CONTENT_BYTES:
        raise RecordError(f"got a content of {len(content)} bytes, expected at most {MAX_CONTENT_BYTES}")
    packed = zlib.compress(content, LEVEL)
    return Packed(sha256=sha256(content), packed=sha256(packed), content=packed)


def unpack(packed: Packed) -> bytes:
    """The content, checked on both digests; never more of it than a content may have.

    Raises
    ------
    RecordError
        A byte differs from what was saved.
    """
    _require(isinstance(packed.content, bytes) and sha256(packed.content) == packed.packed, packed, "its stored bytes")
    reader = zlib.decompressobj()
    try:
        content = reader.decompress(packed.content, MAX_CONTENT_BYTES)
    except zlib.error:
        content = b""
    _require(reader.eof and not reader.unused_data, packed, "its stored bytes")
    _require(sha256(content) == packed.sha256, packed, "its content")
    return content


class Documents(ABC):
    """What stands behind the saved forecasts of a record, wherever its bytes lie."""

    @abstractmethod
    def packed(self, address: str) -> Packed:
        """A stored content as it lies there, unchecked."""

    def content(self, address: str) -> bytes:
        """A stored content by its SHA-256.

        Raises
        ------
        RecordError
            It is missing, or not as it was saved.
        """
        return unpack(self.packed(address))

    def snapshot(self, saved: SavedForecast) -> Snapshot:
        """The forecast's snapshot, its digest checked."""
        return read_document(self.content(saved.snapshot))

    def inputs(self, saved: SavedForecast) -> Files:
        """The stored inputs by name, their digests checked."""
        return MappingProxyType({name: self.content(address) for name, address in saved.inputs.items()})

    def archive(self, saved: SavedForecast, charts: Files) -> bytes:
        """The snapshot's zip, as the page and the command line export it."""
        return snapshot_bytes(self.snapshot(saved), charts, self.inputs(saved))


def load(connection: Connection, address: str) -> Packed:
    """A stored content.

    Raises
    ------
    RecordError
        It is not there.
    """
    row = connection.execute(select(CONTENT).where(CONTENT.c.sha256 == address)).one_or_none()
    if row is None:
        raise RecordError(f"the content {address[:12]} is missing; bring the record back from an export")
    return Packed(sha256=row.sha256, packed=row.packed, content=row.bytes)


def absent(connection: Connection, addresses: Iterable[str]) -> tuple[str, ...]:
    """Which of these addresses are not stored yet."""
    named = tuple(dict.fromkeys(addresses))
    present: set[str] = set()
    for start in range(0, len(named), ASKED_AT_ONCE):
        part = named[start : start + ASKED_AT_ONCE]
        present.update(connection.execute(select(CONTENT.c.sha256).where(CONTENT.c.sha256.in_(part))).scalars())
    return tuple(address for address in named if address not in present)


def store(connection: Connection, contents: Mapping[str, Packed]) -> None:
    """Add contents that are not there yet; inside the writer's transaction."""
    for address in absent(connection, contents):
        packed = contents[address]
        connection.execute(CONTENT.insert().values(sha256=packed.sha256, packed=packed.packed, bytes=packed.content))


def _require(true: bool, packed: Packed, what: str) -> None:
    if not true:
        raise RecordError(
            f"the content {str(packed.sha256)[:12]} is not as it was saved ({what} differ); "
            "bring the record back from an export"
        )
