"""Rows recorded in each year, and the law of each rule's rate: arrivals in proportion to what is recorded at all."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Self

import numpy as np

from data.days import last_whole_year
from data.types import Event
from data.values import frozen
from models.outcome.signpost_list import Signpost
from models.signposts.constants import SIGNPOSTS_1, SignpostStructure

TABLE = np.geomspace(1e-4, 1e3, 200)
"""Exposures at which a law is tabulated; between them it is read off in the logarithm."""


@frozen(eq=False)
class YearlyRows:
    """What was recorded, year by year.

    Attributes
    ----------
    years : ndarray of int, shape (year,)
    rows : ndarray of int, shape (year,)
        Verified rows that carry tone.
    present : ndarray of bool, shape (signpost, year)
        Whether a row of the signpost's kind is among all verified rows.
    last_whole : int
        The last year that has ended.
    """

    years: np.ndarray
    rows: np.ndarray
    present: np.ndarray
    last_whole: int

    @classmethod
    def of(
        cls,
        events: Iterable[Event],
        signposts: Sequence[Signpost],
        as_of: date,
        structure: SignpostStructure = SIGNPOSTS_1,
    ) -> Self:
        """Of the rows that could be known on a day, the year that has begun with what it holds so far."""
        first = structure.first_year
        known = [e for e in events if e.verified and e.latest_date <= as_of and e.year >= first]
        years = np.arange(first, as_of.year + 1)
        present = np.zeros((len(signposts), years.size), dtype=bool)
        for index, signpost in enumerate(signposts):
            present[index, [event.year - first for event in known if signpost.rule.matches(event)]] = True
        toned = np.array([event.year - first for event in known if not event.is_context], dtype=int)
        rows = np.bincount(toned, minlength=years.size)
        return cls(years=years, rows=rows, present=present, last_whole=last_whole_year(as_of))

    def depth(self, structure: SignpostStructure = SIGNPOSTS_1) -> float:
        """Rows that a coming year will bring, in the middle."""
        whole = self.rows[self.years <= self.last_whole]
        return float(np.median(whole[-structure.depth_years :])) + 0.5


@frozen(eq=False)
class Rates:
    """Posterior laws of the rates on the structure's grid.

    Attributes
    ----------
    weights : ndarray, shape (signpost, point)
        Rows sum to 1.
    grid : ndarray, shape (point,)
        Years with a matching row per `SignpostStructure.unit` recorded rows.
    """

    weights: np.ndarray
    grid: np.ndarray

    @classmethod
    def of(cls, record: YearlyRows, families: Sequence[str], structure: SignpostStructure = SIGNPOSTS_1) -> Self:
        """Prior by family times the fading likelihood of presence; see docs/decisions/0021.

        Parameters
        ----------
        families : sequence of str, one a signpost
            Keys of `SignpostStructure.means`.
        """
        grid, means = structure.grid, np.array([structure.means[family] for family in families])
        # Of the logarithm of a rate, in which the grid is even, up to a constant.
        log_prior = structure.shape * (np.log(grid) - grid / means[:, None])
        # A context row may stand alone in its year; then something was recorded all the same.
        rows = np.where(record.present, np.maximum(record.rows, 1), record.rows) / structure.unit
        fading = structure.memory ** (record.years[-1] - record.years)
        expected = rows[:, :, None] * grid
        with np.errstate(divide="ignore"):
            log_present = np.log(-np.expm1(-expected))
        likelihood = np.where(record.present[:, :, None], log_present, -expected)
        log_posterior = log_prior + np.einsum("t,stg->sg", fading, likelihood)
        raw = np.exp(log_posterior - log_posterior.max(axis=1, keepdims=True))
        return cls(weights=raw / raw.sum(axis=1, keepdims=True), grid=grid)

    def quantile(self, signpost: int, level: float) -> float:
        """Of one rule's rate, between the points of the grid in the logarithm."""
        return float(np.exp(np.interp(level, np.cumsum(self.weights[signpost]), np.log(self.grid))))

    def fewer(self, signpost: int, exposure: np.ndarray, count: int) -> np.ndarray:
        """Chance of fewer than `count` rows, in the shape of the exposure (rows in the window per unit)."""
        table = fewer_rows(count, TABLE[:, None] * self.grid) @ self.weights[signpost]
        inside = np.interp(np.log(np.maximum(exposure, TABLE[0])), np.log(TABLE), table)
        return np.where(exposure > 0, inside, 1.0)

    def yes(self, signposts: Sequence[Signpost], exposure: np.ndarray) -> np.ndarray:
        """Chance of a recorded yes for windows of a known exposure, shape (signpost,) as the exposure."""
        return np.array(
            [yes_of(s, self.fewer(i, exposure[i], s.rule.min_count)) for i, s in enumerate(signposts)], dtype=float
        )


def fewer_rows(count: int, expected: np.ndarray) -> np.ndarray:
    """Chance that fewer than `count` rows come where so many are expected (Poisson), in the shape of `expected`."""
    from scipy.special import pdtr  # half a second, which the first page need not wait for

    return pdtr(count - 1, expected)


def yes_of(signpost: Signpost, fewer: np.ndarray) -> np.ndarray:
    """Chance of a yes from that of fewer rows than settle the question."""
    return fewer if signpost.rule.none_expected else 1 - fewer
