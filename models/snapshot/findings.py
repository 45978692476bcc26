"""What a verification says: one finding a thing that was looked at."""

from collections.abc import Mapping
from dataclasses import dataclass

SHOWN = 3
"""Names listed in one sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at.

    Attributes
    ----------
    name : str
    passed : bool or None
        None where it could not be looked at: another version of the program computed these numbers.
    detail : str
        One sentence: what was compared, and what differs.
    """

    name: str
    passed: bool | None
    detail: str


def told(name: str, passed: bool | None, good: str, bad: str) -> Finding:
    """One of two sentences, by how it came out."""
    return Finding(name=name, passed=passed, detail=good if passed else bad)


def same_finding(name: str, what: str, got: object, expected: object) -> Finding:
    """Two values that must be equal; digests are shown by their first digits."""
    if isinstance(got, Mapping) and isinstance(expected, Mapping):
        odd = sorted(key for key in got.keys() | expected if got.get(key) != expected.get(key))
        return told(name, not odd, f"The {what} are those recorded.", f"The {what} differ: {', '.join(odd[:SHOWN])}.")
    shown = (str(one)[:12] if isinstance(one, str) else str(one)[:80] for one in (got, expected))
    bad = "The {} is recorded as {}, computed again it is {}.".format(what, *shown)
    return told(name, got == expected, f"The {what} is the one recorded.", bad)
