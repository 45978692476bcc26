"""One knob's prior and posterior, on the scale where they can be compared.

A claim is compared on the scale of its own knob: the log odds ratio in the claimed direction, ``direction * beta /
(0.35 * g)`` with the g of the assumptions. There the prior is centred at the slider whatever g is; a posterior that
differs from it says which odds ratio the evidence would have suggested for that slider, all else as assumed. The
library holds no coefficients, but their normal law given each draw's path: the posterior of a claim is a mixture of
these laws, which is less noisy than draws would be (Rao and Blackwell).
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Self

import numpy as np

from data.values import frozen
from models.alignment.collapsed import CollapsedDraws
from models.alignment.priors import REFERENCE_BREAK_RATE, normal_log_density, prior_parameters
from models.assumptions.knobs import BASELINE_CLAIM, HISTORY_CLAIM
from models.assumptions.setting import Assumptions
from models.measures.drivers import DRIVER_CLAIMS
from models.measures.structure import ALIGNMENT, DRIVER_SCALE


@frozen(eq=False)
class Marginal:
    """One knob's prior and posterior on its working scale.

    Attributes
    ----------
    unit : str
        Working scale in words.
    mean, sd : float
        Of the prior.
    log_density : callable
        Prior log density at an array of points.
    draws : ndarray, shape (sample,)
        Unweighted posterior draws; for a coefficient its mean given each draw's path.
    variance : ndarray, shape (sample,), or None
        A coefficient's variance given each draw's path; None for a parameter that was drawn itself.
    bounds : tuple of float
        Where the parameter can be.
    is_log : bool
        Whether the knob itself shows the exponential of the working scale.
    """

    unit: str
    mean: float
    sd: float
    log_density: Callable[[np.ndarray], np.ndarray]
    draws: np.ndarray
    variance: np.ndarray | None = None
    bounds: tuple[float, float] = (-math.inf, math.inf)
    is_log: bool = False

    @classmethod
    def normal(cls, unit: str, draws: np.ndarray, mean: float, sd: float, *, is_log: bool = False) -> Self:
        """With a normal prior; draws of shape (sample,)."""

        def log_density(x: np.ndarray) -> np.ndarray:
            return normal_log_density(x, mean, sd)

        return cls(unit=unit, mean=mean, sd=sd, log_density=log_density, draws=draws, is_log=is_log)

    @classmethod
    def beta(cls, unit: str, draws: np.ndarray, a: float, b: float) -> Self:
        """With a beta prior; draws of shape (sample,)."""
        constant = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
        sd = math.sqrt(a * b / (a + b + 1)) / (a + b)

        def log_density(x: np.ndarray) -> np.ndarray:
            return constant + (a - 1) * np.log(x) + (b - 1) * np.log1p(-x)

        return cls(unit=unit, mean=a / (a + b), sd=sd, log_density=log_density, draws=draws, bounds=(0.0, 1.0))

    def posterior(self, weights: np.ndarray | None = None) -> tuple[float, float]:
        """Mean and standard deviation: of the variances given the paths, and between the paths; weights (sample,)."""
        mean = float(np.average(self.draws, weights=weights))
        inner = 0.0 if self.variance is None else self.variance
        return mean, math.sqrt(float(np.average((self.draws - mean) ** 2 + inner, weights=weights)))

    def density(self, points: np.ndarray, effective: float) -> np.ndarray:
        """Posterior density at points (point,), from equally weighted draws worth `effective` independent ones."""
        if self.variance is None:
            return kernel_density(points, self.draws, effective, self.bounds)
        return normal_mixture(points, self.draws, np.sqrt(self.variance))

    def on_knob(self, value: float | np.ndarray) -> float | np.ndarray:
        """From the working scale to the knob's own, in any shape."""
        return np.exp(value) if self.is_log else value


def knob_marginals(draws: CollapsedDraws, assumptions: Assumptions) -> Mapping[str, Marginal | None]:
    """Every knob's prior under the assumptions with its unweighted draws, in page order; None for a setting."""
    prior, knobs = prior_parameters(assumptions), assumptions.knobs
    reference = math.log(REFERENCE_BREAK_RATE / (1 - REFERENCE_BREAK_RATE))
    level, level_variance = draws.level(prior)
    at_level = Marginal.normal(knobs[BASELINE_CLAIM].unit, level, prior.level_mean, prior.level_sd)
    breaks, centre = draws.break_log_odds - reference, math.log(prior.volatility_scale)
    marginals = _claim_marginals(draws, assumptions) | {
        HISTORY_CLAIM: Marginal.normal(
            "log odds multiplier of a sudden break", breaks, prior.break_mean - reference, prior.break_sd, is_log=True
        ),
        BASELINE_CLAIM: replace(at_level, variance=level_variance),
        "persistence": Marginal.beta(knobs["persistence"].unit, draws.persistence, *prior.persistence),
        "volatility": Marginal.normal(
            "log of latent points", np.log(draws.volatility), centre, ALIGNMENT.volatility_log_sd, is_log=True
        ),
    }
    return {key: marginals.get(key) for key in knobs}


def _claim_marginals(draws: CollapsedDraws, assumptions: Assumptions) -> dict[str, Marginal]:
    prior, unit = prior_parameters(assumptions), "log odds ratio, claimed direction"
    means, variances = draws.coefficients(prior)
    scale = DRIVER_SCALE.latent_scale * assumptions.values["driver_strength"]
    marginals = {}
    for index, key in enumerate(DRIVER_CLAIMS):
        to_knob = assumptions.knobs[key].direction / scale
        mean, sd = float(prior.beta_mean[index]) * to_knob, float(prior.beta_sd[index]) / scale
        marginal = Marginal.normal(unit, means[:, index] * to_knob, mean, sd, is_log=True)
        marginals[key] = replace(marginal, variance=variances[:, index] / scale**2)
    return marginals


def normal_mixture(points: np.ndarray, centres: np.ndarray, sds: np.ndarray | float) -> np.ndarray:
    """Density at points of equally weighted normal laws, shape (point,)."""
    widths = np.broadcast_to(sds, centres.shape)[:, None]
    each = np.exp(-0.5 * np.square((points - centres[:, None]) / widths)) / widths
    return each.mean(axis=0) / math.sqrt(2 * math.pi)


def kernel_density(
    points: np.ndarray,
    draws: np.ndarray,
    effective: float,
    bounds: tuple[float, float] = (-math.inf, math.inf),
) -> np.ndarray:
    """Gaussian kernel density of equally weighted draws, reflected at finite bounds so that no mass leaks over them.

    Bandwidth by Silverman's rule for `effective` independent draws, as in ``scipy.stats.gaussian_kde`` (not imported
    here: one second)."""
    width = float(draws.std(ddof=1)) * (0.75 * effective) ** -0.2
    mirrors = (2 * bound - draws for bound in bounds if math.isfinite(bound))
    return sum(normal_mixture(points, centres, width) for centres in (draws, *mirrors))
