"""The year that has begun: what the ledger holds of it by the reference date, and how much may still come."""

from datetime import date
from typing import Self

import numpy as np

from data.days import is_year_end
from data.types import Evidence
from data.values import frozen
from models.measures.structure import PART_OF_YEAR
from models.outcome.rule import OutcomeRule, yearly_readings

MOST_ROWS = 255
"""That may still come: they are stored in a byte, and a year has held 60 at most."""


@frozen
class YearSoFar:
    """The part of a year that has passed.

    Attributes
    ----------
    year : int
    share : float
        Of the year that has passed at the end of the reference date, by the clock, 0 to 1.
    rows : int
        Rows that carry tone, known by then.
    usual : float
        Rows of a whole year: mean of the last whole years.
    weight : float
        Of the rows under the outcome rule, in readings of a median year.
    mean : float
        Their weighted mean, -10 to 10; 0 where nothing weighs.
    broken : bool
        Whether a break act is among them.
    row : float
        Weight of a row still to come, in the unit of `weight`.
    """

    year: int
    share: float
    rows: int
    usual: float
    weight: float
    mean: float
    broken: bool
    row: float

    @classmethod
    def of(cls, evidence: Evidence, rule: OutcomeRule, reading: float) -> Self | None:
        """Of the reference date's year; None on its last day.

        Parameters
        ----------
        reading : float
            Weight of a reading in the median year.
        """
        if is_year_end(evidence.as_of):
            return None
        year = evidence.as_of.year
        toned = [event for event in evidence.events if not event.is_context]
        now = [event for event in toned if event.year == year]
        pace, heavy = (range(year - count, year) for count in (PART_OF_YEAR.pace_years, PART_OF_YEAR.row_years))
        weights = [rule.weight(event) for event in toned if event.year in heavy]
        (mean,), (broken,) = yearly_readings(now, year, year, rule)
        return cls(
            year=year,
            share=share_passed(evidence.as_of),
            rows=len(now),
            usual=sum(event.year in pace for event in toned) / len(pace),
            weight=sum(map(rule.weight, now)) / reading,
            mean=0.0 if np.isnan(mean) else float(mean),
            broken=bool(broken),
            row=float(np.mean(weights)) / reading if weights else 1.0,
        )

    @property
    def expected(self) -> float:
        """Rows that a usual year would have brought by now."""
        return self.usual * self.share

    @property
    def is_thin(self) -> bool:
        """Whether so few rows are known that the answer at the start of the year is shown beside."""
        return self.rows < PART_OF_YEAR.thin_rows

    @property
    def is_late(self) -> bool:
        """Whether fewer than half of the expected rows are known: a lag in recording more likely than calm."""
        return self.rows < self.expected / 2

    @property
    def pace(self) -> float:
        """Rows a year, of the last years and of this one as far as it has passed."""
        before = PART_OF_YEAR.pace_weight
        return (before * self.usual + self.rows) / (before + self.share)

    def rows_to_come(self, rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
        """Simulated numbers of further rows, uint8; at least one where nothing weighs so far."""
        spread = np.exp(PART_OF_YEAR.pace_log_sd * rng.standard_normal(shape))
        rows = rng.poisson(self.pace * (1 - self.share) * spread)
        return np.clip(rows, 0 if self.weight > 0 else 1, MOST_ROWS).astype(np.uint8)

    def whole(self, mean: np.ndarray, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Mean and weight of the whole year, once as many further rows have come with this mean; shapes as given."""
        return whole_year((self.weight, self.mean), mean, rows * self.row)

    def hazard(self, yearly: np.ndarray) -> np.ndarray:
        """Chance that the year is one with a break act, from that of a whole year."""
        return np.ones_like(yearly) if self.broken else 1 - (1 - yearly) ** (1 - self.share)


def whole_year(seen: tuple[float, float], mean: np.ndarray, rest: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean and weight of a year from the weight and mean of what was seen of it, and those of the rest."""
    weight, seen_mean = seen
    total = weight + rest
    return (weight * seen_mean + rest * mean) / total, total


def share_passed(day: date) -> float:
    """Share of a day's year that has passed at its end."""
    start = date(day.year, 1, 1)
    return ((day - start).days + 1) / (date(day.year + 1, 1, 1) - start).days
