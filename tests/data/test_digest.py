"""Equal content has one digest; anything that has no canonical form is refused."""

import hashlib
from datetime import date

import numpy as np
import pytest

from data.digest import canonical_json, digest, file_digest


def test_keys_are_sorted_and_nothing_is_spaced():
    assert canonical_json({"b": [1, 2.5], "a": {"d": None, "c": True}}) == b'{"a":{"c":true,"d":null},"b":[1,2.5]}'


def test_dates_and_letters_are_plain_utf8():
    assert canonical_json([date(2024, 2, 9), "é"]) == '["2024-02-09","é"]'.encode()


def test_the_digest_is_sha256_of_the_canonical_text():
    assert digest({"a": 1}) == hashlib.sha256(b'{"a":1}').hexdigest()


def test_order_of_keys_and_kind_of_sequence_do_not_matter():
    assert digest({"a": (1, 2), "b": 3}) == digest({"b": 3, "a": [1, 2]})


def test_one_changed_bit_of_a_number_changes_the_digest():
    assert digest([0.1]) != digest([float(np.nextafter(0.1, 1.0))])


def test_numpy_scalars_equal_their_python_values():
    assert digest([np.float64(0.25), np.int64(3), np.bool_(True)]) == digest([0.25, 3, True])


def test_minus_zero_is_zero():
    assert digest(-0.0) == digest(0.0)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf"), np.float64("nan")])
def test_numbers_without_a_value_are_refused(value):
    with pytest.raises(ValueError, match="expected a finite one"):
        canonical_json({"deep": [value]})


def test_keys_that_are_not_text_are_refused():
    with pytest.raises(ValueError, match="got the key 1"):
        canonical_json({1: "a", "1": "b"})


@pytest.mark.parametrize("value", [{1, 2}, object(), np.zeros(2)])
def test_values_without_a_canonical_form_are_refused(value):
    with pytest.raises(TypeError, match="expected text, a number"):
        canonical_json(value)


def test_file_digest_reads_bytes(tmp_path):
    (tmp_path / "x").write_bytes(b"abc\r\n")
    assert file_digest(tmp_path / "x") == hashlib.sha256(b"abc\r\n").hexdigest()
