"""Digests: SHA-256 of a canonical JSON text, so that equal content has an equal name on every machine."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from datetime import date
from numbers import Integral, Real
from pathlib import Path
from typing import Any

type Plain = bool | int | float | str | list[Plain] | dict[str, Plain] | None
type Fields = Mapping[str, Any]
"""Values by their names: a JSON object, or a row of a table."""


def canonical_json(obj: object) -> bytes:
    """Write a value as JSON in the one way that counts.

    Parameters
    ----------
    obj : object
        Mappings with text keys, lists, tuples, text, booleans, finite numbers (NumPy scalars too), dates, None.

    Returns
    -------
    bytes
        UTF-8, keys sorted, no spaces, dates as ISO text, minus zero as zero.

    Raises
    ------
    ValueError
        A number is NaN or infinite, or a key is not text.
    TypeError
        A value has no canonical form (a set, an array, a function): turn it into a list first.
    """
    text = json.dumps(_plain(obj), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.encode("utf-8")


def digest(obj: object) -> str:
    """Return the SHA-256 of a value's canonical JSON, as 64 hexadecimal digits."""
    return sha256(canonical_json(obj))


def sha256(content: bytes) -> str:
    """Return the SHA-256 of bytes, as 64 hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def file_digest(path: Path | str) -> str:
    """Return the SHA-256 of a file's bytes, as 64 hexadecimal digits."""
    with Path(path).open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


_PLAIN = frozenset((str, int, bool, type(None)))


def _plain(obj: object) -> Plain:
    if type(obj) in _PLAIN:  # first what is nearly everything: a digest of the evidence asks thirty thousand times
        return obj
    if isinstance(obj, date):
        return obj.isoformat()
    if isinstance(obj, float):
        return _finite(float(obj))
    if isinstance(obj, list | tuple):
        return [_plain(item) for item in obj]
    if isinstance(obj, Mapping):
        return {_key(key): _plain(value) for key, value in obj.items()}
    return obj if isinstance(obj, str) else _number(obj)


def _number(obj: object) -> int | float | bool:
    if isinstance(obj, Integral):
        return int(obj)
    if isinstance(obj, Real):
        return _finite(float(obj))
    if type(obj).__name__ == "bool":  # numpy.bool, which is neither a bool nor an Integral
        return bool(obj)
    raise TypeError(f"got {type(obj).__name__}, expected text, a number, a date, a list or a mapping")


def _finite(value: float) -> float:
    if not math.isfinite(value):
        raise ValueError(f"got the number {value}, expected a finite one: NaN and infinity have no digest")
    return value + 0.0  # minus zero equals zero, so both must have one digest


def _key(key: object) -> str:
    if not isinstance(key, str):
        raise ValueError(f"got the key {key!r}, expected text: 1 and '1' would share a digest")
    return key
