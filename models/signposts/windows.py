"""The years that are left to a question, and how many rows they will bring."""

from datetime import date

import numpy as np

from data.days import horizons_from, is_year_end
from data.values import frozen
from models.measures.year_so_far import share_passed
from models.outcome.signpost_list import Signpost
from models.signposts.constants import SIGNPOSTS_1, SignpostStructure

GOLDEN = (np.sqrt(5) - 1) / 2
"""Multiples of it fill the unit interval evenly, from wherever one starts."""


@frozen(eq=False)
class Coming:
    """The years that a forecast from a reference date simulates.

    Attributes
    ----------
    years : tuple of int
        One a horizon; the first may have begun.
    left : ndarray, shape (year,)
        Share of each year's rows that are still to come: 1, but for a year that has begun.
    ahead : ndarray, shape (year,)
        Years from the reference date to each year's end.
    """

    years: tuple[int, ...]
    left: np.ndarray
    ahead: np.ndarray

    @classmethod
    def after(cls, reference: date, structure: SignpostStructure = SIGNPOSTS_1) -> "Coming":
        """The years that follow a day."""
        horizons = horizons_from(reference)
        begun = not is_year_end(reference)
        left = np.ones(len(horizons))
        if begun:
            left[0] = 1 - arrived(reference, structure)
        passed = share_passed(reference) if begun else 1.0
        ahead = np.array([horizon + 1 - passed for horizon in horizons])
        return cls(years=tuple(reference.year + horizon for horizon in horizons), left=left, ahead=ahead)

    def open_to(self, signpost: Signpost) -> np.ndarray:
        """Share of each year's rows that can still answer the question, shape (year,)."""
        inside = [signpost.opens.year < year <= signpost.deadline.year for year in self.years]
        return self.left * np.array(inside, dtype=float)

    def rows(self, depth: float, futures: int, structure: SignpostStructure = SIGNPOSTS_1) -> np.ndarray:
        """Rows of each whole year in each of many futures, shape (future, year): one luck for a whole future."""
        from scipy.special import ndtri  # half a second, which the first page need not wait for

        luck = ndtri(((np.arange(futures) + 0.5) * GOLDEN) % 1)
        return depth * np.exp(structure.depth_log_sd * np.sqrt(self.ahead) * luck[:, None])


def arrived(day: date, structure: SignpostStructure = SIGNPOSTS_1) -> float:
    """Share (0-1) of a year's rows that can be known at the end of a day, by the calendar of arrivals."""
    edges = np.arange(5) / 4
    return float(np.interp(share_passed(day), edges, np.concatenate([[0.0], np.cumsum(structure.arrivals)])))
