"""The toned rows of a ledger as arrays, and many altered ledgers read and labelled at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

import numpy as np

from data.types import Event
from data.values import frozen
from models.outcome.rule import RULE, OutcomeRule, classify, mean_where_known

if TYPE_CHECKING:
    from data.readings import Reading

FIRST_SEARCH = "first"
"""The search that made the first edition of the ledger; later ones dug into the same years more deeply."""


@frozen(eq=False)
class Ledger:
    """The toned rows, one entry a row; context rows are left out.

    Attributes
    ----------
    year : ndarray of int, shape (row,)
    intensity : ndarray of int, shape (row,)
    space, breaking : ndarray of bool, shape (row,)
        Whether the row is of a space domain; whether an act of its kind can break a year under the rule.
    first_search : ndarray of bool, shape (row,)
        Whether the first search found the row.
    second_reading : ndarray of int, shape (row,)
        Intensity by the second reader; that of the ledger where a row was read once.
    first, last : int
        Year-ends that are labelled.
    """

    year: np.ndarray
    intensity: np.ndarray
    space: np.ndarray
    breaking: np.ndarray
    first_search: np.ndarray
    second_reading: np.ndarray
    first: int
    last: int

    @classmethod
    def of(
        cls, events: Iterable[Event], readings: Iterable[Reading], years: tuple[int, int], rule: OutcomeRule = RULE
    ) -> Ledger:
        """Arrays of the rows that carry tone, up to the end of the last of `years`, in ledger order."""
        rows = [event for event in events if not event.is_context and event.year <= years[1]]
        read = {reading.id: reading for reading in readings}
        return cls(
            year=np.array([event.year for event in rows], dtype=int),
            intensity=np.array([event.intensity for event in rows], dtype=int),
            space=np.array([event.is_space for event in rows], dtype=bool),
            breaking=np.array([rule.may_break(event) for event in rows], dtype=bool),
            first_search=np.array([_found_first(read, event) for event in rows], dtype=bool),
            second_reading=np.array([_read_again(read, event) for event in rows], dtype=int),
            first=years[0],
            last=years[1],
        )

    @property
    def years(self) -> np.ndarray:
        """Year-ends that are labelled, shape (year,)."""
        return np.arange(self.first, self.last + 1)


@frozen(eq=False)
class Altered:
    """One way in which the ledger might have come out, in one draw or many.

    Attributes
    ----------
    kept : ndarray of bool, shape (draw, row)
        Rows that survive in each draw.
    intensity : ndarray of int, shape (draw, row) or (row,)
        Intensities of each draw.
    meaning : str
        One sentence for the reader.
    """

    name: str
    kept: np.ndarray
    intensity: np.ndarray
    meaning: str


@frozen
class Weighing:
    """How an act counts inside its year.

    Attributes
    ----------
    severity : callable
        Weight of an act by its intensity, beside that of its domain.
    content : callable, optional
        What is averaged; the intensity itself where not given.
    """

    name: str
    severity: Callable[[np.ndarray], np.ndarray]
    content: Callable[[np.ndarray], np.ndarray] = np.asarray


def windows(
    ledger: Ledger, altered: Altered, rule: OutcomeRule = RULE, weighing: Weighing | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Read many altered ledgers as the rule does.

    Parameters
    ----------
    weighing : Weighing, optional
        Another way for an act to count than the rule's own.

    Returns
    -------
    means : ndarray, shape (draw, year, memory)
        Yearly means that the label of each year-end rests on, oldest first; NaN where nothing is left that weighs.
    breaks : ndarray of bool, shape (draw, year)
    """
    how = weighing or Weighing(name=rule.version, severity=rule.severity)
    start = ledger.first - rule.memory_years + 1
    by_year = (ledger.year[:, None] == np.arange(start, ledger.last + 1)).astype(float)
    domain = np.where(ledger.space, rule.space_weight, rule.other_weight)
    weight = altered.kept * (domain * how.severity(altered.intensity))
    means = mean_where_known((weight * how.content(altered.intensity)) @ by_year, weight @ by_year)
    broken = altered.kept & ledger.breaking & (altered.intensity <= rule.break_intensity)
    breaks = broken.astype(float) @ by_year > 0
    shown = np.lib.stride_tricks.sliding_window_view(means, rule.memory_years, axis=-1)
    return shown, breaks[:, rule.memory_years - 1 :]


def labels(ledger: Ledger, altered: Altered, rule: OutcomeRule = RULE) -> np.ndarray:
    """Label every year-end under many altered ledgers at once.

    Returns
    -------
    ndarray of int, shape (draw, year)
        Codes of `models.outcome.rule.classify`; -1 where nothing is left within the rule's memory.
    """
    return classify(*windows(ledger, altered, rule), rule)


def _found_first(read: Mapping[str, Reading], event: Event) -> bool:
    return event.id in read and read[event.id].search == FIRST_SEARCH


def _read_again(read: Mapping[str, Reading], event: Event) -> int:
    second = read[event.id].second if event.id in read else None
    return event.intensity if second is None else second.intensity
