"""The latent-alignment model's log likelihood of every posterior draw, in NumPy."""

import numpy as np
import xarray as xr

from models.fits.alignment_fit import AlignmentFit
from models.measures.law import band_chances, break_log_chance, break_logit, log_chances
from models.measures.readings import Readings

ROWS = 2000
"""Draws at a time: a block of 2,000 draws and 75 years stays below 20 MB."""


def log_likelihood(fit: AlignmentFit, readings: Readings) -> np.ndarray:
    """Log likelihood of each year's readings and break flag at each draw.

    Parameters
    ----------
    fit : AlignmentFit
        Its path must cover the years of the readings.
    readings : Readings

    Returns
    -------
    ndarray of float64, shape (sample, year)
    """
    return _weighted(fit, readings.years, readings.counts) + _breaks(fit, readings, slice(None))


def log_likelihood_change(fit: AlignmentFit, before: Readings, after: Readings) -> np.ndarray:
    """Log likelihood of `after` less that of `before`, over years that differ only.

    Both cover the same years.

    Returns
    -------
    ndarray of float64, shape (sample,)
    """
    differ = np.any(before.counts != after.counts, axis=(1, 2))
    counts = (after.counts - before.counts)[differ]
    change = _weighted(fit, before.years[differ], counts).sum(axis=1)
    flags = before.breaks != after.breaks
    return change + (_breaks(fit, after, flags) - _breaks(fit, before, flags)).sum(axis=1)


def _weighted(fit: AlignmentFit, years: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Sum over domains and bands of counts (year, domain, band) times log chances, shape (sample, year)."""
    path = fit.alignment.sel(year=years).to_numpy().astype(np.float64)
    offset, cuts = fit.parameters["space_offset"].to_numpy(), _cutpoints(fit.parameters)
    parts = []
    for start in range(0, len(path), ROWS):
        rows = slice(start, start + ROWS)
        by_domain = (
            np.einsum("syb,yb->sy", log_chances(band_chances(path[rows] + shift, cuts[rows, None])), counts[:, domain])
            for domain, shift in enumerate((0.0, offset[rows, None]))
        )
        parts.append(sum(by_domain))
    return np.concatenate(parts)


def _breaks(fit: AlignmentFit, readings: Readings, chosen: slice | np.ndarray) -> np.ndarray:
    """Log chance of the break flags of some years, shape (sample, year)."""
    path = fit.alignment.sel(year=readings.years[chosen]).to_numpy().astype(np.float64)
    odds, slope = (fit.parameters[name].to_numpy()[:, None] for name in ("break_log_odds", "break_slope"))
    return break_log_chance(readings.breaks[chosen], break_logit(path, odds, slope), readings.seen[chosen])


def _cutpoints(parameters: xr.Dataset) -> np.ndarray:
    return parameters["cutpoints"].transpose("sample", "edge").to_numpy()
