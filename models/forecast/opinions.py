"""What each model says under a setting, and what their mixture says: means, errors and ranges."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Self

import numpy as np

from data.types import Evidence
from data.values import frozen
from models.assumptions.setting import Assumptions
from models.base_rate.outside_view import outside_draws, outside_view
from models.fits.probabilities import by_horizon
from models.library.answer import Answer
from models.library.known import Known
from models.library.library import Library
from models.names import INTERVAL_LEVELS, MODEL_M0
from models.outcome.rule import RULE, OutcomeRule

BASE_RATE_DRAWS = 2000
BASE_RATE_SEED = 20241231
LEVELS = 257
"""Values that a range is read from: as many as M1's simulated ledgers leave open."""
REACHED = 1 - 1e-9
"""Share of a level at which it counts as reached. Equal weights reach 5 % exactly, at the hundredth of two thousand
draws; in which order they were added must not decide whether the bound is that draw or the next."""


@frozen(eq=False)
class Opinion:
    """Probabilities over what a model, or the mixture, does not know about itself.

    Attributes
    ----------
    mean, mcse, low, high : ndarray, shape (horizon, outcome)
        Outcomes: the four states, any rupture, any deeper cooperation. `low` and `high` bound 90 % of the posterior
        of the probability itself.
    masses : ndarray, shape (level, horizon * outcome)
        How much of the posterior puts each probability at each of evenly spaced values from 0 to 1; columns sum to 1.
    """

    mean: np.ndarray
    mcse: np.ndarray
    low: np.ndarray
    high: np.ndarray
    masses: np.ndarray

    @classmethod
    def of(cls, mean: np.ndarray, mcse: np.ndarray, masses: np.ndarray, ends: np.ndarray | None = None) -> Self:
        """From outcomes side by side; the ends follow from the masses unless they are known better."""
        low, high = range_of(masses) if ends is None else ends
        return cls(
            mean=by_horizon(mean), mcse=by_horizon(mcse), low=by_horizon(low), high=by_horizon(high), masses=masses
        )


def opinions(
    evidence: Evidence, library: Library, assumptions: Assumptions, answers: Mapping[str, Answer]
) -> Mapping[str, Opinion]:
    """The models' answers with their ranges."""
    ranged = {MODEL_M0: base_rate_opinion(evidence, assumptions.values["rupture_hazard"], library.provenance.rule)}
    for model in [model for model in answers if model != MODEL_M0]:
        ranged[model] = _opinion(answers[model], library)
    return ranged


_SAID: Known[Opinion] = Known()
"""By the noise, which every answer has for itself: M3's answer is the same as long as its own knob stays."""
_LEVELS: Known[np.ndarray] = Known()


def _opinion(answer: Answer, library: Library) -> Opinion:
    return _SAID.of(answer.noise, lambda: Opinion.of(answer.mean, answer.mcse, _masses(answer, library)))


def _masses(answer: Answer, library: Library) -> np.ndarray:
    """Of an answer's draws; M1's are the same at every move."""
    p = answer.probabilities
    levels = _LEVELS.of(p, lambda: nearest(p).astype(np.int32)) if p is library.probabilities else nearest(p)
    return masses_of(answer.weights.values, levels)


@lru_cache(maxsize=256)
def base_rate_opinion(evidence: Evidence, rupture_hazard: float, rule: OutcomeRule = RULE) -> Opinion:
    """M0 after the ledger: its mean is exact, its range comes from draws of the chain."""
    mean = outside_view(evidence, rupture_hazard, rule).flat
    draws = outside_draws(evidence, rupture_hazard, BASE_RATE_DRAWS, BASE_RATE_SEED, rule).flat
    uniform = np.full(BASE_RATE_DRAWS, 1 / BASE_RATE_DRAWS)
    ends = weighted_quantiles(draws, uniform, INTERVAL_LEVELS)
    return Opinion.of(mean, np.zeros_like(mean), masses_of(uniform, nearest(draws)), ends)


def pooled(opinions: Mapping[str, Opinion], shares: Mapping[str, float]) -> Opinion:
    """Linear pool. Its range is that of a probability drawn from one model's posterior, each model with its share."""
    parts = [(shares[model], opinion) for model, opinion in opinions.items() if shares[model] > 0]
    mean = sum(share * opinion.mean for share, opinion in parts)
    mcse = np.sqrt(sum(np.square(share * opinion.mcse) for share, opinion in parts))
    masses = sum(share * _resampled(opinion.masses) for share, opinion in parts)
    return Opinion.of(mean.ravel(), mcse.ravel(), masses)


def nearest(probabilities: np.ndarray) -> np.ndarray:
    """The evenly spaced value that each probability is nearest to, 0 to `LEVELS` - 1."""
    return np.rint(probabilities * (LEVELS - 1)).astype(np.intp)


def masses_of(weights: np.ndarray, levels: np.ndarray, highest: int = LEVELS - 1) -> np.ndarray:
    """Weight of every evenly spaced value from 0 to `highest`.

    Parameters
    ----------
    weights : ndarray, shape (sample,)
    levels : ndarray of int, shape (sample, column)
        Which of the values each draw has.

    Returns
    -------
    ndarray, shape (highest + 1, column)
    """
    return np.stack([np.bincount(column, weights=weights, minlength=highest + 1) for column in levels.T], axis=1)


def range_of(masses: np.ndarray) -> np.ndarray:
    """5 and 95 % quantiles of the columns, shape (2, column): the first value where the cumulated mass reaches them."""
    return _reaching(masses, INTERVAL_LEVELS) / (len(masses) - 1)


def weighted_quantiles(draws: np.ndarray, weights: np.ndarray, levels: tuple[float, ...]) -> np.ndarray:
    """Quantiles of each column of `draws` (sample, column), shape (level, column).

    The inverse of the weighted distribution function: the smallest draw at which the cumulated weight reaches the
    level.

    Parameters
    ----------
    weights : ndarray, shape (sample,) or (sample, column)
    """
    return ordered_quantiles(draws, order_of(draws), weights, levels)


def order_of(draws: np.ndarray) -> np.ndarray:
    """Rows of each column of `draws` (sample, column) from its smallest to its largest, equal ones as they stand."""
    return np.argsort(draws, axis=0, kind="stable")


def ordered_quantiles(
    draws: np.ndarray, order: np.ndarray, weights: np.ndarray, levels: tuple[float, ...]
) -> np.ndarray:
    """As `weighted_quantiles`, of draws whose `order_of` is known."""
    ordered = weights[order] if weights.ndim == 1 else np.take_along_axis(weights, order, axis=0)
    picked = np.take_along_axis(order, _reaching(ordered, levels), axis=0)
    return np.take_along_axis(draws, picked, axis=0).astype(np.float64)


def _reaching(weights: np.ndarray, levels: tuple[float, ...]) -> np.ndarray:
    """First row at which each column's cumulated weight reaches each level of the whole, shape (level, column)."""
    cumulative = np.cumsum(weights, axis=0)
    rows = np.stack([(cumulative < REACHED * level * cumulative[-1]).sum(axis=0) for level in levels])
    return np.minimum(rows, len(weights) - 1)


def _resampled(masses: np.ndarray) -> np.ndarray:
    """Masses on the common grid; a library of fewer simulated ledgers has a coarser one of its own."""
    if len(masses) == LEVELS:
        return masses
    finer = np.zeros((LEVELS, masses.shape[1]))
    np.add.at(finer, nearest(np.arange(len(masses)) / (len(masses) - 1)), masses)
    return finer
