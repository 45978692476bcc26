"""All levers together: the least move by sequential quadratic programming, inside what the engine can answer.

The search looks at some of the draws and at a straight M2 (`models.inverse.chance`), and every place that it finds is
held against the published way of computing: the difference in logits is added to what it sees, and it goes on from
there. It keeps to settings at which enough draws are left; beyond them only a refit could tell.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from models.assumptions.setting import Assumptions
from models.inverse.chance import Chance, Near
from models.inverse.levers import Levers, log_odds
from models.inverse.rounding import on_grid

NEARLY = 0.02
"""Logits: what the last steps on the sliders' grid make good."""
LEAST_ESS = 1000.0
"""Effective draws that it keeps to: three times those below which the engine refuses an answer, since the tail of their
weights (Pareto k) must be fit for one too."""
MOST_ROUNDS, CORRECTIONS, ROUNDINGS = 15, 2, 4
EXPECTED = 60
"""Evaluations, as the progress counts them; it may need fewer or some more."""


@dataclass(slots=True, kw_only=True)
class Climb:
    """One joint search.

    Attributes
    ----------
    levers : Levers
    chance : Chance
    goal, now : float
        Probabilities.
    told : callable
        Hears the share that is done before every evaluation, and may stop the search by raising.
    offset : float
        Logits that the published way of computing adds to what is seen, where they were last compared.
    """

    levers: Levers
    chance: Chance
    goal: float
    now: float
    told: Callable[[float, str], None]
    offset: float = 0.0
    _known: dict[bytes, Near] = field(default_factory=dict)
    _slopes: dict[bytes, np.ndarray] = field(default_factory=dict)
    _done: int = 0

    def least(self, reaching: list[np.ndarray]) -> Assumptions:
        """The nearest setting that is found to reach the goal, or the one that comes nearest to it.

        Parameters
        ----------
        reaching : list of ndarray
            Points that are known to reach the goal.
        """
        origin = np.zeros(len(self.levers.keys))
        self.offset = log_odds(self.now) - log_odds(self._at(origin).probability)
        known, tried = reaching[:1] or [self._towards(origin)], []
        for _ in range(CORRECTIONS):
            tried += self._rounded(self._least(origin, known[0]))
            missing, setting = max(tried, key=lambda each: each[0])
            if missing >= 0 or self._surplus(known[0]) < -NEARLY:
                break
            self.offset += self._sign * (missing - self._surplus(self.levers.point(setting)))
            known = [self._towards(self.levers.point(setting))]
        return setting

    def _least(self, origin: np.ndarray, known: np.ndarray) -> np.ndarray:
        """The nearest point, from the origin and from a point that reaches the goal; that point where it does not."""
        if self._surplus(known) < -NEARLY:
            return known
        ends = [self._nearest(first) for first in (origin, known)]
        return min((end for end in (*ends, known) if self._surplus(end) > -NEARLY), key=np.linalg.norm)

    def _rounded(self, point: np.ndarray) -> list[tuple[float, Assumptions]]:
        """Settings near a point with their surplus, computed in full, until one of them reaches the goal."""
        surplus, slope, tried = self._surplus(point), self._slope(point), []
        if surplus < -NEARLY:
            setting = self.levers.setting(point)
            return [(self._exact(setting), setting)]
        for _ in range(ROUNDINGS):
            setting = on_grid(self.levers, point, slope, partial(self._straight, point, slope, surplus))
            tried.append((self._exact(setting), setting))
            if not -5 * NEARLY < tried[-1][0] < 0:
                break
            surplus += tried[-1][0]
        return tried

    def _straight(self, point: np.ndarray, slope: np.ndarray, surplus: float, setting: Assumptions) -> float:
        """A setting's surplus, straight on from a point."""
        return surplus + float(slope @ (self.levers.point(setting) - point))

    def _nearest(self, first: np.ndarray) -> np.ndarray:
        """The point nearest to the origin that reaches the goal with enough draws left, as far as it is found."""
        from scipy.optimize import minimize  # most of a second, which the first page need not wait for

        return minimize(
            lambda point: float(point @ point),
            first,
            jac=lambda point: 2 * point,
            bounds=self.levers.bounds,
            constraints={"type": "ineq", "fun": self._both, "jac": self._both_slopes},
            method="SLSQP",
            options={"maxiter": MOST_ROUNDS, "ftol": 1e-3},
        ).x

    def _towards(self, first: np.ndarray) -> np.ndarray:
        """A point that reaches the goal with enough draws left, or the one that comes nearest to it."""
        from scipy.optimize import minimize

        unit = float(np.linalg.norm(self._slope(first))) or 1.0
        return minimize(
            lambda point: max(-self._surplus(point), 0.0) / unit,
            first,
            jac=lambda point: -self._slope(point) * (self._surplus(point) < 0) / unit,
            bounds=self.levers.bounds,
            constraints={"type": "ineq", "fun": lambda point: self._both(point)[1:], "jac": self._room_slope},
            method="SLSQP",
            options={"maxiter": MOST_ROUNDS, "ftol": 1e-3},
        ).x

    def _surplus(self, point: np.ndarray) -> float:
        """By how many logits a point is past the goal."""
        return float(self._both(point)[0])

    def _slope(self, point: np.ndarray) -> np.ndarray:
        return self._both_slopes(point)[0]

    def _room_slope(self, point: np.ndarray) -> np.ndarray:
        return self._both_slopes(point)[1:]

    def _both(self, point: np.ndarray) -> np.ndarray:
        """Surplus, and by how many logs the effective draws are above the least."""
        near = self._at(point)
        room = min(near.log_ess - math.log(LEAST_ESS), 10.0)
        return np.array([self._past(near.probability) + self._sign * self.offset, room])

    def _both_slopes(self, point: np.ndarray) -> np.ndarray:
        key, near = point.tobytes(), self._at(point)
        if key not in self._slopes:
            self._slopes[key] = near.slopes() * [[self._sign / (near.probability * (1 - near.probability))], [1.0]]
        return self._slopes[key]

    def _exact(self, setting: Assumptions) -> float:
        """The surplus of a setting, computed in full."""
        self._step("Computing the answer in full.")
        return self._past(self.chance.at(setting.values))

    @property
    def _sign(self) -> float:
        return 1.0 if self.goal >= self.now else -1.0

    def _past(self, probability: float) -> float:
        return self._sign * (log_odds(min(max(probability, 1e-6), 1 - 1e-6)) - log_odds(self.goal))

    def _at(self, point: np.ndarray) -> Near:
        key = point.tobytes()
        if key not in self._known:
            self._step("Moving all levers together.")
            self._known[key] = self.chance.near(point)
        return self._known[key]

    def _step(self, message: str) -> None:
        self._done += 1
        self.told(self._done / (self._done + EXPECTED / 2), message)
