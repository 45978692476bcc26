"""The certificate that a stored fit carries: every acceptance check by name, and whether it passed."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One named acceptance check: what was measured, against which threshold, and what failing would mean."""

    name: str
    passed: bool
    value: float
    threshold: str
    meaning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnostics:
    """The certificate of a fit."""

    checks: tuple[Check, ...]

    @property
    def passed(self) -> bool:
        """Whether every check passed."""
        return all(check.passed for check in self.checks)

    @property
    def failures(self) -> tuple[Check, ...]:
        """The checks that did not pass."""
        return tuple(check for check in self.checks if not check.passed)


def plain_checks(diagnostics: Diagnostics) -> list[dict[str, object]]:
    """Checks as JSON values; one that could not be computed has the value None, since JSON knows no NaN."""
    finite = {check: check.value if math.isfinite(check.value) else None for check in diagnostics.checks}
    return [{**asdict(check), "value": value} for check, value in finite.items()]


def read_checks(plain: Sequence[Mapping]) -> Diagnostics:
    """From `plain_checks`."""
    values = (math.nan if one["value"] is None else one["value"] for one in plain)
    return Diagnostics(checks=tuple(Check(**{**one, "value": value}) for one, value in zip(plain, values, strict=True)))
