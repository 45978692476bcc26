"""What chances are held against: how often each rule's own answer was yes before, in all years since 1992 or in ten.

A rule's rows of a year are counted up to the number that settles its question. Jeffreys' rule gives the chance of at
least so many in a year, and years are added up as if independent; for questions that one row settles that is
``1 - (1 - p)^h`` with ``p = (years with a row + 1/2) / (years + 1)``. Of a year that has begun, each row comes later
with the chance of what is left of it.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from math import comb
from types import MappingProxyType

import numpy as np

from data.types import Evidence
from models.outcome.signpost_list import Signpost
from models.signposts.board import Board
from models.signposts.rates import yes_of

EXPANDING, TEN_YEARS = "expanding", "ten_years"
YARDSTICKS = (EXPANDING, TEN_YEARS)
FIRST_YEAR = 1992
RECENT_YEARS = 10


@lru_cache(maxsize=4)
def yardsticks(board: Board, evidence: Evidence) -> Mapping[str, np.ndarray]:
    """Chance of a recorded yes of every open signpost by its own past alone, by `YARDSTICKS`, each (signpost,).
    No setting moves it: once a board.

    Parameters
    ----------
    evidence : Evidence
        That the board was made on.
    """
    last = board.law.record.last_whole
    spans = {EXPANDING: range(FIRST_YEAR, last + 1), TEN_YEARS: range(last - RECENT_YEARS + 1, last + 1)}
    chances = {}
    for name, years in spans.items():
        own = [
            own_rate(_counts(evidence, one, years), one, board.coming.open_to(one), board.needed(index))
            for index, one in enumerate(board.open)
        ]
        chances[name] = np.array(own)
    return MappingProxyType(chances)


def own_rate(counts: np.ndarray, signpost: Signpost, left: Sequence[float], needed: int) -> float:
    """Chance of a yes within some years, from what the rule's own past years held.

    Parameters
    ----------
    counts : ndarray of int, shape (year,)
        Rows of its kind in each past year that counts.
    left : sequence of float
        Share of each coming year that is still open to the question.
    needed : int
        Rows that settle it.
    """
    reached = np.array([(counts >= least).sum() + 0.5 for least in range(1, needed + 1)]) / (counts.size + 1)
    at_least = np.concatenate([[1.0], reached, [0.0]])
    year, fewer = at_least[:-1] - at_least[1:], np.array([1.0])
    for share in left:
        fewer = np.convolve(fewer, year @ _thinned(share, needed))[:needed]
    return float(yes_of(signpost, fewer.sum()))


def _counts(evidence: Evidence, signpost: Signpost, years: Sequence[int]) -> np.ndarray:
    """Rows of a rule's kind in each year, shape (year,)."""
    own = [event.latest_date.year for event in evidence.events if signpost.rule.matches(event)]
    return np.array([own.count(year) for year in years])


def _thinned(share: float, most: int) -> np.ndarray:
    """Law of how many of some rows (line) fall into a share of the year, shape (most + 1, most + 1)."""
    number = range(most + 1)
    return np.array([[comb(n, k) * share**k * (1 - share) ** max(n - k, 0) for k in number] for n in number])
