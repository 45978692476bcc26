"""M1's part of a probability, from its stored draws: at a prior, how it follows the prior, and along one of its knobs.

The slope is a covariance of draws (`models.alignment.scores`), one pass over them for all levers. So is that of the
effective number of draws, beyond which only a refit could tell. And since the log density is a parabola along one
centre of the prior, whole ranges of a claim, of persistence and of volatility follow from the same pass.
"""

import math
from typing import Self

import numpy as np

from data.values import frozen
from models.alignment.collapsed import CollapsedDraws, Regression
from models.alignment.priors import AlignmentPrior
from models.alignment.scores import Scores
from models.library.library import Library
from models.weighting.weights import smoothed_weights

CACHED = 1024
"""Draws at a time whose intermediate arrays stay in a core's cache: a quarter of the time of all at once."""


@frozen(eq=False)
class Weighed:
    """Draws of M1 weighed for a prior.

    Attributes
    ----------
    regressions : list of Regression
        Of the draws, block by block.
    weights, p, efficiency : ndarray, shape (sample,)
    worth : float
        Draws of the library for each of these.
    """

    regressions: list[Regression]
    weights: np.ndarray
    p: np.ndarray
    efficiency: np.ndarray
    worth: float

    @property
    def mean(self) -> float:
        """The goal's probability, as the engine has it but for the order in which the draws are added."""
        return float(self.weights @ self.p)

    @property
    def log_ess(self) -> float:
        """Log of the effective number of draws."""
        return math.log(self.worth) - math.log(self._squares.sum())

    def slopes(self) -> tuple[np.ndarray, np.ndarray]:
        """Derivatives of `mean` and of `log_ess` with respect to `models.alignment.scores.place`, (parameter,) each."""
        squares = self._squares
        rows = np.stack([self.weights * (self.p - self.mean), self.weights, squares / squares.sum()])
        moments, first = 0.0, 0
        for regression in self.regressions:
            scores = Scores.of(regression).first
            moments = moments + rows[:, first : first + len(scores)] @ scores
            first += len(scores)
        return moments[0], 2 * (moments[1] - moments[2])

    def lines(self) -> "Lines":
        """What is needed to move one centre of the prior."""
        scores = [Scores.of(regression) for regression in self.regressions]
        first, second = (np.concatenate([getattr(part, name) for part in scores]) for name in ("first", "second"))
        return Lines(p=self.p, weights=self.weights, slope=first[:, : second.shape[1]], curvature=second)

    @property
    def _squares(self) -> np.ndarray:
        return np.square(self.weights) / self.efficiency


@frozen(eq=False)
class Draws:
    """Draws of M1 in blocks, with the goal's probability of each.

    Attributes
    ----------
    parts : tuple of CollapsedDraws
        The same draws, block by block.
    p, log_mixture, efficiency : ndarray, shape (sample,)
    worth : float
        Draws of the library for each of these.
    """

    parts: tuple[CollapsedDraws, ...]
    p: np.ndarray
    log_mixture: np.ndarray
    efficiency: np.ndarray
    worth: float

    @classmethod
    def of(cls, library: Library, column: int, every: int = 1) -> Self:
        """Every so manyth draw of a library."""
        rows = np.arange(0, library.size, every)
        blocks = [rows[first : first + CACHED] for first in range(0, rows.size, CACHED)]
        return cls(
            parts=tuple(library.draws.part(block) for block in blocks),
            p=library.probabilities[rows, column],
            log_mixture=library.log_mixture[rows],
            efficiency=library.efficiency[rows],
            worth=library.size / rows.size,
        )

    def weighed(self, prior: AlignmentPrior) -> Weighed:
        """For a prior."""
        regressions = [Regression.of(part, prior) for part in self.parts]
        density = np.concatenate([part.log_density for part in regressions])
        weights = smoothed_weights(density - self.log_mixture, self.efficiency).values
        return Weighed(regressions=regressions, weights=weights, p=self.p, efficiency=self.efficiency, worth=self.worth)


@frozen(eq=False)
class Lines:
    """The means of a probability when one centre of the prior moves.

    Attributes
    ----------
    p, weights : ndarray, shape (sample,)
        Weights where the move begins.
    slope, curvature : ndarray, shape (sample, centre)
        Of the draws' log densities.
    """

    p: np.ndarray
    weights: np.ndarray
    slope: np.ndarray
    curvature: np.ndarray

    @property
    def mean(self) -> float:
        """Where the move begins."""
        return float(self.weights @ self.p)

    def along(self, centre: int, far: np.ndarray) -> np.ndarray:
        """With one centre moved by each of some distances, shape (distance,)."""
        slope, curvature = self.slope[:, centre].copy(), self.curvature[:, centre] / 2
        means = np.empty(far.size)
        for row, distance in enumerate(far):
            log_ratio = distance * (slope + distance * curvature)
            ratio = self.weights * np.exp(log_ratio - log_ratio.max())
            means[row] = ratio @ self.p / ratio.sum()
        return means
