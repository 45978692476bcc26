"""Sum out the hidden regimes of M3: how likely a ledger is, and how probable each regime was in each year."""

import numpy as np

from models.measures.law import ReadingLaw, break_log_chance, break_logit, cutpoints_of, log_chances
from models.measures.readings import Readings
from models.regimes.law import Parameters

FIRST_LAW = np.full(3, 1 / 3)
"""Law of the regime in the first year. Uniform, the simpler choice: the rows' stationary law would need a linear solve
in the graph and would read where the ledger happens to begin as one more fact about transitions."""


def emissions(parameters: Parameters, readings: Readings) -> np.ndarray:
    """Log probability of each year's readings and break flag in each regime.

    Returns
    -------
    ndarray, shape (sample, year, regime)
    """
    location, counts = parameters["location"], readings.counts
    bands = band_log_probabilities(parameters)
    logit = regime_break_logit(parameters)[:, None, :]
    acts = break_log_chance(readings.breaks[:, None], logit, readings.seen[:, None])
    flat = bands.reshape(*location.shape, -1)
    return np.einsum("yb,nrb->nyr", counts.reshape(counts.shape[0], -1), flat) + acts


def reading_law(parameters: Parameters) -> ReadingLaw:
    """The law of the readings at a location."""
    return ReadingLaw(space_offset=parameters["space_offset"], cutpoints=cutpoints_of(parameters["gap"]))


def band_log_probabilities(parameters: Parameters) -> np.ndarray:
    """Log probability of every band, shape (sample, regime, domain, band), domain 0 other, 1 space."""
    return log_chances(reading_law(parameters).band_chances(parameters["location"]))


def regime_break_logit(parameters: Parameters) -> np.ndarray:
    """Log odds of a break act in a year of each regime, shape (sample, regime)."""
    log_odds, slope = (parameters[name][:, None] for name in ("break_log_odds", "break_slope"))
    return break_logit(parameters["location"], log_odds, slope)


def filtered(parameters: Parameters, readings: Readings) -> tuple[np.ndarray, np.ndarray]:
    """Forward pass.

    Returns
    -------
    log_likelihood : ndarray, shape (sample,)
    regime : ndarray, shape (sample, regime)
        Probability of each regime in the last year, given the ledger up to it.
    """
    last = forward(emissions(parameters, readings), np.log(parameters["transition"]))[:, -1]
    total = _log_sum(last)
    return total, np.exp(last - total[:, None])


def smoothed(parameters: Parameters, readings: Readings) -> np.ndarray:
    """Probability of each regime in each year given the whole ledger, shape (sample, year, regime)."""
    emission, log_transition = emissions(parameters, readings), np.log(parameters["transition"])
    ahead = forward(emission, log_transition)
    back = np.zeros_like(emission)
    for year in range(emission.shape[1] - 2, -1, -1):
        later = emission[:, year + 1] + back[:, year + 1]
        back[:, year] = _log_sum(log_transition + later[:, None, :])
    joint = ahead + back
    return np.exp(joint - _log_sum(joint)[..., None])


def forward(emission: np.ndarray, log_transition: np.ndarray) -> np.ndarray:
    """Log joint of the ledger up to each year and that year's regime, shape (sample, year, regime)."""
    joint = np.empty_like(emission)
    joint[:, 0] = np.log(FIRST_LAW) + emission[:, 0]
    for year in range(1, emission.shape[1]):
        joint[:, year] = emission[:, year] + _log_sum(joint[:, year - 1, :, None] + log_transition, axis=1)
    return joint


def _log_sum(terms: np.ndarray, axis: int = -1) -> np.ndarray:
    return np.logaddexp.reduce(terms, axis=axis)
