"""Arrays from the bytes of a .npz file, read without trust: nothing unpickled, all measured before it is unpacked."""

import io
import math
import re
import stat
import zipfile

import numpy as np
from numpy.lib import format as npy

from models.errors import SnapshotError
from models.storage.disk import ZIP_FAULTS

MAX_ARRAYS = 64
MAX_ARRAY_BYTES = 32 * 2**20
"""Of all arrays of one file together: five times the committed library."""
MAX_HEADER = 512
"""Bytes of an array's header; a float's in three dimensions has 118."""
HEADER = re.compile(
    rb"\{'descr': '(<[fiu][248])', 'fortran_order': (True|False), "
    rb"'shape': \(((?:\d{1,9},)?|(?:\d{1,9}, ){1,2}\d{1,9})\), \} *\n"
)
NAME = re.compile(r"[a-z][a-z0-9_.]{0,60}")
KINDS = frozenset({"<f8", "<f4", "<f2", "<i8", "<i4", "<i2", "<u2"})
"""Numbers only: no objects (which would be pickles), no texts, no records."""
_SHOWN = 80


def read_arrays(content: bytes, what: str) -> dict[str, np.ndarray]:
    """Read every array of a .npz file.

    Parameters
    ----------
    content : bytes
    what : str
        Name of the file for messages.

    Returns
    -------
    dict of ndarray
        By name, without ``.npy``.

    Raises
    ------
    SnapshotError
        Anything but plain arrays of numbers, of the size that they declare and together at most `MAX_ARRAY_BYTES`.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            infos = archive.infolist()
            _require_harmless(infos, what)
            return {info.filename.removesuffix(".npy"): _array(_content(archive, info, what), what) for info in infos}
    except SnapshotError:
        raise
    except ZIP_FAULTS as error:
        reason = ascii(str(error)[:_SHOWN]).strip("'\"")
        raise _refused(what, f"a damaged file ({reason})", "the arrays that this program stores") from error


def _refused(what: str, got: str, expected: str) -> SnapshotError:
    return SnapshotError(f"{what}: got {got}, expected {expected}; make the file again")


def _require_harmless(infos: list[zipfile.ZipInfo], what: str) -> None:
    if len(infos) > MAX_ARRAYS:
        raise _refused(what, f"{len(infos)} arrays", f"at most {MAX_ARRAYS}")
    for info in infos:
        name, kind = info.filename.removesuffix(".npy"), stat.S_IFMT(info.external_attr >> 16)
        if info.orig_filename != f"{name}.npy" or not NAME.fullmatch(name):
            raise _refused(what, f"an array named {info.orig_filename[:_SHOWN]!a}", "plain names")
        if kind not in (0, stat.S_IFREG) or info.flag_bits & 1:
            raise _refused(what, f"{name} as a link, a special file or encrypted", "a plain array")
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise _refused(what, f"{name} with compression method {info.compress_type}", "stored or deflated")
    total = sum(info.file_size for info in infos)
    if total > MAX_ARRAY_BYTES:
        raise _refused(what, f"{total} bytes unpacked", f"at most {MAX_ARRAY_BYTES}")
    if len({info.filename for info in infos}) < len(infos):
        raise _refused(what, "the same array twice", "every name once")


def _content(archive: zipfile.ZipFile, info: zipfile.ZipInfo, what: str) -> bytes:
    """At most the declared size, so that an array that unpacks to more than it says is noticed."""
    with archive.open(info) as stream:
        found = stream.read(info.file_size + 1)
    if len(found) != info.file_size:
        raise _refused(what, f"{info.filename} of another size than declared", "the declared one")
    return found


def _array(content: bytes, what: str) -> np.ndarray:
    stream = io.BytesIO(content)
    if npy.read_magic(stream) != (1, 0):
        raise _refused(what, "an array of another format version", "version 1.0")
    size = int.from_bytes(content[8:10], "little")
    if size > MAX_HEADER:
        raise _refused(what, f"an array's header of {size} bytes", f"at most {MAX_HEADER}")
    shape, by_column, kind = _header(content[10 : 10 + size], what)
    data = content[10 + size :]
    if math.prod(shape) * kind.itemsize != len(data):
        raise _refused(what, f"{len(data)} bytes for an array of shape {shape}", "as many as it holds")
    return np.frombuffer(data, dtype=kind).reshape(shape, order="F" if by_column else "C")


def _header(text: bytes, what: str) -> tuple[tuple[int, ...], bool, np.dtype]:
    """Shape, order and type that an array's header declares, in the one way in which NumPy writes them."""
    match = HEADER.fullmatch(text)
    if not match or match[1].decode() not in KINDS:
        raise _refused(what, f"an array's header that begins {text[:_SHOWN]!a}", "numbers of up to three dimensions")
    shape = tuple(int(number) for number in match[3].replace(b",", b" ").split())
    return shape, match[2] == b"True", np.dtype(match[1].decode())
