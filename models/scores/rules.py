"""How good a forecast of the four states was: three proper scores, all penalties, lower is better."""

import numpy as np

from data.errors import ConjunctionError
from models.names import STATES

FLOOR = 0.01
"""Smallest probability that the log score knows, for every forecaster alike. One year that somebody had called
impossible costs 4.6 nats and not infinity, so that it cannot outvote twenty other origins; differences below it are
smaller than the Monte Carlo and prior error of any model here. A forecaster gains nothing by honesty below it, which
is why the ranked probability score, proper without a floor, is the primary one."""
SUM_TOLERANCE = 1e-5
"""Thousands of float32 draws, averaged, add up to one within a few 1e-6."""


class ScoreError(ConjunctionError, ValueError):
    """Forecasts and outcomes that cannot be scored, or scores that cannot be compared."""


def ranked_probability_score(p: np.ndarray, codes: np.ndarray, classes: int = len(STATES)) -> np.ndarray:
    """Squared distance of the cumulated forecast from the cumulated outcome, summed over the cuts between classes.

    Not normalised by the number of cuts: of the four states 0 (certain and right) to 3 (certain of the opposite end).
    The order counts: calling strain a rupture costs less than calling deeper cooperation one.

    Parameters
    ----------
    p : ndarray, shape (..., class)
        Forecast probability of each class; broadcasts against `codes`.
    codes : ndarray of int, shape (...)
        What happened, 0 rupture to 3 deeper cooperation where the classes are the states.
    classes : int
        How many there are, such as three words for a year's mean.

    Returns
    -------
    ndarray, shape (...)

    Raises
    ------
    ScoreError
        Not distributions, shapes that do not fit, or an outcome that is not one of the classes.

    References
    ----------
    Epstein (1969), Journal of Applied Meteorology 8, 985-987.
    """
    forecast, happened = _checked(p, codes, classes)
    cuts = np.arange(classes - 1)
    return np.square(np.cumsum(forecast, axis=-1)[..., :-1] - (happened[..., None] <= cuts)).sum(axis=-1)


def brier_score(p: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """Squared error summed over the four states, 0 to 2. Parameters and errors as in `ranked_probability_score`.

    References
    ----------
    Brier (1950), Monthly Weather Review 78, 1-3.
    """
    forecast, happened = _checked(p, codes)
    return np.square(forecast - (happened[..., None] == np.arange(len(STATES)))).sum(axis=-1)


def log_score(p: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """Minus the log probability of what happened, never below `FLOOR`: 0 to 4.6 nats.

    Parameters and errors as in `ranked_probability_score`.
    """
    return floored_log_score(realised_probability(p, codes))


def floored_log_score(realised: np.ndarray) -> np.ndarray:
    """The log score from the probability of what happened (any shape); NaN stays NaN."""
    return -np.log(np.maximum(realised, FLOOR))


def realised_probability(p: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """The probability that was given to what happened, without a floor: what stacking weighs.

    Parameters, shapes and errors as in `ranked_probability_score`.
    """
    forecast, happened = _checked(p, codes)
    return np.take_along_axis(forecast, happened[..., None], axis=-1)[..., 0]


def _checked(p: np.ndarray, codes: np.ndarray, classes: int = len(STATES)) -> tuple[np.ndarray, np.ndarray]:
    """Forecasts (..., class) and outcomes (...) of one common shape."""
    forecast, happened = np.asarray(p, dtype=np.float64), np.asarray(codes)
    _check_distributions(forecast, classes)
    _check_outcomes(happened, classes)
    try:
        shape = np.broadcast_shapes(forecast.shape[:-1], happened.shape)
    except ValueError:
        raise ScoreError(
            f"got forecasts of shape {forecast.shape} for outcomes of shape {happened.shape}, expected one outcome "
            "per forecast; line them up by origin and horizon"
        ) from None
    return np.broadcast_to(forecast, (*shape, classes)), np.broadcast_to(happened, shape).astype(int)


def _check_distributions(forecast: np.ndarray, classes: int) -> None:
    if forecast.ndim == 0 or forecast.shape[-1] != classes:
        raise ScoreError(
            f"got forecasts of shape {forecast.shape}, expected {classes} states on the last axis; pass every state"
        )
    bad = ~((forecast >= 0).all(axis=-1) & (np.abs(forecast.sum(axis=-1) - 1) <= SUM_TOLERANCE))
    if bad.any():
        raise ScoreError(
            f"got {forecast[bad][0].tolist()} as a forecast ({int(bad.sum())} such), expected probabilities that add "
            "up to one; normalise them, and leave out what was not forecast"
        )


def _check_outcomes(happened: np.ndarray, classes: int) -> None:
    valid = np.isin(happened, np.arange(classes))
    if not valid.all():
        raise ScoreError(
            f"got the outcome {happened[~valid].flat[0]!r}, expected a code 0 to {classes - 1}; leave out "
            "year-ends that are annulled (-1) or not yet resolved"
        )
