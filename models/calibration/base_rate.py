"""Simulation-based calibration of M0: chains written by its prior, and the exact conjugate posterior."""

import numpy as np

from models.base_rate.chain import HAZARD_OF_STATE, RUPTURE, BaseRate, chain_forecast
from models.calibration.ranks import DRAWS
from models.calibration.world import Recovery, Simulation, named, quantities
from models.measures.structure import ALIGNMENT
from models.names import STATES
from models.outcome.rule import yearly_codes
from models.storage.arrays import Arrays

HAZARD_NAMES = ("out of rupture", "out of strain", "out of a calm year")
CALM_STATES = STATES[1:]


def recovery(simulation: Simulation) -> Recovery:
    """A chain as long as history, from its first label on, and the truth among draws of its posterior."""
    evidence, rng, prior = simulation.evidence, simulation.rng, BaseRate()
    real = yearly_codes(evidence.events, ALIGNMENT.first_year, evidence.as_of.year)
    truth = prior.transition_draws(1, rng)
    codes = simulated_codes(truth[0], int(real[0]), real.size, rng)
    draws = posterior(prior, codes, simulation.times).transition_draws(DRAWS, rng)
    matrix = np.concatenate([truth, draws])
    return Recovery(
        quantities=quantities(
            transition_parameters(matrix), chain_forecast(matrix, int(codes[-1])), chain_log_likelihood(matrix, codes)
        )
    )


def simulated_codes(matrix: np.ndarray, first: int, years: int, rng: np.random.Generator) -> np.ndarray:
    """States of consecutive year-ends under one transition matrix (from, to)."""
    edges, codes = matrix.cumsum(axis=1)[:, :-1], [first]
    for uniform in rng.random(years - 1):
        codes.append(int(np.searchsorted(edges[codes[-1]], uniform, side="right")))
    return np.array(codes)


def posterior(prior: BaseRate, codes: np.ndarray, times: int) -> BaseRate:
    """The conjugate posterior with every transition counted `times`."""
    once = BaseRate.from_history(codes)
    counts = {
        name: np.array(getattr(prior, name)) + times * (np.array(getattr(once, name)) - np.array(getattr(prior, name)))
        for name in ("hazards", "rows")
    }
    return BaseRate(**{name: tuple(map(tuple, values)) for name, values in counts.items()})


def transition_parameters(matrix: np.ndarray) -> Arrays:
    """The chain's own parameters back from its matrices (sample, from, to): three hazards and four rows."""
    first_with = [int(np.flatnonzero(kind == HAZARD_OF_STATE)[0]) for kind in range(len(HAZARD_NAMES))]
    hazard = matrix[:, first_with, RUPTURE]
    rest = matrix[:, :, RUPTURE + 1 :] / (1 - matrix[:, :, RUPTURE, None])
    return {**named("hazard", hazard, HAZARD_NAMES), **named("row", rest, STATES, CALM_STATES)}


def chain_log_likelihood(matrix: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """Log probability of a chain under each transition matrix, shape (sample,)."""
    return np.log(matrix[:, codes[:-1], codes[1:]]).sum(axis=1)
