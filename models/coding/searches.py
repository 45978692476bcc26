"""What each search for rows found, by sign: the same history dug deeper, and what that cannot say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from data.readings import Reading
from data.types import Event
from data.values import frozen

LATE_FRICTION = (
    "How late friction surfaces cannot be measured from this ledger: a row holds the day of the act or, for a leak, "
    "of its publication, and never both. What the searches can show is whether digging deeper into the same years "
    "brought up more friction than the first look did, and that depends on where one digs."
)
SEARCHES = ("first", "second")
"""The two searches of the same years, and the order in which they were made; the third is of later years."""


@frozen
class SearchTally:
    """What one search found, counted by direction; rows for context have no tone and are counted apart.

    Attributes
    ----------
    space : bool
        Whether the rows are those of the three space domains only.
    mean : float or None
        Mean intensity of the rows that have a tone.
    """

    search: str
    space: bool
    rows: int
    cooperative: int
    hostile: int
    mixed: int
    context: int
    mean: float | None

    @property
    def hostile_share(self) -> float | None:
        """Hostile rows among those with a tone; None without any."""
        toned = self.cooperative + self.hostile + self.mixed
        return self.hostile / toned if toned else None


@frozen
class Pull:
    """What the second search did to the plain mean of a year's intensities, by the sign that it had before.

    Attributes
    ----------
    sign : int
        +1 for years whose mean over the first search's rows was above nought, -1 for those below.
    years : int
        Years with rows of both searches.
    before, after : float
        Mean of those years' means, over the first search's rows and over both searches' rows.
    """

    sign: int
    years: int
    before: float
    after: float


def search_tallies(events: Iterable[Event], readings: Sequence[Reading]) -> tuple[SearchTally, ...]:
    """Count what the first and the second search found in the years that both looked at, in all and in space."""
    found = _searched(events, readings)
    return tuple(
        _tally(search, space, [event for event in found[search] if event.is_space or not space])
        for space in (False, True)
        for search in SEARCHES
    )


def pulls(events: Iterable[Event], readings: Sequence[Reading]) -> tuple[Pull, ...]:
    """How far the second search pulled yearly means, apart for warm and for cold years."""
    found = _searched(events, readings)
    first, second = ({year: _of_year(found[search], year) for year in _years(found[search])} for search in SEARCHES)
    both = sorted(first.keys() & second.keys())
    before = {year: _mean(first[year]) for year in both}
    after = {year: _mean([*first[year], *second[year]]) for year in both}
    return tuple(
        Pull(
            sign=sign,
            years=len(years),
            before=_mean([before[year] for year in years]),
            after=_mean([after[year] for year in years]),
        )
        for sign in (1, -1)
        if (years := [year for year in both if before[year] * sign > 0])
    )


def _searched(events: Iterable[Event], readings: Sequence[Reading]) -> dict[str, list[Event]]:
    """Rows by search, of the years up to the first search's last."""
    of = {reading.id: reading.search for reading in readings}
    kept = [event for event in events if of.get(event.id) in SEARCHES]
    last = max((event.year for event in kept if of[event.id] == SEARCHES[0]), default=0)
    return {name: [event for event in kept if of[event.id] == name and event.year <= last] for name in SEARCHES}


def _tally(search: str, space: bool, events: Sequence[Event]) -> SearchTally:
    count = {name: sum(event.direction == name for event in events) for name in _DIRECTIONS}
    toned = [event.intensity for event in events if not event.is_context]
    return SearchTally(
        search=search,
        space=space,
        rows=len(events),
        mean=_mean(toned) if toned else None,
        **{field: count[name] for name, field in _DIRECTIONS.items()},
    )


_DIRECTIONS = {"cooperation": "cooperative", "conflict": "hostile", "mixed": "mixed", "context": "context"}


def _years(events: Sequence[Event]) -> set[int]:
    return {event.year for event in events if not event.is_context}


def _of_year(events: Sequence[Event], year: int) -> list[int]:
    return [event.intensity for event in events if event.year == year and not event.is_context]


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)
