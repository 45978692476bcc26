"""What the chances are held against: how often each rule's own answer was yes before, all years since 1992 or ten.

A rule's rows of a year are counted up to the number that settles its question. Jeffreys' rule gives the chance of at
least so many in a year, and years are added up as if independent; for questions that one row settles that is
``1 - (1 - p)^h`` with ``p = (years with a row + 1/2) / (years + 1)``.
"""

from collections.abc import Iterable

import numpy as np

from data.types import Event
from models.outcome.signpost_list import Signpost
from models.signpost_study.questions import FIRST_ORIGIN
from models.signposts.rates import yes_of

EXPANDING, TEN_YEARS = "expanding", "ten_years"
RECENT_YEARS = 10
EARLIEST = FIRST_ORIGIN - RECENT_YEARS + 1
"""First year that either of them reads."""


def yearly_counts(events: Iterable[Event], signpost: Signpost, last: int) -> np.ndarray:
    """Rows of a rule's kind in each year from `EARLIEST` to the last, shape (year,)."""
    years = [event.latest_date.year - EARLIEST for event in events if signpost.rule.matches(event)]
    own = np.array([year for year in years if 0 <= year <= last - EARLIEST], dtype=int)
    return np.bincount(own, minlength=last - EARLIEST + 1)


def own_rate(counts: np.ndarray, signpost: Signpost, ahead: int) -> float:
    """Chance of a yes within some years, from what the rule's own past years held.

    Parameters
    ----------
    counts : ndarray of int, shape (year,)
        Rows of its kind in each past year that counts.
    ahead : int
        Years that the question stays open.
    """
    most = signpost.rule.min_count
    reached = np.array([(counts >= least).sum() + 0.5 for least in range(1, most + 1)]) / (counts.size + 1)
    at_least = np.concatenate([[1.0], reached, [0.0]])
    year, fewer = at_least[:-1] - at_least[1:], np.array([1.0])
    for _ in range(ahead):
        fewer = np.convolve(fewer, year)[:most]
    return float(yes_of(signpost, fewer.sum()))


def yardsticks(counts: np.ndarray, signpost: Signpost, origin: int, ahead: int) -> dict[str, float]:
    """Both references' chances at a year-end, from `yearly_counts`."""
    here = origin - EARLIEST + 1
    spans = {EXPANDING: counts[FIRST_ORIGIN - EARLIEST : here], TEN_YEARS: counts[here - RECENT_YEARS : here]}
    return {name: own_rate(own, signpost, ahead) for name, own in spans.items()}
