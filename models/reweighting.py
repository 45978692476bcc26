"""A moved prior without a new fit: importance weights for draws that exist already, and the error they carry.

A prior leaves the likelihood alone, so the posterior under other assumptions is the stored posterior times ``prior_new
/ prior_fit``. The ratio's upper tail is smoothed by a generalised Pareto fit, whose shape k says how far the weights
can be trusted (Vehtari, Simpson, Gelman, Yao and Gabry 2024, *Pareto smoothed importance sampling*).
"""

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from models.assumptions import Assumptions
from models.errors import FitError, StaleFitError
from models.posterior import Fit
from models.priors import prior_parameters

type Status = Literal["exact", "good", "fair", "poor"]

GOOD_K, GOOD_ESS = 0.5, 1000.0
"""Below k = 0.5 the ratios have a finite variance; 1,000 draws hold a probability of one half within 1.6 points."""
FAIR_K, FAIR_ESS = 0.7, 300.0
"""Above k = 0.7 convergence is too slow for any practical number of draws; 300 draws still leave 2.9 points."""
SMALLEST_SAMPLE = 25
"""A Pareto tail is a fifth of a small sample and needs five draws."""
BLOCKS = 20
"""Blocks a chain for batch means: 80 in four chains give the error itself within 8 %, and 75 draws a block outlast the
autocorrelation of a fit that passed its gate."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Weights:
    """Importance weights of a fit's draws and how far to trust them.

    Attributes
    ----------
    values : ndarray of float64, shape (sample,)
        Sum to 1, read-only.
    pareto_k : float or None
        Shape of the ratios' tail, infinite when no Pareto law fits; None when nothing had to be weighted.
    ess : float
        Independent draws that the weighted draws are worth: Kish's ``1 / sum(w**2)`` times the efficiency of the
        Markov chain (`chain_efficiency`). Kish alone takes the draws for independent and would promise too much. The
        product is cautious: a few heavy draws are further apart in the chain than their neighbours.
    status : {"exact", "good", "fair", "poor"}

    Raises
    ------
    FitError
        Weights that are no distribution over draws.
    """

    values: np.ndarray
    pareto_k: float | None
    ess: float
    status: Status

    def __post_init__(self) -> None:
        values = np.array(self.values, dtype=np.float64)
        if values.ndim != 1 or not (np.all(values >= 0) and abs(values.sum() - 1) <= 1e-9):
            raise FitError(
                f"got weights of shape {values.shape} summing to {values.sum():.6g}, expected one row that sums to 1"
            )
        if self.status not in get_args(Status.__value__):
            raise FitError(
                f"got weight status {self.status!r}, expected one of {', '.join(get_args(Status.__value__))}"
            )
        values.flags.writeable = False
        object.__setattr__(self, "values", values)

    @property
    def kish(self) -> float:
        """Effective number of draws if the draws were independent, ``1 / sum(w**2)``."""
        return 1 / float(np.square(self.values).sum())


def reweight(fit: Fit, assumptions: Assumptions) -> Weights:
    """Weights that turn a fit's draws into draws under other assumptions.

    Returns
    -------
    Weights
        Uniform and "exact" when the assumptions imply the very priors of the fit (a knob that acts outside the fitted
        model, such as the base rate of rupture, needs no weights).

    Raises
    ------
    StaleFitError
        The fit knows other knobs than the assumptions.
    """
    if set(fit.assumptions_values) != set(assumptions.knobs):
        odd = sorted(set(fit.assumptions_values) ^ set(assumptions.knobs))
        raise StaleFitError(
            f"the fit and the assumptions differ in the knobs {', '.join(odd)}; expected the same; fit again"
        )
    then = prior_parameters(Assumptions(knobs=assumptions.knobs, values=fit.assumptions_values))
    now = prior_parameters(assumptions)
    efficiency = chain_efficiency(fit)
    if now.same_posterior(then):
        return _uniform(fit.chain.size, efficiency)
    log_ratio = now.log_density(fit.parameters) - then.log_density(fit.parameters)
    return smoothed_weights(log_ratio, efficiency)


def smoothed_weights(log_ratio: np.ndarray, efficiency: float = 1.0) -> Weights:
    """Pareto-smoothed, normalised weights.

    Parameters
    ----------
    log_ratio : ndarray of float64, shape (sample,)
        ``log prior_new - log prior_fit`` of each draw, up to a constant.
    efficiency : float
        Independent draws per draw, above 0 up to 1. It also widens the tail that is fitted.

    Raises
    ------
    FitError
        Too few draws, or a ratio that is not finite.
    """
    ratio = np.asarray(log_ratio, dtype=np.float64)
    if ratio.ndim != 1 or ratio.size < SMALLEST_SAMPLE or not np.all(np.isfinite(ratio)):
        raise FitError(
            f"got log ratios of shape {ratio.shape}, expected at least {SMALLEST_SAMPLE} finite ones; fit again"
        )
    if np.ptp(ratio) == 0:
        return _uniform(ratio.size, efficiency)
    values, pareto_k = _smooth(ratio, efficiency)
    ess = efficiency / float(np.square(values).sum())
    return Weights(values=values, pareto_k=pareto_k, ess=ess, status=_status(pareto_k, ess))


def chain_efficiency(fit: Fit) -> float:
    """Independent draws per draw of the chain, 0 to 1: the median over the forecast probabilities, which is what is
    shown.

    Each is the variance that independent draws would leave over the batch-means variance. Chains that do better than
    independent draws get no credit. (ArviZ's estimate for every probability would take longer than the whole answer
    may.)"""
    arrays = [array.to_numpy().reshape(fit.chain.size, -1) for array in fit.probabilities.data_vars.values()]
    draws = np.concatenate(arrays, axis=1).astype(np.float64)
    varying = draws[:, np.ptp(draws, axis=0) > 0]
    if not varying.size:
        return 1.0
    error = weighted_mcse(varying, _uniform(fit.chain.size, 1.0), fit.chain)
    return float(min(1.0, np.median(varying.var(axis=0) / (fit.chain.size * np.square(error)))))


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


def weighted_mcse(p: np.ndarray, weights: Weights, chain: np.ndarray) -> np.ndarray:
    """Monte Carlo standard error of `weighted_mean`, by batch means.

    The self-normalised mean is linearised: its error is the sum of the residuals ``w * (p - mean)``. These are summed
    over consecutive blocks of each chain, long enough to be nearly independent, and the spread of the block sums gives
    the error. It holds for correlated draws and for chains that disagree.

    Parameters
    ----------
    p : ndarray, shape (sample, ...)
    weights : Weights
    chain : ndarray of int, shape (sample,)
        Chain of each draw; the draws of a chain are consecutive and in order.

    Returns
    -------
    ndarray of float64, shape (...)
    """
    draws = _per_draw(p, weights)
    if np.shape(chain) != weights.values.shape:
        raise FitError(
            f"got {np.size(chain)} chain numbers for {weights.values.size} draws, expected one each; use the fit's own"
        )
    flat = draws.reshape(len(draws), -1)
    residuals = weights.values[:, None] * (flat - weights.values @ flat)
    starts = _block_starts(np.asarray(chain))
    sums = np.add.reduceat(residuals, starts, axis=0)
    variance = np.square(sums).sum(axis=0) * starts.size / max(starts.size - 1, 1)
    return np.sqrt(variance).reshape(draws.shape[1:])


def _smooth(log_ratio: np.ndarray, efficiency: float) -> tuple[np.ndarray, float]:
    from arviz_stats.base import array_stats  # imported late: two seconds that a first page does not need

    # psislw takes the log likelihood that is left out, that is minus the log ratio.
    log_weights, k = array_stats.psislw(-log_ratio, r_eff=efficiency)
    values = np.exp(log_weights - log_weights.max())
    return values / values.sum(), float(k) if np.isfinite(k) else float("inf")


def _status(pareto_k: float, ess: float) -> Status:
    if pareto_k <= GOOD_K and ess >= GOOD_ESS:
        return "good"
    return "fair" if pareto_k <= FAIR_K and ess >= FAIR_ESS else "poor"


def _uniform(size: int, efficiency: float) -> Weights:
    return Weights(values=np.full(size, 1 / size), pareto_k=None, ess=size * efficiency, status="exact")


def _per_draw(p: np.ndarray, weights: Weights) -> np.ndarray:
    draws = np.asarray(p, dtype=np.float64)
    if draws.ndim == 0 or len(draws) != weights.values.size:
        raise FitError(
            f"got a quantity of shape {draws.shape} for {weights.values.size} weights, expected one row per draw; "
            "take both from the same fit"
        )
    return draws


def _block_starts(chain: np.ndarray) -> np.ndarray:
    """First draw of every block: each chain cut into `BLOCKS` nearly equal parts, fewer when it is short."""
    firsts = np.flatnonzero(np.r_[True, chain[1:] != chain[:-1]])
    sizes = np.diff(np.r_[firsts, chain.size])
    cuts = (min(BLOCKS, max(1, size // 2)) for size in sizes)
    parts = [first + np.arange(n) * size // n for first, size, n in zip(firsts, sizes, cuts, strict=True)]
    return np.concatenate(parts)
