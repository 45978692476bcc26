"""The rows of an open record as they lie in the database: read page by page, in order, and not yet believed."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import URL, Connection, select, text

from models.record import chain, contents, database, guards
from models.record.contents import Documents, Packed
from models.record.database import open_engine, readable_by_others, record_url, writing
from models.record.entries import GENESIS, Entry
from models.record.faults import explained
from models.record.tables import CONTENT, ENTRY, ENTRY_COLUMNS, entry_of

PAGE = 500
"""Entries read at once."""
_SERVER_BYTES = text("SELECT pg_total_relation_size('entry') + pg_total_relation_size('content')")


class Rows(Documents):
    """The database behind a record; threads may share it."""

    def __init__(self, url: str | None) -> None:
        self._url = record_url(url)
        self._engine = open_engine(self._url)

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def url(self) -> URL:
        """Where it lies."""
        return self._url

    @property
    def head(self) -> tuple[int, str]:
        """Sequence and digest of the newest entry; 0 and sixty-four zeros while there is none."""
        with self.reading() as connection:
            newest = chain.newest(connection)
        return (newest.sequence, newest.digest) if newest else (0, GENESIS)

    def entries(self, after: int = 0, up_to: int | None = None) -> Iterator[Entry]:
        """The rows of the chain in order, as they stand and unchecked, some hundred at a time."""
        rest = select(*ENTRY_COLUMNS).order_by(ENTRY.c.sequence).limit(PAGE)
        rest = rest if up_to is None else rest.where(ENTRY.c.sequence <= up_to)
        while True:
            with self.reading() as connection:
                rows = connection.execute(rest.where(ENTRY.c.sequence > after)).all()
            yield from (entry_of(row) for row in rows)
            if len(rows) < PAGE:
                return
            after = rows[-1].sequence

    def doubted(self) -> frozenset[int]:
        """Entries whose time of saving contradicts that of others, by sequence."""
        with self.reading() as connection:
            return chain.doubted(connection)

    def packed(self, address: str) -> Packed:
        """A stored content as it lies in the database, unchecked."""
        with self.reading() as connection:
            return contents.load(connection, address)

    def addresses(self) -> tuple[str, ...]:
        """SHA-256 of every stored content, sorted."""
        with self.reading() as connection:
            return tuple(sorted(connection.execute(select(CONTENT.c.sha256)).scalars()))

    def faults(self) -> tuple[str, ...]:
        """What SQLite itself finds wrong with its file; nothing from a server, which looks after its own."""
        if self._url.get_backend_name() != "sqlite":
            return ()
        with self.reading() as connection:
            lines = connection.exec_driver_sql("PRAGMA integrity_check(5)").scalars().all()
        return tuple(line for line in lines if line != "ok")

    def unguarded(self) -> tuple[str, ...]:
        """Which guards against changes do not stand, in words."""
        with self.reading() as connection:
            return guards.missing(connection)

    def guard(self) -> None:
        """Put back the guards that do not stand."""
        with self.writing() as connection:
            guards.restore(connection)

    @property
    def folder(self) -> Path | None:
        """Where its file lies; None for a database on a server."""
        return Path(self._url.database or "").parent if self._url.get_backend_name() == "sqlite" else None

    @property
    def size(self) -> int:
        """Bytes that the record takes."""
        if self._url.get_backend_name() == "sqlite":
            file = Path(self._url.database or "")
            return file.stat().st_size if file.is_file() else 0
        with self.reading() as connection:
            return int(connection.execute(_SERVER_BYTES).scalar_one())

    @property
    def exposed(self) -> bool:
        """Whether everyone on this machine can read the record's file."""
        return self._url.get_backend_name() == "sqlite" and readable_by_others(Path(self._url.database or ""))

    @contextlib.contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection for reading; faults of the database are told in words."""
        with explained(self._url, "read", database.READ_SECONDS), self._engine.connect() as connection:
            yield connection

    @contextlib.contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that no other writer is in, for adding at the end of the chain."""
        with explained(self._url, "added to", database.WRITE_SECONDS), writing(self._engine) as connection:
            yield connection
