"""One bit of a snapshot's file is another: it is found, wherever it lies."""

import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.errors import StorageError
from models.snapshot.archive import read_archive
from models.snapshot.verify import verify
from tests.support.values.small_snapshots import COMMITTED, members_of, packed

WHOLE = COMMITTED.read_bytes()
FILES = members_of(WHOLE)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(data=st.data())
def test_any_changed_bit_of_any_member_is_detected(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(FILES)))
    position = data.draw(st.integers(0, len(FILES[name]) - 1))
    changed = bytearray(FILES[name])
    changed[position] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(StorageError) as caught:
        verify(packed({**FILES, name: bytes(changed)}, zipfile.ZIP_STORED))
    assert name in str(caught.value)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(data=st.data())
def test_a_changed_bit_of_the_zip_is_detected_or_leaves_every_member_as_it_was(data: st.DataObject) -> None:
    changed = bytearray(WHOLE)
    changed[data.draw(st.integers(0, len(WHOLE) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    try:
        found = read_archive(bytes(changed)).files
    except StorageError:
        return
    assert found == FILES
