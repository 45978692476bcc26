"""The guards of a record's tables: triggers that refuse every change. Do they still stand, and how to put them back.

They stop accidents and honest programs. Someone who owns the file can remove them; that is what the chain of digests is
for, and `missing` tells.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from sqlalchemy import Connection, text

SQLITE = MappingProxyType(
    {
        **{
            f"{table}_no_{verb.lower()}": f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
            "BEGIN SELECT RAISE(ABORT, 'the record is append-only'); END"
            for table in ("entry", "content")
            for verb in ("UPDATE", "DELETE")
        },
        "entry_follows": "CREATE TRIGGER entry_follows BEFORE INSERT ON entry "
        "WHEN NEW.sequence IS NOT (SELECT coalesce(max(sequence), 0) + 1 FROM entry) OR NEW.previous IS NOT "
        f"coalesce((SELECT digest FROM entry ORDER BY sequence DESC LIMIT 1), '{'0' * 64}') "
        "BEGIN SELECT RAISE(ABORT, 'an entry must follow the newest one'); END",
        # INSERT OR REPLACE would otherwise change a content without any UPDATE
        "content_once": "CREATE TRIGGER content_once BEFORE INSERT ON content "
        "WHEN EXISTS (SELECT 1 FROM content WHERE sha256 = NEW.sha256) BEGIN SELECT RAISE(IGNORE); END",
    }
)
_REFUSES = " BEGIN RAISE EXCEPTION 'the record is append-only'; END "
_FOLLOWS = (
    " BEGIN "
    "IF NEW.sequence IS DISTINCT FROM (SELECT coalesce(max(sequence), 0) + 1 FROM entry) OR NEW.previous IS DISTINCT "
    f"FROM coalesce((SELECT digest FROM entry ORDER BY sequence DESC LIMIT 1), '{'0' * 64}') "
    "THEN RAISE EXCEPTION 'an entry must follow the newest one'; END IF; RETURN NEW; END "
)
FUNCTIONS = MappingProxyType({"record_refuses": _REFUSES, "record_follows": _FOLLOWS})
_FUNCTION = "FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $${body}$$"
POSTGRESQL = MappingProxyType(
    {
        "entry_follows": "CREATE TRIGGER entry_follows BEFORE INSERT ON entry "
        "FOR EACH ROW EXECUTE FUNCTION record_follows()",
        **{
            f"{table}_append_only": f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE "
            f"ON {table} FOR EACH STATEMENT EXECUTE FUNCTION record_refuses()"
            for table in ("entry", "content")
        },
    }
)
_ROW, _BEFORE, _INSERT, _DELETE, _UPDATE, _TRUNCATE = 1, 2, 4, 8, 16, 32
_KINDS = {
    "entry_follows": (_ROW | _BEFORE | _INSERT, _FOLLOWS),
    "entry_append_only": (_BEFORE | _UPDATE | _DELETE | _TRUNCATE, _REFUSES),
    "content_append_only": (_BEFORE | _UPDATE | _DELETE | _TRUNCATE, _REFUSES),
}
"""PostgreSQL's ``pg_trigger.tgtype`` of each guard, and the body of its function."""
_ASKED = text(
    "SELECT t.tgname, t.tgtype, t.tgenabled, t.tgqual IS NULL AS always, p.prosrc FROM pg_trigger t "
    "JOIN pg_proc p ON p.oid = t.tgfoid WHERE NOT t.tgisinternal "
    "AND t.tgrelid IN (to_regclass('entry'), to_regclass('content'))"
)


def statements(dialect: str) -> tuple[str, ...]:
    """What makes all guards in a database that has none."""
    if dialect == "sqlite":
        return tuple(SQLITE.values())
    functions = (f"CREATE {_FUNCTION.format(name=name, body=body)}" for name, body in FUNCTIONS.items())
    return (*functions, *POSTGRESQL.values())


def missing(connection: Connection) -> tuple[str, ...]:
    """Guards that are gone, altered or switched off, and triggers of others that may swallow or alter an entry."""
    return tuple(sorted(_sqlite(connection) if connection.dialect.name == "sqlite" else _postgresql(connection)))


def restore(connection: Connection) -> None:
    """Put every guard back, inside the connection's transaction; other triggers stay."""
    if connection.dialect.name == "sqlite":
        for name, statement in SQLITE.items():
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}")
            connection.exec_driver_sql(statement)
        return
    for name, body in FUNCTIONS.items():
        connection.exec_driver_sql(f"CREATE OR REPLACE {_FUNCTION.format(name=name, body=body)}")
    for name, statement in POSTGRESQL.items():
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name} ON {name.partition('_')[0]}")
        connection.exec_driver_sql(statement)


def _sqlite(connection: Connection) -> Iterator[str]:
    triggers = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
    standing = {row.name: row.sql for row in connection.exec_driver_sql(triggers)}
    yield from _told(standing.keys(), {name for name, sql in SQLITE.items() if standing.get(name) == sql}, SQLITE)


def _postgresql(connection: Connection) -> Iterator[str]:
    rows = connection.execute(_ASKED).all()
    whole = {
        row.tgname
        for row in rows
        if row.tgenabled in ("O", "A") and row.always and _KINDS.get(row.tgname) == (row.tgtype, row.prosrc)
    }
    yield from _told({row.tgname for row in rows if row.tgtype & _BEFORE}, whole, POSTGRESQL)


def _told(standing: object, whole: set[str], expected: Mapping[str, str]) -> Iterator[str]:
    for name in set(expected) - whole:
        yield f"{name} is {'altered or switched off' if name in standing else 'missing'}"
    for name in set(standing) - set(expected):
        yield f"{str(name)[:60]} is a trigger that the record knows nothing of"
