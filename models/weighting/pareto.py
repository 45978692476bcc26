"""Pareto smoothing of importance ratios, in NumPy alone: the engine runs it at every move of a slider.

Algorithm of Vehtari, Simpson, Gelman, Yao and Gabry (2024, *Pareto smoothed importance sampling*) with the fit of Zhang
and Stephens (2009). ArviZ has the same (`arviz_stats`, against which tests compare every number), but importing it
takes two to five seconds, which nobody should wait for after the first move.
"""

import math

import numpy as np

SMALL_SAMPLE = 225
"""Independent draws up to which the tail is a fifth of the draws; above, three square roots of n / efficiency."""
SMALLEST_TAIL = 5
TIED = 1e-10
"""Log ratios closer together than this are those of one draw that stands twice: they differ by rounding, if at all, and
are ranked as they stand, so that no processor ranks them the other way round."""
PRIOR_SCALE, PRIOR_WEIGHT, PRIOR_SHAPE = 3.0, 10.0, 0.5
"""Zhang and Stephens' prior scale; Vehtari et al. shrink the shape towards 0.5 with the weight of ten draws."""


def smoothed(log_ratio: np.ndarray, efficiency: float = 1.0) -> tuple[np.ndarray, float]:
    """Replace the largest ratios by the expected order statistics of a generalised Pareto fit to them.

    Parameters
    ----------
    log_ratio : ndarray of float64, shape (sample,)
        Finite; a common constant is allowed.
    efficiency : float
        Independent draws per draw; below 1 it widens the tail.

    Returns
    -------
    ndarray of float64, shape (sample,), and float
        Log ratios, none above the largest raw one, and the shape k of the tail: infinite when no Pareto law could be
        fitted, and then the ratios are as they came.
    """
    size, highest = log_ratio.size, float(log_ratio.max())
    tail = math.floor(3 * math.sqrt(size / efficiency) if size * efficiency > SMALL_SAMPLE else size / 5)
    centred = log_ratio - highest
    cutoff = max(float(np.partition(centred, -tail - 1)[-tail - 1]), math.log(np.finfo(float).tiny))
    rows = np.flatnonzero(centred > cutoff + TIED)
    if rows.size < SMALLEST_TAIL:
        return log_ratio, math.inf
    rows = rows[_ranked(centred[rows])]
    shape, scale = _pareto_fit(np.exp(centred[rows]) - math.exp(cutoff))
    if not math.isfinite(shape):
        return log_ratio, math.inf
    centred[rows] = np.minimum(0.0, np.log(_pareto_quantiles(rows.size, shape, scale) + math.exp(cutoff)))
    return centred + highest, shape


def _ranked(values: np.ndarray) -> np.ndarray:
    """Positions from the smallest value to the largest; ties, up to rounding, in the order in which they stand."""
    order = np.argsort(values, kind="stable")
    group = np.cumsum(np.diff(values[order], prepend=-np.inf) > TIED)
    return order[np.lexsort((order, group))]


def _pareto_fit(excess: np.ndarray) -> tuple[float, float]:
    """Shape and scale of a generalised Pareto law for sorted, positive excesses."""
    size = excess.size
    candidates = 30 + int(math.sqrt(size))
    quartile = excess[int(size / 4 + 0.5) - 1]
    if quartile <= excess[0]:
        return math.inf, math.nan
    rates = 1 - np.sqrt(candidates / (np.arange(1, candidates + 1) - 0.5))
    rates = rates / (PRIOR_SCALE * quartile) + 1 / excess[-1]
    shapes = np.log1p(-rates[:, None] * excess).mean(axis=1)
    profile = size * (np.log(-rates / shapes) - shapes - 1)
    posterior = np.exp(profile - profile.max())
    posterior /= posterior.sum()
    posterior[posterior < 10 * np.finfo(float).eps] = 0
    rate = float(posterior @ rates / posterior.sum())
    shape = float(np.log1p(-rate * excess).mean())
    return (size * shape + PRIOR_WEIGHT * PRIOR_SHAPE) / (size + PRIOR_WEIGHT), -shape / rate


def _pareto_quantiles(size: int, shape: float, scale: float) -> np.ndarray:
    """Quantiles at the mid-points of `size` equal steps of probability."""
    log_survival = np.log1p(-(np.arange(size) + 0.5) / size)
    if abs(shape) < np.finfo(float).eps:
        return -scale * log_survival
    return scale * np.expm1(-shape * log_survival) / shape
