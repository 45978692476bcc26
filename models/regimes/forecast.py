"""Continue the hidden regimes of M3 into the future, and label the ledgers they leave with the outcome rule."""

from dataclasses import replace

import numpy as np

from models.alignment.prior_predictive import INNER_PATHS, prior_checks, shares_by_draw
from models.fits.certificate import Check
from models.measures.futures import SimulatedYears, outcome_shares
from models.measures.law import break_probability, chance_in_part
from models.measures.ledgers import LEDGERS, Futures, SimulatedForecast, kept_futures, rewritten, written_counts
from models.measures.readings import Readings
from models.measures.simulate import CHUNK, yearly_means
from models.measures.structure import MEASUREMENT
from models.names import HORIZONS, Scenario
from models.outcome.rule import RULE, classify
from models.regimes.filter import FIRST_LAW, band_log_probabilities, filtered, reading_law, regime_break_logit
from models.regimes.law import Parameters, RegimePrior, sample_prior
from models.storage.arrays import Arrays, rows_of, stacked

SETTLED_YEARS = 70
"""Years from the first regime to the ones that a prior history shows: 1950 to 2020."""


def forecast(
    parameters: Parameters, readings: Readings, seed: int, paths: int = MEASUREMENT.inner_paths
) -> SimulatedForecast:
    """Per-draw probabilities of the three targets, averaged over `paths` simulated futures, and a few of these.

    The same `seed` gives the same random numbers whatever the draws.
    """
    _, law = filtered(parameters, readings)
    parts = []
    for index, start in enumerate(range(0, law.shape[0], CHUNK)):
        rows = slice(start, start + CHUNK)
        part = rows_of(parameters, rows)
        rng = np.random.default_rng([seed, index])
        begun = readings.so_far is not None
        first = law[rows] if begun else np.einsum("ni,nij->nj", law[rows], part["transition"])
        regimes = regime_paths(first, part["transition"], rng, (paths, len(HORIZONS) + begun))
        futures = future_years(part, regimes, readings, rng)
        counts = written_counts(reading_law(part), readings, futures.latent[:, :LEDGERS], rng)
        parts.append({**outcome_shares(readings.recent_means, futures.years), **kept_futures(futures, counts)})
    return SimulatedForecast.of(stacked(parts))


def standing(parameters: Parameters, readings: Readings) -> Arrays:
    """Where each draw stands at the reference date, by the names of `models.measures.simulated.STANDING`.

    Its alignment is the mean location of the regimes that the ledger leaves probable; its cut-points are told by the
    parameters that are stored beside.
    """
    _, regime = filtered(parameters, readings)
    mean = (regime * parameters["location"]).sum(axis=1)
    return {"alignment": mean, "space_offset": parameters["space_offset"]}


def regime_paths(
    first: np.ndarray, transition: np.ndarray, rng: np.random.Generator, shape: tuple[int, int]
) -> np.ndarray:
    """Simulated regimes of consecutive years.

    Parameters
    ----------
    first : ndarray, shape (sample, regime)
        Law of the first year's regime.
    transition : ndarray, shape (sample, from, to)
    shape : (int, int)
        Paths a sample, and years.

    Returns
    -------
    ndarray of int8, shape (sample, path, year)
    """
    paths, years = shape
    uniform = rng.random((first.shape[0], paths, years))
    rows = transition.cumsum(axis=-1)
    edges = first.cumsum(axis=-1)[:, None, :]
    regimes = np.empty(uniform.shape, dtype=np.int8)
    for year in range(years):
        regimes[..., year] = (uniform[..., year, None] > edges[..., :2]).sum(axis=-1)
        edges = rows[np.arange(first.shape[0])[:, None], regimes[..., year]]
    return regimes


def future_years(parameters: Parameters, regimes: np.ndarray, readings: Readings, rng: np.random.Generator) -> Futures:
    """Years of simulated regimes after the reference date, latent are the regimes' locations."""
    location = np.take_along_axis(parameters["location"][:, None, :], regimes.astype(int), axis=-1)
    log_odds, slope = (parameters[name][:, None, None] for name in ("break_log_odds", "break_slope"))
    calm = yearly_means(reading_law(parameters), readings, location, rng, readings.simulated)
    hazard = break_probability(location, log_odds, slope)
    return Futures(*SimulatedYears.after(calm, hazard, readings, rng), location)


def simulate_ledger(parameters: Parameters, readings: Readings, rng: np.random.Generator) -> Readings:
    """A ledger that the model could have left: new regimes, and as many readings a year and domain as in `readings`.

    Parameters
    ----------
    parameters : Mapping of ndarray
        One draw: every array's first axis has length 1.
    readings : Readings
        The real ledger. A year keeps its effective number of readings, rounded.
    """
    years = readings.years.size
    regimes = regime_paths(FIRST_LAW[None], parameters["transition"], rng, (1, years))[0, 0]
    number = np.rint(readings.counts.sum(axis=2)).astype(int)
    number[:, 0] = np.rint(readings.counts.sum(axis=(1, 2))) - number[:, 1]
    bands = np.exp(band_log_probabilities(parameters)[0, regimes])
    counts = rng.multinomial(number, bands / bands.sum(axis=-1, keepdims=True)).astype(float)
    hazard = 1 / (1 + np.exp(-regime_break_logit(parameters)[0, regimes]))
    return rewritten(readings, counts, rng.random(years) < chance_in_part(hazard, readings.seen))


def prior_forecast(prior: RegimePrior, readings: Readings, seed: int, size: int = 500) -> Arrays:
    """Prior probabilities of the targets from a transactional year-end, one set per draw of the parameters.

    As `models.alignment.prior_predictive.prior_forecast` does for M1: many histories per draw up to the reference
    date; those that end transactional are continued, and the shares of their outcomes are that draw's probabilities.

    Raises
    ------
    AssumptionError
        Hardly any history ends transactional.
    """
    rng = np.random.default_rng(seed)
    draws = sample_prior(prior, rng, size)
    memory, many = RULE.memory_years, (size, INNER_PATHS)
    settled = FIRST_LAW @ np.linalg.matrix_power(draws["transition"], SETTLED_YEARS)
    regimes = regime_paths(settled, draws["transition"], rng, (INNER_PATHS, memory + len(HORIZONS)))
    rows = future_years(draws, regimes, replace(readings, so_far=None), rng).years.each_path
    past, years = rows.part(slice(None, memory)), rows.part(slice(memory, None))
    kept = classify(past.means, past.broken[..., -1]) == Scenario.TRANSACTIONAL.code
    return shares_by_draw(outcome_shares(past.means[..., 1:], years), kept.reshape(many))


def regimes_prior_checks(
    prior: RegimePrior, readings: Readings, seed: int = 20241231, size: int = 500
) -> tuple[Check, ...]:
    """The prior predictive gate: what the priors say about a transactional year-end before the evidence is read."""
    return prior_checks(prior_forecast(prior, readings, seed, size))
