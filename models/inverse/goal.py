"""A goal: an outcome, on the day or at least once by it, and the probability that it should reach."""

from datetime import date
from types import MappingProxyType
from typing import Self

from data.days import horizons_from
from data.values import frozen
from models.errors import AssumptionError
from models.names import STATES, TARGET_DEEPER, TARGET_RUPTURE, TARGET_STATE, Scenario

LEAST, MOST = 0.001, 0.999
EVER = MappingProxyType({Scenario.RUPTURE.value: TARGET_RUPTURE, Scenario.DEEPER.value: TARGET_DEEPER})
"""States that are also forecast as “at least once by”, with their target."""
YES = "yes"


@frozen
class Goal:
    """A probability (0-1) that an outcome should reach in the mixture.

    Attributes
    ----------
    target, outcome : str
        As in the results table: a state at a year-end, or "yes" to whether it was reached by then.
    horizon : int
        Year-end, as years after the reference date's own.
    probability : float

    Raises
    ------
    AssumptionError
        A probability outside 0.1 to 99.9 %, or a target or outcome that no forecast speaks of.
    """

    target: str
    horizon: int
    outcome: str
    probability: float

    def __post_init__(self) -> None:
        known = {TARGET_STATE: STATES, **dict.fromkeys(EVER.values(), (YES,))}
        if self.target not in known:
            raise AssumptionError(f"got the target {self.target!r}, expected one of {', '.join(known)}; choose another")
        if self.outcome not in known[self.target]:
            raise AssumptionError(
                f"got the outcome {self.outcome!r}, expected one of {', '.join(known[self.target])}; choose another"
            )
        if not LEAST <= self.probability <= MOST:
            raise AssumptionError(
                f"got a goal of {100 * self.probability:g} %, expected {100 * LEAST:g} to {100 * MOST:g} %; choose "
                "another chance"
            )

    @classmethod
    def asked(cls, state: str, year: int, probability: float, reference: date, ever: bool = False) -> Self:
        """As a person asks: by the calendar year whose end it is about.

        Parameters
        ----------
        state : str
            One of the four.
        ever : bool
            At least once by that year-end, which is forecast of rupture and deeper cooperation.
        reference : date
            From which the forecast counts.

        Raises
        ------
        AssumptionError
            As for the goal itself, or a year-end that the forecast does not speak of.
        """
        if ever and state not in EVER:
            raise AssumptionError(
                f"got “at least once by” of {state!r}, expected it of {' or '.join(EVER)}; ask for the state on the day"
            )
        target, outcome = (EVER[state], YES) if ever else (TARGET_STATE, state)
        goal = cls(target=target, horizon=year - reference.year, outcome=outcome, probability=probability)
        goal.require_open(reference)
        return goal

    def require_open(self, reference: date) -> None:
        """Refuse a year-end that a forecast from a day does not speak of.

        Raises
        ------
        AssumptionError
        """
        if self.horizon not in (open_ones := horizons_from(reference)):
            first, last = reference.year + open_ones[0], reference.year + open_ones[-1]
            when = "has passed" if self.horizon < open_ones[0] else "is too far off"
            raise AssumptionError(
                f"got the year-end {reference.year + self.horizon}, which {when} for a forecast from {reference}; "
                f"expected {first} to {last}; choose another year"
            )

    @property
    def state(self) -> str:
        """The state it is about."""
        return next((state for state, target in EVER.items() if target == self.target), self.outcome)

    @property
    def ever(self) -> bool:
        """Whether it is “at least once by” and not “on the day”."""
        return self.target != TARGET_STATE

    def column(self, reference: date) -> int:
        """Position among a draw's probabilities, of a forecast from a reference date."""
        last = {TARGET_RUPTURE: len(STATES), TARGET_DEEPER: len(STATES) + 1}
        outcome = last[self.target] if self.ever else STATES.index(self.outcome)
        return horizons_from(reference).index(self.horizon) * (len(STATES) + 2) + outcome
