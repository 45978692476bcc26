"""The two tables of the record, as SQLAlchemy sees them, and the revisions of the database that this program knows."""

from sqlalchemy import Column, Index, Integer, LargeBinary, MetaData, Row, String, Table, Text

from models.record.entries import Entry

VERSION_TABLE = "record_version"
"""Not Alembic's own name: in a team's database another program may use that one."""
REVISIONS = ("0001", "0002")
"""Oldest first; the last one is what this program reads and writes (models/record/migrations/versions)."""
DIGEST_LETTERS = 64

METADATA = MetaData()

ENTRY = Table(
    "entry",
    METADATA,
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("previous", String(DIGEST_LETTERS), nullable=False),
    Column("digest", String(DIGEST_LETTERS), nullable=False, unique=True),
    Column("type", String(20), nullable=False),
    Column("saved_at", String(32), nullable=False),
    Column("body", Text, nullable=False),
    Index("entry_by_type", "type", "sequence"),
)
"""One row an entry; the columns are the fields of `models.record.entries.Entry`."""

CONTENT = Table(
    "content",
    METADATA,
    Column("sha256", String(DIGEST_LETTERS), primary_key=True),
    Column("packed", String(DIGEST_LETTERS), nullable=False),
    Column("bytes", LargeBinary, nullable=False),
)
"""Documents and inputs, each once: SHA-256 of the content, SHA-256 of the stored bytes, and the bytes (zlib).

The second sum is there because several compressed texts unpack to the same content: without it a changed bit in the
padding would go unseen.
"""

ENTRY_COLUMNS = tuple(ENTRY.c[name] for name in Entry.__dataclass_fields__)


def entry_of(row: Row) -> Entry:
    """A selected row of `ENTRY_COLUMNS` as a value."""
    return Entry(**row._mapping)
