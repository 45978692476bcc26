"""From knob values to the priors of the models, and the log density that re-weighting needs."""

import math
from collections.abc import Mapping
from typing import Self

import numpy as np
import xarray as xr

from data.digest import Fields
from data.values import frozen
from models.assumptions.knobs import BASELINE_CLAIM, HISTORY_CLAIM, Knobs
from models.assumptions.setting import Assumptions
from models.measures.drivers import DRIVER_CLAIMS
from models.measures.structure import ALIGNMENT, DRIVER_SCALE, AlignmentStructure
from models.storage.arrays import Arrays

# Treaty ties between two major powers after 1945 end at about 1.4 % a year (9 of 659 dyad-years, data/codebook.md and
# README).
REFERENCE_BREAK_RATE = 0.014
SCALARS = ("break_log_odds", "persistence", "volatility")
"""Parameters with priors of their own, beside the coefficients ``beta`` and the level."""


@frozen
class AlignmentPrior:
    """Priors of the latent-alignment model.

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
        Median of the log-normal prior of the shocks' sd (log-sd ``ALIGNMENT.volatility_log_sd``), from the
        structure's ``split_year`` on; before it the prior is the structure's own, which no knob moves.
    """

    beta_mean: np.ndarray
    beta_sd: np.ndarray
    break_mean: float
    break_sd: float
    level_mean: float
    level_sd: float
    persistence: tuple[float, float]
    volatility_scale: float

    @classmethod
    def of(cls, plain: Fields) -> Self:
        """From the JSON values of `plain`."""
        arrays = {name: np.array(plain[name], dtype=np.float64) for name in ("beta_mean", "beta_sd")}
        return cls(**{**plain, **arrays, "persistence": tuple(plain["persistence"])})

    @property
    def plain(self) -> Fields:
        """As JSON values."""
        values = {name: getattr(self, name) for name in self.__slots__}
        return {**values, **{name: values[name].tolist() for name in ("beta_mean", "beta_sd")}}

    @property
    def key(self) -> tuple[object, ...]:
        """What two equal priors share: every number, those of arrays to the last bit."""
        values = (getattr(self, name) for name in self.__slots__)
        return tuple(value.tobytes() if isinstance(value, np.ndarray) else value for value in values)

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
        others = {name: parameters[name].to_numpy() for name in SCALARS}
        level = normal_log_density(parameters["level"].to_numpy(), self.level_mean, self.level_sd)
        coefficients = normal_log_density(beta, self.beta_mean, self.beta_sd).sum(axis=1)
        return coefficients + level + self.scalar_log_density(others)

    def scalar_log_density(self, draws: Arrays) -> np.ndarray:
        """The part of `log_density` that is neither the coefficients' nor the level's.

        Arrays of shape (sample,) by the names `SCALARS`.
        """
        alpha, other = self.persistence
        rho, log_sigma = draws["persistence"], np.log(draws["volatility"])
        log_beta_function = math.lgamma(alpha) + math.lgamma(other) - math.lgamma(alpha + other)
        return (
            normal_log_density(draws["break_log_odds"], self.break_mean, self.break_sd)
            + (alpha - 1) * np.log(rho)
            + (other - 1) * np.log1p(-rho)
            - log_beta_function
            + normal_log_density(log_sigma, math.log(self.volatility_scale), ALIGNMENT.volatility_log_sd)
            - log_sigma
        )

    def same_posterior(self, other: "AlignmentPrior") -> bool:
        """Whether both lead to the same posterior of the latent-alignment model."""
        return self.plain == other.plain


def prior_parameters(assumptions: Assumptions, structure: AlignmentStructure = ALIGNMENT) -> AlignmentPrior:
    """Translate knob values into priors of a structure.

    A claim's coefficient has mean ``direction * log(odds ratio) * 0.35 * g`` and standard deviation
    ``sd * 0.35 * g * confidence``; moving the odds ratio shifts the mean and leaves the width alone.
    """
    return priors_at(assumptions.values, assumptions.knobs, structure)


def priors_at(values: Mapping[str, float], knobs: Knobs, structure: AlignmentStructure = ALIGNMENT) -> AlignmentPrior:
    """As `prior_parameters`, also for values between the steps of the knobs."""
    scale = DRIVER_SCALE.latent_scale * values["driver_strength"]
    doubt = values["confidence"]
    drivers = [knobs[claim] for claim in DRIVER_CLAIMS]
    mean = values["persistence"]
    return AlignmentPrior(
        beta_mean=np.array([knob.direction * math.log(values[knob.key]) * scale for knob in drivers]),
        beta_sd=np.array([knob.sd * scale * doubt for knob in drivers]),
        break_mean=math.log(REFERENCE_BREAK_RATE / (1 - REFERENCE_BREAK_RATE)) + math.log(values[HISTORY_CLAIM]),
        break_sd=knobs[HISTORY_CLAIM].sd * doubt,
        level_mean=values[BASELINE_CLAIM],
        level_sd=knobs[BASELINE_CLAIM].sd * doubt,
        persistence=(structure.persistence_strength * mean, structure.persistence_strength * (1 - mean)),
        volatility_scale=values["volatility"],
    )


def normal_log_density(x: np.ndarray, mean: np.ndarray | float, sd: np.ndarray | float) -> np.ndarray:
    """Log density of a normal law."""
    return -0.5 * ((x - mean) / sd) ** 2 - np.log(sd) - 0.5 * math.log(2 * math.pi)
