"""Forecasts of a number as quantiles: how good they were, how often they held it, and what they say in words.

A distribution is a row of quantiles at `LEVELS` on the last axis. All scores are penalties, lower is better.
"""

from collections.abc import Sequence

import numpy as np

from models.names import QUANTILE_LEVELS
from models.scores.rules import ScoreError

LEVELS = np.arange(1, 100) / 100
"""Ninety-nine: the error of the integral they stand for is below a hundredth of the score."""
LEVELS.setflags(write=False)


def quantiles_of(samples: np.ndarray, weights: np.ndarray | None = None) -> np.ndarray:
    """Quantiles of simulated numbers at `LEVELS`.

    Parameters
    ----------
    samples : ndarray, shape (sample, ...)
    weights : ndarray, shape (sample,), optional
        What each sample counts; all alike when omitted.

    Returns
    -------
    ndarray, shape (..., level)

    Raises
    ------
    ScoreError
        No samples, or some that are no numbers.
    """
    values = np.asarray(samples, dtype=np.float64)
    if not values.size or not np.isfinite(values).all():
        raise ScoreError(f"got samples of shape {values.shape}, expected finite numbers; leave out what has none")
    if weights is None:
        return np.moveaxis(np.quantile(values, LEVELS, axis=0), 0, -1)
    return np.moveaxis(np.quantile(values, LEVELS, axis=0, weights=weights, method="inverted_cdf"), 0, -1)


def mixed_quantiles(members: Sequence[np.ndarray], shares: Sequence[float]) -> np.ndarray:
    """Quantiles of the mixture of several distributions, each given by its quantiles.

    Parameters
    ----------
    members : sequence of ndarray, shape (..., level)
    shares : sequence of float
        Not negative, some above 0; made to add up to one.
    """
    stacked = np.concatenate([np.moveaxis(np.asarray(one, dtype=np.float64), -1, 0) for one in members])
    return quantiles_of(stacked, np.repeat(np.asarray(shares, dtype=np.float64), len(LEVELS)))


def crps(quantiles: np.ndarray, observed: np.ndarray, levels: np.ndarray = LEVELS) -> np.ndarray:
    """Continuous ranked probability score, in the unit of what was forecast: twice the mean pinball loss.

    Parameters
    ----------
    quantiles : ndarray, shape (..., level)
        Not falling.
    observed : ndarray, shape (...)
        NaN where not resolved; its score is NaN.
    levels : ndarray, shape (level,)
        Evenly spread between 0 and 1.

    Raises
    ------
    ScoreError
        Quantiles that fall or are no numbers, or another number of them than levels.

    References
    ----------
    Gneiting and Ranjan (2011), Journal of Business and Economic Statistics 29, 411-422: the score as an integral of
    pinball losses.
    """
    ordered = _checked(quantiles, levels)
    error = np.asarray(observed, dtype=np.float64)[..., None] - ordered
    return 2 * np.maximum(levels * error, (levels - 1) * error).mean(axis=-1)


def quantile_crps(quantiles: np.ndarray, observed: np.ndarray, levels: Sequence[float] = QUANTILE_LEVELS) -> np.ndarray:
    """The same of a published distribution, of which a few quantiles are known, at levels that are not evenly spread.

    Each pinball loss counts for the stretch of levels that it stands for: from halfway to the level before to halfway
    to the next one, 0 and 1 at the ends. The score stays proper for these quantiles.

    Parameters
    ----------
    quantiles : ndarray, shape (..., level)
    observed : ndarray, shape (...)

    References
    ----------
    Bracher, Ray, Gneiting and Reich (2021), PLOS Computational Biology 17, e1008618: scores of interval forecasts.
    """
    at = np.asarray(levels, dtype=np.float64)
    ordered = _checked(quantiles, at)
    stretches = np.diff(np.concatenate([[0], (at[1:] + at[:-1]) / 2, [1]]))
    error = np.asarray(observed, dtype=np.float64)[..., None] - ordered
    return 2 * (np.maximum(at * error, (at - 1) * error) * stretches).sum(axis=-1)


def chance_below(quantiles: np.ndarray, value: np.ndarray | float) -> np.ndarray:
    """Chance of a number below `value` (...), shape (...): straight lines between the quantiles, 0 and 1 outside."""
    ordered = _checked(quantiles, LEVELS)
    places = np.broadcast_to(value, ordered.shape[:-1])
    flat = zip(ordered.reshape(-1, len(LEVELS)), places.ravel(), strict=True)
    return np.array([np.interp(place, row, LEVELS, left=0.0, right=1.0) for row, place in flat]).reshape(places.shape)


def word_chances(quantiles: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """Chance of each of the classes between `edges`.

    Parameters
    ----------
    quantiles : ndarray, shape (..., level)
    edges : ndarray, shape (..., edge)
        Rising; a number on an edge belongs to the class above it.

    Returns
    -------
    ndarray, shape (..., edge + 1)
    """
    below = [chance_below(quantiles, edges[..., index]) for index in range(edges.shape[-1])]
    return np.diff(np.stack([np.zeros_like(below[0]), *below, np.ones_like(below[0])], axis=-1), axis=-1)


def held(quantiles: np.ndarray, observed: np.ndarray, share: float) -> np.ndarray:
    """Whether the central range that should hold `share` of outcomes held this one; bool, shape (...)."""
    ends = (1 - share) / 2, (1 + share) / 2
    low, high = (quantiles[..., int(np.argmin(np.abs(LEVELS - end)))] for end in ends)
    return (low <= observed) & (observed <= high)


def widened(quantiles: np.ndarray, factor: float) -> np.ndarray:
    """The same medians, every quantile `factor` times as far from its median; shape kept."""
    median = quantiles[..., len(LEVELS) // 2, None]
    return median + factor * (quantiles - median)


def _checked(quantiles: np.ndarray, levels: np.ndarray) -> np.ndarray:
    ordered = np.asarray(quantiles, dtype=np.float64)
    if ordered.shape[-1:] != np.shape(levels) or not (np.diff(ordered, axis=-1) >= 0).all():
        raise ScoreError(
            f"got quantiles of shape {ordered.shape}, expected {len(levels)} that do not fall on the last axis; make "
            "them with quantiles_of"
        )
    return ordered
