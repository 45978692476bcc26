"""The labels as the ordered regression reads them: year-ends in pairs, and the drivers that act between them."""

import numpy as np

from data.days import last_whole_year
from data.types import Evidence
from data.values import frozen
from models.base_rate.booked import Booked
from models.errors import OutcomeError
from models.measures.driver_table import DriverTable
from models.measures.drivers import DRIVER_CLAIMS
from models.names import STATES, Scenario
from models.outcome.rule import RULE, OutcomeRule, yearly_codes

FIRST_YEAR = 1992
"""First labelled year-end that counts: the Russian Federation's first, and the start of the drivers' scaling."""


@frozen(eq=False)
class Transitions:
    """Pairs of neighbouring year-ends, oldest first.

    Attributes
    ----------
    years : ndarray of int, shape (transition,)
        Year of the later year-end.
    before, after : ndarray of int, shape (transition,)
        State 0 rupture … 3 deeper cooperation at the two year-ends; transactional stands in where there is no label.
    drivers : ndarray, shape (transition, driver)
        Standardised drivers of the earlier year, 0 where masked.
    seen : ndarray of float, shape (transition,)
        1 for a transition that counts; 0 where a year-end is annulled or, padding, later than the reference date.
    current : int
        State at the last year-end.
    origin : ndarray, shape (driver,)
        Drivers of the last whole year; forecasts hold them there.
    booked : Booked or None
        What is known of the year that has begun at the reference date.

    Raises
    ------
    OutcomeError
        A state that is none of the four, or arrays that do not belong together.
    """

    years: np.ndarray
    before: np.ndarray
    after: np.ndarray
    drivers: np.ndarray
    seen: np.ndarray
    current: int
    origin: np.ndarray
    booked: Booked | None = None

    def __post_init__(self) -> None:
        shapes = {"before": self.years.shape, "after": self.years.shape, "seen": self.years.shape}
        shapes["drivers"] = (self.years.size, self.origin.size)
        for name, shape in shapes.items():
            if getattr(self, name).shape != shape:
                raise OutcomeError(
                    f"got {name} of shape {getattr(self, name).shape} for {self.years.size} transitions and "
                    f"{self.origin.size} drivers, expected {shape}; build them with read_transitions"
                )
        labels = np.r_[self.before, self.after, self.current]
        if not np.all(np.isin(labels, np.arange(len(STATES)))):
            raise OutcomeError(
                f"got states {sorted(set(labels.tolist()))}, expected codes 0 to {len(STATES) - 1}; "
                "give an annulled year-end no weight and forecast from a labelled one"
            )
        for name in ("years", "before", "after", "drivers", "seen", "origin"):
            getattr(self, name).flags.writeable = False


def read_transitions(
    evidence: Evidence, drivers: DriverTable, last_year: int | None = None, rule: OutcomeRule = RULE
) -> Transitions:
    """Label the year-ends since 1992 and pair them with the drivers of the year before.

    Parameters
    ----------
    evidence : Evidence
        Its ``as_of`` is the reference date.
    drivers : DriverTable
        Of the same evidence.
    last_year : int, optional
        Pad with transitions of no weight up to this year, so that a model compiled once fits every reference date.
    rule : OutcomeRule
        That labels the year-ends: of something stored, the one that it was made under.

    Raises
    ------
    OutcomeError
        The reference date has no label, or lies after `last_year` or before the first transition.
    """
    here = last_whole_year(evidence.as_of)
    end = here if last_year is None else last_year
    if not FIRST_YEAR < here <= end:
        raise OutcomeError(
            f"got labels up to {here} for {FIRST_YEAR + 1}-{end}, expected them to end in between; "
            "choose another date or pad further"
        )
    labels = np.full(end - FIRST_YEAR + 1, -1)
    labels[: here - FIRST_YEAR + 1] = yearly_codes(evidence.events, FIRST_YEAR, here, rule)
    design = np.zeros((end - FIRST_YEAR, len(DRIVER_CLAIMS)))
    design[: here - FIRST_YEAR] = np.nan_to_num(drivers.standardised.loc[FIRST_YEAR : here - 1].to_numpy())
    states = np.where(labels < 0, Scenario.TRANSACTIONAL.code, labels)
    return Transitions(
        years=np.arange(FIRST_YEAR + 1, end + 1),
        before=states[:-1],
        after=states[1:],
        drivers=design,
        seen=((labels[:-1] >= 0) & (labels[1:] >= 0)).astype(float),
        current=int(labels[here - FIRST_YEAR]),
        origin=drivers.origin.to_numpy(dtype=float).copy(),
        booked=Booked.of(evidence, rule),
    )
