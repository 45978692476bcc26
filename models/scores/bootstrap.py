"""Is a mean difference of scores more than luck? Intervals that respect overlapping targets, and the verdict by rule.

Forecasts of neighbouring origins share years of their future, and labels share years of the rule's memory, so their
scores are not independent (`shared_years`). Whole blocks of neighbouring origins are drawn instead of single ones, on a
circle, so that every origin is drawn equally often.
"""

import math
from functools import lru_cache
from typing import Literal

import numpy as np

from data.values import frozen
from models.outcome.rule import RULE, OutcomeRule
from models.scores.rules import ScoreError

RESAMPLES, SEED = 10_000, 20241231
"""Ten thousand leave the 2.5 % quantiles within 0.03 standard deviations of the resampled mean."""
TAIL = 0.025
"""Of a 95 % interval, on either side."""
NORMAL_QUANTILE = 1.959964

Verdict = Literal["skill", "no evidence of skill", "worse"]


@frozen
class Interval:
    """A mean over origins and its 95 % interval.

    Attributes
    ----------
    mean, low, high : float
        In the unit of the series. Infinite ends: fewer than two blocks, the spread cannot be known.
    block, origins : int
        Length of a block and of the series, in origins.

    Raises
    ------
    ScoreError
        A NaN, or the ends in the wrong order.
    """

    mean: float
    low: float
    high: float
    block: int
    origins: int

    def __post_init__(self) -> None:
        if not (math.isfinite(self.mean) and self.low <= self.high):
            raise ScoreError(
                f"got a mean of {self.mean} between {self.low} and {self.high}, expected numbers in order; build it "
                "with mean_interval or pooled_interval"
            )


def skill_verdict(interval: Interval) -> Verdict:
    """What a mean difference of scores, ours minus the reference's, allows to be said; lower scores are better."""
    if interval.high < 0:
        return "skill"
    return "worse" if interval.low > 0 else "no evidence of skill"


def shared_years(horizon: int, rule: OutcomeRule = RULE) -> int:
    """Origins that stand so close that their scores share a year.

    A score h years ahead rests on the label that came true and on the one that was known: two windows of the rule's
    memory, h years apart, together ``memory + h`` years of the ledger. Scores of origins further apart than one year
    less share none. In a world of independent years, blocks as long as the horizon alone made intervals that covered
    71 to 86 % for twenty origins and one to three years ahead; blocks of this length cover 92 to 95 %.
    """
    return rule.memory_years + horizon - 1


def block_length(origins: int, span: int) -> int:
    """Origins a block: the cube root of the series, and at least the span, to keep together what depends on each other.

    References
    ----------
    Kunsch (1989), Annals of Statistics 17, 1217-1241: the cube root.
    """
    return max(span, round(origins ** (1 / 3)))


def mean_interval(series: np.ndarray, span: int, resamples: int = RESAMPLES, seed: int = SEED) -> Interval:
    """Mean of a series and its interval.

    Parameters
    ----------
    series : ndarray, shape (origin,)
        One number for each of consecutive origins, all known.
    span : int
        Origins over which scores depend on each other, such as `shared_years`; no block is shorter.

    Raises
    ------
    ScoreError
        Not one row of finite numbers.
    """
    values = np.asarray(series, dtype=np.float64)
    if values.ndim != 1 or not values.size or not np.isfinite(values).all():
        raise ScoreError(
            f"got a series of shape {values.shape} with {int((~np.isfinite(values)).sum())} unknown numbers, expected "
            "one finite number per consecutive origin; end it where the last target is resolved"
        )
    return _interval(values, np.ones(values.size), span, resamples, seed)


def pooled_interval(table: np.ndarray, span: int, resamples: int = RESAMPLES, seed: int = SEED) -> Interval:
    """Mean over all resolved forecasts of several horizons; an origin is drawn with all its horizons.

    Parameters
    ----------
    table : ndarray, shape (origin, horizon)
        Horizons 1, 2, ... of consecutive origins; NaN where the target is not resolved.
    span : int
        As for `mean_interval`, that of the longest horizon.

    Raises
    ------
    ScoreError
        Not such a table, infinite numbers, or an origin without any resolved target.
    """
    values = np.asarray(table, dtype=np.float64)
    if values.ndim != 2 or not values.size or np.isinf(values).any() or np.isnan(values).all(axis=1).any():
        raise ScoreError(
            f"got a table of shape {values.shape}, expected (origin, horizon) with a finite number in every row; end "
            "it with the last origin that has a resolved target"
        )
    return _interval(np.nansum(values, axis=1), (~np.isnan(values)).sum(axis=1), span, resamples, seed)


@lru_cache(maxsize=8)
def times_drawn(origins: int, block: int, resamples: int, seed: int) -> np.ndarray:
    """How often each origin is in each resample of the series, drawn in circular blocks.

    The last block of a resample is cut so that every resample is as long as the series. Drawn once for all comparisons
    of a length, so it may not be written to.

    Returns
    -------
    ndarray of float64, shape (resample, origin)
        Rows add up to `origins`.
    """
    if not (origins >= 1 and block >= 1 and resamples >= 1):
        raise ScoreError(
            f"got {resamples} resamples of {origins} origins in blocks of {block}, expected one at least of each"
        )
    blocks = -(-origins // block)
    starts = np.random.default_rng(seed).integers(origins, size=(resamples, blocks))
    drawn = (starts[..., None] + np.arange(block)).reshape(resamples, -1)[:, :origins] % origins
    flat = drawn + origins * np.arange(resamples)[:, None]
    counts = np.bincount(flat.ravel(), minlength=origins * resamples).reshape(resamples, origins).astype(np.float64)
    counts.setflags(write=False)
    return counts


@lru_cache(maxsize=64)
def small_sample_stretch(origins: int, block: int, span: int) -> float:
    """By how much the bootstrap's interval must be widened because blocks are few and targets overlap.

    Scores that share years with their neighbours are correlated even without any skill: their covariance is taken to
    fall linearly to zero over `span` origins. Under it the bootstrap's variance of a mean is a quadratic form with
    known mean and variance; its share of the true variance, and the degrees of freedom of the chi-squared law that
    fits it make a Student interval. For twenty origins the factor is 2.4 over five years and 4.4 over nine: the plain
    interval over five misses one null in four, the widened one 5 %. Scores that depend on each other beyond the span
    are still under-covered. Infinite with fewer than two blocks.

    References
    ----------
    Satterthwaite (1946), Biometrics Bulletin 2, 110-114: the degrees of freedom.
    """
    from scipy.special import stdtrit

    if 2 * block > origins:
        return math.inf
    places = np.arange(origins)
    covariance = np.maximum(0.0, 1 - np.abs(np.subtract.outer(places, places)) / span)
    inside = (places[None, :] - places[:, None]) % origins < block
    centred = inside - block / origins
    form = centred.T @ centred @ covariance / (origins * block * origins)
    share = np.trace(form) / (covariance.sum() / origins**2)
    freedom = np.trace(form) ** 2 / np.trace(form @ form)
    return float(stdtrit(freedom, 1 - TAIL)) / (NORMAL_QUANTILE * math.sqrt(share))


def _interval(total: np.ndarray, count: np.ndarray, span: int, resamples: int, seed: int) -> Interval:
    """Interval of the sum of `total` over the sum of `count`, both (origin,)."""
    origins, mean = total.size, float(total.sum() / count.sum())
    block = block_length(origins, span)
    stretch = small_sample_stretch(origins, block, span)
    if math.isinf(stretch):
        return Interval(mean=mean, low=-math.inf, high=math.inf, block=block, origins=origins)
    drawn = times_drawn(origins, block, resamples, seed)
    low, high = np.quantile((drawn @ total) / (drawn @ count), (TAIL, 1 - TAIL))
    ends = (mean + stretch * (float(end) - mean) for end in (low, high))
    return Interval(mean=mean, low=next(ends), high=next(ends), block=block, origins=origins)
