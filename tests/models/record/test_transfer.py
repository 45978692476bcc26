"""A whole record out and in: nothing lost, the same bytes every time, nothing taken from a file that isn't whole."""

import hashlib
import io
import sqlite3
import zipfile
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from data.digest import canonical_json
from models.errors import RecordError
from models.record import file as record_file
from models.record import transfer
from models.record.bodies import chained
from models.record.entries import GENESIS, Draft
from models.record.file import ENTRIES, MANIFEST, RecordFile
from models.record.store import Record
from models.record.transfer import export_record, import_record, planned
from models.snapshot.value import Snapshot
from models.storage.disk import FileError
from models.storage.zips import declaration

FUTURE = datetime(2030, 1, 1, tzinfo=UTC)
FIRST = Draft(name="First", author="A. Reader", note="“é”\n中")


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory, short_snapshot: Snapshot) -> Path:
    """A record of three entries."""
    path = tmp_path_factory.mktemp("source") / "record.db"
    with Record.open(str(path)) as record:
        first = record.save(FIRST, short_snapshot)
        record.remark(first.digest, "Someone", "Hm.")
        record.save(Draft(name="Second", author="A. Reader", parent=first.digest), replace(short_snapshot, seeds={}))
    return path


@pytest.fixture(scope="module")
def exported(source: Path) -> Path:
    path = source.with_name("whole.zip")
    with Record.open(str(source)) as record:
        assert export_record(record, path) == record.head
    return path


@pytest.fixture
def target(tmp_path: Path):
    with Record.open(str(tmp_path / "target.db")) as opened:
        yield opened


def rewritten(path: Path, change: Callable[[dict[str, bytes]], None], **info: object) -> io.BytesIO:
    """The zip with other files and a MANIFEST that fits them."""
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist() if name != MANIFEST}
    change(files)
    sums = "".join(f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in files.items())
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in {**files, MANIFEST: files.get(MANIFEST, sums.encode())}.items():
            file = declaration(name)
            for field, value in info.items():
                setattr(file, field, value)
            archive.writestr(file, content)
    return buffer


def test_a_record_comes_back_from_its_file_in_any_database(url: str, source: Path, exported: Path) -> None:
    with Record.open(str(source)) as old, Record.open(url) as new:
        plan = import_record(new, exported)
        assert (plan.present, plan.added, plan.head) == (0, 3, old.head[1])
        assert list(new.entries()) == list(old.entries())
        assert plan.forecasts == tuple(reversed(new.forecasts())) == tuple(reversed(old.forecasts()))
        assert new.addresses() == old.addresses()
        assert new.verify() == ()


def test_the_same_record_gives_the_same_bytes(exported: Path, target: Record, tmp_path: Path) -> None:
    import_record(target, exported)
    export_record(target, tmp_path / "again.zip")
    assert (tmp_path / "again.zip").read_bytes() == exported.read_bytes()
    with zipfile.ZipFile(exported) as archive:
        assert {info.compress_type for info in archive.infolist()} == {zipfile.ZIP_STORED}


def test_an_older_copy_takes_what_is_new_and_nothing_twice(
    source: Path, exported: Path, target: Record, tmp_path: Path, short_snapshot: Snapshot
) -> None:
    import_record(target, exported)
    target.remark(target.forecasts()[0].digest, "Someone", "More.")
    export_record(target, tmp_path / "longer.zip")
    copy = tmp_path / "copy.db"
    copy.write_bytes(source.read_bytes())
    with Record.open(str(copy)) as older:
        assert (import_record(older, tmp_path / "longer.zip").added, older.head) == (1, target.head)
        assert import_record(older, tmp_path / "longer.zip").added == 0
        with pytest.raises(RecordError, match="does not go on from this record"):
            import_record(older, exported)  # that one ends before this record does
    with Record.open(str(tmp_path / "other.db")) as other:
        other.save(FIRST, short_snapshot)
        with pytest.raises(RecordError, match="import it into an empty one"):
            import_record(other, exported)
        assert other.head[0] == 1


def test_an_empty_record_travels_too(target: Record, record: Record, tmp_path: Path) -> None:
    assert export_record(record, tmp_path / "empty.zip") == (0, GENESIS)
    assert import_record(target, tmp_path / "empty.zip").added == 0


def test_a_preview_changes_nothing_and_tells_how_far_it_is(exported: Path, target: Record) -> None:
    seen: list[tuple[int, int]] = []
    with RecordFile(io.BytesIO(exported.read_bytes())) as file:
        plan = planned(target, file, lambda done, total: seen.append((done, total)))
    assert [one.name for one in plan.forecasts] == ["First", "Second"]
    assert seen == [(1, 3), (2, 3), (3, 3)]
    assert target.head == (0, GENESIS)


def test_a_save_in_the_meantime_stops_the_import(
    exported: Path, target: Record, monkeypatch: pytest.MonkeyPatch, short_snapshot: Snapshot
) -> None:
    def slow(*arguments: object):
        plan = planned(*arguments)
        target.save(FIRST, short_snapshot)
        return plan

    monkeypatch.setattr(transfer, "planned", slow)
    with pytest.raises(RecordError, match="somebody saved to this record meanwhile"):
        import_record(target, exported)
    assert target.head[0] == 1


def test_an_export_of_an_altered_record_leaves_the_old_file(source: Path, tmp_path: Path) -> None:
    copy, out = tmp_path / "copy.db", tmp_path / "out.zip"
    copy.write_bytes(source.read_bytes())
    out.write_bytes(b"old")
    connection = sqlite3.connect(copy)
    connection.executescript("DROP TRIGGER entry_no_update; UPDATE entry SET saved_at = '2020' WHERE sequence = 2;")
    connection.close()
    with Record.open(str(copy)) as record, pytest.raises(RecordError, match="entry 2 of the record is not as it was"):
        export_record(record, out)
    assert out.read_bytes() == b"old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy.db", "out.zip"]


def without_last_entry(files: dict[str, bytes]) -> None:
    files[ENTRIES] = b"".join(files[ENTRIES].splitlines(keepends=True)[:-1])


def with_spaces(files: dict[str, bytes]) -> None:
    files[ENTRIES] = files[ENTRIES].replace(b'"digest":', b'"digest": ', 1)


def with_other_author(files: dict[str, bytes]) -> None:
    files[ENTRIES] = files[ENTRIES].replace(b"A. Reader", b"B. Reader", 1)


def with_hidden_letters(files: dict[str, bytes]) -> None:
    forged = chained(1, GENESIS, "remark", FUTURE, '{"author":"\u202eevil"}')
    files[ENTRIES] = canonical_json(asdict(forged)) + b"\n"


def with_numbers_for_text(files: dict[str, bytes]) -> None:
    fields = asdict(chained(1, GENESIS, "remark", FUTURE, "{}"))
    files[ENTRIES] = canonical_json(fields | {"type": 5}) + b"\n"


def without_content(files: dict[str, bytes]) -> None:
    del files[next(name for name in files if name != ENTRIES)]


def with_a_path(files: dict[str, bytes]) -> None:
    files["contents/../../evil"] = b"x"


def with_other_content(files: dict[str, bytes]) -> None:
    files[next(name for name in files if name != ENTRIES)] = b"x"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (without_last_entry, "no entry names it"),
        (with_spaces, "written in another way"),
        (with_other_author, "entry 1, the entry: its digest"),
        (with_hidden_letters, r"U\+202E"),
        (with_numbers_for_text, "another type"),
        (without_content, "missing in the file"),
        (with_a_path, "a name that stays inside the zip"),
        (with_other_content, "not as it was saved"),
        (lambda files: files.update({ENTRIES: b""}), "no entry names it"),
        (lambda files: files.update({ENTRIES: b"{}\n"}), "other fields"),
        (lambda files: files.update({ENTRIES: b"[" * 5000}), "no exported record"),
        (lambda files: files.update({MANIFEST: b"x"}), "other sums"),
        (lambda files: files.pop(ENTRIES), "other files"),
    ],
)
def test_a_file_that_is_not_whole_is_refused(
    exported: Path, target: Record, change: Callable[[dict[str, bytes]], None], message: str
) -> None:
    with pytest.raises(RecordError, match=message):
        import_record(target, rewritten(exported, change))
    assert target.head == (0, GENESIS)
    assert target.addresses() == ()


@pytest.mark.parametrize(
    "info",
    [{"compress_type": zipfile.ZIP_BZIP2}, {"external_attr": 0o120777 << 16}, {"external_attr": 0o020666 << 16}],
)
def test_links_devices_and_other_compression_are_refused(
    exported: Path, target: Record, info: dict[str, object]
) -> None:
    with pytest.raises(RecordError, match=r"expected (a plain file|stored or deflated)"):
        import_record(target, rewritten(exported, lambda _: None, **info))


@pytest.mark.parametrize("folder", ["", "my record/", "my record\\"])
def test_a_record_packed_again_by_another_program_is_the_same_record(
    exported: Path, target: Record, folder: str
) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(exported) as archive, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as again:
        for name in reversed(archive.namelist()):
            again.writestr(folder + name, archive.read(name), zipfile.ZIP_DEFLATED)
            again.writestr(f"__MACOSX/._{name}", b"\0\5\x16\7")
        if "\\" not in folder:
            again.writestr(f"{folder}contents/", b"")
    with RecordFile(exported) as file:
        expected = list(file.entries())
    assert import_record(target, buffer).added == 3
    assert list(target.entries()) == expected
    assert target.verify() == ()


def test_a_record_that_unpacks_to_more_than_it_may_is_refused(
    exported: Path, target: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = replace(record_file.RULES, unpacked=exported.stat().st_size + 1000)
    monkeypatch.setattr(record_file, "RULES", small)
    bomb = rewritten(exported, lambda files: files.update({ENTRIES: b" " * 10**6}), compress_type=zipfile.ZIP_DEFLATED)
    with pytest.raises(RecordError, match="bytes unpacked, expected at most"):
        import_record(target, bomb)


@pytest.mark.parametrize("content", [b"", b"x", b"PK\x05\x06" + b"\xff" * 18, b"PK\x06\x07" + b"\0" * 16 + b"x" * 22])
def test_another_kind_of_file_is_refused(target: Record, content: bytes) -> None:
    with pytest.raises(RecordError, match="another kind of file"):
        import_record(target, io.BytesIO(content))


def test_a_device_is_refused_before_anything_is_read(target: Record) -> None:
    with pytest.raises(FileError, match="zero is a device or a pipe"):
        import_record(target, Path("/dev/zero"))


def test_a_stream_that_hides_its_length_is_not_read_to_its_end(target: Record) -> None:
    class Endless(io.RawIOBase):
        def seek(self, *_: int) -> int:
            return 0

        def read(self, count: int = -1) -> bytes:
            assert count > 0, "asked for everything"
            return bytes(count)

    with pytest.raises(RecordError, match="another kind of file"):
        import_record(target, Endless())


def test_a_flipped_byte_or_a_cut_file_is_refused_or_changes_nothing(exported: Path) -> None:
    rng, content = np.random.default_rng(5), exported.read_bytes()
    with RecordFile(exported) as file:
        expected = list(file.entries())
    refused = 0
    for at in rng.integers(len(content), size=60):
        bad = bytearray(content)
        bad[at] ^= int(rng.integers(1, 256))
        for changed in (bytes(bad), content[:at]):
            try:
                with RecordFile(io.BytesIO(changed)) as file:
                    assert list(file.entries()) == expected
            except RecordError:
                refused += 1
    assert refused > 100
