"""A whole record as one file: written the same way every time, read as a stream and without trusting anything in it.

``entries.jsonl`` (a line an entry), ``contents/`` (the stored bytes by the SHA-256 of what they hold) and ``MANIFEST``
(SHA-256 of every file, as ``sha256sum`` writes it). Nothing is compressed once more, so that the same record gives the
same bytes on every machine. A file that another program packed again is read too: its sizes are known before anything
is unpacked, and the sums decide.
"""

import contextlib
import hashlib
import re
import struct
import zipfile
from collections import deque
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import BinaryIO, Self

from data.digest import canonical_json, sha256
from models.errors import RecordError, StorageError
from models.record.contents import MAX_CONTENT_BYTES, Documents, Packed
from models.record.entries import GENESIS, Entry
from models.storage.disk import explained, open_plain
from models.storage.strict_json import MAX_JSON_BYTES, read_strict_json
from models.storage.zips import ZipRules, exported_names, listed

ENTRIES, FOLDER, MANIFEST = "entries.jsonl", "contents/", "MANIFEST"
MAX_FILE_BYTES = 2**30
"""Forty thousand forecasts at 25 kB each."""
MAX_MEMBERS = 65_000
"""What the plain zip format can count: a larger number needs an extension, which nothing here writes."""
RULES = ZipRules(
    files=MAX_MEMBERS,
    unpacked=MAX_FILE_BYTES,
    advice="export the record again",
    damaged="the file is no exported record, or is cut off",
    error=RecordError,
)
_CONTENT = re.compile(r"contents/[0-9a-f]{64}")
_END = struct.Struct("<4s4H2LH")
_LONG_LOCATOR = b"PK\x06\x07"
_LOCATOR_BYTES = 20
_WRONG_TYPE = "one of its values has another type than an entry has"


def line(entry: Entry) -> bytes:
    """An entry as it stands in entries.jsonl."""
    return canonical_json(asdict(entry)) + b"\n"


class RecordFile(Documents):
    """A record in a file, open for reading (`models.record.verification.Source`). Use it in a ``with`` statement.

    Parameters
    ----------
    file : Path or BinaryIO
        A file, or what an upload gives.

    Raises
    ------
    RecordError
        It is no exported record, or a part of it is not what its own list says.
    """

    def __init__(self, file: Path | BinaryIO) -> None:
        self._stack = contextlib.ExitStack()
        with _explained(), self._closing():
            stream = self._stack.enter_context(_opened(file)) if isinstance(file, Path) else file
            _require_plain_zip(stream)
            self._zip = self._stack.enter_context(zipfile.ZipFile(stream))
            self._files = _files(self._zip.infolist())
            _require_manifest(self._zip, self._files)
            self.head = self._head()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def entries(self, after: int = 0, up_to: int | None = None) -> Iterator[Entry]:
        """The entries in the order of the file."""
        with _explained(), self._zip.open(self._files[ENTRIES]) as stream:
            while content := stream.readline(MAX_JSON_BYTES + 1):
                entry = _entry(content)
                if up_to is not None and entry.sequence > up_to:
                    return
                if entry.sequence > after:
                    yield entry

    def addresses(self) -> tuple[str, ...]:
        """SHA-256 of every content."""
        return tuple(name.removeprefix(FOLDER) for name in self._files if name.startswith(FOLDER))

    def packed(self, address: str) -> Packed:
        """A content as it was stored, unchecked but for its size."""
        name = FOLDER + address
        if name not in self._files:
            raise RecordError(f"the content {address[:12]} is missing in the file; export the record again")
        with _explained():
            content = self._zip.read(self._files[name])
        return Packed(sha256=address, packed=sha256(content), content=content)

    def faults(self) -> tuple[str, ...]:
        """Nothing: what is wrong with the zip was refused when it was opened."""
        return ()

    def unguarded(self) -> tuple[str, ...]:
        """Nothing: a file has no guards but its sums."""
        return ()

    def _head(self) -> tuple[int, str]:
        newest = deque(self.entries(), maxlen=1)
        return (newest[0].sequence, newest[0].digest) if newest else (0, GENESIS)

    @contextlib.contextmanager
    def _closing(self) -> Iterator[None]:
        try:
            yield
        except BaseException:
            self._stack.close()
            raise


@contextlib.contextmanager
def _explained() -> Iterator[None]:
    try:
        with RULES.reading():
            yield
    except RecordError:
        raise
    except StorageError as error:
        raise RecordError(f"the file is no exported record: {error}") from error


def _opened(path: Path) -> BinaryIO:
    with explained(path, "read"):
        return open_plain(path)


def _require_plain_zip(stream: BinaryIO) -> None:
    """Before anything is read from the zip's directory: a hostile one would fill the memory with names."""
    size = stream.seek(0, 2)
    if size > MAX_FILE_BYTES:
        raise RULES.refused("the file", f"{size} bytes", f"at most {MAX_FILE_BYTES}")
    start = max(size - _END.size - _LOCATOR_BYTES, 0)
    stream.seek(start)
    tail = stream.read(_END.size + _LOCATOR_BYTES)
    if len(tail) < _END.size or tail.startswith(_LONG_LOCATOR):
        raise RULES.refused("the file", "another kind of file", "a record's zip")
    mark, _, _, _, count, listed, _, comment = _END.unpack(tail[-_END.size :])
    if mark != b"PK\x05\x06" or comment or count > MAX_MEMBERS or listed > 200 * MAX_MEMBERS:
        raise RULES.refused("the file", "another kind of file", f"a record's zip of at most {MAX_MEMBERS} files")


def _files(infos: list[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    """The files of the export by name, in the order of MANIFEST."""
    named = exported_names(infos, MANIFEST)
    inner = sorted(named.keys() - {ENTRIES, MANIFEST})
    if not {ENTRIES, MANIFEST} <= named.keys() or not all(map(_CONTENT.fullmatch, inner)):
        raise RULES.refused("the zip", "other files", f"{ENTRIES}, {FOLDER} and {MANIFEST}")
    RULES.require_harmless(named)
    for name in inner:
        if named[name].file_size > MAX_CONTENT_BYTES:
            raise RULES.refused(name, f"{named[name].file_size} bytes", f"at most {MAX_CONTENT_BYTES}")
    return {name: named[name] for name in (ENTRIES, *inner, MANIFEST)}


def _require_manifest(archive: zipfile.ZipFile, files: dict[str, zipfile.ZipInfo]) -> None:
    *names, last = files
    expected = listed({name: _digest(archive, files[name]) for name in names})
    info = files[last]
    if info.file_size != len(expected) or archive.read(info) != expected:
        raise RULES.refused(MANIFEST, "other sums", "those of the files in the zip")


def _digest(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> str:
    with archive.open(info) as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _entry(content: bytes) -> Entry:
    fields = read_strict_json(content, "a line of " + ENTRIES)
    if fields.keys() != Entry.__dataclass_fields__.keys():
        raise RULES.refused(ENTRIES, "a line with other fields", ", ".join(Entry.__dataclass_fields__))
    entry = Entry(**fields)  # type: ignore[arg-type]
    texts = [value for name, value in fields.items() if name != "sequence"]
    if type(entry.sequence) is not int or not all(isinstance(text, str) for text in texts):
        raise RULES.refused(ENTRIES, _WRONG_TYPE, "a number and five texts")
    if line(entry) != content:
        raise RULES.refused(ENTRIES, f"entry {entry.sequence} written in another way", "the one canonical way")
    return entry
