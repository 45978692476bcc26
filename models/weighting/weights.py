"""Importance weights: Pareto-smoothed, normalised, and with a word for how far to trust them.

The upper tail of the ratios is smoothed by a generalised Pareto fit, whose shape k says how far the weights can be
trusted (Vehtari, Simpson, Gelman, Yao and Gabry 2024, *Pareto smoothed importance sampling*).
"""

import numpy as np

from data.values import frozen, settle
from models.errors import FitError
from models.weighting.pareto import smoothed
from models.weighting.status import Status

GOOD_K, GOOD_ESS = 0.5, 1000.0
"""Below k = 0.5 the ratios have a finite variance; 1,000 draws hold a probability of one half within 1.6 points."""
FAIR_K, FAIR_ESS = 0.7, 300.0
"""Above k = 0.7 convergence is too slow for any practical number of draws; 300 draws still leave 2.9 points."""
SMALLEST_SAMPLE = 25
"""A Pareto tail is a fifth of a small sample and needs five draws."""
NO_SPREAD = 1e-9
"""Log ratios closer together than this differ by rounding only."""


@frozen(eq=False)
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
        ``log Z - log Z_base``: how much better the evidence supports this prior than the base's (natural logarithm).
    status : Status

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
        if self.status not in Status:
            raise FitError(f"got weight status {self.status!r}, expected one of {', '.join(Status)}")
        values.flags.writeable = False
        settle(self, values=values, status=Status(self.status))

    @property
    def kish(self) -> float:
        """Effective number of draws if the draws were independent, ``1 / sum(w**2)``."""
        return 1 / float(np.square(self.values).sum())


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
        ess = float(worth.sum())
        return Weights(values=uniform, pareto_k=None, ess=ess, status=Status.EXACT, log_support=log_support)
    ratio, pareto_k = smoothed(ratio, float(worth.mean()))
    scaled = np.exp(ratio - ratio.max())
    values = scaled / scaled.sum()
    ess = 1 / float((np.square(values) / worth).sum())
    log_support = float(ratio.max() + np.log(scaled.mean()))
    status = Status.worst(Status.within(pareto_k, GOOD_K, FAIR_K), Status.within(-ess, -GOOD_ESS, -FAIR_ESS))
    return Weights(values=values, pareto_k=pareto_k, ess=ess, status=status, log_support=log_support)
