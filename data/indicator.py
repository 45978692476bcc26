"""One numeric series, observation by observation, with its unit, its source and its breaks."""

from __future__ import annotations

import math
from dataclasses import fields
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING

from data.errors import EvidenceError, Problem
from data.values import frozen, settle
from data.vocabulary import is_verified

if TYPE_CHECKING:
    import pandas as pd

LARGEST_VALUE = 1e15
"""World output is about 1e14 dollars: anything above ten times that is a slip of the keyboard."""


@frozen
class Observation:
    """One value and the last day of the period that it describes; a missing value has no observation.

    Attributes
    ----------
    known_from : date
        First day on which the value could be known; the end of its period unless it is given.

    Raises
    ------
    EvidenceError
        The value could be known before its period had ended, is not finite, or has no source label.
    """

    period_end: date
    value: float
    source_kind: str
    note: str = ""
    known_from: date | None = None

    def __post_init__(self) -> None:
        if self.known_from is None:
            settle(self, known_from=self.period_end)
        for column in ("period_end", "known_from"):
            if type(getattr(self, column)) is not date:
                detail = f"got {getattr(self, column)!r}, expected a date"
                raise EvidenceError.of([Problem(column=column, detail=detail)])
        if self.known_from < self.period_end:
            detail = (
                f"got {self.known_from} for a period that ends on {self.period_end}, expected that day or later: "
                "nothing is known of a period before it has ended"
            )
            raise EvidenceError.of([Problem(column="known_from", detail=detail)])
        if not (math.isfinite(self.value) and abs(self.value) <= LARGEST_VALUE):
            detail = f"got {self.value}, expected a finite number of at most {LARGEST_VALUE:g}; leave unknown blank"
            raise EvidenceError.of([Problem(column="value", detail=detail)])
        if not self.source_kind.strip():
            detail = "got nothing beside a value, expected how far its source was seen, such as opened or unverified"
            raise EvidenceError.of([Problem(column="source_kind", detail=detail)])

    @property
    def verified(self) -> bool:
        """Tell whether the figure was read in its source."""
        return is_verified(self.source_kind)

    def seen_by(self, as_of: date, known_on: date) -> bool:
        """Tell whether the period had ended by the one day and its value could be known on the other."""
        return self.period_end <= as_of and self.known_from <= known_on


@frozen
class Indicator:
    """A numeric column of one file, untransformed, with everything needed to cite it.

    Attributes
    ----------
    name : str
        File stem, a dot, and the column (or column and group) it was taken from.
    unit : str
        Unit of `Observation.value`.
    observations : tuple of Observation
        In order of `period_end`, at most one a date.
    definition_breaks : tuple of str
        Where the meaning of the number changes; each starts with the year. Never difference across one.
    """

    name: str
    file: str
    column: str
    title: str
    unit: str
    observations: tuple[Observation, ...]
    citation: str
    licence: str
    definition_breaks: tuple[str, ...] = ()
    caveats: str = ""

    def __post_init__(self) -> None:
        for column in ("name", "title", "unit", "citation", "licence"):
            if not getattr(self, column).strip():
                raise EvidenceError(f"indicator {self.name!r}: got no {column}, expected one")
        ends = [observation.period_end for observation in self.observations]
        if any(later <= earlier for earlier, later in pairwise(ends)):
            raise EvidenceError(f"indicator {self.name!r}: expected observations in order and one a date")

    def annual(self, *, include_unverified: bool = False) -> pd.Series:
        """Return the last observation of each year that has one.

        Parameters
        ----------
        include_unverified : bool
            Also use figures whose source was not seen; by default they are left out.

        Returns
        -------
        pandas.Series
            float64, indexed by int `year`, ascending; years without a figure are absent, never filled.
        """
        import pandas as pd

        kept = [seen for seen in self.observations if include_unverified or seen.verified]
        by_year = {seen.period_end.year: seen.value for seen in kept}
        index = pd.Index(list(by_year), dtype="int64", name="year")
        return pd.Series(list(by_year.values()), index=index, dtype="float64", name=self.name)


DESCRIBED = tuple(field.name for field in fields(Indicator) if field.name != "observations")
"""Everything about an indicator but its figures."""
