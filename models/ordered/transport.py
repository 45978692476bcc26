"""M2 under a moved prior, without a new fit: stored draws are carried over to the new posterior, then weighed.

Weights alone would not do. The evidence says little about eighteen parameters, so that a moved prior moves the
posterior nearly as far, and hardly any stored draw is where it is wanted. So every draw is first moved by the affine
map between the normal laws that fit the two posteriors at their modes (Laplace), and then weighed by the exact new
density over the old one, times the map's Jacobian. Where the normal laws are wrong the weights make up for it, and
their Pareto shape says whether they could. If they could not, the draws are moved once more, to the weighted mean and
covariance (Paananen, Piironen, Bürkner and Vehtari 2021, *Implicitly adaptive importance sampling*).
"""

from typing import Self

import numpy as np

from data.values import frozen
from models.ordered.law import OrderedPrior, Parameters, Transitions, log_likelihood, log_prior
from models.storage.arrays import Arrays
from models.weighting.weights import Weights, smoothed_weights

DIFFERENCE = 0.05
"""Step of the numerical derivatives. A curvature is then wrong by about a thousandth of itself, which costs nothing,
since the weights are exact for any map, and by 1e-11 from rounding: with a step of 0.001 that was 1e-8, and another
processor's probabilities differed in the tenth decimal."""
NEWTON_STEPS = 20
NEWTON_TOLERANCE = 1e-3
"""A Newton step of fewer posterior standard deviations ends the search: the map need not be better than that."""
STEP_SHARES = np.array([1.0, 0.5, 0.25, 0.1, 0.02])
"""Shares of a Newton step that are tried; the best is taken."""
FLATTEST = 1e-6
"""A curvature below this share of the steepest counts as this share, so that no step and no map is infinite."""


@frozen(eq=False)
class NormalLaw:
    """A normal law on the unconstrained scale: ``centre`` (u,) and ``covariance`` (u, u)."""

    centre: np.ndarray
    covariance: np.ndarray


@frozen(eq=False)
class StoredDraws:
    """Posterior draws under one prior, with what every move of a slider needs of them.

    Attributes
    ----------
    parameters : Parameters
    prior : OrderedPrior
        Under which they were drawn.
    transitions : Transitions
    efficiency : float or ndarray, shape (sample,)
        Independent draws per draw, as for `models.weighting.weights.smoothed_weights`.
    position : ndarray, shape (sample, u)
        The draws, unconstrained.
    log_density : ndarray, shape (sample,)
        `log_posterior` of each.
    law : NormalLaw
        Laplace's law of their posterior.
    """

    parameters: Parameters
    prior: OrderedPrior
    transitions: Transitions
    efficiency: np.ndarray | float
    position: np.ndarray
    log_density: np.ndarray
    law: NormalLaw

    @classmethod
    def of(
        cls, parameters: Parameters, prior: OrderedPrior, transitions: Transitions, efficiency: np.ndarray | float = 1.0
    ) -> Self:
        """Prepare draws (a few milliseconds for two thousand)."""
        position = unconstrained(parameters)
        return cls(
            parameters=parameters,
            prior=prior,
            transitions=transitions,
            efficiency=efficiency,
            position=position,
            log_density=log_posterior(position, prior, transitions),
            law=laplace(prior, transitions, position.mean(axis=0)),
        )

    def moved(self, prior: OrderedPrior) -> tuple[Parameters, Weights]:
        """Draws and weights that stand for the posterior under `prior`.

        Returns
        -------
        Parameters, Weights
            The stored draws themselves, with uniform "exact" weights, when nothing changed.
        """
        if prior == self.prior:
            return self.parameters, smoothed_weights(np.zeros(len(self.position)), self.efficiency)
        law = laplace(prior, self.transitions, self.law.centre)
        first = affine(self.position, self.law, law)
        weights = self._weights(*first, prior)
        if weights.status.sure:
            return natural(first[0]), weights
        second, more = affine(first[0], moments(first[0]), moments(first[0], weights.values))
        again = self._weights(second, first[1] + more, prior)
        better = again.pareto_k is None or again.pareto_k < weights.pareto_k
        return (natural(second), again) if better else (natural(first[0]), weights)

    def _weights(self, position: np.ndarray, log_jacobian: float, prior: OrderedPrior) -> Weights:
        ratio = log_posterior(position, prior, self.transitions) - self.log_density + log_jacobian
        return smoothed_weights(ratio, self.efficiency)


def moved(
    parameters: Parameters,
    base_prior: OrderedPrior,
    new_prior: OrderedPrior,
    transitions: Transitions,
    efficiency: np.ndarray | float = 1.0,
) -> tuple[Parameters, Weights]:
    """As `StoredDraws.moved`, for draws that are moved once only."""
    return StoredDraws.of(parameters, base_prior, transitions, efficiency).moved(new_prior)


def unconstrained(parameters: Parameters) -> np.ndarray:
    """Log odds of the hazard, log ratios of the rest to its middle entry, log steps and coefficients.

    Returns
    -------
    ndarray, shape (sample, 6 + driver)
    """
    hazard, rest = parameters["hazard"], np.log(parameters["rest"])
    odds = np.log(hazard) - np.log1p(-hazard)
    ratios = rest[:, [0, 2]] - rest[:, [1]]
    return np.concatenate([odds[:, None], ratios, np.log(parameters["step"]), parameters["beta"]], axis=1)


def natural(position: np.ndarray) -> Arrays:
    """The inverse of `unconstrained`: draws by name from a position of shape (sample, 6 + driver)."""
    weight = np.exp(np.stack([position[:, 1], np.zeros(len(position)), position[:, 2]], axis=1))
    return {
        "hazard": 1 / (1 + np.exp(-position[:, 0])),
        "rest": weight / weight.sum(axis=1, keepdims=True),
        "step": np.exp(position[:, 3:6]),
        "beta": position[:, 6:],
    }


def log_posterior(position: np.ndarray, prior: OrderedPrior, transitions: Transitions) -> np.ndarray:
    """Log of prior times likelihood on the unconstrained scale, shape (sample,)."""
    draws = natural(position)
    return log_prior(draws, prior) + log_likelihood(draws, transitions, prior) + log_jacobian(draws)


def log_jacobian(draws: Parameters) -> np.ndarray:
    """Log volume that `natural` gives a unit of the unconstrained scale, shape (sample,)."""
    hazard = np.log(draws["hazard"]) + np.log1p(-draws["hazard"])
    return hazard + np.log(draws["rest"]).sum(axis=1) + np.log(draws["step"]).sum(axis=1)


def laplace(prior: OrderedPrior, transitions: Transitions, start: np.ndarray) -> NormalLaw:
    """The normal law with the posterior's mode and curvature there, found by damped Newton steps from `start`, shape
    (6 + driver,).

    A search that ends early gives a worse map, not a wrong answer: the weights are exact for any map.
    """
    mode, covariance = start, np.eye(start.size)
    for _ in range(NEWTON_STEPS):
        gradient, hessian = derivatives(mode, prior, transitions)
        covariance = _inverse(-hessian)
        step = covariance @ gradient
        if step @ gradient < NEWTON_TOLERANCE**2:
            break
        tried = mode + STEP_SHARES[:, None] * step
        mode = tried[np.argmax(log_posterior(tried, prior, transitions))]
    return NormalLaw(centre=mode, covariance=covariance)


def derivatives(at: np.ndarray, prior: OrderedPrior, transitions: Transitions) -> tuple[np.ndarray, np.ndarray]:
    """Gradient (u,) and Hessian (u, u) of `log_posterior`, by central differences in one call of it."""
    first, second = np.triu_indices(at.size, 1)
    single = DIFFERENCE * np.eye(at.size)
    offsets = np.concatenate([single, single[first] + single[second]])
    values = log_posterior(np.concatenate([at[None], at + offsets, at - offsets]), prior, transitions)
    centre, up, down = values[0], values[1 : 1 + len(offsets)], values[1 + len(offsets) :]
    curved = (up - 2 * centre + down) / DIFFERENCE**2
    hessian = np.diag(curved[: at.size])
    # Along e_i + e_j the curvature is H_ii + 2 H_ij + H_jj.
    hessian[first, second] = hessian[second, first] = (curved[at.size :] - curved[first] - curved[second]) / 2
    return (up - down)[: at.size] / (2 * DIFFERENCE), hessian


def moments(position: np.ndarray, weights: np.ndarray | None = None) -> NormalLaw:
    """The normal law with the (weighted) mean and covariance of positions, shape (sample, 6 + driver)."""
    return NormalLaw(
        centre=np.average(position, axis=0, weights=weights),
        covariance=np.cov(position, rowvar=False, ddof=0, aweights=weights),
    )


def affine(position: np.ndarray, before: NormalLaw, after: NormalLaw) -> tuple[np.ndarray, float]:
    """Move draws by the affine map that carries one normal law into another with the least squared movement.

    Returns
    -------
    ndarray, shape (sample, u), and float
        The moved draws, and the log determinant of the map.
    """
    root, inverse_root = _roots(before.covariance)
    middle, _ = _roots(root @ after.covariance @ root)
    matrix = inverse_root @ middle @ inverse_root
    return after.centre + (position - before.centre) @ matrix, float(np.linalg.slogdet(matrix)[1])


def _roots(covariance: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Symmetric square root and its inverse."""
    values, vectors = np.linalg.eigh(covariance)
    roots = np.sqrt(values)
    return (vectors * roots) @ vectors.T, (vectors / roots) @ vectors.T


def _inverse(curvature: np.ndarray) -> np.ndarray:
    """Inverse of a curvature, made positive where it is not: far from the mode a density need not be concave."""
    values, vectors = np.linalg.eigh(curvature)
    steep = np.abs(values)
    return (vectors / np.maximum(steep, FLATTEST * steep.max())) @ vectors.T
