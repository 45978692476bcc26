"""Does the record speak about a knob? Prior and posterior side by side, with a verdict in words.

A claim is compared on the scale of its own knob: the log odds ratio in the claimed direction, ``direction * beta /
(0.35 * g)`` with the g of the assumptions. There the prior is centred at the slider whatever g is; a posterior that
differs from it says which odds ratio the record would have suggested for that slider, all else as assumed.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Self

import numpy as np
import pandas as pd

from models.assumptions import Assumptions
from models.drivers import DRIVER_CLAIMS
from models.errors import AssumptionError
from models.knobs import BASELINE_CLAIM, HISTORY_CLAIM
from models.posterior import Fit
from models.priors import REFERENCE_BREAK_RATE, PriorParameters, prior_parameters
from models.reweighting import Weights, weighted_mean
from models.structure import STRUCTURE

type Verdict = Literal["prior-driven", "partly informed", "data-driven", "in conflict", "setting"]

DATA_DRIVEN = 0.75
"""Contraction at which the posterior sd is half the prior's: the record holds three times the prior's information."""
PARTLY_INFORMED = 0.2
"""Contraction at which the record holds a quarter of the prior's information. With 300 effective draws the Monte Carlo
error of a contraction is 0.08, so that less could be noise."""
CONFLICT_Z = 2.5
"""Standard errors. Were the prior right, the shift (in prior sds) would vary with variance equal to the contraction
(exact for a normal model; Evans and Moshonov 2006 test this). At 2.5 about one fit in six shows a conflict among
fifteen knobs by chance, at 2 one in two."""
LEAST_CONTRACTION = 1 / 16
"""Floor under the contraction in that test: no conflict is claimed for a shift below 0.62 prior sds."""
GRID_POINTS = 201


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Marginal:
    """One knob's prior and posterior draws on its working scale.

    Attributes
    ----------
    unit : str
        Working scale in words.
    mean, sd : float
        Of the prior.
    log_density : callable
        Prior log density at an array of points.
    draws : ndarray, shape (sample,)
        Unweighted posterior draws.
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
    bounds: tuple[float, float] = (-math.inf, math.inf)
    is_log: bool = False

    @classmethod
    def normal(cls, unit: str, draws: np.ndarray, mean: float, sd: float, *, is_log: bool = False) -> Self:
        """With a normal prior."""

        def log_density(x: np.ndarray) -> np.ndarray:
            return -0.5 * ((x - mean) / sd) ** 2 - math.log(sd) - 0.5 * math.log(2 * math.pi)

        return cls(unit=unit, mean=mean, sd=sd, log_density=log_density, draws=draws, is_log=is_log)

    @classmethod
    def beta(cls, unit: str, draws: np.ndarray, a: float, b: float) -> Self:
        """With a beta prior."""
        constant = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
        sd = math.sqrt(a * b / (a + b + 1)) / (a + b)

        def log_density(x: np.ndarray) -> np.ndarray:
            return constant + (a - 1) * np.log(x) + (b - 1) * np.log1p(-x)

        return cls(unit=unit, mean=a / (a + b), sd=sd, log_density=log_density, draws=draws, bounds=(0.0, 1.0))

    def posterior(self, weights: Weights) -> tuple[float, float]:
        """Weighted mean and standard deviation of the draws."""
        mean = float(weighted_mean(self.draws, weights))
        return mean, math.sqrt(float(weighted_mean((self.draws - mean) ** 2, weights)))

    def on_knob(self, value: float | np.ndarray) -> float | np.ndarray:
        """From the working scale to the knob's own."""
        return np.exp(value) if self.is_log else value


def knob_learning(fit: Fit, assumptions: Assumptions, weights: Weights) -> pd.DataFrame:
    """What the record adds to each knob's prior.

    Parameters
    ----------
    fit : Fit
    assumptions : Assumptions
        The priors to compare with.
    weights : Weights
        Of the fit's draws under those assumptions.

    Returns
    -------
    DataFrame, one row a knob in page order
        ``key, label, unit``; ``prior_mean, prior_sd, posterior_mean, posterior_sd`` on the working scale that `unit`
        names; ``prior_centre, posterior_centre``, the two means on the knob's own scale (for a claim the odds ratio),
        where the prior's is the slider's value; ``contraction`` = 1 - posterior variance / prior variance;
        ``shift_sd`` = shift of the mean in prior sds; ``verdict``. Knobs that are no parameter of the fitted model
        (confidence, driver strength, base rate of rupture, weight of the outside view) have the verdict "setting"
        and no numbers: the record cannot move them here.
    """
    marginals = {key: knob_marginal(fit, assumptions, key) for key in assumptions.knobs}
    rows = [
        {"key": key, "label": assumptions.knobs[key].label, **_row(marginal, weights)}
        for key, marginal in marginals.items()
    ]
    return pd.DataFrame(rows)


def knob_density(fit: Fit, assumptions: Assumptions, weights: Weights, key: str) -> pd.DataFrame:
    """Prior (exact) and posterior (weighted kernel estimate) densities of one knob, to be overlaid.

    Returns
    -------
    DataFrame
        ``x`` on the knob's own scale (a claim's odds ratio, not its logarithm), ``prior`` and ``posterior`` densities
        per unit of x.

    Raises
    ------
    AssumptionError
        Unknown knob, or one that is a setting.
    """
    marginal = knob_marginal(fit, assumptions, key)
    if marginal is None:
        raise AssumptionError(
            f"knob {key} is a setting, expected one with a parameter in the fitted model; show no densities"
        )
    points = _grid(marginal, marginal.posterior(weights))
    x = marginal.on_knob(points)
    stretch = x if marginal.is_log else 1.0
    posterior = kernel_density(points, marginal.draws, weights, marginal.bounds)
    return pd.DataFrame(
        {"x": x, "prior": np.exp(marginal.log_density(points)) / stretch, "posterior": posterior / stretch}
    )


def knob_marginal(fit: Fit, assumptions: Assumptions, key: str) -> Marginal | None:
    """One knob's prior and draws; None for a setting.

    Raises
    ------
    AssumptionError
        Unknown knob.
    """
    if key not in assumptions.knobs:
        raise AssumptionError(
            f"got an unknown knob {key!r}, expected one of {', '.join(assumptions.knobs)}; correct its name"
        )
    prior, parameters = prior_parameters(assumptions), fit.parameters
    if key in DRIVER_CLAIMS:
        return _driver_marginal(fit, assumptions, prior, key)
    if key == HISTORY_CLAIM:
        reference = math.log(REFERENCE_BREAK_RATE / (1 - REFERENCE_BREAK_RATE))
        draws = parameters["break_log_odds"].to_numpy() - reference
        unit = "log odds multiplier of a sudden break"
        return Marginal.normal(unit, draws, prior.break_mean - reference, prior.break_sd, is_log=True)
    unit = assumptions.knobs[key].unit
    if key == BASELINE_CLAIM:
        return Marginal.normal(unit, parameters["level"].to_numpy(), prior.level_mean, prior.level_sd)
    if key == "persistence":
        return Marginal.beta(unit, parameters["persistence"].to_numpy(), *prior.persistence)
    if key == "volatility":
        draws, centre = np.log(parameters["volatility"].to_numpy()), math.log(prior.volatility_scale)
        return Marginal.normal("log of latent points", draws, centre, STRUCTURE.volatility_log_sd, is_log=True)
    return None


def kernel_density(
    points: np.ndarray, draws: np.ndarray, weights: Weights, bounds: tuple[float, float] = (-math.inf, math.inf)
) -> np.ndarray:
    """Weighted Gaussian kernel density, reflected at finite bounds so that no mass leaks over them.

    Bandwidth by Silverman's rule with Kish's effective size, as in ``scipy.stats.gaussian_kde`` (not imported here:
    one second)."""
    mean, kish = float(weighted_mean(draws, weights)), weights.kish
    sd = math.sqrt(float(weighted_mean((draws - mean) ** 2, weights)) / (1 - 1 / kish))
    width = sd * (0.75 * kish) ** -0.2
    mirrors = (2 * bound - draws for bound in bounds if math.isfinite(bound))
    each = (np.exp(-0.5 * ((points - centre[:, None]) / width) ** 2) for centre in (draws, *mirrors))
    return sum(weighted_mean(kernel, weights) for kernel in each) / (width * math.sqrt(2 * math.pi))


def verdict(contraction: float, shift_sd: float) -> Verdict:
    """A word for how much the record says: see the thresholds at the top of the module for their reasons."""
    if abs(shift_sd) > CONFLICT_Z * math.sqrt(max(contraction, LEAST_CONTRACTION)):
        return "in conflict"
    if contraction >= DATA_DRIVEN:
        return "data-driven"
    return "partly informed" if contraction >= PARTLY_INFORMED else "prior-driven"


def _driver_marginal(fit: Fit, assumptions: Assumptions, prior: PriorParameters, key: str) -> Marginal:
    index = DRIVER_CLAIMS.index(key)
    scale = STRUCTURE.latent_scale * assumptions.values["driver_strength"]
    to_knob = assumptions.knobs[key].direction / scale
    draws = fit.parameters["beta"].sel(driver=key).to_numpy() * to_knob
    mean, sd = float(prior.beta_mean[index]) * to_knob, float(prior.beta_sd[index]) / scale
    return Marginal.normal("log odds ratio, claimed direction", draws, mean, sd, is_log=True)


def _row(marginal: Marginal | None, weights: Weights) -> dict[str, object]:
    names = ("prior_mean", "prior_sd", "posterior_mean", "posterior_sd", "contraction", "shift_sd")
    if marginal is None:
        centres = {"prior_centre": math.nan, "posterior_centre": math.nan}
        return {"unit": "", **dict.fromkeys(names, math.nan), **centres, "verdict": "setting"}
    mean, sd = marginal.posterior(weights)
    contraction, shift = 1 - (sd / marginal.sd) ** 2, (mean - marginal.mean) / marginal.sd
    numbers = (marginal.mean, marginal.sd, mean, sd, contraction, shift)
    centres = {"prior_centre": marginal.on_knob(marginal.mean), "posterior_centre": marginal.on_knob(mean)}
    return {
        "unit": marginal.unit,
        **dict(zip(names, numbers, strict=True)),
        **centres,
        "verdict": verdict(contraction, shift),
    }


def _grid(marginal: Marginal, posterior: tuple[float, float]) -> np.ndarray:
    """Points over the bulk of prior and posterior, strictly inside the bounds."""
    pairs = ((marginal.mean, marginal.sd), posterior)
    low = min(mean - 3.5 * sd for mean, sd in pairs)
    high = max(mean + 3.5 * sd for mean, sd in pairs)
    inside = 1e-6
    return np.linspace(max(low, marginal.bounds[0] + inside), min(high, marginal.bounds[1] - inside), GRID_POINTS)
