"""What stands behind a claim: rows of the ledger and series, and back from these to the claims that they speak to."""

from __future__ import annotations

from collections.abc import Iterable

from data.types import Claim

LEDGER = "ledger:"


def mechanism_of(claim: Claim) -> str:
    """The mechanism whose rows of the ledger speak to a claim."""
    named = [name.removeprefix(LEDGER) for name in claim.indicators if name.startswith(LEDGER)]
    return named[0] if named else claim.mechanism


def series_of(claim: Claim, available: Iterable[str]) -> tuple[str, ...]:
    """The series that measure a claim, as `file.column`: of a table that it names whole, every column."""
    named = set(claim.indicators)
    return tuple(name for name in available if name in named or name.partition(".")[0] in named)


def claims_of(claims: Iterable[Claim], series: str) -> tuple[Claim, ...]:
    """The claims that a series measures."""
    return tuple(claim for claim in claims if series_of(claim, (series,)))


def claims_on(claims: Iterable[Claim], mechanism: str) -> tuple[Claim, ...]:
    """The claims that rows with a mechanism speak to."""
    return tuple(claim for claim in claims if mechanism_of(claim) == mechanism)
