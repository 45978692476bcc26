"""Weighted draws from the posterior of the static parameters: a normal approximation at the mode, then corrected.

Importance sampling with Sobol's points in place of random ones: errors are half of those that independent draws have.
"""

from __future__ import annotations

import numpy as np
from scipy.linalg import cho_factor, cho_solve
from scipy.optimize import minimize
from scipy.special import chdtri, ndtri
from scipy.stats import qmc

from data.values import frozen
from tests.support.second_route.filter import GRID, NAMES, GridModel

FREEDOM = 8.0
"""Degrees of freedom of the proposals' Student t: heavier tails than the posterior's, so that no weight is large."""
STEP = 0.02
"""Of the second differences, in prior sds and thereabouts."""


@frozen(eq=False)
class WeightedDraws:
    """Draws of the static parameters, and the law of the last year's alignment given each.

    Attributes
    ----------
    points : ndarray, shape (sample, coordinate)
    weights : ndarray, shape (sample,)
        They sum to 1.
    law : ndarray, shape (sample, grid)
        Chances of the alignments of `GRID`.
    """

    points: np.ndarray
    weights: np.ndarray
    law: np.ndarray

    @property
    def effective_size(self) -> float:
        """Number of equal weights that say as much (Kish)."""
        return float(1 / np.square(self.weights).sum())


def weighted_draws(model: GridModel, rng: np.random.Generator, size: int = 4096) -> WeightedDraws:
    """Draw from a Student t around the mode, fitted once more to what a quarter as many draws told, and weigh.

    Parameters
    ----------
    size : int
        A power of two, as Sobol's points want it.
    """
    centre, covariance = laplace(model)
    first = _weighed(model, rng, (centre, covariance), size // 4)
    centre, covariance = first.weights @ first.points, np.cov(first.points.T, aweights=first.weights)
    return _weighed(model, rng, (centre, covariance), size)


def laplace(model: GridModel) -> tuple[np.ndarray, np.ndarray]:
    """Mode of the posterior, and the inverse of its curvature there."""
    start = np.zeros(len(NAMES))
    start[[1, 4]] = 1.5, model.prior.break_mean
    mode = minimize(lambda point: -model.log_density(point), start, method="BFGS", options={"gtol": 1e-2}).x
    return mode, cho_solve(cho_factor(-_curvature(model, mode)), np.eye(mode.size))


def _curvature(model: GridModel, mode: np.ndarray) -> np.ndarray:
    """Second differences of the log density."""
    steps, size = STEP * np.eye(mode.size), mode.size
    middle = model.log_density(mode)
    singly = [[model.log_density(mode + sign * step) for step in steps] for sign in (1, -1)]
    plus, minus = np.array(singly)
    curvature = np.diag(plus + minus - 2 * middle)
    for i in range(size):
        for j in range(i):
            both = model.log_density(mode + steps[i] + steps[j]) + model.log_density(mode - steps[i] - steps[j])
            mixed = both - plus[i] - plus[j] - minus[i] - minus[j] + 2 * middle
            curvature[i, j] = curvature[j, i] = mixed / 2
    return curvature / STEP**2


def _weighed(
    model: GridModel, rng: np.random.Generator, proposal: tuple[np.ndarray, np.ndarray], size: int
) -> WeightedDraws:
    centre, covariance = proposal
    uniform = qmc.Sobol(centre.size + 1, rng=rng).random(size)
    normal = ndtri(uniform[:, 1:])
    stretch = np.sqrt(FREEDOM / chdtri(FREEDOM, uniform[:, 0]))
    points = centre + (normal * stretch[:, None]) @ np.linalg.cholesky(covariance).T
    distance = np.square(normal * stretch[:, None]).sum(axis=1)
    log_proposal = -0.5 * (FREEDOM + centre.size) * np.log1p(distance / FREEDOM)
    log_weights, law = -log_proposal, np.empty((size, GRID.size))
    for index, point in enumerate(points):
        likelihood, law[index] = model.filtered(point)
        log_weights[index] += likelihood + model.log_prior(point)
    weights = np.exp(log_weights - log_weights.max())
    return WeightedDraws(points=points, weights=weights / weights.sum(), law=law)
