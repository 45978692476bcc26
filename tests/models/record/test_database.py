"""Where a record may lie, and what is said when a database refuses."""

import sqlite3
import stat
from pathlib import Path

import pytest
from sqlalchemy import event

from models.errors import RecordError
from models.record import database
from models.record.database import record_url
from models.record.entries import Draft
from models.record.faults import explained, shown
from models.record.store import Record
from models.record.transfer import export_record
from models.snapshot.value import Snapshot

FIRST = Draft(name="First", author="A. Reader")
SECRET = "hunter2"


def test_a_record_is_a_file_a_url_a_variable_or_the_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONJUNCTION_HOME", str(tmp_path))
    monkeypatch.delenv("CONJUNCTION_RECORD", raising=False)
    assert record_url().database == str(tmp_path / "record.db")
    monkeypatch.setenv("CONJUNCTION_RECORD", f"sqlite:///{tmp_path}/team.db")
    assert record_url().database == str(tmp_path / "team.db")
    assert record_url(str(tmp_path / "my record.db")).database == str(tmp_path / "my record.db")
    assert record_url("postgresql://a@host/base").drivername == "postgresql+psycopg"


@pytest.mark.parametrize(
    "given",
    [
        f"mysql://a:{SECRET}@host/base",
        f"postgresql://a:{SECRET}@host:port/base",
        f"://{SECRET}",
        f"sqlite:///:memory:?{SECRET}",
        "sqlite://",
        f"sqlite:///file:{SECRET}?uri=true",
        f"postgresql://a:first@{SECRET}@host/base",
        f"postgresql://a@server:first@{SECRET}/more@host/base",
        f"postgresql:/a:{SECRET}@host/base",
        f"postgres:a:{SECRET}@host",
        f"host=host dbname=base password={SECRET}",
    ],
)
def test_a_url_that_cannot_be_is_refused_and_not_repeated(given: str) -> None:
    with pytest.raises(RecordError, match="the record's URL") as caught:
        record_url(given)
    assert SECRET not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("host", ["127.0.0.1:1", "nowhere.invalid", "127.0.0.1:1/base?sslpassword=hunter2&x"])
def test_a_password_is_in_no_message(host: str) -> None:
    with pytest.raises(RecordError, match=r"could not be opened|cannot be read") as caught:
        Record.open(f"postgresql://reader:{SECRET}@{host}")
    for error in (caught.value, caught.value.__cause__):
        assert SECRET not in f"{error!r}"
    assert caught.value.__suppress_context__


def test_an_at_sign_of_a_user_or_written_as_it_must_be_is_taken() -> None:
    url = record_url(f"postgresql://a@server:first%40{SECRET}@host/base")
    assert (url.username, url.password, shown(url)) == ("a@server", f"first@{SECRET}", "base on host")
    assert shown(record_url("sqlite:///C:/a@b@c.db")) == "a@b@c.db"


def test_what_a_driver_repeats_is_masked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGPASSWORD", "from the environment")
    url = record_url(f"postgresql://a:{SECRET}%40@host/base?options=x&options={SECRET}2")
    repeated = f"bad: {SECRET}@ {SECRET}%40 {SECRET}2 from the environment postgresql://a:b@c@host password='x y'"
    with pytest.raises(RecordError) as caught, explained(url, "opened"):
        raise sqlite3.OperationalError(repeated)
    assert str(caught.value).endswith("bad: *** *** *** *** postgresql://***@host password=***")


def test_a_server_that_refuses_says_what_is_wrong(request: pytest.FixtureRequest) -> None:
    server = request.getfixturevalue("postgres")
    with pytest.raises(RecordError, match=r"refused or could not be reached.*absent"):
        Record.open(server.url("absent"))
    with pytest.raises(RecordError, match="could not be opened"):
        Record.open(server.url().replace("postgres@", f"nobody:{SECRET}@"))


@pytest.mark.parametrize("content", [b"not a database at all" * 100, b"x"])
def test_another_file_is_refused_and_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "holiday.jpg"
    path.write_bytes(content)
    with pytest.raises(RecordError, match=r"holiday\.jpg is no record"):
        Record.open(str(path))
    assert path.read_bytes() == content


def test_a_device_is_no_place_for_a_record() -> None:
    with pytest.raises(RecordError, match=r"zero is a device or a pipe"):
        Record.open("/dev/zero")


def test_a_new_record_is_its_owners_alone_and_an_old_one_of_the_home_is_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, short_snapshot: Snapshot
) -> None:
    home = tmp_path / "home"
    monkeypatch.setenv("CONJUNCTION_HOME", str(home))
    monkeypatch.delenv("CONJUNCTION_RECORD", raising=False)
    journals = []

    def look(connection: sqlite3.Connection, *_: object) -> None:
        connection.set_trace_callback(lambda _: journals.extend(mode(one) for one in home.glob("*-journal")))

    with Record.open() as record:
        event.listen(record._engine, "connect", look)
        record.save(FIRST, short_snapshot)
        assert not record.exposed
        export_record(record, tmp_path / "all.zip")
    assert set(journals) == {0o600}
    assert [mode(one) for one in (home, home / "record.db", tmp_path / "all.zip")] == [0o700, 0o600, 0o600]
    (home / "record.db").chmod(0o664)
    with Record.open() as record:
        assert not record.exposed
    assert mode(home / "record.db") == 0o660  # a group that was let in stays in
    shared = (home / "record.db").rename(tmp_path / "shared.db")
    shared.chmod(0o664)
    with Record.open(str(shared)) as record:
        assert record.exposed
    assert mode(shared) == 0o664


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_another_programs_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    for statement in ("CREATE TABLE entry (a)", "CREATE TABLE record_version (version_num TEXT)"):
        with sqlite3.connect(path) as connection:
            connection.execute(statement)
        connection.close()
        before = path.read_bytes()
        with pytest.raises(RecordError, match=r"other\.db is another program's database"):
            Record.open(str(path))
        assert path.read_bytes() == before


def test_a_missing_folder_is_told_without_its_path(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match=r"record record\.db could not be opened: .*folder exists") as caught:
        Record.open(str(tmp_path / "absent" / "record.db"))
    assert str(tmp_path) not in str(caught.value)


@pytest.mark.parametrize(
    ("pragma", "advice"), [("max_page_count = 1", "the disk is full"), ("query_only = ON", "read-only")]
)
def test_a_full_or_read_only_disk_is_told_and_nothing_is_half_saved(
    record: Record, short_snapshot: Snapshot, plain_snapshot: Snapshot, pragma: str, advice: str
) -> None:
    record.save(FIRST, short_snapshot)
    limit = lambda connection, _: connection.execute(f"PRAGMA {pragma}")  # noqa: E731
    event.listen(record._engine, "connect", limit)
    with pytest.raises(RecordError, match=f"could not be added to: .*{advice}"):
        record.save(Draft(name="Second", author="A. Reader"), plain_snapshot)
    event.remove(record._engine, "connect", limit)
    assert record.head[0] == 1
    assert record.verify() == ()


def test_a_lock_that_is_never_let_go_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, short_snapshot: Snapshot
) -> None:
    monkeypatch.setattr(database, "WRITE_SECONDS", 0.05)
    with Record.open(str(tmp_path / "record.db")) as one, Record.open(str(tmp_path / "record.db")) as other:
        with one.writing(), pytest.raises(RecordError, match=r"another program holds it; waited 0.05 s"):
            other.save(FIRST, short_snapshot)
        assert other.save(FIRST, short_snapshot).sequence == 1


def test_reading_waits_less_than_writing_and_says_how_long(
    url: str, monkeypatch: pytest.MonkeyPatch, short_snapshot: Snapshot
) -> None:
    with Record.open(url) as one:
        one.save(FIRST, short_snapshot)
        monkeypatch.setattr(database, "READ_SECONDS", 0.05)
        with Record.open(url) as other, one._engine.connect() as holder:
            alone = "BEGIN EXCLUSIVE" if holder.dialect.name == "sqlite" else "LOCK TABLE entry"
            with holder.begin() as transaction:
                if holder.dialect.name == "sqlite":
                    holder.exec_driver_sql("COMMIT")
                holder.exec_driver_sql(alone)
                with pytest.raises(RecordError, match=r"read: another program holds it; waited 0\.05 s; let that one"):
                    _ = other.head
                transaction.rollback()
            assert other.head[0] == 1


def test_a_record_is_named_without_user_password_or_folder(tmp_path: Path) -> None:
    assert shown(record_url(f"postgresql://a:{SECRET}@host/base")) == "base on host"
    assert shown(record_url(str(tmp_path / "record.db"))) == "record.db"


def test_beside_the_database_nothing_lies_there_between_saves(record: Record, tmp_path: Path) -> None:
    """No write-ahead log: the file can be copied, and may lie on a network drive."""
    with record.reading() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "delete"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 3  # EXTRA
    assert [path.name for path in tmp_path.iterdir()] == ["record.db"]
