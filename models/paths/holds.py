"""A driver held at a value from a year on: as a value, and as people write it, ``C11=usual@2027``."""

import re
from collections.abc import Iterable
from typing import Self

from data.csv.numbers import finite_number
from data.values import frozen
from models.errors import AssumptionError
from models.measures.drivers import DRIVER_CLAIMS

TODAY, USUAL, LOWEST, HIGHEST, YES, NO = LEVELS = ("today", "usual", "lowest", "highest", "yes", "no")
"""Values with a name: as the forecast uses it now, its mean of 1992-2020, its lowest and highest year so far; yes and
no of drivers that know nothing else."""
SDS = re.compile(r"([+-]\d(?:\.\d{1,3})?)sd", re.ASCII)
_WRITTEN = re.compile(r"(?P<claim>[^=@]+)=(?P<level>[^=@]+)(?:@(?P<start>\d{4}))?", re.ASCII)
SHOWN = 40
"""Letters of what could not be read that a message repeats."""
HOW = "write it as C11=usual@2027: a claim, a number in the driver's units or a level, and the first year"


@frozen
class Hold:
    """One driver, held.

    Attributes
    ----------
    claim : str
        Whose driver it is.
    level : float or str
        In the driver's own units; or one of `LEVELS`; or standard deviations from its mean, ``+1.5sd``.
    start : int
        First year of which the driver has this value. It acts on the year after, as all drivers do.

    Raises
    ------
    AssumptionError
        No driver of this name, or no such level.
    """

    claim: str
    level: float | str
    start: int

    def __post_init__(self) -> None:
        if self.claim not in DRIVER_CLAIMS:
            raise AssumptionError(
                f"got the driver {self.claim[:SHOWN]!r}, expected one of {', '.join(DRIVER_CLAIMS)}; no other claim is "
                "measured"
            )
        named = isinstance(self.level, str) and (self.level in LEVELS or SDS.fullmatch(self.level))
        if not named and (isinstance(self.level, str) or finite_number(self.level) is None):
            raise AssumptionError(
                f"driver {self.claim}: got the value {str(self.level)[:SHOWN]!r}, expected a number in its own units, "
                f"one of {', '.join(LEVELS)}, or standard deviations such as +1.5sd; correct it"
            )

    @classmethod
    def read(cls, text: str, start: int) -> Self:
        """From text.

        Parameters
        ----------
        start : int
            First year, where the text says none.
        """
        parts = _WRITTEN.fullmatch(text.strip())
        if parts is None:
            raise AssumptionError(f"got the what-if {text[:SHOWN]!r}, expected CLAIM=VALUE@YEAR; {HOW}")
        level = parts["level"].strip()
        number = finite_number(level)
        return cls(
            claim=parts["claim"].strip(),
            level=level if number is None else number,
            start=start if parts["start"] is None else int(parts["start"]),
        )

    @property
    def text(self) -> str:
        """As `read` takes it."""
        level = self.level if isinstance(self.level, str) else repr(float(self.level))
        return f"{self.claim}={level}@{self.start}"


def require_apart(holds: Iterable[Hold]) -> tuple[Hold, ...]:
    """The holds in the drivers' order, so that the order in which they are given changes nothing.

    Raises
    ------
    AssumptionError
        None, or one driver twice.
    """
    ordered = tuple(sorted(holds, key=lambda hold: DRIVER_CLAIMS.index(hold.claim)))
    claims = [hold.claim for hold in ordered]
    if not claims:
        raise AssumptionError("got no driver to hold, expected at least one; " + HOW)
    if twice := sorted({claim for claim in claims if claims.count(claim) > 1}):
        raise AssumptionError(f"got the driver {twice[0]} held twice, expected once; leave one out")
    return ordered
