"""Are ranks uniform? The verdict of simulation-based calibration, by bands that hold for a whole curve at once.

Where parameters come from the prior and data from the parameters, the true value of any quantity is one more draw of
its posterior: its rank among `DRAWS` draws takes each of `LEVELS` values equally often (Talts et al. 2018). The ranks'
empirical distribution must then stay inside a band around the straight line (Säilynoja, Bürkner and Vehtari 2022).
"""

import math
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import pandas as pd

from data.values import frozen
from models.errors import FitError

DRAWS = 99
LEVELS = DRAWS + 1
"""A round number of possible ranks, so that the line is judged at every per cent."""
COVERAGE = 0.95
EXCURSIONS_ONE_IN = 20
SMALLEST_CHANCE = 1e-12
"""Chances are one less a sum that is right to some 14 digits; smaller ones would be its rounding."""
PARAMETER, FORECAST, LIKELIHOOD = "parameter", "forecast", "log likelihood"
KINDS = (PARAMETER, FORECAST, LIKELIHOOD)
RANK_COLUMNS = ("model_id", "simulation", "kind", "quantity", "rank")
SUMMARY_COLUMNS = (
    *("model_id", "quantity", "kind", "simulations"),
    *("largest_deviation", "allowed", "at", "chance", "inside"),
)


def rank(values: np.ndarray, rng: np.random.Generator) -> int:
    """How many draws lie below the truth, ties broken at random (probabilities of 0 and 1 are common).

    Parameters
    ----------
    values : ndarray, shape (1 + draw,)
        The truth first, then the draws.

    Raises
    ------
    FitError
        A value is not finite: it would have no place in the order.
    """
    if not np.isfinite(values).all():
        raise FitError(
            f"got {np.count_nonzero(~np.isfinite(values))} values that are not finite, expected none to rank"
        )
    below, equal = (values[1:] < values[0]).sum(), (values[1:] == values[0]).sum()
    return int(below + rng.integers(0, equal + 1))


@frozen(eq=False)
class RankBand:
    """Where the curve of uniform ranks stays with probability `coverage`, at all points at once.

    Attributes
    ----------
    simulations : int
    coverage : float
        What the band really covers: counts are whole numbers, so it is a little more than asked.
    limit : float
        Smallest two-sided tail probability that a count inside has at its point.
    low, high : ndarray of int, shape (LEVELS - 1,)
        Fewest and most ranks below 1, 2, ... that are inside.
    """

    simulations: int
    coverage: float
    limit: float
    low: np.ndarray
    high: np.ndarray


@lru_cache(maxsize=8)
def rank_band(simulations: int, coverage: float = COVERAGE) -> RankBand:
    """The band, without simulation error.

    The count of ranks below a point is binomial, and the chance of a whole curve inside given limits follows from one
    pass over the points. The common tail probability is then found by bisection.

    Raises
    ------
    FitError
        No simulation, or a coverage outside 0 to 1.
    """
    if simulations < 1 or not 0 < coverage < 1:
        raise FitError(
            f"got {simulations} simulations and a coverage of {coverage}, expected at least 1 and a share between 0 "
            "and 1; correct the numbers"
        )
    tails = _tails(simulations)
    narrow, wide = 1.0, 0.0
    for _ in range(50):
        middle = (narrow + wide) / 2
        narrow, wide = (narrow, middle) if _chance_inside(tails >= middle) >= coverage else (middle, wide)
    inside = tails >= wide
    low, high = inside.argmax(axis=1), simulations - inside[:, ::-1].argmax(axis=1)
    low.flags.writeable = high.flags.writeable = False
    return RankBand(simulations=simulations, coverage=_chance_inside(inside), limit=wide, low=low, high=high)


def summary(ranks: pd.DataFrame) -> pd.DataFrame:
    """One row a model and quantity.

    Parameters
    ----------
    ranks : DataFrame
        Columns `RANK_COLUMNS`; ranks 0 to `DRAWS`.

    Returns
    -------
    DataFrame
        ``largest_deviation`` of the curve from the line (share of ranks below less what uniform ranks give) is taken
        at the point ``at`` (0 to 1) where it is least likely; ``allowed`` is the band there, on the same side;
        ``chance`` of a curve as unlikely as this one, were the ranks uniform; ``inside`` the band everywhere.
    """
    rows = []
    for (model, kind, quantity), group in ranks.groupby(["model_id", "kind", "quantity"], sort=False):
        verdict = judged(group["rank"].to_numpy())
        rows.append({"model_id": model, "quantity": quantity, "kind": kind, "simulations": len(group), **verdict})
    return pd.DataFrame(rows, columns=list(SUMMARY_COLUMNS))


def judged(ranks: Sequence[int] | np.ndarray) -> dict[str, float | bool]:
    """The last five columns of `summary` for the ranks of one quantity."""
    seen = np.asarray(ranks)
    if not np.isin(seen, np.arange(LEVELS)).all():
        raise FitError(f"got ranks {seen.min()} to {seen.max()}, expected 0 to {DRAWS}; rank {DRAWS} draws")
    band, points = rank_band(seen.size), np.arange(1, LEVELS)
    below = np.searchsorted(np.sort(seen), points)
    tails = _tails(seen.size)
    tail = tails[points - 1, below]
    worst = int(tail.argmin())
    expected = points[worst] / LEVELS
    deviation = below[worst] / seen.size - expected
    edge = band.high if deviation > 0 else band.low
    return {
        "largest_deviation": float(deviation),
        "allowed": float(abs(edge[worst] / seen.size - expected)),
        "at": float(expected),
        "chance": max(SMALLEST_CHANCE, 1.0 - _chance_inside(tails > tail[worst] * (1 + 1e-9))),
        "inside": bool(tail[worst] >= band.limit),
    }


def excursions_allowed(quantities: int) -> int:
    """One in every twenty quantities, a started twenty counting as one.

    A band of 95 % is left once in twenty times by right code, too: of 30 independent quantities more than two leave
    it with a chance of 19 %. Quantities that move together do so more often: of 20 sets of 200 simulations of M0, whose
    posterior is exact, five had more than two of 26 outside. Hence the column ``chance``, which says how far out an
    excursion is, and more simulations where in doubt: a fault grows clearer with them, an accident does not.
    """
    return math.ceil(quantities / EXCURSIONS_ONE_IN)


@lru_cache(maxsize=8)
def _tails(simulations: int) -> np.ndarray:
    """Two-sided tail probability of each count at each point, shape (LEVELS - 1, simulations + 1)."""
    share = np.arange(1, LEVELS)[:, None] / LEVELS
    count = np.arange(simulations + 1)
    log_factorial = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, simulations + 1)))])
    log_choose = log_factorial[-1] - log_factorial - log_factorial[::-1]
    mass = np.exp(log_choose + count * np.log(share) + (simulations - count) * np.log1p(-share))
    upward, downward = np.cumsum(mass, axis=1), np.cumsum(mass[:, ::-1], axis=1)[:, ::-1]
    return np.minimum(1.0, 2 * np.minimum(upward, downward))


def _chance_inside(inside: np.ndarray) -> float:
    """Chance that a curve of uniform ranks has only counts that are `inside` (LEVELS - 1, simulations + 1).

    Multinomial counts are independent Poisson counts given their sum, so every step adds the same law.
    """
    simulations = inside.shape[1] - 1
    step = _poisson(simulations / LEVELS, np.arange(simulations + 1))
    step = step[: np.flatnonzero(step > 1e-18)[-1] + 1]
    law = np.ones(1)
    for allowed in inside:
        law = np.convolve(law, step)[: simulations + 1]
        law *= allowed[: law.size]
    law = np.convolve(law, step)
    whole = float(_poisson(simulations, np.array([simulations]))[0])
    return float(min(1.0, law[simulations] / whole)) if law.size > simulations else 0.0


def _poisson(mean: float, count: np.ndarray) -> np.ndarray:
    return np.exp(count * math.log(mean) - mean - np.array([math.lgamma(number + 1) for number in count]))
