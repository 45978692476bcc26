"""Zips from strangers: nothing leaves memory, nothing unexpected is taken, every refusal says why."""

import hashlib
import io
import stat
import struct
import zipfile
from collections.abc import Callable

import numpy as np
import pytest

from data.load import load_evidence
from models.errors import SnapshotError, StorageError
from models.snapshot import archive as snapshot_archive
from models.snapshot.archive import MAX_BYTES, MAX_UNPACKED_BYTES, read_snapshot, snapshot_bytes
from models.snapshot.value import Snapshot
from tests.support.values.factories import synthetic_library, synthetic_snapshot
from tests.support.values.year_end import YEAR_END

type Members = list[tuple[zipfile.ZipInfo | str, bytes]]
CHARTS = {"states.png": b"picture " * 40, "states.svg": b"<svg/>"}


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    evidence = load_evidence(YEAR_END)
    return synthetic_snapshot(evidence, synthetic_library(evidence), {"C01": 1.8}, {"C01": "sanctions bite"})


@pytest.fixture(scope="module")
def content(snapshot: Snapshot) -> bytes:
    return snapshot_bytes(snapshot, CHARTS)


def members(content: bytes) -> Members:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return [(name, archive.read(name)) for name in archive.namelist()]


def zipped(files: Members, method: int = zipfile.ZIP_STORED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return buffer.getvalue()


def signed(files: Members) -> Members:
    """The same files with a manifest that fits them."""
    rest = [(name, data) for name, data in files if name != "MANIFEST"]
    lines = [f"{hashlib.sha256(data).hexdigest()}  {getattr(name, 'filename', name)}\n" for name, data in rest]
    return [*rest, ("MANIFEST", "".join(sorted(lines, key=lambda line: line[66:])).encode())]


def with_file(name: str, data: bytes = b"x") -> Callable[[Members], Members]:
    return lambda files: signed([*files, (name, data)])


def without(name: str) -> Callable[[Members], Members]:
    return lambda files: signed([file for file in files if file[0] != name])


def replaced(name: str, change: Callable[[bytes], bytes]) -> Callable[[Members], Members]:
    return lambda files: [(one, change(data) if one == name else data) for one, data in files]


def special(mode: int) -> Callable[[Members], Members]:
    info = zipfile.ZipInfo("charts/link.png")
    info.create_system, info.external_attr = 3, mode << 16
    return lambda files: signed([*files, (info, b"/etc/passwd")])


HOSTILE: dict[str, tuple[Callable[[Members], Members], str]] = {
    "path upwards": (with_file("../outside.txt"), "a file named '../outside.txt'"),
    "absolute path": (with_file("/tmp/outside.txt"), "a file named '/tmp/outside.txt'"),
    "backslashes": (with_file("..\\outside.txt"), "a file named"),
    "drive letter": (with_file("C:outside.txt"), "a file named"),
    "chart upwards": (with_file("charts/../../x.png"), "a file named"),
    "folder with content": (with_file("charts/"), "a file named"),
    "folder in the manifest": (with_file("charts/", b""), "another list of files"),
    "program": (with_file("run.py", b"print()"), "a file named 'run.py'"),
    "chart of another kind": (with_file("charts/page.html"), "a file named"),
    "hub tables": (with_file("auxiliary-data/x.csv"), "hub tables, which cannot be imported; take .Snapshot .zip"),
    "symbolic link": (special(stat.S_IFLNK | 0o777), "a link or a special file"),
    "device": (special(stat.S_IFCHR | 0o666), "a link or a special file"),
    "no document": (without("snapshot.json"), "no snapshot.json"),
    "no table": (without("forecast.csv"), "no forecast.csv"),
    "no manifest": (lambda files: [file for file in files if file[0] != "MANIFEST"], "no MANIFEST"),
    "too many files": (lambda files: signed([*files, *((f"charts/c{n}.png", b"") for n in range(70))]), "at most 64"),
    "file not in the manifest": (lambda files: [*files, ("charts/more.png", b"x")], "another list of files"),
    "manifest of more": (
        replaced("MANIFEST", lambda m: m + b"0" * 64 + b"  charts/gone.png\n"),
        "another list of files",
    ),
    "manifest of nothing": (replaced("MANIFEST", lambda _: b""), "another list of files"),
    "manifest that is noise": (replaced("MANIFEST", lambda m: bytes(len(m))), "another list of files"),
    "manifest line twice": (replaced("MANIFEST", lambda m: m + m.splitlines(True)[0]), "another list of files"),
    "changed number": (replaced("snapshot.json", lambda j: j.replace(b"0.", b"0.1", 1)), "snapshot.json: got content"),
    "changed picture": (replaced("charts/states.png", lambda p: p + b"x"), "charts/states.png: got content"),
    "changed table, manifest made to fit": (
        lambda files: signed(replaced("forecast.csv", lambda c: c.replace(b",0.", b",0.1", 1))(files)),
        "forecast.csv does not hold the numbers",
    ),
    "empty document": (lambda files: signed(replaced("snapshot.json", lambda _: b"")(files)), "not JSON"),
}


@pytest.mark.parametrize(("change", "message"), HOSTILE.values(), ids=HOSTILE.keys())
def test_a_zip_that_an_export_never_writes_is_refused(
    content: bytes, change: Callable[[Members], Members], message: str
) -> None:
    with pytest.raises(StorageError, match=message):
        read_snapshot(zipped(change(members(content))))


def test_signing_alone_changes_nothing(content: bytes, snapshot: Snapshot) -> None:
    """The hostile zips above are refused for what was changed, not for how the test packs them."""
    assert read_snapshot(zipped(signed(members(content)))) == snapshot


def test_a_zip_packed_again_with_compression_is_read(content: bytes, snapshot: Snapshot) -> None:
    assert read_snapshot(zipped(members(content), zipfile.ZIP_DEFLATED)) == snapshot


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_compression_is_refused(content: bytes, method: int) -> None:
    with pytest.raises(SnapshotError, match="expected stored or deflated"):
        read_snapshot(zipped(members(content), method))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_twice_is_refused(content: bytes) -> None:
    files = members(content)
    with pytest.raises(StorageError, match="the same file name twice"):
        read_snapshot(zipped([*files, files[-1]]))


def test_a_bomb_is_refused_before_it_is_unpacked(content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    def opened(*_: object) -> None:
        raise AssertionError("a member was unpacked")

    bomb = zipped([*members(content), ("charts/big.png", bytes(MAX_UNPACKED_BYTES))], zipfile.ZIP_DEFLATED)
    assert len(bomb) < MAX_BYTES
    monkeypatch.setattr(snapshot_archive.zipfile.ZipFile, "open", opened)
    with pytest.raises(SnapshotError, match="bytes unpacked, expected at most"):
        read_snapshot(bomb)


def test_a_bomb_that_lies_about_its_size_is_refused(content: bytes) -> None:
    """Both headers declare ten bytes; the compressed stream holds twenty megabytes."""
    bomb = bytearray(zipped([*members(content), ("charts/big.png", bytes(20 * 2**20))], zipfile.ZIP_DEFLATED))
    large = struct.pack("<L", 20 * 2**20)
    assert bomb.count(large) >= 2
    with pytest.raises(SnapshotError, match=r"damaged|another size"):
        read_snapshot(bytes(bomb.replace(large, struct.pack("<L", 10))))


def test_bytes_of_a_hostile_file_are_not_repeated_in_the_message(content: bytes) -> None:
    """The zip library quotes a local name as it stands in the file, up to 64 kB of it."""
    changed = bytearray(content)
    changed[26:28] = struct.pack("<H", 60_000)
    with pytest.raises(SnapshotError, match="damaged or cut off") as caught:
        read_snapshot(bytes(changed))
    assert len(str(caught.value)) < 400
    assert str(caught.value).isprintable()


def test_an_encrypted_member_is_refused(content: bytes) -> None:
    buffer = bytearray(content)
    start = buffer.find(b"PK\x01\x02")
    buffer[start + 8] |= 1
    with pytest.raises(SnapshotError, match="expected one without a password"):
        read_snapshot(bytes(buffer))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "the file is empty"),
        (b"x" * (MAX_BYTES + 1), "got more than"),
        (b"PK\x03\x04", "damaged or cut off"),
        (b"PK\x03\x04" + bytes(5000), "damaged or cut off"),
        (b"\x89PNG\r\n\x1a\n", "not UTF-8"),
        (b"model_id,value\nmixture,0.5\n", "no zip and not JSON"),
        (b"%PDF-1.7", "no zip and not JSON, expected a snapshot"),
        (b"  This is a text.", "no zip and not JSON"),
    ],
)
def test_files_of_other_kinds_are_refused(content: bytes, message: str) -> None:
    with pytest.raises(StorageError, match=message):
        read_snapshot(content)


def test_a_cut_zip_is_never_taken(content: bytes) -> None:
    for cut in np.random.default_rng(5).integers(0, len(content) - 1, 150):
        with pytest.raises(StorageError):
            read_snapshot(content[: int(cut)])


def test_a_changed_byte_is_detected_or_lies_outside_every_member(content: bytes, snapshot: Snapshot) -> None:
    rng = np.random.default_rng(6)
    refused = 0
    for position in rng.integers(0, len(content), 200):
        changed = bytearray(content)
        changed[position] ^= int(rng.integers(1, 256))
        try:
            assert read_snapshot(bytes(changed)) == snapshot
        except StorageError as error:
            refused += len(str(error)) < 400
    assert refused > 190, "nearly all bytes belong to a member or to its entry"


def test_reading_touches_no_file(content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    snapshot = read_snapshot(content)  # the schema and the validator's own data are loaded once

    def touched(*_: object, **__: object) -> None:
        raise AssertionError("a file was opened")

    monkeypatch.setattr("builtins.open", touched)
    monkeypatch.setattr("pathlib.Path.open", touched)
    monkeypatch.setattr(zipfile.ZipFile, "extract", touched)
    monkeypatch.setattr(zipfile.ZipFile, "extractall", touched)
    assert read_snapshot(content) == snapshot


def test_the_manifest_is_what_sha256sum_reads(content: bytes) -> None:
    files = dict(members(content))
    lines = [line.split("  ") for line in files.pop("MANIFEST").decode().splitlines()]
    assert {name: digest for digest, name in lines} == {name: sha(data) for name, data in files.items()}
    assert set(files) >= {"snapshot.json", "forecast.csv", "snapshot_schema.json", "README.txt", "charts/states.png"}


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def test_the_readme_says_what_a_reader_needs(content: bytes, snapshot: Snapshot) -> None:
    text = dict(members(content))["README.txt"].decode()
    for word in ("2025-12-31", "C01", snapshot.digest, "mcse", "python -m models snapshot compare"):
        assert word in text


@pytest.mark.parametrize("name", ["../x.png", "x.exe", "X.png", ".png", "a b.svg", "/x.png"])
def test_a_chart_with_an_odd_name_is_never_written(snapshot: Snapshot, name: str) -> None:
    with pytest.raises(SnapshotError, match="chart name"):
        snapshot_bytes(snapshot, {name: b""})


def test_a_snapshot_too_large_to_be_read_again_is_never_written(snapshot: Snapshot) -> None:
    with pytest.raises(SnapshotError, match="expected at most"):
        snapshot_bytes(snapshot, {"big.png": bytes(MAX_BYTES)})
