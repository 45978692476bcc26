"""Zips: written the same way every time, read without trusting anything, never extracted to disk.

A zip that another program packed again is read under the names as they were exported, without what file managers add.
"""

from __future__ import annotations

import contextlib
import io
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping

from data.csv.hints import is_clutter
from data.errors import ConjunctionError
from data.values import frozen
from models.errors import StorageError
from models.storage.disk import Files

FIRST_DAY = (1980, 1, 1, 0, 0, 0)
"""The earliest time a zip can hold: a clock would make two exports of one thing differ."""
SHOWN = 80
"""Letters of a stranger's text in a message."""
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)
"""What the standard library raises on a damaged, cut off, encrypted or hostile zip."""
_DRIVE = re.compile(r"[A-Za-z]:")


@frozen
class ZipRules:
    """What a zip of one kind may hold, and how another one is refused.

    Attributes
    ----------
    files, unpacked : int
        Files at most, and bytes of all of them together.
    advice : str
        What to do about one that is refused.
    damaged : str
        What is said of one that cannot be read at all, before the reason.
    place : str
        The zip's name in messages.
    error : type of StorageError
    """

    files: int
    unpacked: int
    advice: str
    damaged: str = "the zip is damaged or cut off"
    place: str = "the zip"
    error: type[StorageError] = StorageError

    def refused(self, place: str, got: str, expected: str) -> StorageError:
        """The error that refuses a zip for what was got somewhere in it."""
        return self.error(f"{place}: got {got}, expected {expected}; {self.advice}")

    @contextlib.contextmanager
    def reading(self) -> Iterator[None]:
        """Turn what a bad zip makes the standard library raise inside the block into a `StorageError`."""
        try:
            yield
        except ConjunctionError:
            raise
        except _FAULTS as error:
            reason = ascii(str(error)[:SHOWN]).strip("'\"")  # the library quotes whatever bytes stood in the file
            raise self.error(f"{self.damaged} ({reason}); {self.advice}") from error

    def require_harmless(self, named: Mapping[str, zipfile.ZipInfo]) -> None:
        """Refuse what no export holds, before anything is unpacked.

        Raises
        ------
        StorageError
            Too many files, too large together, or one of them is special, encrypted or compressed in another way.
        """
        if len(named) > self.files:
            raise self.refused(self.place, f"{len(named)} files", f"at most {self.files}")
        for name, info in named.items():
            self._require_plain(name, info)
        if (total := sum(info.file_size for info in named.values())) > self.unpacked:
            raise self.refused(self.place, f"{total} bytes unpacked", f"at most {self.unpacked}")

    def content(self, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
        """A file's bytes: at most the declared size, so that one that unpacks to more than it says is noticed.

        Raises
        ------
        StorageError
        """
        with archive.open(info) as stream:
            content = stream.read(info.file_size + 1)
        if len(content) != info.file_size:
            raise self.refused(info.filename, "another size than the zip declares", "the declared one")
        return content

    def _require_plain(self, name: str, info: zipfile.ZipInfo) -> None:
        if stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG):
            raise self.refused(name, "a link or a special file", "a plain file")
        if info.flag_bits & 1:
            raise self.refused(name, "an encrypted file", "one without a password")
        if info.compress_type not in METHODS:
            raise self.refused(name, f"compression method {info.compress_type}", "stored or deflated")


def zipped(files: Files) -> bytes:
    """A zip of files by name, the same bytes on every computer.

    Stored, not compressed: compressors differ between machines, and pictures and draws are compressed already.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            archive.writestr(declaration(name), files[name])
    return buffer.getvalue()


def listed(sums: Mapping[str, str]) -> bytes:
    """SHA-256 by name in lines as ``sha256sum`` writes them: ``sha256sum --check`` verifies what was unpacked."""
    return "".join(f"{digest}  {name}\n" for name, digest in sums.items()).encode()


def declaration(name: str) -> zipfile.ZipInfo:
    """How a file of a zip is declared: no clock, no user, no compression."""
    info = zipfile.ZipInfo(name, FIRST_DAY)
    info.create_system, info.external_attr = 3, (stat.S_IFREG | 0o644) << 16
    return info


def exported_names(infos: Iterable[zipfile.ZipInfo], listing: str) -> Mapping[str, zipfile.ZipInfo]:
    """Every file of a zip under the name it was exported with; their contents are for others to check.

    Backslashes may separate folders, all files may lie in one folder, and folder entries and the file manager's own
    files are passed over: the file that lists the others tells what belongs.

    Parameters
    ----------
    listing : str
        Name of that file; where it lies, the export begins.

    Raises
    ------
    StorageError
        A name could lead out of a folder, stands twice, or lies beside the export.
    """
    files: dict[str, zipfile.ZipInfo] = {}
    for info in infos:
        name = _plain(info.orig_filename)
        if is_clutter(name) or (name.endswith("/") and info.file_size == 0):
            continue
        if name in files:
            raise _misnamed("the same file name twice", "every name once")
        files[name] = info
    top = _top(files, listing)
    for name in files:
        if not name.startswith(top):
            raise _misnamed(f"a file named {name[:SHOWN]!a}", f"only files beside {listing} in {top!a}; take it out")
    return {name.removeprefix(top): info for name, info in files.items()}


def _plain(name: str) -> str:
    parts = name.replace("\\", "/").split("/")
    if not name.isprintable() or not parts[0] or _DRIVE.match(name) or ".." in parts:
        raise _misnamed(f"a file named {name[:SHOWN]!a}", "a name that stays inside the zip")
    return "/".join(part for part in parts if part != ".")


def _top(files: Mapping[str, zipfile.ZipInfo], listing: str) -> str:
    """Folder of the listing that lies highest; nothing where there is none, which others notice."""
    places = [name for name in files if name.rpartition("/")[2] == listing]
    return min(places, key=lambda name: name.count("/"), default=listing).removesuffix(listing)


def _misnamed(got: str, expected: str) -> StorageError:
    return StorageError(f"the zip: got {got}, expected {expected}; export it again")
