"""What a signpost's rule would have counted in the past: it must resolve on that before it gets a chance."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from data.types import Event
from data.values import frozen
from models.outcome.signpost_list import Signpost

SINCE = 1992
"""First year with today's two states, and with rows in every year since."""
NEVER = "No past row: never seen in the ledger, so that any chance rests on the prior alone."


@frozen
class PastRows:
    """The verified rows that a signpost's rule counts, whenever they happened.

    Attributes
    ----------
    rows : tuple of Event
        The earliest first; none where the rule has never seen one.
    """

    signpost: Signpost
    rows: tuple[Event, ...]

    @property
    def years(self) -> tuple[int, ...]:
        """Years with a row, each once, in order."""
        return tuple(sorted({event.year for event in self.rows}))

    @property
    def first(self) -> Event | None:
        """The earliest row, if any."""
        return self.rows[0] if self.rows else None

    @property
    def last(self) -> Event | None:
        """The latest row, if any."""
        return self.rows[-1] if self.rows else None

    def answers(self, last: int, first: int = SINCE) -> dict[int, bool]:
        """What the question would have been answered, yes or no, had it been asked about each whole year alone.

        Parameters
        ----------
        last, first : int
            Years of which the ledger holds rows: in a silent one no answer could be believed.
        """
        counts = dict.fromkeys(range(first, last + 1), 0)
        for event in self.rows:
            if event.year in counts:
                counts[event.year] += 1
        rule = self.signpost.rule
        return {year: (count >= rule.min_count) != rule.none_expected for year, count in counts.items()}


def past_rows(signpost: Signpost, events: Iterable[Event], until: date | None = None) -> PastRows:
    """The rows among `events` that a signpost's rule counts, wherever its window lies.

    Parameters
    ----------
    until : date, optional
        Last day on which a row can have become known; without it all rows given.
    """
    known = (event for event in events if until is None or event.latest_date <= until)
    rows = sorted((event for event in known if signpost.rule.matches(event)), key=lambda row: (row.latest_date, row.id))
    return PastRows(signpost=signpost, rows=tuple(rows))


def past_text(signpost: Signpost, events: Iterable[Event]) -> str:
    """Say in words what would have counted before the question opened: in how many years, and the latest row."""
    past = past_rows(signpost, events, until=signpost.opens)
    if past.last is None:
        return NEVER
    recent = [year for year in past.years if year >= SINCE]
    asked = signpost.opens.year - SINCE + 1
    often = f"A row in {len(recent)} of {asked} years since {SINCE}" if recent else f"No row since {SINCE}"
    counts = "Would have said no" if signpost.rule.none_expected else "Would have counted"
    return f"{often}, the last in {past.years[-1]}. {counts}: {past.last.id}. {past.last.summary}"
