"""A moved prior without a new fit: importance weights for the library's draws, and the error they carry.

A prior leaves the likelihood alone, so the posterior under other assumptions is the library's mixture times
``prior_new / mixture``. The ratio's upper tail is smoothed by a generalised Pareto fit, whose shape k says how far the
weights can be trusted (Vehtari, Simpson, Gelman, Yao and Gabry 2024, *Pareto smoothed importance sampling*).
"""

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from models.assumptions import Assumptions
from models.batch_means import centred
from models.errors import FitError
from models.library import Library
from models.pareto import smoothed
from models.priors import PriorParameters, prior_parameters

type Status = Literal["exact", "good", "fair", "poor"]

GOOD_K, GOOD_ESS = 0.5, 1000.0
"""Below k = 0.5 the ratios have a finite variance; 1,000 draws hold a probability of one half within 1.6 points."""
FAIR_K, FAIR_ESS = 0.7, 300.0
"""Above k = 0.7 convergence is too slow for any practical number of draws; 300 draws still leave 2.9 points."""
SMALLEST_SAMPLE = 25
"""A Pareto tail is a fifth of a small sample and needs five draws."""
NO_SPREAD = 1e-9
"""Log ratios closer together than this differ by rounding only."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Weights:
    """Importance weights of a library's draws and how far to trust them.

    Attributes
    ----------
    values : ndarray of float64, shape (sample,)
        Sum to 1, read-only.
    pareto_k : float or None
        Shape of the ratios' tail, infinite when no Pareto law fits; None when nothing had to be weighted.
    ess : float
        Independent draws that the weighted draws are worth: Kish's ``1 / sum(w**2)`` with every draw counted for the
        independent draws that it is worth in its own chain. Kish alone would promise too much.
    log_support : float
        ``log Z - log Z_base``: how much better the record supports this prior than the base's (natural logarithm).
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
    log_support: float = 0.0

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


def reweight(library: Library, assumptions: Assumptions) -> Weights:
    """Weights that turn the library's draws into draws under the assumptions.

    Returns
    -------
    Weights
        Uniform and "exact" when nothing had to be weighted: a library of one fit, asked about its own priors.
    """
    return weigh(library, prior_parameters(assumptions))


def weigh(library: Library, prior: PriorParameters) -> Weights:
    """As `reweight`, for priors off the grid of the knobs."""
    return smoothed_weights(library.draws.log_density(prior) - library.log_mixture, library.efficiency)


def smoothed_weights(log_ratio: np.ndarray, efficiency: np.ndarray | float = 1.0) -> Weights:
    """Pareto-smoothed, normalised weights.

    Parameters
    ----------
    log_ratio : ndarray of float64, shape (sample,)
        ``log prior_new - log mixture`` of each draw; its mean in the natural scale is the support.
    efficiency : float or ndarray, shape (sample,)
        Independent draws per draw, above 0 up to 1. Their mean also widens the tail that is fitted.

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
    worth = np.broadcast_to(efficiency, ratio.shape)
    if np.ptp(ratio) < NO_SPREAD:
        uniform, log_support = np.full(ratio.size, 1 / ratio.size), float(ratio.mean())
        return Weights(values=uniform, pareto_k=None, ess=float(worth.sum()), status="exact", log_support=log_support)
    ratio, pareto_k = smoothed(ratio, float(worth.mean()))
    scaled = np.exp(ratio - ratio.max())
    values = scaled / scaled.sum()
    ess = 1 / float((np.square(values) / worth).sum())
    log_support = float(ratio.max() + np.log(scaled.mean()))
    return Weights(values=values, pareto_k=pareto_k, ess=ess, status=_status(pareto_k, ess), log_support=log_support)


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


def weighted_mcse(p: np.ndarray, weights: Weights, library: Library) -> np.ndarray:
    """Monte Carlo standard error of `weighted_mean`, by batch means over anchors and chains.

    The self-normalised mean is linearised. Each block of draws contributes the sum of its residuals ``w * (p - mean)``,
    and what its noise did to the anchors' supports, on which all weights depend. Blocks are compared within an anchor.

    Parameters
    ----------
    p : ndarray, shape (sample, ...)
    weights : Weights
    library : Library
        That the weights are of.

    Returns
    -------
    ndarray of float64, shape (...)
    """
    draws = _per_draw(p, weights)
    if weights.values.size != library.size:
        raise FitError(f"got {weights.values.size} weights for {library.size} draws, expected one each; weigh again")
    flat = draws.reshape(len(draws), -1)
    residuals = weights.values[:, None] * (flat - weights.values @ flat)
    sums = np.add.reduceat(residuals, library.starts, axis=0)
    slope = library.responsibilities.T @ residuals.astype(np.float32)
    noise = centred(sums, library.block_anchor) + library.support_influence @ slope
    return np.sqrt(np.square(noise).sum(axis=0)).reshape(draws.shape[1:])


def support_mcse(weights: Weights, library: Library, against: Weights | None = None) -> float:
    """Monte Carlo standard error of the log support, or of its difference to that of other weights."""
    difference = weights.values - (0.0 if against is None else against.values)
    sums = np.add.reduceat(difference, library.starts)
    noise = centred(sums, library.block_anchor) + library.support_influence @ (library.responsibilities.T @ difference)
    return float(np.sqrt(np.square(noise).sum()))


def _status(pareto_k: float, ess: float) -> Status:
    if pareto_k <= GOOD_K and ess >= GOOD_ESS:
        return "good"
    return "fair" if pareto_k <= FAIR_K and ess >= FAIR_ESS else "poor"


def _per_draw(p: np.ndarray, weights: Weights) -> np.ndarray:
    draws = np.asarray(p, dtype=np.float64)
    if draws.ndim == 0 or len(draws) != weights.values.size:
        raise FitError(
            f"got a quantity of shape {draws.shape} for {weights.values.size} weights, expected one row per draw; "
            "take both from the same library"
        )
    return draws
