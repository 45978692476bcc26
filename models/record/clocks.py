"""Times of saving that contradict each other: the chain proves an order, and a time is what one clock claimed.

Entries that lie in the chain one after the other and claim the same day (UTC) are one witness. Where a later witness
claims an earlier day, one of the two clocks was wrong. Believed is every witness that has to be believed if as few as
possible are to be wrong, that is, one that lies on every longest run of days that never goes backwards; the others are
doubted. One clock that ran ahead or behind is thereby found out as soon as two days of saving agree against it.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from itertools import pairwise

DOUBT = "its time of saving contradicts that of other entries"


def contradicted(entries: Iterable[tuple[int, str]]) -> frozenset[int]:
    """Sequences of the entries whose time of saving cannot be believed.

    Parameters
    ----------
    entries : iterable of (int, str)
        Sequence and ``saved_at`` in the order of the chain; a time that cannot be read says nothing.
    """
    days, groups = _witnesses(entries)
    if all(day <= later for day, later in pairwise(days)):
        return frozenset()
    before = _longest(days)
    after = _longest([-day for day in reversed(days)])[::-1]
    longest = max(before)
    possible = [ahead + behind - 1 == longest for ahead, behind in zip(before, after, strict=True)]
    rivals = Counter(place for place, true in zip(before, possible, strict=True) if true)
    believed = [true and rivals[place] == 1 for place, true in zip(before, possible, strict=True)]
    return frozenset(sequence for group, true in zip(groups, believed, strict=True) if not true for sequence in group)


def _witnesses(entries: Iterable[tuple[int, str]]) -> tuple[list[int], list[list[int]]]:
    days: list[int] = []
    groups: list[list[int]] = []
    for sequence, saved_at in entries:
        try:
            moment = datetime.fromisoformat(saved_at)
            day = moment.astimezone(UTC).toordinal() if moment.tzinfo else None
        except (ValueError, TypeError, OverflowError):
            day = None
        if day is None:
            continue
        if days and days[-1] == day:
            groups[-1].append(sequence)
        else:
            days.append(day)
            groups.append([sequence])
    return days, groups


def _longest(days: Sequence[int]) -> list[int]:
    """Length of the longest run that ends with each day and never goes backwards."""
    tails: list[int] = []
    lengths = []
    for day in days:
        place = bisect_right(tails, day)
        tails[place : place + 1] = [day]
        lengths.append(place + 1)
    return lengths
