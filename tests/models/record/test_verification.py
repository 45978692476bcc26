"""Whatever is altered in a record is found and named: a field, a row, a byte of a content or of the file."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import text

from data.errors import ConjunctionError
from models.record.bodies import body_text, chained
from models.record.contents import pack
from models.record.database import writing
from models.record.entries import GUARDS, Damage, Draft
from models.record.guards import SQLITE
from models.record.store import Record
from models.record.transfer import export_record
from models.record.verification import holds
from models.snapshot.value import Snapshot

type Alter = Callable[[sqlite3.Connection], object]
FIELDS = ("previous", "digest", "type", "saved_at", "body")


KEPT = ("pmf", "quantile")
"""Kinds of results that an entry holds."""


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, short_snapshot: Snapshot, plain_snapshot: Snapshot) -> Path:
    """A record of five entries."""
    path = tmp_path_factory.mktemp("whole") / "record.db"
    with Record.open(str(path)) as record:
        first = record.save(Draft(name="First", author="A. Reader", note="é"), short_snapshot)
        record.remark(first.digest, "Someone", "Hm.")
        reference = replace(plain_snapshot, results=tuple(row for row in plain_snapshot.results if row[5] in KEPT))
        record.save(Draft(name="Second", author="A. Reader", parent=first.digest), reference)
        record.remark(first.digest, "Someone", "", name="Other name")
        record.save(Draft(name="Third", author="B. Writer"), short_snapshot)
        assert record.verify() == ()
    return path


@pytest.fixture
def copy(whole: Path, tmp_path: Path) -> Path:
    path = tmp_path / "copy.db"
    path.write_bytes(whole.read_bytes())
    return path


def altered(path: Path, alter: Alter) -> tuple[Damage, ...]:
    """Change the file as its owner can, past every guard, and verify it."""
    with closing(sqlite3.connect(path)) as connection, connection:
        for guard in SQLITE:
            connection.execute(f"DROP TRIGGER {guard}")
        alter(connection)
        for statement in SQLITE.values():
            connection.execute(statement)
    with Record.open(str(path)) as record:
        return record.verify()


def values(whole: Path) -> Iterator[tuple[int, str, str]]:
    with closing(sqlite3.connect(whole)) as connection:
        for row in connection.execute("SELECT sequence, previous, digest, type, saved_at, body FROM entry").fetchall():
            yield from ((row[0], name, value) for name, value in zip(FIELDS, row[1:], strict=True))


def test_any_letter_of_any_field_is_found_where_it_stands(whole: Path, copy: Path) -> None:
    letters(whole, copy, 1, np.random.default_rng(1))


@pytest.mark.slow
def test_many_letters_of_every_field_are_found_where_they_stand(whole: Path, copy: Path) -> None:
    letters(whole, copy, 10, np.random.default_rng(6))


def letters(whole: Path, copy: Path, times: int, rng: np.random.Generator) -> None:
    """Change a letter of each field of each row to another one near it, so that most results look plausible."""
    original = whole.read_bytes()
    for sequence, name, value in [one for one in values(whole) for _ in range(times)]:
        at = int(rng.integers(len(value)))
        changed = value[:at] + chr(ord(value[at]) ^ int(rng.integers(1, 8))) + value[at + 1 :]
        copy.write_bytes(original)
        statement = f"UPDATE entry SET {name} = ? WHERE sequence = ?"
        found = altered(copy, lambda db: db.execute(statement, (changed, sequence)))  # noqa: B023 (called at once)
        assert sequence in {one.sequence for one in found}, (sequence, name, changed)
        if name == "body":
            assert {one.sequence for one in found} == {sequence}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entry SET body = CAST(body AS BLOB) WHERE sequence = 2",
        "UPDATE entry SET body = CAST(x'ff' || substr(CAST(body AS BLOB), 2) AS TEXT) WHERE sequence = 2",
        "UPDATE entry SET body = body || ' ' WHERE sequence = 2",
        "UPDATE entry SET body = '' WHERE sequence = 2",
        "UPDATE entry SET type = 5 WHERE sequence = 2",
        "UPDATE entry SET digest = upper(digest) WHERE sequence = 2",
    ],
)
def test_odd_values_are_found_and_do_not_stop_the_search(copy: Path, statement: str) -> None:
    assert {one.sequence for one in altered(copy, lambda db: db.execute(statement))} & {2, 3}


def test_removed_moved_and_inserted_entries_are_found(copy: Path) -> None:
    original = copy.read_bytes()
    gone = altered(copy, lambda db: db.execute("DELETE FROM entry WHERE sequence = 2"))
    assert [(one.sequence, one.place) for one in gone] == [(2, "the chain")]
    assert "entry 2, the chain: missing" in str(gone[0])
    copy.write_bytes(original)
    swap = "UPDATE entry SET sequence = CASE sequence WHEN 2 THEN -4 ELSE -2 END WHERE sequence IN (2, 4)"
    moved = altered(copy, lambda db: (db.execute(swap), db.execute("UPDATE entry SET sequence = abs(sequence)")))
    assert {2, 4} <= {one.sequence for one in moved}
    copy.write_bytes(original)
    found = altered(
        copy,
        lambda db: db.execute(
            "INSERT INTO entry SELECT 6, digest, 'x', type, saved_at, body FROM entry WHERE sequence = 5"
        ),
    )
    assert {one.sequence for one in found} == {6}


def test_a_chain_that_was_computed_anew_does_not_hold_a_noted_head(copy: Path) -> None:
    with Record.open(str(copy)) as record:
        rows, (_, head) = list(record.entries()), record.head
        assert holds(record, head)
        assert holds(record, rows[2].digest[:12])

    def forge(db: sqlite3.Connection) -> None:
        previous = rows[0].previous
        for row in rows:
            body = row.body.replace("A. Reader", "Mr. X")
            new = chained(row.sequence, previous, row.type, datetime.fromisoformat(row.saved_at), body)
            fields = (new.previous, new.digest, new.body, new.sequence)
            db.execute("UPDATE entry SET previous = ?, digest = ?, body = ? WHERE sequence = ?", fields)
            previous = new.digest

    altered(copy, forge)
    with Record.open(str(copy)) as record:
        assert not holds(record, head)


def test_that_the_newest_entry_was_cut_off_only_a_noted_head_shows(copy: Path) -> None:
    with Record.open(str(copy)) as record:
        head = record.head[1]
    assert altered(copy, lambda db: db.execute("DELETE FROM entry WHERE sequence = 5")) == ()
    with Record.open(str(copy)) as record:
        assert not holds(record, head)


def test_any_byte_of_a_content_is_found_where_it_is_used(copy: Path) -> None:
    rng, original = np.random.default_rng(2), copy.read_bytes()
    with Record.open(str(copy)) as record:
        stored = [record.packed(address) for address in record.addresses()]
        used = {one.snapshot: one.sequence for one in record.forecasts()}
    for one in stored:
        for at in (0, 1, len(one.content) - 1, *rng.integers(len(one.content), size=3)):
            bad = bytearray(one.content)
            bad[at] ^= int(rng.integers(1, 256))
            copy.write_bytes(original)
            statement = "UPDATE content SET bytes = ? WHERE sha256 = ?"
            found = altered(copy, lambda db: db.execute(statement, (bytes(bad), one.sha256)))  # noqa: B023
            assert used[one.sha256] in {damage.sequence for damage in found}
            assert {damage.place for damage in found} == {"snapshot"}


def test_a_content_replaced_or_left_over_or_lost_is_found(copy: Path) -> None:
    original, other = copy.read_bytes(), pack(b"{}")
    with Record.open(str(copy)) as record:
        address = record.forecasts()[0].snapshot
    fields = (other.packed, other.content)
    statement = "UPDATE content SET packed = ?, bytes = ? WHERE sha256 = ?"
    found = altered(copy, lambda db: db.execute(statement, (*fields, address)))
    assert {one.place for one in found} == {"snapshot"}
    copy.write_bytes(original)
    found = altered(copy, lambda db: db.execute("INSERT INTO content VALUES (?, ?, ?)", (other.sha256, *fields)))
    assert [(one.sequence, one.place) for one in found] == [(0, f"content {other.sha256[:12]}")]
    copy.write_bytes(original)
    found = altered(copy, lambda db: db.execute("DELETE FROM content WHERE sha256 = ?", (address,)))
    assert all("missing" in one.what for one in found)
    assert {one.place for one in found} == {"snapshot"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("evidence", "0" * 64),
        ("status", "good"),
        ("reference_date", "2023-12-31"),
        ("reasons", {"C01": "another reason"}),
        ("published", None),
        ("default", None),
        ("snapshot", "0" * 64),
        ("parent", "0" * 64),
        ("extra", 1),
    ],
)
def test_an_entry_that_says_another_thing_than_its_document_is_found(
    record: Record, plain_snapshot: Snapshot, moved_snapshot: Snapshot, name: str, value: object
) -> None:
    """The chain is whole here: whoever wrote the entry made it up."""
    first = plain_snapshot if name == "default" else moved_snapshot
    saved = record.save(Draft(name="First", author="A. Reader"), first)
    (entry,) = record.entries()
    body = json.loads(entry.body)
    if value is None:
        model = body[name]["mixture"]
        model["rupture_by_year_end"][0] += 1e-6
        value = body[name]
    forged = chained(2, entry.digest, "forecast", saved.saved_at, body_text(body | {name: value}))
    with writing(record._engine) as connection:
        statement = "INSERT INTO entry VALUES (:sequence, :previous, :digest, :type, :saved_at, :body)"
        connection.execute(text(statement), {one: getattr(forged, one) for one in ("sequence", *FIELDS)})
    found = record.verify()
    assert {one.sequence for one in found} == {2}
    assert name in {one.place for one in found} or name == "extra"


def test_a_flipped_byte_of_the_file_is_found_or_changes_nothing(whole: Path, copy: Path, tmp_path: Path) -> None:
    flips(whole, copy, tmp_path, 25, np.random.default_rng(3))


@pytest.mark.slow
def test_many_flipped_bytes_of_the_file_are_found_or_change_nothing(whole: Path, copy: Path, tmp_path: Path) -> None:
    flips(whole, copy, tmp_path, 1500, np.random.default_rng(4))


def flips(whole: Path, copy: Path, folder: Path, count: int, rng: np.random.Generator) -> None:
    """Flip one byte at a time; a damaged record is refused, reported, or exports the very bytes of the whole one."""
    with Record.open(str(whole)) as record:
        export_record(record, folder / "whole.zip")
    original, expected = whole.read_bytes(), (folder / "whole.zip").read_bytes()
    found = 0
    for at in rng.integers(len(original), size=count):
        bad = bytearray(original)
        bad[at] ^= int(rng.integers(1, 256))
        copy.write_bytes(bad)
        try:
            with Record.open(str(copy)) as record:
                if record.verify():
                    found += 1
                    continue
                export_record(record, folder / "copy.zip")
        except ConjunctionError:
            found += 1
            continue
        assert (folder / "copy.zip").read_bytes() == expected, f"byte {at}"
    assert found > count / 10  # most of the file is documents


def test_a_row_altered_on_a_server_is_found(request: pytest.FixtureRequest, short_snapshot: Snapshot) -> None:
    with Record.open(request.getfixturevalue("postgres").new_database()) as record:
        record.save(Draft(name="First", author="A. Reader"), short_snapshot)
        with record._engine.begin() as connection:
            connection.execute(text("ALTER TABLE entry DISABLE TRIGGER ALL"))
            connection.execute(text("UPDATE entry SET body = replace(body, 'A. Reader', 'B. Reader')"))
            connection.execute(text("ALTER TABLE entry ENABLE TRIGGER ALL"))
        assert [(one.sequence, one.place) for one in record.verify()] == [(1, "the entry")]


def test_progress_is_told_and_entries_saved_meanwhile_are_left_out(record: Record, short_snapshot: Snapshot) -> None:
    record.save(Draft(name="First", author="A. Reader"), short_snapshot)
    seen = []

    def look(done: int, total: int) -> None:
        seen.append((done, total))
        record.save(Draft(name="Meanwhile", author="A. Reader"), replace(short_snapshot, seeds={}))

    assert record.verify(look) == ()
    assert seen == [(1, 1)]


SWALLOW = "CREATE TRIGGER swallow BEFORE INSERT ON entry BEGIN SELECT RAISE(IGNORE); END"
WEAKER = SQLITE["entry_no_update"].replace("BEFORE UPDATE", "BEFORE UPDATE OF type")
OFF = {
    "sqlite": [
        ("DROP TRIGGER content_once", "content_once is missing"),
        (f"DROP TRIGGER entry_no_update; {WEAKER}", "entry_no_update is altered or switched off"),
        (SWALLOW, "swallow is a trigger that the record knows nothing of"),
    ],
    "postgresql": [
        ("DROP TRIGGER entry_follows ON entry", "entry_follows is missing"),
        ("ALTER TABLE content DISABLE TRIGGER ALL", "content_append_only is altered or switched off"),
        (
            "CREATE OR REPLACE FUNCTION record_follows() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RETURN NEW; END $$",
            "entry_follows is altered or switched off",
        ),
    ],
}


def test_a_guard_that_does_not_stand_is_no_alteration_but_is_told_and_put_back(
    url: str, short_snapshot: Snapshot
) -> None:
    with Record.open(url) as record:
        record.save(Draft(name="First", author="A. Reader"), short_snapshot)
        assert record.verify() == ()
        for statements, told in OFF[record._engine.dialect.name]:
            with record._engine.begin() as connection:
                for statement in statements.split("; C"):
                    connection.exec_driver_sql(statement if statement[:2] in ("CR", "DR", "AL") else f"C{statement}")
            (damage,) = record.verify()
            assert (damage.sequence, damage.place) == (0, GUARDS)
            assert damage.what.startswith(f"{told}; whoever reaches the database")
            if statements == SWALLOW:
                with record._engine.begin() as connection:
                    connection.exec_driver_sql("DROP TRIGGER swallow")
            record.guard()
            assert record.verify() == ()
