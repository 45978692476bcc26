"""Each rule's own frequencies at a past year-end: the references of `models.signposts.yardsticks` as they were."""

from collections.abc import Iterable

import numpy as np

from data.types import Event
from models.outcome.signpost_list import Signpost
from models.signpost_study.questions import FIRST_ORIGIN
from models.signposts.yardsticks import EXPANDING, RECENT_YEARS, TEN_YEARS, own_rate

EARLIEST = FIRST_ORIGIN - RECENT_YEARS + 1
"""First year that either of them reads."""


def yearly_counts(events: Iterable[Event], signpost: Signpost, last: int) -> np.ndarray:
    """Rows of a rule's kind in each year from `EARLIEST` to the last, shape (year,)."""
    years = [event.latest_date.year - EARLIEST for event in events if signpost.rule.matches(event)]
    own = np.array([year for year in years if 0 <= year <= last - EARLIEST], dtype=int)
    return np.bincount(own, minlength=last - EARLIEST + 1)


def yardsticks(counts: np.ndarray, signpost: Signpost, origin: int, ahead: int) -> dict[str, float]:
    """Both references' chances at a year-end, from `yearly_counts`."""
    here = origin - EARLIEST + 1
    spans = {EXPANDING: counts[FIRST_ORIGIN - EARLIEST : here], TEN_YEARS: counts[here - RECENT_YEARS : here]}
    whole, needed = [1.0] * ahead, signpost.rule.min_count
    return {name: own_rate(own, signpost, whole, needed) for name, own in spans.items()}
