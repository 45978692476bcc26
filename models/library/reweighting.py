"""A moved prior without a new fit: importance weights for the library's draws, and the error they carry.

A prior leaves the likelihood alone, so the posterior under other assumptions is the library's mixture times
``prior_new / mixture``.
"""

import numpy as np

from models.alignment.priors import AlignmentPrior, prior_parameters
from models.assumptions.setting import Assumptions
from models.errors import FitError
from models.library.library import Library
from models.weighting.noise import standard_error
from models.weighting.weights import Weights, smoothed_weights


def reweight(library: Library, assumptions: Assumptions) -> Weights:
    """Weights that turn the library's draws into draws under the assumptions.

    Returns
    -------
    Weights
        Uniform and "exact" when nothing had to be weighted: a library of one fit, asked about its own priors.
    """
    return weigh(library, prior_parameters(assumptions))


def weigh(library: Library, prior: AlignmentPrior) -> Weights:
    """As `reweight`, for priors off the grid of the knobs."""
    return smoothed_weights(library.draws.log_density(prior) - library.log_mixture, library.efficiency)


def weighted_mean(p: np.ndarray, weights: Weights) -> np.ndarray:
    """Posterior mean of a per-draw quantity.

    Parameters
    ----------
    p : ndarray, shape (sample, ...)

    Returns
    -------
    ndarray of float64, shape (...)

    Raises
    ------
    FitError
        Another number of draws than weights.
    """
    return np.tensordot(weights.values, _per_draw(p, weights), axes=1)


def weighted_mcse(p: np.ndarray, weights: Weights, library: Library) -> np.ndarray:
    """Monte Carlo standard error of `weighted_mean`, by batch means over anchors and chains.

    The self-normalised mean is linearised. Each block of draws contributes the sum of its residuals ``w * (p - mean)``,
    and what its noise did to the anchors' supports, on which all weights depend. Blocks are compared within an anchor.

    Parameters
    ----------
    p : ndarray, shape (sample, ...)
    weights : Weights
    library : Library
        That the weights are of.

    Returns
    -------
    ndarray of float64, shape (...)
    """
    return standard_error(weighted_noise(p, weights, library)).reshape(np.shape(p)[1:])


def weighted_noise(p: np.ndarray, weights: Weights, library: Library) -> np.ndarray:
    """What each block's noise does to `weighted_mean`, shape (block, columns of p side by side).

    Raises
    ------
    FitError
        Another number of draws than weights.
    """
    draws = _per_draw(p, weights)
    if weights.values.size != library.size:
        raise FitError(f"got {weights.values.size} weights for {library.size} draws, expected one each; weigh again")
    return library.blocks.of_mean(draws.reshape(len(draws), -1), weights.values)


def support_mcse(weights: Weights, library: Library, against: Weights | None = None) -> float:
    """Monte Carlo standard error of the log support, or of its difference to that of other weights."""
    difference = weights.values - (0.0 if against is None else against.values)
    return float(standard_error(library.blocks.of_sum(difference)))


def _per_draw(p: np.ndarray, weights: Weights) -> np.ndarray:
    draws = np.asarray(p, dtype=np.float64)
    if draws.ndim == 0 or len(draws) != weights.values.size:
        raise FitError(
            f"got a quantity of shape {draws.shape} for {weights.values.size} weights, expected one row per draw; "
            "take both from the same library"
        )
    return draws
