"""Simulation-based calibration of M1: ledgers written by its prior, refitted with NUTS.

A simulated year has whole readings, at most `effective_readings`, so that the likelihood is exactly the one that wrote
them. (A denser year is tempered on purpose: its intervals are wider than calibrated.)
"""

from dataclasses import fields, replace
from functools import lru_cache

import numpy as np
import xarray as xr

from data.days import horizons_from
from data.types import Evidence
from data.values import frozen
from models.alignment.prior_predictive import latent_history, sample_prior
from models.alignment.priors import AlignmentPrior, prior_parameters
from models.assumptions.setting import Assumptions
from models.calibration.sampling import refit, size
from models.calibration.world import Recovery, Simulation, named, quantities, thinned
from models.fits.probabilities import StateProbabilities
from models.measures.drivers import DRIVER_CLAIMS, driver_table
from models.measures.law import break_log_chance, break_logit, break_probability, chance_in_part, log_chances
from models.measures.ledgers import rewritten
from models.measures.readings import Readings
from models.measures.simulate import PARAMETERS, Draws, forecast_probabilities
from models.measures.structure import MEASUREMENT
from models.sampling.alignment_model import prior_data
from models.sampling.fit_alignment import CompiledAlignment, forward_draws
from models.sampling.sampler import chain_by_chain
from models.storage.arrays import Arrays

YEARS_RANKED = (1955, 1975, 1995, 2010, 2024)
"""Years whose latent alignment is ranked: thin and dense years, before and after the drivers begin."""


@frozen(eq=False)
class Truth:
    """One simulated world: what was true, and the ledger it left.

    Attributes
    ----------
    draws : Draws
        One sample, standing at the first year.
    beta : ndarray, shape (1, driver)
    path : ndarray, shape (year,)
    """

    draws: Draws
    beta: np.ndarray
    path: np.ndarray
    readings: Readings


def recovery(simulation: Simulation) -> Recovery:
    """A world from the prior, its refit, and the truth among the draws."""
    model, prior, lagged = _compiled(simulation.evidence)
    truth = simulated(prior, model.readings, (lagged, model.origin), simulation.rng)
    data = {"counts": simulation.times * truth.readings.counts, "breaks": truth.readings.breaks.astype(float)}
    posterior, mixing = refit(model.compiled, prior_data(prior) | data, simulation)
    draws, beta, path = together(truth, posterior, model.origin)
    parameters = {
        **named("beta", beta, DRIVER_CLAIMS),
        **{name.replace("_", " "): getattr(draws, name) for name in PARAMETERS},
        **_cutpoints(draws.cutpoints),
        **{f"alignment {year}": path[:, model.readings.years == year][:, 0] for year in _ranked(model.readings)},
    }
    ranked = quantities(
        parameters,
        forecast(draws, truth.readings, simulation.seed),
        log_likelihood(path, draws, truth.readings),
        horizons_from(simulation.evidence.as_of),
    )
    return Recovery(quantities=ranked, **mixing)


@lru_cache(maxsize=1)
def _compiled(evidence: Evidence) -> tuple[CompiledAlignment, AlignmentPrior, np.ndarray]:
    assumptions = Assumptions.defaults(evidence.claims)
    return CompiledAlignment.of(evidence, assumptions), prior_parameters(assumptions), driver_table(evidence).lagged


def simulated(
    prior: AlignmentPrior, like: Readings, drivers: tuple[np.ndarray, np.ndarray], rng: np.random.Generator
) -> Truth:
    """A world from the prior.

    Parameters
    ----------
    like : Readings
        The real ledger: as many years, and as many readings in each.
    drivers : tuple of ndarray
        Lagged design matrix (year - 1, driver) and the drivers at the reference date (driver,).
    """
    lagged, origin = drivers
    draws, beta, before = sample_prior(prior, origin, rng, 1)
    path = latent_history(draws, before, beta @ lagged.T, rng)[0]
    hazard = break_probability(path, draws.break_log_odds, draws.break_slope)
    broken = rng.random(path.size) < chance_in_part(hazard, like.seen)
    counts = whole_readings(draws, path, like, rng)
    return Truth(draws=draws, beta=beta, path=path, readings=rewritten(like, counts, broken))


def whole_readings(draws: Draws, path: np.ndarray, like: Readings, rng: np.random.Generator) -> np.ndarray:
    """Whole readings, as many a year as the real ledger gives (five at most), shape (year, domain, band)."""
    numbers = np.rint(like.counts.sum(axis=(1, 2))).astype(int)
    counts = np.zeros_like(like.counts)
    for year, number in enumerate(numbers):
        space = (rng.random(number) < like.space_share).astype(int)
        latent = path[year] + draws.space_offset[0] * space + rng.logistic(size=number)
        bands = np.searchsorted(draws.cutpoints[0], latent)
        np.add.at(counts, (year, space, bands), 1.0)
    return counts


def together(truth: Truth, posterior: xr.Dataset, origin: np.ndarray) -> tuple[Draws, np.ndarray, np.ndarray]:
    """The truth and thinned draws of its posterior, the truth first.

    Returns
    -------
    draws : Draws
        Standing at the reference date.
    beta : ndarray, shape (1 + draw, driver)
    path : ndarray, shape (1 + draw, year)
    """
    rows = thinned(size(posterior))
    refitted = forward_draws(posterior, origin).part(rows)
    now = replace(truth.draws, alignment=truth.path[-1:])
    draws = Draws(**{f.name: np.concatenate([getattr(now, f.name), getattr(refitted, f.name)]) for f in fields(Draws)})
    beta, path = (chain_by_chain(posterior[name])[rows] for name in ("beta", "alignment"))
    return draws, np.concatenate([truth.beta, beta]), np.concatenate([truth.path[None], path])


def forecast(draws: Draws, readings: Readings, seed: int) -> StateProbabilities:
    """Probabilities of the targets after a simulated ledger, by simulated ledgers as M1 forecasts them."""
    return StateProbabilities.of(forecast_probabilities(draws, readings, seed).probabilities)


def log_likelihood(path: np.ndarray, draws: Draws, readings: Readings) -> np.ndarray:
    """Log probability of a ledger given each sample's path (sample, year), shape (sample,)."""
    logit = break_logit(path, draws.break_log_odds[:, None], draws.break_slope[:, None])
    bands = log_chances(draws.law.band_chances(path))
    acts = break_log_chance(readings.breaks, logit, readings.seen).sum(axis=1)
    return np.einsum("nydb,ydb->n", bands, readings.counts) + acts


def _cutpoints(cutpoints: np.ndarray) -> Arrays:
    edges = [edge for edge in range(len(MEASUREMENT.band_edges)) if edge != MEASUREMENT.anchor_edge]
    return named("cutpoint", cutpoints[:, edges], tuple(str(edge) for edge in edges))


def _ranked(readings: Readings) -> tuple[int, ...]:
    return tuple(year for year in YEARS_RANKED if year in readings.years)
