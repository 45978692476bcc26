"""A record's tables: who may change their rows (nobody), and how a layout becomes the next one."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import SQLAlchemyError

from models.errors import RecordError
from models.record import database, tables
from models.record.database import open_engine, record_url, writing
from models.record.entries import Draft
from models.record.store import Record
from models.snapshot.value import Snapshot

FIRST = Draft(name="First", author="A. Reader")


@pytest.fixture
def engine(url: str, short_snapshot: Snapshot) -> Iterator[Engine]:
    """A record of two entries, as its database sees it."""
    with Record.open(url) as record:
        saved = record.save(FIRST, short_snapshot)
        record.remark(saved.digest, "Someone", "Hm.")
    opened = open_engine(record_url(url))
    yield opened
    opened.dispose()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entry SET body = 'x'",
        "UPDATE content SET packed = 'x'",
        "DELETE FROM entry WHERE sequence = 2",
        "DELETE FROM content",
        "INSERT INTO entry SELECT 9, previous, 'x', type, saved_at, body FROM entry WHERE sequence = 1",
        "INSERT INTO entry SELECT 3, previous, 'x', type, saved_at, body FROM entry WHERE sequence = 1",
    ],
)
def test_rows_are_never_changed_removed_or_put_elsewhere(engine: Engine, statement: str) -> None:
    with pytest.raises(SQLAlchemyError, match=r"append-only|must follow"), writing(engine) as connection:
        connection.execute(text(statement))


def test_what_only_one_database_knows_is_refused_too(engine: Engine) -> None:
    with engine.connect() as connection:
        before = connection.execute(text("SELECT packed FROM content")).scalar()
    if engine.dialect.name == "sqlite":
        with writing(engine) as connection:
            connection.execute(text("INSERT OR REPLACE INTO content SELECT sha256, 'x', bytes FROM content"))
        with pytest.raises(SQLAlchemyError, match="must follow"), writing(engine) as connection:
            connection.execute(text("INSERT OR REPLACE INTO entry SELECT * FROM entry WHERE sequence = 1"))
    else:
        with pytest.raises(SQLAlchemyError, match="append-only"), writing(engine) as connection:
            connection.execute(text("TRUNCATE entry"))
    with engine.connect() as connection:
        assert connection.execute(text("SELECT packed FROM content")).scalar() == before


def test_the_revisions_are_those_of_the_migrations() -> None:
    config = Config()
    config.set_main_option("script_location", str(database.MIGRATIONS))
    config.set_main_option("path_separator", "os")
    script = ScriptDirectory.from_config(config)
    assert tuple(one.revision for one in reversed(list(script.walk_revisions()))) == tables.REVISIONS


def test_the_migrated_tables_are_those_that_the_program_reads(engine: Engine) -> None:
    from alembic.autogenerate import compare_metadata

    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": tables.VERSION_TABLE})
        assert compare_metadata(context, tables.METADATA) == []


def test_a_record_of_the_first_layout_is_brought_up_to_date(url: str, short_snapshot: Snapshot, tmp_path: Path) -> None:
    with Record.open(str(tmp_path / "source.db")) as record:
        saved = record.save(FIRST, short_snapshot)
        record.remark(saved.digest, "Someone", "Hm.")
        rows = list(record.entries())
        packed = [record.packed(address) for address in record.addresses()]
    _first_layout(url, rows, packed)
    with Record.open(url) as record:
        assert list(record.entries()) == rows
        assert record.forecasts() == (saved,)
        assert record.verify() == ()
        assert record.remark(saved.digest, "Someone", "Still there.").sequence == 3
        with pytest.raises(SQLAlchemyError, match="append-only"), writing(record._engine) as connection:
            connection.execute(text("DELETE FROM entry"))
        assert "entry_by_type" in {one["name"] for one in inspect(record._engine).get_indexes("entry")}


def _first_layout(url: str, rows: list, packed: list) -> None:
    """A database as the first revision left it, with these rows."""
    place = record_url(url)
    engine = database._sqlite(place) if place.get_backend_name() == "sqlite" else database._postgresql(place)
    with writing(engine) as connection:
        database.upgrade(connection, "0001")
        connection.execute(
            tables.ENTRY.insert(), [{n: getattr(row, n) for n in row.__dataclass_fields__} for row in rows]
        )
        values = [{"sha256": one.sha256, "packed": one.packed, "bytes": one.content} for one in packed]
        connection.execute(tables.CONTENT.insert(), values)
    engine.dispose()


def test_a_newer_layout_is_refused_with_advice(engine: Engine, url: str) -> None:
    with engine.begin() as connection:
        connection.execute(text(f"UPDATE {tables.VERSION_TABLE} SET version_num = '0099'"))
    with pytest.raises(RecordError, match="layout 0099, expected 0002 or older; a newer program wrote it"):
        Record.open(url)
