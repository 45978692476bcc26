"""Multistate Bennett acceptance ratio (MBAR; Shirts and Chodera 2008): normalising constants of many densities at once.

Geyer's reverse logistic regression. `pymbar` computes the same and is what the tests compare with; at this size it took
a hundred times as long, which whoever waits for a refit would feel.
"""

import numpy as np

from models.errors import FitError
from models.weighting.batch_means import centred

WARM_UP, MOST_STEPS = 20, 50
TOLERANCE = 1e-10
"""Largest relative error of an equation at the end."""
LEAST_OVERLAP = 1.0
"""Second smallest eigenvalue of the curvature (the smallest is 0: a common constant is free): at 1 some constant is
uncertain by a factor e."""
OVERLAP = "the fits overlap too little for their supports to be compared; add anchors between them"


def solve(log_density: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """Log normalising constants relative to the first density's.

    Parameters
    ----------
    log_density : ndarray, shape (sample, density)
        Unnormalised log densities of all draws under all densities.
    sizes : ndarray of int, shape (density,)
        Draws that each density gave, every one at least one.

    Returns
    -------
    ndarray of float64, shape (density,)
        The first is 0.

    Raises
    ------
    FitError
        The densities do not overlap enough for the equations to be solved.
    """
    scaled = log_density - log_density.max(axis=1, keepdims=True)
    constants = np.zeros(sizes.size)
    for _ in range(WARM_UP):
        constants += np.log(mixture(scaled, sizes, constants)[1].sum(axis=0) / sizes)
    for _ in range(MOST_STEPS):
        share = mixture(scaled, sizes, constants)[1]
        surplus = share.sum(axis=0) - sizes
        constants = constants + solved(share, surplus[None])[0]
        if np.abs(surplus / sizes).max() < TOLERANCE:
            break  # after one more step: what is left of the error is then rounding
    if sizes.size > 1 and np.linalg.eigvalsh(curvature(share))[1] < LEAST_OVERLAP:
        raise FitError(OVERLAP)
    return constants - constants[0]


def mixture(log_density: np.ndarray, sizes: np.ndarray, constants: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Log density of the pooled draws' mixture, (sample,), and each density's share in it, (sample, density)."""
    terms = log_density + (np.log(sizes / sizes.sum()) - constants)
    highest = terms.max(axis=1, keepdims=True)
    scaled = np.exp(terms - highest)
    total = scaled.sum(axis=1, keepdims=True)
    return (highest + np.log(total))[:, 0], scaled / total


def curvature(share: np.ndarray) -> np.ndarray:
    """Minus the derivative of the shares' sums with respect to the log constants, shape (density, density)."""
    return np.diag(share.sum(axis=0)) - share.T @ share


def block_influence(share: np.ndarray, starts: np.ndarray, group: np.ndarray) -> np.ndarray:
    """What each block's noise does to the log constants (relative to the first's), shape (block, density).

    Linearised: the equations say that the shares of density k add up to its number of draws, and a block that adds more
    than its part moves the constants by the inverse of their derivative.

    Parameters
    ----------
    share : ndarray, shape (sample, density)
        Second answer of `mixture`.
    starts, group : ndarray of int, shape (block,)
        First draw of each block, and the density that it was drawn from.
    """
    return solved(share, centred(np.add.reduceat(share, starts, axis=0), group))


def solved(share: np.ndarray, surplus: np.ndarray) -> np.ndarray:
    """Rows of surpluses (row, density) times the curvature's inverse, as changes relative to the first density's.

    A common constant is free, so the curvature is singular. That direction is taken out by hand: a pseudo-inverse has
    to tell an eigenvalue of 0 from rounding, and where it could not, errors came out wrong by percents.
    """
    level = surplus - surplus.mean(axis=1, keepdims=True)
    changes = np.zeros_like(level)
    if level.shape[1] > 1:
        try:
            changes[:, 1:] = np.linalg.solve(curvature(share)[1:, 1:], level[:, 1:].T).T
        except np.linalg.LinAlgError as error:
            raise FitError(OVERLAP) from error
    return changes
