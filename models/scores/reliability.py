"""Do events happen as often as forecast? CORP reliability: recalibrated probabilities, bands, and the score's parts."""

import numpy as np
import pandas as pd

from data.values import frozen
from models.scores.rules import ScoreError

LEAST_PAIRS = 30
"""Below it, dots and no verdict: with fewer, bands reach over most of the axis and nothing could be said."""
LEAST_DATES = 10
"""Different target dates below which there is no verdict: thirty pairs may be few dates, each forecast several
times."""
BAND = (0.05, 0.95)
"""Pointwise 90 % consistency bands, as the authors draw them."""
RESAMPLES, SEED = 1_000, 20241231
"""A thousand leave the ends of a band within a twentieth of its width."""
CURVE_COLUMNS = ("forecast", "recalibrated", "low", "high", "count")


@frozen
class ReliabilityCurve:
    """One yes/no event: what was forecast, how often it happened, and whether chance alone explains the difference.

    Attributes
    ----------
    forecast : ndarray, shape (value,)
        The distinct forecasts, rising.
    recalibrated : ndarray, shape (value,)
        Share of such cases in which the event happened, made to rise with the forecast.
    low, high : ndarray, shape (value,)
        Where `recalibrated` would lie nine times in ten, were the forecasts calibrated; NaN below `LEAST_PAIRS`.
    count : ndarray of int, shape (value,)
        Forecasts of this value.
    miscalibration, discrimination, uncertainty : float
        Parts of the mean Brier score (p - y)^2: the first less the second plus the third.
    dates : int
        Different target dates among the pairs.
    """

    forecast: np.ndarray
    recalibrated: np.ndarray
    low: np.ndarray
    high: np.ndarray
    count: np.ndarray
    miscalibration: float
    discrimination: float
    uncertainty: float
    dates: int

    def __post_init__(self) -> None:
        arrays = [getattr(self, name) for name in CURVE_COLUMNS]
        if len({array.shape for array in arrays}) != 1 or not np.all(np.diff(self.forecast) > 0):
            raise ScoreError("got a curve of uneven or unordered columns, expected rising forecasts; use reliability")
        for array in arrays:
            array.setflags(write=False)

    @property
    def pairs(self) -> int:
        """Forecasts with a known outcome."""
        return int(self.count.sum())

    @property
    def has_verdict(self) -> bool:
        """Whether there are enough pairs, from dates enough, to say anything."""
        return self.pairs >= LEAST_PAIRS and self.dates >= LEAST_DATES

    @property
    def share_outside(self) -> float | None:
        """Share of forecasts recalibrated to outside their band, where a tenth is chance; None without a verdict."""
        if not self.has_verdict:
            return None
        outside = (self.recalibrated < self.low) | (self.recalibrated > self.high)
        return float(self.count[outside].sum() / self.pairs)

    @property
    def mean_score(self) -> float:
        """Mean Brier score of the event, 0 to 1."""
        return self.miscalibration - self.discrimination + self.uncertainty

    @property
    def table(self) -> pd.DataFrame:
        """Columns forecast, recalibrated, low, high, count; a row for each distinct forecast."""
        return pd.DataFrame({name: getattr(self, name) for name in CURVE_COLUMNS})


def reliability(
    forecast: np.ndarray,
    happened: np.ndarray,
    resamples: int = RESAMPLES,
    seed: int = SEED,
    dates: int | None = None,
) -> ReliabilityCurve:
    """The CORP curve of one event.

    The bands draw every outcome on its own from its forecast. Forecasts say nothing of how outcomes hang together, so
    blocks cannot be drawn; where targets overlap (several horizons, neighbouring years), the true bands are wider.

    Parameters
    ----------
    forecast : ndarray, shape (pair,)
        Probability of the event, 0 to 1.
    happened : ndarray of bool or 0/1, shape (pair,)
    dates : int, optional
        Different target dates among the pairs; as many as pairs when omitted.

    Raises
    ------
    ScoreError
        No pairs, no probabilities, or outcomes that are not 0 or 1.

    References
    ----------
    Dimitriadis, Gneiting and Jordan (2021), PNAS 118, e2016191118.
    """
    p, y = _checked(forecast, happened)
    values, where, count = np.unique(p, return_inverse=True, return_counts=True)
    share = np.bincount(where, weights=y) / count
    recalibrated = _rising(share, count)
    low, high = _band(values, count, resamples, seed)
    mean_score, best, base = (float(np.mean(np.square(q - y))) for q in (p, recalibrated[where], y.mean()))
    return ReliabilityCurve(
        forecast=values,
        recalibrated=recalibrated,
        low=low,
        high=high,
        count=count,
        miscalibration=mean_score - best,
        discrimination=base - best,
        uncertainty=base,
        dates=p.size if dates is None else dates,
    )


def _checked(forecast: np.ndarray, happened: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    p, y = np.asarray(forecast, dtype=np.float64), np.asarray(happened, dtype=np.float64)
    if p.ndim != 1 or p.shape != y.shape or not p.size:
        raise ScoreError(f"got {p.shape} forecasts and {y.shape} outcomes, expected a row of pairs; leave none out")
    if not ((p >= 0) & (p <= 1)).all() or not np.isin(y, (0, 1)).all():
        raise ScoreError(
            "got forecasts outside 0 to 1 or outcomes other than 0 and 1, expected probabilities of a yes/no event; "
            "leave out unresolved targets"
        )
    return p, y


def _rising(share: np.ndarray, count: np.ndarray) -> np.ndarray:
    """Closest rising sequence by weighted least squares (pool adjacent violators)."""
    from scipy.optimize import isotonic_regression

    return np.clip(isotonic_regression(share, weights=count).x, 0.0, 1.0)


def _band(values: np.ndarray, count: np.ndarray, resamples: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    if count.sum() < LEAST_PAIRS:
        return np.full(values.shape, np.nan), np.full(values.shape, np.nan)
    shares = np.random.default_rng(seed).binomial(count, values, size=(resamples, values.size)) / count
    low, high = np.quantile([_rising(share, count) for share in shares], BAND, axis=0)
    return low, high
