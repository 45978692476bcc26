"""The goal's probability: as published at a setting, nearly at any point with its slope, along one lever at once."""

from collections.abc import Callable, Mapping
from dataclasses import field

import numpy as np

from data.types import Evidence
from data.values import frozen, settle
from models.alignment.priors import AlignmentPrior, priors_at
from models.alignment.scores import place
from models.inverse.alignment import Draws, Lines, Weighed
from models.inverse.levers import Lever, Levers
from models.inverse.members import Members
from models.library.library import Library
from models.names import MODEL_M1

LOOKED_AT = 9_000
"""Draws of M1 that the joint search looks at; what it finds is held against all of them."""
LOOKS, NODES = 8, 4
"""Values of a lever's grid at which M1 is computed in closed form, and in full where it has none along that lever.
Between them it is interpolated; whatever is answered is computed in full."""
DIFFERENCE = 1e-4
"""Sds, for derivatives of closed forms."""


@frozen(eq=False)
class Near:
    """The mixture at a point, nearly.

    Attributes
    ----------
    probability : float
    log_ess : float
        Log of M1's effective number of draws; infinite where M1 has no share.
    slopes : callable
        Derivatives of both per sd of each lever, shape (2, lever); as much work again.
    """

    probability: float
    log_ess: float
    slopes: Callable[[], np.ndarray]


@frozen(eq=False)
class Chance:
    """The probability of one outcome in the mixture.

    Attributes
    ----------
    evidence, library
    levers : Levers
    column : int
        Of the outcome among a draw's probabilities.
    shares : Mapping[str, float]
        Of the models in the mixture, which no lever moves.
    """

    evidence: Evidence
    library: Library
    levers: Levers
    column: int
    shares: Mapping[str, float]
    _all: Draws = field(init=False)
    _some: Draws = field(init=False)
    _lines: Lines = field(init=False)
    _members: Members = field(init=False)
    _starts: Mapping[str, float] = field(init=False)

    def __post_init__(self) -> None:
        library, column = self.library, self.column
        members = Members(evidence=self.evidence, library=library, levers=self.levers, column=column)
        draws = Draws.of(library, column)
        settle(
            self,
            shares={model: share for model, share in self.shares.items() if share > 0},
            _all=draws,
            _some=Draws.of(library, column, every=max(1, library.size // LOOKED_AT)),
            _lines=draws.weighed(self._prior(self.levers.start.values)).lines(),
            _members=members,
        )
        origin = np.zeros(len(self.levers.keys))
        settle(self, _starts={model: self._start(model, origin) for model in self.shares})

    def _start(self, model: str, origin: np.ndarray) -> float:
        return self._lines.mean if model == MODEL_M1 else self._members.near(model, origin)

    def at(self, values: Mapping[str, float]) -> float:
        """At values on the sliders' grid: the published number before its rounding."""
        total = 0.0
        for model, share in self.shares.items():
            own = model == MODEL_M1
            total += share * (self._all.weighed(self._prior(values)).mean if own else self._members.at(model, values))
        return total

    def near(self, point: np.ndarray) -> Near:
        """At a point between the sliders' steps."""
        parts = {model: self._members.near(model, point) for model in self.shares if model != MODEL_M1}
        own = self._some.weighed(self._prior(self.levers.values(point))) if MODEL_M1 in self.shares else None
        if own is not None:
            parts[MODEL_M1] = own.mean
        return Near(
            probability=sum(self.shares[model] * part for model, part in parts.items()),
            log_ess=np.inf if own is None else own.log_ess,
            slopes=lambda: self._slopes(point, own),
        )

    def _slopes(self, point: np.ndarray, own: Weighed | None) -> np.ndarray:
        slopes = np.zeros((2, point.size))
        for model, share in self.shares.items():
            if model != MODEL_M1:
                slopes[0] += share * self._members.slope(model, point)
        if own is not None:
            by_mean, by_ess = own.slopes()
            moves = self._moves(point)
            slopes += np.stack([self.shares[MODEL_M1] * (moves @ by_mean), moves @ by_ess])
        return slopes

    def line(self, lever: Lever) -> np.ndarray:
        """At every value of one lever's grid, the others as they stand; right at the present one, elsewhere nearly."""
        from scipy.interpolate import PchipInterpolator  # does not overshoot; the first page need not wait for it

        grid, start = lever.grid, self.levers.start.values[lever.knob.key]
        here = int(np.abs(grid - start).argmin())
        centre = self._centre(lever)
        looks = NODES if centre is None and MODEL_M1 in lever.knob.acts_on else LOOKS
        rows = sorted({here, *np.linspace(0, grid.size - 1, looks).round().astype(int).tolist()})
        means = sum(share * self._part(model, lever, grid[rows], centre) for model, share in self.shares.items())
        return PchipInterpolator(rows, means)(np.arange(grid.size))

    def _part(self, model: str, lever: Lever, values: np.ndarray, centre: int | None) -> np.ndarray:
        """One model at some values of a lever."""
        start = self.levers.start.values
        if model not in lever.knob.acts_on:
            return np.full(values.size, self._starts[model])
        if model != MODEL_M1:
            index, size = self.levers.keys.index(lever.knob.key), len(self.levers.keys)
            far = [lever.distance(value, start[lever.knob.key]) for value in values]
            return np.array([self._members.near(model, distance * np.eye(size)[index]) for distance in far])
        priors = [self._prior({**start, lever.knob.key: float(value)}) for value in values]
        if centre is None:
            return np.array([self._all.weighed(prior).mean for prior in priors])
        here = place(self._prior(start))[centre]
        return self._lines.along(centre, np.array([place(prior)[centre] - here for prior in priors]))

    def _centre(self, lever: Lever) -> int | None:
        """The one centre of M1's prior that a lever moves; None where it moves none, a width, or several."""
        values, key, knob = self.levers.start.values, lever.knob.key, lever.knob
        low, high = (place(self._prior({**values, key: end})) for end in (knob.low, knob.high))
        moved = np.flatnonzero(low != high)
        return int(moved[0]) if moved.size == 1 and moved[0] < self._lines.slope.shape[1] else None

    def _moves(self, point: np.ndarray) -> np.ndarray:
        """How M1's prior follows each lever, shape (lever, parameter)."""
        steps = DIFFERENCE * np.eye(point.size)
        ends = [[place(self._prior(self.levers.values(point + side * step))) for side in (1, -1)] for step in steps]
        return np.array([above - below for above, below in ends]) / (2 * DIFFERENCE)

    def _prior(self, values: Mapping[str, float]) -> AlignmentPrior:
        return priors_at(values, self.levers.start.knobs, self.library.structure)
