"""From knob values to the priors of the models, and the log density that re-weighting needs."""

import math
from dataclasses import dataclass

import numpy as np
import xarray as xr

from models.assumptions import Assumptions
from models.drivers import DRIVER_CLAIMS
from models.knobs import BASELINE_CLAIM, HISTORY_CLAIM
from models.structure import STRUCTURE

# Treaty ties between two major powers after 1945 end at about 1.4 % a year (9 of 659 dyad-years, data/codebook.md and
# README).
REFERENCE_BREAK_RATE = 0.014
# Beta(8, 3) of the brief holds eleven pseudo-years.
PERSISTENCE_STRENGTH = 11.0
# Beta(1.5, 60) and Beta(1.5, 28) of the brief, kept as strengths so that the knob moves the mean only.
CALM_HAZARD_STRENGTH = 61.5


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorParameters:
    """Priors of the latent-alignment model and the settings of the rest.

    Attributes
    ----------
    beta_mean, beta_sd : ndarray, shape (driver,)
        Normal prior of each driver's coefficient (latent points per sd of the driver).
    break_mean, break_sd : float
        Normal prior of the log odds of a break act in a typical transactional year.
    level_mean, level_sd : float
        Normal prior of the long-run level (logits).
    persistence : tuple of float
        Beta parameters of the autoregression coefficient.
    volatility_scale : float
        Median of the log-normal prior of the shocks' sd (log-sd ``STRUCTURE.volatility_log_sd``).
    calm_hazard : float
        Prior mean of M0's hazard from a calm year.
    base_rate_weight : float
        Weight of M0 in the mixture.
    """

    beta_mean: np.ndarray
    beta_sd: np.ndarray
    break_mean: float
    break_sd: float
    level_mean: float
    level_sd: float
    persistence: tuple[float, float]
    volatility_scale: float
    calm_hazard: float
    base_rate_weight: float

    def log_density(self, parameters: xr.Dataset) -> np.ndarray:
        """Log prior density of the knob-governed parameters at each draw.

        Parameters
        ----------
        parameters : xr.Dataset, dims (sample[, driver])
            Variables ``beta``, ``break_log_odds``, ``level``, ``persistence``, ``volatility`` on their natural scales.

        Returns
        -------
        ndarray of float64, shape (sample,)
        """
        beta = parameters["beta"].sel(driver=list(DRIVER_CLAIMS)).transpose("sample", "driver").to_numpy()
        alpha, other = self.persistence
        rho = parameters["persistence"].to_numpy()
        log_sigma = np.log(parameters["volatility"].to_numpy())
        log_beta_function = math.lgamma(alpha) + math.lgamma(other) - math.lgamma(alpha + other)
        return (
            _normal(beta, self.beta_mean, self.beta_sd).sum(axis=1)
            + _normal(parameters["break_log_odds"].to_numpy(), self.break_mean, self.break_sd)
            + _normal(parameters["level"].to_numpy(), self.level_mean, self.level_sd)
            + (alpha - 1) * np.log(rho)
            + (other - 1) * np.log1p(-rho)
            - log_beta_function
            + _normal(log_sigma, math.log(self.volatility_scale), STRUCTURE.volatility_log_sd)
            - log_sigma
        )

    def same_posterior(self, other: "PriorParameters") -> bool:
        """Whether both lead to the same posterior of the latent-alignment model."""
        pairs = ((self.beta_mean, other.beta_mean), (self.beta_sd, other.beta_sd))
        scalars = ("break_mean", "break_sd", "level_mean", "level_sd", "persistence", "volatility_scale")
        return all(np.array_equal(a, b) for a, b in pairs) and all(
            getattr(self, name) == getattr(other, name) for name in scalars
        )


def prior_parameters(assumptions: Assumptions) -> PriorParameters:
    """Translate knob values into priors.

    A claim's coefficient has mean ``direction * log(odds ratio) * 0.35 * g`` and standard deviation
    ``sd * 0.35 * g * confidence``; moving the odds ratio shifts the mean and leaves the width alone.
    """
    values, knobs = assumptions.values, assumptions.knobs
    scale = STRUCTURE.latent_scale * values["driver_strength"]
    doubt = values["confidence"]
    drivers = [knobs[claim] for claim in DRIVER_CLAIMS]
    mean = values["persistence"]
    return PriorParameters(
        beta_mean=np.array([prior.direction * math.log(values[prior.key]) * scale for prior in drivers]),
        beta_sd=np.array([prior.sd * scale * doubt for prior in drivers]),
        break_mean=math.log(REFERENCE_BREAK_RATE / (1 - REFERENCE_BREAK_RATE)) + math.log(values[HISTORY_CLAIM]),
        break_sd=knobs[HISTORY_CLAIM].sd * doubt,
        level_mean=values[BASELINE_CLAIM],
        level_sd=knobs[BASELINE_CLAIM].sd * doubt,
        persistence=(PERSISTENCE_STRENGTH * mean, PERSISTENCE_STRENGTH * (1 - mean)),
        volatility_scale=values["volatility"],
        calm_hazard=values["rupture_hazard"],
        base_rate_weight=values["outside_view_weight"],
    )


def _normal(x: np.ndarray, mean: np.ndarray | float, sd: np.ndarray | float) -> np.ndarray:
    return -0.5 * ((x - mean) / sd) ** 2 - np.log(sd) - 0.5 * math.log(2 * math.pi)
