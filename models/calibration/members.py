"""Simulation-based calibration of M2 and M3: records written by their priors, refitted with NUTS."""

from functools import lru_cache

import numpy as np
import xarray as xr

from data.types import Evidence
from models.assumptions.setting import Assumptions
from models.calibration.sampling import flat, refit, size
from models.calibration.world import Answer, Arrays, Question, joined, named, numbered, quantities, thinned
from models.measures.drivers import DRIVER_CLAIMS
from models.names import STATES
from models.ordered import law as ordered
from models.regimes import filter as regimes_filter
from models.regimes import forecast as regimes_forecast
from models.regimes import law as regimes
from models.regimes.law import REGIME_NAMES
from models.sampling.fit_members import (
    ORDERED_PARAMETERS,
    REGIME_PARAMETERS,
    CompiledOrdered,
    CompiledRegimes,
    asked_of_ordered,
    asked_of_regimes,
)
from models.sampling.ordered_model import ordered_prior_data, ordered_record_data
from models.sampling.regimes_model import regimes_prior_data, regimes_record_data


def ordered_answer(question: Question) -> Answer:
    """M2: labels simulated from the record's first state on, under the record's own drivers."""
    model, prior = _ordered(question.evidence)
    truth = ordered.sample_prior(prior, question.rng, 1)
    record = ordered.simulate_record(truth, model.transitions, prior, question.rng)
    data = ordered_record_data(record)
    data["seen"] = question.times * data["seen"]
    posterior, told = refit(model.compiled, ordered_prior_data(prior) | data, question)
    found = joined(truth, _draws(posterior, ORDERED_PARAMETERS))
    parameters = {
        **named("rupture", found["hazard"][:, None], ("next year",)),
        **named("rest", found["rest"], STATES[1:]),
        **named("step", found["step"], ("rupture", "strain", "deeper")),
        **named("beta", found["beta"], DRIVER_CLAIMS),
    }
    return Answer(
        quantities=quantities(
            parameters, ordered.forecast(found, record, prior), ordered.log_likelihood(found, record, prior)
        ),
        **told,
    )


def regimes_answer(question: Question) -> Answer:
    """M3: regimes and readings simulated anew, as many readings a year as the record has."""
    model, prior = _regimes(question.evidence)
    truth = regimes.sample_prior(prior, question.rng, 1)
    record = regimes_forecast.simulate_record(truth, model.readings, question.rng)
    data = regimes_record_data(record, model.years)
    data["counts"] = question.times * data["counts"]
    posterior, told = refit(model.compiled, regimes_prior_data(prior) | data, question)
    found = joined(truth, _draws(posterior, REGIME_PARAMETERS))
    parameters = {
        **named("location", found["location"], REGIME_NAMES),
        **named("gap", found["gap"], numbered(found["gap"].shape[1])),
        **{name.replace("_", " "): found[name] for name in ("space_offset", "break_log_odds", "break_slope")},
        **named("transition", found["transition"], REGIME_NAMES, REGIME_NAMES),
    }
    log_likelihood, _ = regimes_filter.filtered(found, record)
    forecast = regimes_forecast.forecast(found, record, question.seed)
    return Answer(quantities=quantities(parameters, forecast, log_likelihood), **told)


@lru_cache(maxsize=1)
def _ordered(evidence: Evidence) -> tuple[CompiledOrdered, ordered.OrderedPrior]:
    assumptions = Assumptions.defaults(evidence.claims)
    return CompiledOrdered.of(evidence, assumptions), asked_of_ordered(assumptions)


@lru_cache(maxsize=1)
def _regimes(evidence: Evidence) -> tuple[CompiledRegimes, regimes.RegimePrior]:
    assumptions = Assumptions.defaults(evidence.claims)
    return CompiledRegimes.of(evidence, assumptions), asked_of_regimes(assumptions)


def _draws(posterior: xr.Dataset, names: tuple[str, ...]) -> Arrays:
    rows = thinned(size(posterior))
    return {name: np.asarray(flat(posterior, name, rows)) for name in names}
