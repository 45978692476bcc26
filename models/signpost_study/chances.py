"""Chances by themselves, without simulated ledgers: rates, rows to come, and one luck for a whole future.

The composition of coming years is not heard here: it is taken to be the usual one, of which its effect has the mean 1.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import Self

import numpy as np

from data.types import Event
from data.values import frozen
from models.outcome.signpost_list import Signpost
from models.signpost_study.questions import AHEAD
from models.signposts.constants import SIGNPOSTS_1, SignpostStructure
from models.signposts.rates import Rates, YearlyRows, yes_of
from models.signposts.windows import Coming

FUTURES = 1000
"""Lucks that a chance is the mean over: an even spread of these leaves a few thousandths of a point."""
SIGNPOST_MODEL = "signposts"
NO_EXPOSURE, NO_FADING = "no_exposure", "no_fading"
FLAT = replace(SIGNPOSTS_1, depth_log_sd=0.0)
VARIANTS: Mapping[str, SignpostStructure] = MappingProxyType(
    {SIGNPOST_MODEL: SIGNPOSTS_1, NO_EXPOSURE: FLAT, NO_FADING: replace(SIGNPOSTS_1, memory=1.0)}
)
"""As it is; as if every year recorded the same; as if no year were forgotten."""


@frozen(eq=False)
class Known:
    """What a ledger says of some rules on one day.

    Attributes
    ----------
    signposts : tuple of Signpost
    record : YearlyRows
    rates : Rates
    depth : float
        Rows that a coming year will bring, in the middle.
    structure : SignpostStructure
    """

    signposts: tuple[Signpost, ...]
    record: YearlyRows
    rates: Rates
    depth: float
    structure: SignpostStructure

    @classmethod
    def of(cls, record: YearlyRows, signposts: Sequence[Signpost], structure: SignpostStructure = SIGNPOSTS_1) -> Self:
        """From rows by year."""
        rates = Rates.of(record, [signpost.family for signpost in signposts], structure)
        return cls(
            signposts=tuple(signposts),
            record=record,
            rates=rates,
            depth=record.depth(structure),
            structure=structure,
        )

    @classmethod
    def at(cls, events: Sequence[Event], signposts: Sequence[Signpost], day: date) -> Self:
        """From the ledger as it could be known on a day."""
        return cls.of(YearlyRows.of(events, signposts, day), signposts)

    def varied(self, variant: str) -> Self:
        """One of `VARIANTS` of the same ledger."""
        structure = VARIANTS[variant]
        if variant != NO_EXPOSURE:
            return type(self).of(self.record, self.signposts, structure)
        same = np.full_like(self.record.rows, int(structure.unit))
        return type(self).of(replace(self.record, rows=same), self.signposts, structure).at_depth(structure.unit)

    def at_depth(self, depth: float) -> Self:
        """With other rows to come."""
        return replace(self, depth=depth)

    def by_luck(self, dated: Sequence[Signpost], coming: Coming, seen: Sequence[int] | None = None) -> np.ndarray:
        """Chance of a recorded yes in each of many futures that differ by how much is recorded.

        Parameters
        ----------
        dated : sequence of Signpost
            The rules in their order, with the windows that are asked about.
        coming : Coming
        seen : sequence of int, optional
            Rows that each open window holds already.

        Returns
        -------
        ndarray, shape (signpost, future)
        """
        rows, held = self.rows(coming), seen or [0] * len(dated)
        exposure = [rows @ coming.open_to(signpost) for signpost in dated]
        return np.array([self._yes(index, own, held[index]) for index, own in enumerate(exposure)])

    def rows(self, coming: Coming) -> np.ndarray:
        """Rows of each coming year, per unit, (future, year)."""
        return coming.rows(self.depth, FUTURES, self.structure) / self.structure.unit

    def whole_years(self, origin: int) -> dict[int, np.ndarray]:
        """Chances by luck from a year-end, of each number of whole years ahead, (signpost, future)."""
        so_far = np.cumsum(self.rows(Coming.after(date(origin, 12, 31), self.structure)), axis=1)
        exposure = so_far[:, [ahead - 1 for ahead in AHEAD]]
        yes = np.array([self._yes(index, exposure) for index in range(len(self.signposts))])
        return {ahead: yes[..., place] for place, ahead in enumerate(AHEAD)}

    def _yes(self, index: int, exposure: np.ndarray, seen: int = 0) -> np.ndarray:
        signpost = self.signposts[index]
        return yes_of(signpost, self.rates.fewer(index, exposure, signpost.rule.min_count - seen))
