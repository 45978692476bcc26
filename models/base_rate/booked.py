"""What the rows of a year that has begun say to models that only know labels, M0 and M2."""

from typing import Self

import numpy as np

from data.days import is_year_end, last_whole_year
from data.types import Evidence
from data.values import frozen
from models.base_rate.rival import moving_average
from models.measures.readings import read_ledger
from models.measures.structure import ALIGNMENT
from models.outcome.rule import OutcomeRule, yearly_readings


@frozen(eq=False)
class Booked:
    """The end of the year that has begun, from its rows so far and a simulated rest.

    Attributes
    ----------
    share : float
        Of the year that has passed, 0 to 1.
    states : ndarray, shape (state,)
        Chances that the year ends in each state: the booked rows as they are, the rest by the moving average.
    """

    share: float
    states: np.ndarray

    @classmethod
    def of(cls, evidence: Evidence, rule: OutcomeRule) -> Self | None:
        """At the reference date; None on a 31 December."""
        if is_year_end(evidence.as_of):
            return None
        so_far = read_ledger(evidence, rule).so_far
        means, breaks = yearly_readings(evidence.events, ALIGNMENT.first_year, last_whole_year(evidence.as_of), rule)
        states = moving_average(means, breaks, rule, so_far=so_far).probabilities.state[0]
        return cls(share=so_far.share, states=states)

    def blend(self, chain: np.ndarray) -> np.ndarray:
        """Law of the state at this year's end, from what a chain of whole years says of it, shape (..., state).

        A chain knows nothing of rows. It keeps its say for the share of the year that is still to come, and loses it to
        the books day by day: on the first it says what it said at the last year-end, on the last the year's label.
        """
        return (1 - self.share) * chain + self.share * self.states
