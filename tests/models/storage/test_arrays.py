"""Arrays from strangers: what NumPy writes is read as it is, everything else is refused before it is unpacked."""

import io
import random
import zipfile

import numpy as np
import pytest

from models.errors import StorageError
from models.storage import arrays as stored_arrays
from models.storage.arrays import KINDS, Layout, read_arrays
from tests.support.hostile.arrays import broken_arrays, plain, zipped


def stored(**arrays: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    np.savez_compressed(buffer, allow_pickle=True, **arrays)
    return buffer.getvalue()


@pytest.mark.parametrize("kind", sorted(KINDS))
@pytest.mark.parametrize("shape", [(), (0,), (5,), (3, 4), (2, 3, 4)])
@pytest.mark.parametrize("order", ["C", "F"])
def test_what_numpy_writes_is_read_as_it_is(kind: str, shape: tuple[int, ...], order: str) -> None:
    array = np.asarray(np.arange(np.prod(shape, dtype=int)).reshape(shape), dtype=kind, order=order)
    found = read_arrays(stored(x=array), "x")["x"]
    np.testing.assert_array_equal(found, array)
    assert (found.dtype, found.shape) == (array.dtype, array.shape)
    assert not found.flags.writeable


@pytest.mark.parametrize(
    ("array", "message"),
    [
        (np.array([None]), "an array's header that begins"),
        (np.array(["a"]), "an array's header that begins"),
        (np.zeros(2, bool), "an array's header that begins"),
        (np.zeros(2, ">f8"), "an array's header that begins"),
        (np.zeros((1, 1, 1, 1)), "an array's header that begins"),
        (np.zeros(5 * 2**20), "bytes unpacked, expected at most"),
    ],
)
def test_other_arrays_are_refused(array: np.ndarray, message: str) -> None:
    with pytest.raises(StorageError, match=message):
        read_arrays(stored(x=array), "x")


def test_labels_are_read_only_where_a_layout_has_them() -> None:
    content, labels = stored(x=np.array(["C01", "C04"])), Layout(labels=True)
    assert list(read_arrays(content, "x", labels)["x"]) == ["C01", "C04"]
    for array in (np.array([None]), np.array([b"a"])):
        with pytest.raises(StorageError, match="an array's header that begins"):
            read_arrays(stored(x=array), "x", labels)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"(3,)", b"(3L,)"),
        (b"(3,), }", b"(3,)  }"),
        (b"'descr': '<f8'", b"'descr':  'f8'"),
        (b"(3,)", b"(+3,"),
        (b"NUMPY\1", b"NUMPY\2"),
        (b" \n", b"\n\n"),
    ],
)
def test_a_header_that_numpy_never_writes_is_refused(old: bytes, new: bytes) -> None:
    """Some of these NumPy's own reader takes."""
    header = plain(np.zeros(3))
    assert old in header
    with pytest.raises(StorageError, match=r"an array's header that begins|damaged"):
        read_arrays(zipped({"x": header.replace(old, new, 1)}), "x")


def test_a_bomb_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    content = stored(x=np.zeros(5 * 2**20))
    monkeypatch.setattr(stored_arrays.zipfile.ZipFile, "open", lambda *_: pytest.fail("an array was unpacked"))
    with pytest.raises(StorageError, match="expected at most"):
        read_arrays(content, "x")


def test_a_hundred_broken_files_are_arrays_or_refused() -> None:
    rng, whole = random.Random(3), stored(chain=np.arange(9), counts=np.ones((3, 9)), x=np.eye(9))
    refused = 0
    for _ in range(100):
        try:
            found = read_arrays(broken_arrays(rng, whole), "x")
        except StorageError as error:
            refused += 20 < len(str(error)) < 400
        else:
            assert all(array.dtype.str in KINDS for array in found.values())
    assert refused > 30


def test_a_zip_of_other_files_is_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("run.py", "print()")
    with pytest.raises(StorageError, match=r"an array named 'run\.py'"):
        read_arrays(buffer.getvalue(), "x")
