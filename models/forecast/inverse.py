"""The inverse slider: the smallest change of belief that makes a scenario as likely as somebody says it is.

Shifts are measured in prior standard deviations of each claim (`models.assumptions.shift`), so that doubting one bold
claim and one hedged claim cost the same. What comes out is a setting on the sliders' own grid, whose probability the
engine has computed like any other.
"""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import field
from datetime import date

import numpy as np

from data.days import horizons_from
from data.types import Evidence
from data.values import frozen, settle
from models.alignment.priors import priors_at
from models.assumptions.setting import Assumptions
from models.assumptions.shift import ShiftScale
from models.errors import AssumptionError
from models.forecast.results import make_forecast
from models.library.library import Library
from models.library.reweighting import weigh
from models.names import (
    MODEL_M0,
    MODEL_M1,
    MODEL_M2,
    MODEL_M3,
    STATES,
    TARGET_DEEPER,
    TARGET_RUPTURE,
    TARGET_STATE,
)
from models.ordered.law import ordered_prior
from models.weighting.status import Status

COARSE = 4
"""Grid steps between the first looks outward; the steps between are looked at once the goal lies inside."""
DIFFERENCE = 0.05
"""Step of numerical derivatives, prior sds: a probability is smooth over this, and its Monte Carlo noise common."""
MOST_NUDGES = 40
STEPS_OUT = (0.1, 0.2, 0.35, 0.5, 0.75, 1.0)
"""Shares of the way to a corner of the ranges at which the joint search looks before it starts."""
NEARLY = 0.05
"""Logits: what the last step onto the sliders' grid makes good."""
LEAST, MOST = 0.001, 0.999


@frozen
class Goal:
    """A probability (0-1) that an outcome should reach in the mixture."""

    target: str
    horizon: int
    outcome: str
    probability: float

    def __post_init__(self) -> None:
        if not LEAST <= self.probability <= MOST:
            raise AssumptionError(
                f"got the goal {self.probability:g}, expected a probability from {LEAST:g} to {MOST:g}; choose another"
            )

    def column(self, reference: date) -> int:
        """Position among a draw's probabilities, of a forecast from a reference date."""
        last = {TARGET_RUPTURE: len(STATES), TARGET_DEEPER: len(STATES) + 1}
        outcome = STATES.index(self.outcome) if self.target == TARGET_STATE else last[self.target]
        return horizons_from(reference).index(self.horizon) * (len(STATES) + 2) + outcome


@frozen
class Shift:
    """What it takes to reach a goal.

    Attributes
    ----------
    keys : tuple of str
        The claims that were allowed to move.
    assumptions : Assumptions
        The smallest setting found that reaches the goal, or the one that comes nearest.
    sds : float
        Euclidean length of the shift from where the search began, in prior standard deviations.
    probability : float
        Of the goal's outcome there.
    reached : bool
    status : Status
        The engine's badge of that forecast.
    """

    keys: tuple[str, ...]
    assumptions: Assumptions
    sds: float
    probability: float
    reached: bool
    status: Status


@frozen
class Search:
    """A search from one setting towards one goal.

    Attributes
    ----------
    now : float
        Probability of the goal's outcome where the search begins.
    shares : Mapping[str, float]
        Of the models in the mixture.
    fixed : float
        What the models that no claim moves, M0 and M3, give to that probability.
    """

    evidence: Evidence
    library: Library
    start: Assumptions
    goal: Goal
    now: float = field(init=False)
    shares: Mapping[str, float] = field(init=False)
    fixed: float = field(init=False)

    def __post_init__(self) -> None:
        goal, forecast = self.goal, make_forecast(self.evidence, self.library, self.start)
        share, cell = forecast.model_weights, (goal.target, goal.horizon, goal.outcome)
        fixed = sum(
            share[model] * forecast.probability(*cell, model) for model in (MODEL_M0, MODEL_M3) if share.get(model)
        )
        settle(self, shares=share, fixed=fixed)
        settle(self, now=self._probability(self.start.values))

    @property
    def claims(self) -> tuple[str, ...]:
        """Knobs that may move: those that stand for a claim."""
        return tuple(key for key, knob in self.start.knobs.items() if knob.group == "claim")

    def ranked(self, shifts: Iterable[Shift]) -> tuple[Shift, ...]:
        """The smallest shift first; those that do not reach the goal come last, the nearest of them first."""
        return tuple(sorted(shifts, key=self._rank))

    def along(self, key: str) -> Shift:
        """The smallest shift of one claim, looking outward from where it stands to both ends of its range."""
        knob, here = self.start.knobs[key], self.start.values[key]
        grid = [knob.snap(knob.low + step * knob.step) for step in range(round((knob.high - knob.low) / knob.step) + 1)]
        sides = ([value for value in grid if value > here], [value for value in reversed(grid) if value < here])
        outward = [[here, *side] for side in sides]
        return min((self._outward(key, side) for side in outward), key=self._rank)

    def jointly(self) -> Shift:
        """The smallest shift of all claims together: sequential quadratic programming on the logit scale, from here and
        from the nearest look that reaches the goal."""
        from scipy.optimize import minimize  # most of a second, which the first page need not wait for

        scale = ShiftScale(start=self.start, keys=self.claims)

        def surplus(shift: np.ndarray) -> float:
            difference = _logit(self._probability(scale.values(shift))) - _logit(self.goal.probability)
            return difference if self._rising else -difference

        def slope(shift: np.ndarray) -> np.ndarray:
            steps = np.eye(shift.size) * DIFFERENCE
            return np.array([surplus(shift + step) - surplus(shift - step) for step in steps]) / (2 * DIFFERENCE)

        looks = self._looks(scale, slope)
        reaching = [look for look in looks if surplus(look) >= 0]
        ends = [
            minimize(
                lambda shift: float(shift @ shift),
                first,
                jac=lambda shift: 2 * shift,
                bounds=scale.bounds,
                constraints={"type": "ineq", "fun": surplus, "jac": slope},
                method="SLSQP",
                options={"maxiter": 25, "ftol": 1e-3},
            ).x
            for first in (looks[0], *reaching[:1])
        ]
        good = [shift for shift in (*ends, *reaching) if surplus(shift) > -NEARLY]
        if not good:
            return self._shift(scale, scale.setting(max((*looks, *ends), key=surplus)))
        smallest = min(good, key=np.linalg.norm)
        return self._shift(scale, self._on_grid(scale, smallest, slope(smallest)))

    @property
    def _rising(self) -> bool:
        return self.goal.probability >= self.now

    def _looks(self, scale: ShiftScale, slope: Callable[[np.ndarray], np.ndarray]) -> list[np.ndarray]:
        """Places to start from, the nearest first: here, and on the way to two corners of the ranges, the one towards
        which the goal gets nearer and its opposite. (A state in the middle may be likeliest half-way.)"""
        low, high = scale.bounds.T
        uphill = slope(np.zeros(low.size)) > 0
        corners = np.where(uphill, high, low), np.where(uphill, low, high)
        return [np.zeros(low.size), *(share * corner for share in STEPS_OUT for corner in corners)]

    def _on_grid(self, scale: ShiftScale, shift: np.ndarray, slope: np.ndarray) -> Assumptions:
        """The nearest setting of the sliders; where rounding loses the goal, the most effective go one step more."""
        setting, order = scale.setting(shift), np.argsort(-np.abs(slope))
        for nudge in range(MOST_NUDGES):
            if self._reaches(self._probability(setting.values)):
                break
            index = order[nudge % order.size]
            knob = setting.knobs[scale.keys[index]]
            further = knob.snap(setting.values[knob.key] + math.copysign(knob.step, slope[index]))
            setting = setting.replace({knob.key: further})
        return setting

    def _outward(self, key: str, values: list[float]) -> Shift:
        """First value that reaches the goal, looked for coarsely and then step by step; else the nearest look."""
        seen: dict[float, float] = {}

        def at(value: float) -> float:
            if value not in seen:
                seen[value] = self._probability({**self.start.values, key: value})
            return seen[value]

        looks = [*range(0, len(values) - 1, COARSE), len(values) - 1]
        first = next((look for look in looks if self._reaches(at(values[look]))), None)
        if first is None:
            best = min(seen, key=lambda value: abs(seen[value] - self.goal.probability))
        else:
            best = next(value for value in values[max(0, first - COARSE) : first + 1] if self._reaches(at(value)))
        return self._shift(ShiftScale(start=self.start, keys=(key,)), self.start.replace({key: best}))

    def _shift(self, scale: ShiftScale, setting: Assumptions) -> Shift:
        forecast = make_forecast(self.evidence, self.library, setting)
        probability = forecast.probability(self.goal.target, self.goal.horizon, self.goal.outcome)
        return Shift(
            keys=scale.keys,
            assumptions=setting,
            sds=float(np.linalg.norm(scale.shift_of(setting))),
            probability=probability,
            reached=self._reaches(probability),
            status=forecast.status,
        )

    def _rank(self, shift: Shift) -> tuple[bool, float]:
        return not shift.reached, shift.sds if shift.reached else abs(shift.probability - self.goal.probability)

    def _reaches(self, probability: float) -> bool:
        return probability >= self.goal.probability if self._rising else probability <= self.goal.probability

    def _probability(self, values: Mapping[str, float]) -> float:
        """Of the goal in the mixture: the base rate and M3 as they stand, M1 and M2 at these values."""
        prior, share = priors_at(values, self.start.knobs), self.shares
        column = self.goal.column(self.library.provenance.reference_date)
        inside = weigh(self.library, prior).values @ self.library.probabilities[:, column]
        mixed = self.fixed + share[MODEL_M1] * inside
        if share.get(MODEL_M2):
            answer = self.library.members.answer_prior(ordered_prior(prior, self.start.knobs))
            mixed += share[MODEL_M2] * answer.mean[column]
        return float(mixed)


def _logit(probability: float) -> float:
    clipped = min(max(probability, 1e-6), 1 - 1e-6)
    return math.log(clipped / (1 - clipped))
