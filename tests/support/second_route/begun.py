"""The year that has begun, a second time: what its rows weigh, and what the rest of it may bring."""

from __future__ import annotations

from datetime import date
from statistics import median
from typing import Self

import numpy as np

from data.event import Event
from data.types import Evidence
from data.values import frozen
from models.measures.structure import ALIGNMENT, MEASUREMENT, PART_OF_YEAR
from models.outcome.rule import RULE


@frozen
class Begun:
    """The rows so far of a year of which a share is left, in rows and in raw weights of the rule.

    Attributes
    ----------
    left : float
        Share of the year still to come.
    to_come : float
        Rows that this share brings on average.
    weight, total : float
        Of the rows so far: sum of the rule's weights, and of weight times intensity.
    row, reading : float
        Weight of a row still to come, and of the median year's reading.
    broken : bool
        Whether a break act is among the rows.
    """

    left: float
    to_come: float
    weight: float
    total: float
    row: float
    reading: float
    broken: bool

    @classmethod
    def of(cls, evidence: Evidence) -> Self | None:
        """As of the evidence's last day; None on the last day of a year."""
        day = evidence.as_of
        days = date(day.year + 1, 1, 1).toordinal() - date(day.year, 1, 1).toordinal()
        left = (date(day.year, 12, 31).toordinal() - day.toordinal()) / days
        if not left:
            return None
        rows = {year: [] for year in range(ALIGNMENT.first_year, day.year + 1)}
        for event in evidence.events:
            if event.direction != "context" and event.year in rows:
                rows[event.year].append(event)
        now, constants = rows.pop(day.year), PART_OF_YEAR
        usual = sum(len(rows[day.year - back]) for back in range(1, constants.pace_years + 1)) / constants.pace_years
        pace = (constants.pace_weight * usual + len(now)) / (constants.pace_weight + 1 - left)
        late = [RULE.weight(e) for back in range(1, constants.row_years + 1) for e in rows[day.year - back]]
        weights = [RULE.weight(event) for event in now]
        return cls(
            left=left,
            to_come=pace * left,
            weight=sum(weights),
            total=sum(weight * event.intensity for weight, event in zip(weights, now, strict=True)),
            row=sum(late) / len(late),
            reading=_reading(rows.values()),
            broken=any(RULE.is_break(event) for event in now),
        )

    @property
    def readings(self) -> int:
        """Readings that the rest of the year gives."""
        return max(1, round(self.left * MEASUREMENT.simulated_readings))

    def rows(self, rng: np.random.Generator, size: int) -> np.ndarray:
        """Numbers of rows still to come, shape (size,); one at least where nothing weighs yet."""
        rate = self.to_come * rng.lognormal(0.0, PART_OF_YEAR.pace_log_sd, size)
        return np.maximum(rng.poisson(rate), 0 if self.weight else 1)

    def mean(self, rest: np.ndarray, rows: np.ndarray, breaks: np.ndarray, act: float) -> np.ndarray:
        """Mean of the whole year: the rows so far, as many more with the mean `rest`, and break acts among these, each
        of which weighs `act` readings. All of shape (path,)."""
        more, act = rows * self.row, act * self.reading * (breaks & (not self.broken))
        total = self.total + more * rest + act * MEASUREMENT.break_intensity_value
        return total / (self.weight + more + act)


def _reading(years: list[list[Event]]) -> float:
    """Weight of a reading in the median year, break acts apart: its sum of squared weights over its weight."""
    shares = []
    for events in years:
        weights = np.array([RULE.weight(event) for event in events if not RULE.is_break(event)])
        if weights.sum() > 0:
            shares.append(float(weights @ weights / weights.sum()))
    return median(shares)
