"""Would rows that the ledger leaves out change an answer? Then it is disputed, and these are the rows."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from data.load import load_events
from data.receipts import DATA_FOLDER
from data.types import Event
from data.values import frozen
from models.outcome.rule import RULE, OutcomeRule, resolve, yearly_readings
from models.outcome.signpost_list import Signpost
from models.outcome.signposts import resolve_signpost

READ = "read"
MOST_NAMED = 20
"""Rows named in a note: more could not be looked through."""


@frozen
class LabelDoubt:
    """An answer that would be another one.

    Attributes
    ----------
    which : str
        Kind of the rows that would change it: "unverified", "reserve", or "unverified and reserve".
    other : str
        What the answer would be with them.
    events : tuple of str
        Ids of the rows that change it alone, or, where none does, of all of this kind that count.
    """

    which: str
    other: str
    events: tuple[str, ...]


def doubtful_events(folder: Path = DATA_FOLDER) -> tuple[Event, ...]:
    """Rows that the default ledger leaves out: those not verified, and those of the reserve."""
    return tuple(event for event in load_events(folder, include_reserve=True) if event.reserve or not event.verified)


def label_doubt(
    events: Sequence[Event], year: int, doubtful: Iterable[Event], rule: OutcomeRule = RULE
) -> LabelDoubt | None:
    """What would make a year-end's label another one, or None."""
    window = [event for event in doubtful if year - rule.memory_years < event.year <= year and not event.is_context]

    def label(more: Sequence[Event]) -> str:
        state = resolve([*events, *more], year, rule).state
        return state.value if state else "no label"

    return _doubt(label, window)


def year_mean(events: Iterable[Event], year: int, rule: OutcomeRule) -> float:
    """A year's own mean, NaN without an act that weighs anything."""
    return float(yearly_readings(events, year, year, rule)[0][0])


def mean_doubt(
    events: Sequence[Event], year: int, doubtful: Iterable[Event], rule: OutcomeRule = RULE
) -> LabelDoubt | None:
    """What would move a year's own mean by more than makes a year better or worse under the rule, or None."""
    plain, most = year_mean(events, year, rule), max(map(abs, rule.word_cuts), default=math.inf)

    def mean(more: Sequence[Event]) -> str:
        value = year_mean([*events, *more], year, rule)
        return f"{value if abs(value - plain) > most else plain:+.2f}"

    return _doubt(mean, [event for event in doubtful if event.year == year and not event.is_context])


def signpost_doubt(
    signpost: Signpost, events: Sequence[Event], doubtful: Iterable[Event], as_of: date
) -> LabelDoubt | None:
    """What would make a signpost's answer another one, or None."""
    rows = [_believed(event) for event in doubtful if signpost.opens < event.latest_date <= signpost.deadline]

    def answer(more: Sequence[Event]) -> str:
        return resolve_signpost(signpost, [*events, *more], as_of).status

    return _doubt(answer, [event for event in rows if signpost.rule.matches(event)])


def _doubt(answer, rows: Sequence[Event]) -> LabelDoubt | None:
    plain = answer(())
    for which, some in _kinds(rows):
        if (other := answer(some)) != plain:
            alone = [event.id for event in some if answer([event]) != plain]
            return LabelDoubt(
                which=which, other=other, events=tuple(alone or [event.id for event in some])[:MOST_NAMED]
            )
    return None


def _kinds(rows: Sequence[Event]) -> Iterator[tuple[str, list[Event]]]:
    reserve = [event for event in rows if event.reserve]
    unverified = [event for event in rows if not event.reserve]
    yield "unverified", unverified
    yield "reserve", reserve
    yield "unverified and reserve", list(rows)


def _believed(event: Event) -> Event:
    """The row as if its page had been found, which a signpost's rule asks for."""
    return event if event.verified else replace(event, source_kind=READ, source=replace(event.source, kind=READ))
