"""Fits without a record: their draws are the prior itself, so that a moved prior has a known answer, itself."""

import dataclasses

import numpy as np
import xarray as xr

from data.days import horizons_from
from data.types import Evidence
from models.alignment.priors import AlignmentPrior, prior_parameters
from models.assumptions.setting import Assumptions
from models.fits.alignment_fit import AlignmentFit
from models.measures.drivers import DRIVER_CLAIMS, driver_table
from models.measures.structure import ALIGNMENT, MEASUREMENT
from models.names import HORIZONS, STATES
from tests.support.values.factories import CHAINS, synthetic_fit


def prior_fit(evidence: Evidence, assumptions: Assumptions, *, samples: int, seed: int) -> AlignmentFit:
    """Build an `AlignmentFit` of independent draws: knob-governed parameters from their prior, then a path that they
    imply.

    Probabilities are noise that has nothing to do with either.
    """
    small = synthetic_fit(evidence, assumptions, samples=8)
    rng = np.random.default_rng(seed)
    parameters = prior_draws(prior_parameters(assumptions), rng, samples)
    years = small.alignment.coords["year"].to_numpy()
    return dataclasses.replace(
        small,
        parameters=parameters,
        alignment=xr.DataArray(_paths(evidence, parameters, rng), dims=("sample", "year"), coords={"year": years}),
        future_alignment=xr.DataArray(np.zeros((samples, len(HORIZONS))), dims=("sample", "horizon")),
        probabilities=_noise(horizons_from(evidence.as_of), samples, rng),
        simulated=small.simulated.part(np.arange(samples) % 8),
        chain=np.repeat(np.arange(CHAINS), samples // CHAINS),
        seed=seed,
    )


def prior_draws(prior: AlignmentPrior, rng: np.random.Generator, size: int) -> xr.Dataset:
    """Draw the knob-governed parameters independently from their prior."""
    scalars = {
        "break_log_odds": rng.normal(prior.break_mean, prior.break_sd, size),
        "level": rng.normal(prior.level_mean, prior.level_sd, size),
        "persistence": rng.beta(*prior.persistence, size),
        "volatility": rng.lognormal(np.log(prior.volatility_scale), ALIGNMENT.volatility_log_sd, size),
        "volatility_before": rng.lognormal(np.log(ALIGNMENT.volatility_before), ALIGNMENT.volatility_log_sd, size),
    }
    beta = rng.normal(prior.beta_mean, prior.beta_sd, (size, len(DRIVER_CLAIMS)))
    table = {name: ("sample", draws) for name, draws in scalars.items()} | {"beta": (("sample", "driver"), beta)}
    return xr.Dataset(table, coords={"driver": list(DRIVER_CLAIMS)})


def _paths(evidence: Evidence, parameters: xr.Dataset, rng: np.random.Generator) -> np.ndarray:
    """The model's own recursion, year by year."""
    lagged, p = driver_table(evidence).lagged, {name: array.to_numpy() for name, array in parameters.items()}
    distance = [ALIGNMENT.start_sd * rng.standard_normal(p["level"].size)]
    for year, drivers in enumerate(lagged, ALIGNMENT.first_year + 1):
        scale = p["volatility_before" if year < ALIGNMENT.split_year else "volatility"]
        push = p["beta"] @ drivers + scale * rng.standard_normal(p["level"].size)
        distance.append(p["persistence"] * distance[-1] + push)
    return p["level"][:, None] + np.stack(distance, axis=1)


def _noise(horizons: tuple[int, ...], samples: int, rng: np.random.Generator) -> xr.Dataset:
    paths, shape = MEASUREMENT.inner_paths, (samples, len(horizons))
    table = {
        "state_probability": (
            ("sample", "horizon", "state"),
            rng.multinomial(paths, np.full(len(STATES), 0.25), shape) / paths,
        ),
        "any_rupture": (("sample", "horizon"), rng.integers(0, paths + 1, shape) / paths),
        "any_deeper": (("sample", "horizon"), rng.integers(0, paths + 1, shape) / paths),
    }
    return xr.Dataset(table, coords={"horizon": list(horizons), "state": list(STATES)})
