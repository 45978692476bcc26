"""Arrays by their names, joined, and as the bytes of a .npz file: read without trust, measured before unpacked.

Headers are held against the one form in which NumPy writes them. Its own reader is laxer: it takes Python 2's numbers
with a warning, and a hostile header makes it raise the tokenizer's errors.
"""

import io
import math
import re
import zipfile
from collections.abc import Mapping, Sequence

import numpy as np

from data.values import frozen
from models.storage.zips import SHOWN, ZipRules

type Arrays = Mapping[str, np.ndarray]
"""Arrays by their names."""
MAX_ARRAYS = 64
MAX_ARRAY_BYTES = 32 * 2**20
"""Of all arrays of one file together: five times the committed library."""
MAX_HEADER = 512
"""Bytes of an array's header; a float's in three dimensions has 118."""
HEADER = re.compile(
    rb"\x93NUMPY\x01\x00..\{'descr': '(<[fiu][248]|\|u1|<U[1-9]\d{0,2})', 'fortran_order': (True|False), "
    rb"'shape': \(((?:\d{1,9},)?|(?:\d{1,9}, ){1,2}\d{1,9})\), \} *\n",
    re.DOTALL,
)
"""Version 1.0, the header's size in two bytes, and the header."""
PREFIX = 10
KINDS = frozenset({"<f8", "<f4", "<f2", "<i8", "<i4", "<i2", "<u2", "|u1"})
"""Numbers only: no objects (which would be pickles), no texts, no structures."""


@frozen
class Layout:
    """What arrays a file may hold: how they are named, whether some are labels, and their bytes together."""

    name: re.Pattern[str] = re.compile(r"[a-z][a-z0-9_.]{0,60}")
    labels: bool = False
    unpacked: int = MAX_ARRAY_BYTES


NUMBERS = Layout()


def packed_arrays(arrays: Arrays) -> bytes:
    """The bytes of a .npz file."""
    buffer = io.BytesIO()
    np.savez_compressed(buffer, allow_pickle=False, **arrays)
    return buffer.getvalue()


def read_arrays(content: bytes, what: str, layout: Layout = NUMBERS) -> Arrays:
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
    StorageError
        Anything but plain arrays, of the size that they declare and together no larger than the layout allows.
    """
    rules = ZipRules(
        files=MAX_ARRAYS,
        unpacked=layout.unpacked,
        place=what,
        damaged=f"{what}: got a damaged file",
        advice="make the file again",
    )
    with rules.reading(), zipfile.ZipFile(io.BytesIO(content)) as archive:
        named = _named(archive.infolist(), layout, rules)
        rules.require_harmless(named)
        return {name: _array(rules.content(archive, info), layout, rules) for name, info in named.items()}


def _named(infos: list[zipfile.ZipInfo], layout: Layout, rules: ZipRules) -> dict[str, zipfile.ZipInfo]:
    named = {info.filename.removesuffix(".npy"): info for info in infos}
    for name, info in named.items():
        if info.orig_filename != f"{name}.npy" or not layout.name.fullmatch(name):
            raise rules.refused(rules.place, f"an array named {info.orig_filename[:SHOWN]!a}", "plain names")
    if len(named) < len(infos):
        raise rules.refused(rules.place, "the same array twice", "every name once")
    return named


def _array(content: bytes, layout: Layout, rules: ZipRules) -> np.ndarray:
    match = HEADER.match(content, 0, PREFIX + MAX_HEADER)
    size = int.from_bytes(content[PREFIX - 2 : PREFIX], "little")
    kind = match[1].decode() if match else ""
    if not (kind in KINDS or (layout.labels and kind.startswith("<U"))) or match.end() != PREFIX + size:
        start = content[PREFIX : PREFIX + SHOWN]
        raise rules.refused(
            rules.place, f"an array's header that begins {start!a}", "numbers of up to three dimensions"
        )
    shape = tuple(int(number) for number in match[3].replace(b",", b" ").split())
    data, order = content[match.end() :], "F" if match[2] == b"True" else "C"
    if math.prod(shape) * np.dtype(kind).itemsize != len(data):
        raise rules.refused(rules.place, f"{len(data)} bytes for an array of shape {shape}", "as many as it holds")
    return np.frombuffer(data, dtype=kind).reshape(shape, order=order)


def stacked(parts: Sequence[Arrays]) -> Arrays:
    """The first axes of several one after the other, for every name of the first."""
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def rows_of(arrays: Arrays, rows: slice | np.ndarray) -> Arrays:
    """Some rows along the first axis of each."""
    return {name: values[rows] for name, values in arrays.items()}
