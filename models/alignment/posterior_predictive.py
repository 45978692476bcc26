"""Would the fitted model have written a ledger like the one we have? Replicated ledgers against the recorded one."""

import numpy as np
import pandas as pd

from data.types import Evidence
from models.fits.alignment_fit import AlignmentFit
from models.measures.futures import SimulatedYears
from models.measures.law import band_chances, break_probability
from models.measures.readings import Readings, read_ledger
from models.measures.simulate import Draws, yearly_means
from models.measures.structure import MEASUREMENT
from models.outcome.rule import yearly_readings

BAND_LABELS = ("-7 to -5", "-4 to -3", "-2 to -1", "0 to +2", "+3 to +4", "+5 to +6", "+7 to +10")
DRAWS = 500


def band_check(fit: AlignmentFit, evidence: Evidence, seed: int) -> pd.DataFrame:
    """Share of readings in each intensity band: recorded against replicated.

    Returns
    -------
    DataFrame
        Columns category, observed, q05, q50, q95 (shares, 0-1).
    """
    readings = read_ledger(evidence)
    rng = np.random.default_rng(seed)
    replicated = np.stack([_replicated_bands(fit, index, readings, rng) for index in _chosen(fit)])
    observed = readings.counts.sum(axis=(0, 1))
    shares = replicated / replicated.sum(axis=1, keepdims=True)
    return _frame(list(BAND_LABELS), observed / observed.sum(), shares)


def year_check(fit: AlignmentFit, evidence: Evidence, seed: int) -> pd.DataFrame:
    """Yearly mean intensity: recorded against what the model would have written that year.

    Returns
    -------
    DataFrame
        Columns category (year), observed, q05, q50, q95. Years without events are left out.
    """
    readings, rows = read_ledger(evidence), _chosen(fit)
    draws, rng = _draws(fit, rows), np.random.default_rng(seed)
    path = fit.alignment.to_numpy()[rows].astype(np.float64)[:, None, :]
    hazard = break_probability(path, draws.break_log_odds[:, None, None], draws.break_slope[:, None, None])
    number = _readings_a_year(readings)
    calm = yearly_means(draws.law, readings, path, rng, number)
    replicated = SimulatedYears.of(calm, hazard, readings.break_readings, rng, number).means[:, 0]
    observed, _ = yearly_readings(evidence.events, int(readings.years[0]), int(readings.years[-1]))
    seen = ~np.isnan(observed)
    return _frame([int(year) for year in readings.years[seen]], observed[seen], replicated[:, seen])


def _readings_a_year(readings: Readings) -> np.ndarray:
    """Readings of each year, at least one; a year at the likelihood's cap gives as many as a simulated one."""
    read = readings.counts.sum(axis=(1, 2))
    capped = np.isclose(read, MEASUREMENT.effective_readings, rtol=1e-9)
    return np.where(capped, MEASUREMENT.simulated_readings, np.maximum(np.rint(read), 1)).astype(int)


def _chosen(fit: AlignmentFit) -> np.ndarray:
    return np.linspace(0, fit.chain.size - 1, min(DRAWS, fit.chain.size)).astype(int)


def _draws(fit: AlignmentFit, rows: np.ndarray) -> Draws:
    now = fit.alignment.to_numpy()[rows, -1].astype(np.float64)
    return Draws.of(fit.parameters.isel(sample=rows), now, np.zeros(rows.size))


def _replicated_bands(fit: AlignmentFit, index: int, readings: Readings, rng: np.random.Generator) -> np.ndarray:
    """Counts per band of one replicated ledger with as many readings per year and domain."""
    p = fit.parameters.isel(sample=index)
    alignment = fit.alignment.to_numpy()[index].astype(np.float64)
    centre = alignment[:, None] + np.array([0.0, float(p["space_offset"])])
    chances = band_chances(centre, p["cutpoints"].to_numpy())
    sizes = np.rint(readings.counts.sum(axis=2)).astype(int)
    return rng.multinomial(sizes, chances).sum(axis=(0, 1))


def _frame(categories: list, observed: np.ndarray, replicated: np.ndarray) -> pd.DataFrame:
    low, middle, high = np.quantile(replicated, (0.05, 0.5, 0.95), axis=0)
    return pd.DataFrame({"category": categories, "observed": observed, "q05": low, "q50": middle, "q95": high})
