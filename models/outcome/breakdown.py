"""A label taken apart: what every year and every act adds to the tone, in the rule's own numbers."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from data.types import Event
from data.values import frozen
from models.names import STATES, Scenario
from models.outcome.rule import RULE, Label, OutcomeRule, classify, pulls, resolve, yearly_readings


@frozen
class YearPart:
    """One of the years that a tone is a mean of.

    Attributes
    ----------
    acts : int
        Rows that count.
    mean : float or None
        Weighted mean intensity of its acts, -10 to 10; None for a year in which nothing weighs.
    share : float
        Share (0-1) of the tone's weight.
    part : float
        What it adds to the tone.
    """

    year: int
    acts: int
    mean: float | None
    share: float
    part: float


@frozen
class ActPart:
    """One act of the year itself.

    Attributes
    ----------
    share : float
        Share (0-1) of its year's weight.
    part : float
        What it adds to the tone.
    breaks : bool
        Whether it alone makes its year rupture.
    """

    event: Event
    share: float
    part: float
    breaks: bool


@frozen
class Breakdown:
    """Why a year-end has its label.

    Attributes
    ----------
    label : Label
    without_break : Scenario or None
        What the tone alone would say; the label's own state unless an act broke the year.
    years : tuple of YearPart
        The rule's memory, oldest first; their parts add up to the tone.
    acts : tuple of ActPart
        Acts of the year that count, by what they add, the largest first.
    context : tuple of Event
        Acts of the year by others, which never count.
    """

    label: Label
    without_break: Scenario | None
    years: tuple[YearPart, ...]
    acts: tuple[ActPart, ...]
    context: tuple[Event, ...]


def break_down(events: Iterable[Event], year: int, rule: OutcomeRule = RULE) -> Breakdown:
    """Take the label of one year-end apart.

    Parameters
    ----------
    events : iterable of Event
        The ledger as it may be seen.
    year : int
        As for `models.outcome.rule.resolve`. The year may be still running: the label is then that of what is on the
        books.
    """
    ledger = [event for event in events if year - rule.memory_years < event.year <= year]
    counted = [event for event in ledger if not event.is_context]
    first = year - rule.memory_years + 1
    means, _ = yearly_readings(counted, first, year, rule)
    weight = rule.decay ** np.arange(rule.memory_years - 1, -1, -1.0) * ~np.isnan(means)
    shares = weight / total if (total := float(weight.sum())) else weight
    alone = int(classify(means, np.array(False), rule))
    return Breakdown(
        label=resolve(ledger, year, rule),
        without_break=Scenario(STATES[alone]) if alone >= 0 else None,
        years=tuple(
            _year(counted, first + place, float(mean), float(share))
            for place, (mean, share) in enumerate(zip(means, shares, strict=True))
        ),
        acts=_acts(counted, year, total, rule),
        context=tuple(event for event in ledger if event.is_context and event.year == year),
    )


def _year(counted: list[Event], year: int, mean: float, share: float) -> YearPart:
    known = None if math.isnan(mean) else mean
    return YearPart(
        year=year,
        acts=sum(event.year == year for event in counted),
        mean=known,
        share=share,
        part=share * known if known is not None else 0.0,
    )


def _acts(counted: list[Event], year: int, total: float, rule: OutcomeRule) -> tuple[ActPart, ...]:
    """Acts of the year: the largest part first, those that weigh nothing last and by date."""
    own = [event for event in counted if event.year == year]
    weight = sum(float(rule.weight(event)) for event in own)
    parts = pulls(counted, year, rule)
    acts = [
        ActPart(
            event=event,
            share=float(rule.weight(event)) / weight if weight else 0.0,
            part=float(parts.get(event.id, 0.0) / total) if total else 0.0,
            breaks=rule.is_break(event),
        )
        for event in own
    ]
    return tuple(sorted(acts, key=lambda act: (-abs(act.part), act.event.date, act.event.id)))
