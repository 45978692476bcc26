"""Hostile .npz files: other types, other shapes, pickles, lies about sizes, and numbers that would explode."""

import io
import pickle
import random
import zipfile

import numpy as np
from numpy.lib import format as npy

type Arrays = dict[str, np.ndarray]


class Trap:
    """Unpickling this would leave a file behind."""

    def __reduce__(self) -> tuple[object, tuple[str, str]]:
        return open, ("trap-was-sprung", "w")


def broken_arrays(rng: random.Random, content: bytes) -> bytes:
    """The arrays of a .npz with one thing wrong."""
    with np.load(io.BytesIO(content)) as stored:
        arrays = {name: stored[name] for name in stored.files}
    name = rng.choice(sorted(arrays))
    ways = (numbers, numbers, shape, kind, header, names, inflated, trap)
    return rng.choice(ways)(rng, arrays, name)


def zipped(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(f"{name}.npy", data)
    return buffer.getvalue()


def plain(array: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    npy.write_array(buffer, array, version=(1, 0), allow_pickle=True)
    return buffer.getvalue()


def all_plain(arrays: Arrays) -> dict[str, bytes]:
    return {name: plain(array) for name, array in arrays.items()}


def numbers(rng: random.Random, arrays: Arrays, name: str) -> bytes:
    """Values that no draw has: not finite, huge, negative, or out of an index's range."""
    changed = arrays[name].copy().reshape(-1)
    odd = (
        (np.nan, np.inf, 1e300, -1e300, 1e30, 0.0, -1.0, 1e-300)
        if changed.dtype.kind == "f"
        else (0, 1, 255, 32767, -1)
    )
    rows = slice(None) if rng.random() < 0.4 else rng.randrange(max(1, changed.size))
    with np.errstate(all="ignore"):
        changed[rows] = np.array(rng.choice(odd)).astype(changed.dtype)
    return zipped(all_plain({**arrays, name: changed.reshape(arrays[name].shape)}))


def shape(rng: random.Random, arrays: Arrays, name: str) -> bytes:
    """Fewer rows, more, none, another order or another number of dimensions."""
    a = arrays[name]
    ways = (
        a[:0],
        a[:1],
        a[None],
        a.T,
        a.ravel(),
        np.asfortranarray(a),
        np.concatenate([np.atleast_1d(a)] * 2),
        a.sum(),
    )
    return zipped(all_plain({**arrays, name: np.asarray(rng.choice(ways))}))


def kind(rng: random.Random, arrays: Arrays, name: str) -> bytes:
    """Another type of number, or none at all."""
    a = arrays[name]
    ways = (
        a.astype(">f8"), a.astype("f4"), a.astype("f2"), a.astype("i8"), a.astype("u1"), a.astype(bool),
        a.astype("c16"), a.astype("S8"), a.astype("U8"), a.astype("M8[s]") if a.dtype.kind == "i" else a.astype("f4"),
        np.zeros(a.shape, [("x", "f4")]), np.array([None] * 3, dtype=object),
    )  # fmt: skip
    return zipped(all_plain({**arrays, name: rng.choice(ways)}))


def header(rng: random.Random, arrays: Arrays, name: str) -> bytes:
    """A header that lies about the shape, holds code, is far too long, or belongs to another version."""
    descriptions = (
        "{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000, 1000000000), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (-1, 4), }",
        "{'descr': '|O', 'fortran_order': False, 'shape': (3,), }",
        "{'descr': __import__('os').system('touch trap-was-sprung'), 'fortran_order': False, 'shape': (3,), }",
        "{'descr': '<f8', 'fortran_order': False, 'shape': " + "(" * 200 + ")" * 200 + ", }",
        "{'descr': '<f8', 'fortran_order': 1, 'shape': (True,), }",
        "{'descr': '<f8'}",
        "x" * 60_000,
        "",
    )
    text = rng.choice(descriptions).encode() + b"\n"
    magic = b"\x93NUMPY" + bytes(rng.choice(((1, 0), (1, 0), (2, 0), (3, 0), (9, 9))))
    content = magic + len(text).to_bytes(2, "little") + text + rng.randbytes(rng.choice((0, 24, 999)))
    whole = all_plain(arrays)
    return zipped({**whole, name: rng.choice((content, whole[name][: rng.randrange(100)], whole[name] + b"x" * 9))})


def names(rng: random.Random, arrays: Arrays, name: str) -> bytes:
    """An array missing, under another name, or many too many."""
    whole = all_plain(arrays)
    kept = whole.pop(name)
    extra = rng.choice(("../x", "x" * 300, "/etc/passwd", "draws", "forecast", "parameter.", "é", name.upper(), "none"))
    if rng.random() < 0.2:
        return zipped({**whole, name: kept, **{f"a{number}": b"" for number in range(80)}})
    return zipped(whole if extra == "none" else {**whole, extra: kept})


def inflated(rng: random.Random, arrays: Arrays, name: str) -> bytes:
    """All rows many times over, or one array grown beyond what may be unpacked."""
    if rng.random() < 0.3:
        return zipped({**all_plain(arrays), name: plain(np.zeros(5 * 2**20))})
    times, rows = rng.choice((2, 20, 400)), arrays["chain"].size
    grown = {}
    for key, array in arrays.items():
        axis = 1 if key == "counts" else 0
        long = array.ndim > axis and array.shape[axis] == rows
        grown[key] = np.concatenate([array] * times, axis=axis) if long else array
    return zipped(all_plain(grown))


def trap(rng: random.Random, arrays: Arrays, name: str) -> bytes:
    """A pickle where numbers should be."""
    payload = pickle.dumps(Trap())
    text = b"{'descr': '|O', 'fortran_order': False, 'shape': (1,), }"
    text += b" " * (118 - len(text)) + b"\n"
    content = b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text + payload
    return rng.choice((zipped({**all_plain(arrays), name: content}), payload, zipped({name: payload})))
