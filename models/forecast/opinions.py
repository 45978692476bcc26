"""What each model says under a setting, and what their mixture says: means, errors and ranges."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from models.base_rate.chain import BaseRate, calm_hazard
from models.library.library import Library
from models.library.members import Answer, flat
from models.library.reweighting import weighted_mcse
from models.names import HORIZONS, INTERVAL_LEVELS
from models.weighting.status import Status
from models.weighting.weights import Weights

BASE_RATE_DRAWS = 2000
BASE_RATE_SEED = 20241231
LEVELS = 257
"""Values that a range is read from: as many as M1's simulated ledgers leave open."""
REACHED = 1 - 1e-9
"""Share of a level at which it counts as reached. Equal weights reach 5 % exactly, at the hundredth of two thousand
draws; in which order they were added must not decide whether the bound is that draw or the next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """One model's probabilities over its uncertainty.

    Attributes
    ----------
    mean, mcse, low, high : ndarray, shape (horizon, outcome)
        Outcomes: the four states, any rupture, any deeper cooperation. `low` and `high` bound 90 % of the posterior
        of the probability itself.
    """

    mean: np.ndarray
    mcse: np.ndarray
    low: np.ndarray
    high: np.ndarray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Opinion:
    """One model's answer.

    Attributes
    ----------
    summary : Summary
    masses : ndarray, shape (level, horizon * outcome)
        How much of the posterior puts each probability at each of evenly spaced values from 0 to 1; columns sum to 1.
    status : Status
        Of the weights behind it.
    """

    summary: Summary
    masses: np.ndarray
    status: Status


@lru_cache(maxsize=256)
def base_rate_opinion(codes: tuple[int, ...], hazard: float) -> Opinion:
    """M0 after a labelled history: its mean is exact, its range comes from draws of the chain."""
    model = BaseRate.from_history(np.array(codes), hazard=calm_hazard(hazard))
    mean = model.forecast(codes[-1]).outcomes.ravel()
    draws = flat(model.draws(codes[-1], BASE_RATE_DRAWS, BASE_RATE_SEED))
    uniform = np.full(BASE_RATE_DRAWS, 1 / BASE_RATE_DRAWS)
    low, high = weighted_quantiles(draws, uniform, INTERVAL_LEVELS)
    return _opinion(mean, np.zeros_like(mean), (low, high), masses_of(draws, uniform), Status.EXACT)


def alignment_opinion(library: Library, weights: Weights) -> Opinion:
    """M1: the library's draws, weighed."""
    columns = [np.bincount(one, weights=weights.values, minlength=library.resolution + 1) for one in library.counts.T]
    masses = np.stack(columns, axis=1)
    mean = weights.values @ library.probabilities
    mcse = weighted_mcse(library.probabilities, weights, library)
    return _opinion(mean, mcse, range_of(masses), masses, weights.status)


def answered_opinion(answer: Answer) -> Opinion:
    """M2 or M3. Draws that needed no weights are still draws, with an error of their own: never better than "good"."""
    masses = masses_of(answer.probabilities, answer.weights.values)
    return _opinion(
        answer.mean, answer.mcse, range_of(masses), masses, Status.worst(Status.GOOD, answer.weights.status)
    )


def pooled(opinions: Mapping[str, Opinion], shares: Mapping[str, float]) -> Summary:
    """Linear pool. Its range is that of a probability drawn from one model's posterior, each model with its share."""
    parts = [(shares[model], opinion) for model, opinion in opinions.items() if shares[model] > 0]
    low, high = range_of(sum(share * _resampled(one.masses) for share, one in parts))
    shape = parts[0][1].summary.mean.shape
    return Summary(
        mean=sum(share * one.summary.mean for share, one in parts),
        mcse=np.sqrt(sum(np.square(share * one.summary.mcse) for share, one in parts)),
        low=low.reshape(shape),
        high=high.reshape(shape),
    )


def masses_of(probabilities: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Weight of every evenly spaced value that probabilities are nearest to.

    Parameters
    ----------
    probabilities : ndarray, shape (sample, column)
    weights : ndarray, shape (sample,)

    Returns
    -------
    ndarray, shape (`LEVELS`, column)
    """
    nearest = np.rint(probabilities * (LEVELS - 1)).astype(np.intp)
    columns = probabilities.shape[1]
    cells = nearest * columns + np.arange(columns)
    heavy = np.repeat(weights, columns)
    return np.bincount(cells.ravel(), weights=heavy, minlength=LEVELS * columns).reshape(LEVELS, columns)


def range_of(masses: np.ndarray) -> np.ndarray:
    """5 and 95 % quantiles of the columns, shape (2, column): the first value where the cumulated mass reaches them."""
    cumulative = np.cumsum(masses, axis=0)
    picks = np.stack([(cumulative < REACHED * level * cumulative[-1]).sum(axis=0) for level in INTERVAL_LEVELS])
    return np.minimum(picks, len(masses) - 1) / (len(masses) - 1)


def weighted_quantiles(draws: np.ndarray, weights: np.ndarray, levels: tuple[float, ...]) -> np.ndarray:
    """Quantiles of each column of `draws` (sample, column), shape (level, column).

    The inverse of the weighted distribution function: the smallest draw at which the cumulated weight reaches the
    level.

    Parameters
    ----------
    weights : ndarray, shape (sample,) or (sample, column)
    """
    order = np.argsort(draws, axis=0, kind="stable")
    ordered = weights[order] if weights.ndim == 1 else np.take_along_axis(weights, order, axis=0)
    cumulative = np.cumsum(ordered, axis=0)
    picks = np.stack([(cumulative < REACHED * level * cumulative[-1]).sum(axis=0) for level in levels])
    ranks = np.minimum(picks, draws.shape[0] - 1)
    return np.take_along_axis(draws, np.take_along_axis(order, ranks, axis=0), axis=0).astype(np.float64)


def _resampled(masses: np.ndarray) -> np.ndarray:
    """Masses on the common grid; a library of fewer simulated ledgers has a coarser one of its own."""
    if len(masses) == LEVELS:
        return masses
    target = np.rint(np.arange(len(masses)) * (LEVELS - 1) / (len(masses) - 1)).astype(np.intp)
    found = np.zeros((LEVELS, masses.shape[1]))
    np.add.at(found, target, masses)
    return found


def _opinion(
    mean: np.ndarray, mcse: np.ndarray, ends: tuple[np.ndarray, np.ndarray], masses: np.ndarray, status: Status
) -> Opinion:
    shape = (len(HORIZONS), -1)
    low, high = ends
    summary = Summary(
        mean=mean.reshape(shape), mcse=mcse.reshape(shape), low=low.reshape(shape), high=high.reshape(shape)
    )
    return Opinion(summary=summary, masses=masses, status=status)
