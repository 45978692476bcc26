"""Where the record lies: a URL or a file becomes an engine, and the database in it is brought up to date.

SQLite keeps its rollback journal (no write-ahead log): the record is then one file between saves, which can be copied
and may lie on a network drive, where a write-ahead log cannot work. ``synchronous=EXTRA`` waits for the disk, folder
included, before a save counts; saves are rare, and each costs some milliseconds.
"""

import contextlib
import errno
import os
import re
import sqlite3
import stat
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import NullPool

from models.errors import RecordError
from models.record.faults import explained, shown
from models.record.tables import REVISIONS, VERSION_TABLE
from models.storage import disk
from models.storage.home import keep

RECORD_VARIABLE = "CONJUNCTION_RECORD"
FILE_NAME = "record.db"
APPLICATION_ID = 0x434A5243
"""In the header of our SQLite files ("CJRC"), so that another program's database is not taken for a record."""
READ_SECONDS = 5
"""How long reading waits: a writer keeps readers out only while it writes to the disk, which takes milliseconds."""
WRITE_SECONDS = 30
"""How long one save waits for others: eight writers of the largest snapshots need a few seconds."""
LOCK_KEY = 0x434A5243
"""Number of PostgreSQL's advisory lock. A table lock would need more rights than reading and adding rows."""
WRITES = "record_writes"
_MAGIC = b"SQLite format 3\x00"
MIGRATIONS = Path(__file__).with_name("migrations")
_SETTINGS = re.compile(r"(?i)\bpass(word|wd)?\s*=|^\s*(postgres(ql)?|sqlite)(\+\w+)?:")
"""A file is not called that: shown as one, a password would be shown with it."""
_DRIVERS = {"sqlite": "sqlite+pysqlite", "postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}


def record_url(given: str | None = None) -> URL:
    """What was given, or ``$CONJUNCTION_RECORD``, or ``record.db`` in this user's folder.

    Parameters
    ----------
    given : str, optional
        ``postgresql://user:password@host/database``, ``sqlite:///file`` or just a file's name.

    Raises
    ------
    RecordError
        The message never repeats what was given: it may hold a password.
    """
    place = given or os.environ.get(RECORD_VARIABLE) or str(keep() / FILE_NAME)
    if "://" not in place:
        if _SETTINGS.search(place):
            raise RecordError(
                "the record's URL cannot be read: it looks like a server's settings without the two slashes; expected "
                "postgresql://user@host/database or a file's name"
            )
        return URL.create(_DRIVERS["sqlite"], database=str(Path(place).absolute()))
    if _ambiguous(place):
        raise RecordError(
            "the record's URL holds more than one @ from the password on, so that nobody can tell where the host "
            "begins; write every @ but the one before the host as %40"
        )
    try:
        url = make_url(place)
    except (ArgumentError, ValueError):
        raise RecordError(
            "the record's URL cannot be read; expected postgresql://user@host/database or a file's name"
        ) from None
    backend = url.drivername.partition("+")[0]
    if backend not in _DRIVERS:
        raise RecordError("the record's URL names a database that is not known; expected postgresql:// or sqlite:///")
    if backend == "sqlite" and (url.query or not url.database or url.database.startswith((":", "file:"))):
        raise RecordError("the record's URL names no plain file; expected sqlite:///file or just a file's name")
    return url.set(drivername=_DRIVERS[backend])


def _ambiguous(url: str) -> bool:
    """Would a part of the password be read, and shown, as the host? A user's name may hold an @, a password may not."""
    scheme, _, place = url.partition("://")
    _, colon, rest = place.partition(":")
    return not scheme.startswith("sqlite") and bool(colon) and rest.count("@") > 1


def open_engine(url: URL) -> Engine:
    """Connect, and bring the database up to date, once for all processes that open it at the same time.

    Raises
    ------
    RecordError
        No such place, no rights, another program's file, or a record that a newer program wrote.
    """
    engine = _sqlite(url) if url.get_backend_name() == "sqlite" else _postgresql(url)
    try:
        with explained(url, "opened", READ_SECONDS), engine.connect() as connection:
            revision = _revision(connection, url)
        if revision != REVISIONS[-1]:
            with explained(url, "opened", WRITE_SECONDS), writing(engine) as connection:
                if (revision := _revision(connection, url)) != REVISIONS[-1]:
                    upgrade(connection)
    except BaseException:
        engine.dispose()
        raise
    return engine


@contextlib.contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that no other writer is in; committed at the end of the block, or nothing of it happened."""
    with engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
        if engine.dialect.name == "postgresql":
            connection.execute(text(f"SET LOCAL lock_timeout = '{round(1000 * WRITE_SECONDS)}ms'"))
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK_KEY})
        yield connection


def upgrade(connection: Connection, to: str = "head") -> None:
    """Run the migrations that the database lacks, inside the connection's transaction."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, to)
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")


def _revision(connection: Connection, url: URL) -> str:
    """Revision of the database; empty for a new one."""
    tables = set(inspect(connection).get_table_names())
    if VERSION_TABLE not in tables:
        taken = tables if connection.dialect.name == "sqlite" else tables & {"entry", "content"}
        if taken:
            raise RecordError(f"{shown(url)} is another program's database; name another one with --record")
        return ""
    if connection.dialect.name == "sqlite":
        _require_ours(connection, url)
    revisions = connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalars().all()
    if len(revisions) != 1 or revisions[0] not in REVISIONS:
        raise RecordError(
            f"the record {shown(url)} has the layout {', '.join(map(str, revisions))[:40] or 'none'}, expected "
            f"{REVISIONS[-1]} or older; a newer program wrote it: update this one (git pull) and open it again"
        )
    return revisions[0]


def _require_ours(connection: Connection, url: URL) -> None:
    if connection.exec_driver_sql("PRAGMA application_id").scalar() != APPLICATION_ID:
        raise RecordError(f"{shown(url)} is another program's database; name another one with --record")


def _sqlite(url: URL) -> Engine:
    path = Path(url.database or "")
    if path.parent == keep():
        with disk.explained(path.parent, "made"):
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not path.exists() and not os.access(path.parent, os.W_OK | os.X_OK):  # SQLite would not say which folder
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    _require_database(path)
    _keep_private(path)
    engine = create_engine(url, poolclass=NullPool, hide_parameters=True, connect_args={"timeout": READ_SECONDS})

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _: object) -> None:
        connection.isolation_level = None  # SQLAlchemy's BEGIN below instead of the driver's own
        # a byte that is no UTF-8 must stay visible as such: verification then says in which entry it stands
        connection.text_factory = lambda content: content.decode("utf-8", errors="surrogateescape")
        connection.execute("PRAGMA synchronous = EXTRA")
        connection.execute("PRAGMA trusted_schema = OFF")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get(WRITES)
        if writes:
            connection.exec_driver_sql(f"PRAGMA busy_timeout = {round(1000 * WRITE_SECONDS)}")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _require_database(path: Path) -> None:
    """SQLite would take a very short file of any kind for an empty database and write over it."""
    if path.is_dir():
        raise RecordError(f"{path.name} is a folder; expected a file's name, such as {path.name}/{FILE_NAME}")
    if path.exists() and not path.is_file():
        raise RecordError(f"{path.name} is a device or a pipe, expected a file's name; name a file with --record")
    if path.is_file():
        start = disk.read_limited(path, len(_MAGIC) - 1)
        if start and start != _MAGIC:
            raise RecordError(f"{path.name} is no record; name another file with --record")


def _keep_private(path: Path) -> None:
    """A new file is this user's alone, and SQLite's journal follows it; an older one in the user's own folder is closed
    to strangers. Elsewhere a file may be shared on purpose: `readable_by_others` tells."""
    with contextlib.suppress(OSError):  # opening it tells what is wrong
        disk.create_private(path).close()
    if path.parent == keep() and readable_by_others(path):
        with contextlib.suppress(OSError):
            path.chmod(stat.S_IMODE(path.stat().st_mode) & ~stat.S_IRWXO)


def readable_by_others(path: Path) -> bool:
    """Whether everyone on this machine can read a file; no where permissions are not those of POSIX."""
    return os.name == "posix" and path.is_file() and bool(path.stat().st_mode & stat.S_IRWXO)


def _postgresql(url: URL) -> Engine:
    engine = create_engine(
        url,
        pool_size=4,
        max_overflow=8,
        pool_pre_ping=True,
        hide_parameters=True,
        isolation_level="READ COMMITTED",  # the head is read after the lock; a stricter level would see an older one
        connect_args={"connect_timeout": 10, "application_name": "conjunction"},
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection, _: object) -> None:
        settings = {
            "lock_timeout": READ_SECONDS,
            "statement_timeout": 2 * WRITE_SECONDS,
            "idle_in_transaction_session_timeout": 2 * WRITE_SECONDS,
        }
        with connection.cursor() as cursor:
            for name, seconds in settings.items():
                cursor.execute(f"SET {name} = '{round(1000 * seconds)}ms'")
            cursor.execute("SET synchronous_commit = 'on'")  # an acknowledged save is on the disk
        connection.commit()

    return engine
