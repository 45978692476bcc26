"""Simulation-based calibration of M2 and M3: histories written by their priors, refitted with NUTS."""

from functools import lru_cache

import xarray as xr

from data.days import horizons_from
from data.types import Evidence
from models.assumptions.setting import Assumptions
from models.calibration.sampling import refit, size
from models.calibration.world import Recovery, Simulation, named, numbered, quantities, thinned
from models.fits.probabilities import StateProbabilities
from models.library.members import ordered_prior_at
from models.measures.drivers import DRIVER_CLAIMS
from models.names import STATES
from models.ordered import law as ordered
from models.regimes import forecast as regimes_forecast
from models.regimes import law as regimes
from models.regimes.filter import filtered
from models.regimes.law import REGIME_NAMES, regime_prior_at
from models.sampling.fit_members import (
    ORDERED_PARAMETERS,
    REGIME_PARAMETERS,
    CompiledOrdered,
    CompiledRegimes,
)
from models.sampling.ordered_model import ordered_data, ordered_prior_data
from models.sampling.regimes_model import regimes_data, regimes_prior_data
from models.sampling.sampler import chain_by_chain
from models.storage.arrays import Arrays, stacked


def ordered_recovery(simulation: Simulation) -> Recovery:
    """M2: labels simulated from the first observed state on, under the observed drivers."""
    model, prior = _ordered(simulation.evidence)
    truth = ordered.sample_prior(prior, simulation.rng, 1)
    history = ordered.simulate_history(truth, model.transitions, prior, simulation.rng)
    data = ordered_data(history)
    data["seen"] = simulation.times * data["seen"]
    posterior, mixing = refit(model.compiled, ordered_prior_data(prior) | data, simulation)
    draws = stacked([truth, _draws(posterior, ORDERED_PARAMETERS)])
    parameters = {
        **named("rupture", draws["hazard"][:, None], ("next year",)),
        **named("rest", draws["rest"], STATES[1:]),
        **named("step", draws["step"], ("rupture", "strain", "deeper")),
        **named("beta", draws["beta"], DRIVER_CLAIMS),
    }
    return Recovery(
        quantities=quantities(
            parameters, ordered.forecast(draws, history, prior), ordered.log_likelihood(draws, history, prior)
        ),
        **mixing,
    )


def regimes_recovery(simulation: Simulation) -> Recovery:
    """M3: regimes and readings simulated anew, as many readings a year as the ledger has."""
    model, prior = _regimes(simulation.evidence)
    truth = regimes.sample_prior(prior, simulation.rng, 1)
    ledger = regimes_forecast.simulate_ledger(truth, model.readings, simulation.rng)
    data = regimes_data(ledger, model.years)
    data["counts"] = simulation.times * data["counts"]
    posterior, mixing = refit(model.compiled, regimes_prior_data(prior) | data, simulation)
    draws = stacked([truth, _draws(posterior, REGIME_PARAMETERS)])
    parameters = {
        **named("location", draws["location"], REGIME_NAMES),
        **named("gap", draws["gap"], numbered(draws["gap"].shape[1])),
        **{name.replace("_", " "): draws[name] for name in ("space_offset", "break_log_odds", "break_slope")},
        **named("transition", draws["transition"], REGIME_NAMES, REGIME_NAMES),
    }
    log_likelihood, _ = filtered(draws, ledger)
    forecast = StateProbabilities.of(regimes_forecast.forecast(draws, ledger, simulation.seed).probabilities)
    horizons = horizons_from(simulation.evidence.as_of)
    return Recovery(quantities=quantities(parameters, forecast, log_likelihood, horizons), **mixing)


@lru_cache(maxsize=1)
def _ordered(evidence: Evidence) -> tuple[CompiledOrdered, ordered.OrderedPrior]:
    assumptions = Assumptions.defaults(evidence.claims)
    return CompiledOrdered.of(evidence, assumptions), ordered_prior_at(assumptions)


@lru_cache(maxsize=1)
def _regimes(evidence: Evidence) -> tuple[CompiledRegimes, regimes.RegimePrior]:
    assumptions = Assumptions.defaults(evidence.claims)
    return CompiledRegimes.of(evidence, assumptions), regime_prior_at(assumptions)


def _draws(posterior: xr.Dataset, names: tuple[str, ...]) -> Arrays:
    rows = thinned(size(posterior))
    return {name: chain_by_chain(posterior[name])[rows] for name in names}
