"""Zips that file managers packed again are read; names that could lead out, or that are one, are refused."""

import io
import zipfile
from collections.abc import Callable

import pytest

from models.errors import StorageError
from models.snapshot.archive import read_archive
from models.snapshot.verify import verify
from models.storage import zips
from models.storage.zips import exported_names
from tests.support.values.small_snapshots import COMMITTED

type Files = list[tuple[str, bytes]]
FORK = b"\0\5\x16\7"
WHOLE = COMMITTED.read_bytes()
MEMBERS = read_archive(WHOLE).files


def zipped(files: Files) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return buffer.getvalue()


def named(*names: str) -> dict[str, str]:
    """Where each exported name was found."""
    infos = [zipfile.ZipInfo("x") for _ in names]
    for info, name in zip(infos, names, strict=True):
        info.orig_filename = name
    return {name: info.orig_filename for name, info in exported_names(infos, "MANIFEST").items()}


PACKED: dict[str, Callable[[Files], Files]] = {
    "the same files": lambda files: files,
    "another order": lambda files: files[::-1],
    "one folder": lambda files: [(f"forecast (2)/{name}", data) for name, data in files],
    "folders in folders": lambda files: [(f"Users/ada/{name}", data) for name, data in files],
    "dot": lambda files: [(f"./{name}", data) for name, data in files],
    "Mac": lambda files: [*files, *((f"__MACOSX/._{name}", FORK) for name, _ in files), (".DS_Store", FORK)],
    "Mac, one folder": lambda files: [(f"a/{name}", data) for name, data in files] + [("__MACOSX/a/._MANIFEST", FORK)],
    "clutter beside": lambda files: [*files, ("charts/Thumbs.db", FORK), ("desktop.ini", b""), ("inputs/._x", FORK)],
    "folder entries": lambda files: [("charts/", b""), ("inputs/", b""), *files],
    "backslashes": lambda files: [(name.replace("/", "\\"), data) for name, data in files],
    "backslashes, one folder": lambda files: [(f"a\\{name}".replace("/", "\\"), data) for name, data in files],
}


@pytest.mark.parametrize("pack", PACKED.values(), ids=PACKED.keys())
def test_a_snapshot_packed_again_is_the_same_snapshot(pack: Callable[[Files], Files]) -> None:
    assert read_archive(zipped(pack(list(MEMBERS.items())))) == read_archive(WHOLE)


def test_verification_tells_that_it_was_packed_again() -> None:
    again = zipped(PACKED["Mac, one folder"](list(MEMBERS.items())))
    for content, told in ((zips.zipped(MEMBERS), False), (again, True)):
        (finding,) = [check for check in verify(content).checks if check.name == "zip"]
        assert finding.passed
        assert ("packed again by another program, contents identical" in finding.detail) is told


def test_a_changed_file_in_a_folder_is_still_found() -> None:
    files = [(f"a/{name}", data + b" " * (name == "README.txt")) for name, data in MEMBERS.items()]
    with pytest.raises(StorageError, match=r"README.txt: got content with SHA-256"):
        read_archive(zipped(files))


@pytest.mark.parametrize(
    "name",
    [
        "../x",
        "a/../../x",
        "..\\x",
        "a\\..\\x",
        "/x",
        "\\x",
        "\\\\server\\x",
        "C:x",
        "c:\\x",
        "",
        "x\0.png",
        "__MACOSX/../x",
    ],
)
def test_a_name_that_could_lead_out_is_refused_wherever_it_stands(name: str) -> None:
    with pytest.raises(StorageError, match="expected a name that stays inside the zip"):
        named("MANIFEST", name)


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (("MANIFEST", "charts/a.png", "charts\\a.png"), "the same file name twice"),
        (("MANIFEST", "a.png", "./a.png"), "the same file name twice"),
        (("a/MANIFEST", "a/b.png", "c.png"), r"a file named 'c.png', expected only files beside MANIFEST in 'a/'"),
        (("a/MANIFEST", "ab.png"), r"only files beside MANIFEST in 'a/'"),
    ],
)
def test_names_that_are_one_or_lie_beside_the_export_are_refused(names: tuple[str, ...], message: str) -> None:
    with pytest.raises(StorageError, match=message):
        named(*names)


def test_the_highest_listing_says_where_the_export_begins() -> None:
    assert named("MANIFEST", "a/MANIFEST") == {"MANIFEST": "MANIFEST", "a/MANIFEST": "a/MANIFEST"}
    assert named("a\\b\\MANIFEST", "a/b/c.png") == {"MANIFEST": "a\\b\\MANIFEST", "c.png": "a/b/c.png"}
    assert named("x.png") == {"x.png": "x.png"}


def test_a_folder_entry_that_holds_something_is_no_folder() -> None:
    info = zipfile.ZipInfo("charts/")
    info.file_size = 1
    assert list(exported_names([info], "MANIFEST")) == ["charts/"]


def test_a_written_zip_holds_the_files_and_no_clock() -> None:
    files = {"a/b.txt": b"one", "c.txt": b"two"}
    content = zips.zipped(files)
    assert zips.zipped(dict(reversed(files.items()))) == content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {info.filename: archive.read(info) for info in archive.infolist()} == files
        assert {info.date_time for info in archive.infolist()} == {zips.FIRST_DAY}
