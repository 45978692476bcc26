"""Fits of a record whose posterior is known: exact draws under any C13 and persistence, in the shape of real fits.

The log odds of a break were measured once with normal noise and the persistence seen in binomial trials. All else has
one law under every setting, so it cancels from the weights as long as no other knob is moved.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import xarray as xr

from models.alignment.priors import prior_parameters
from models.assumptions.setting import Assumptions
from models.fits.alignment_fit import AlignmentFit
from models.measures.drivers import DRIVER_CLAIMS
from models.measures.structure import MEASUREMENT
from models.names import HORIZONS, STATES

MEASURED, NOISE = -3.8, 0.4
KEPT, LOST = 6.0, 3.0
CHAINS = 4


def closed_fit(template: AlignmentFit, setting: Assumptions, size: int, seed: int, shift: float = 0.0) -> AlignmentFit:
    """Exact posterior draws under a setting.

    Parameters
    ----------
    template : AlignmentFit
        Any fit on the same evidence; lends its years and its certificate.
    size : int
        Draws in all, a multiple of four.
    shift : float
        Logits that are added to the first state's chances: a wrong answer, for tests that must see one.
    """
    prior, rng = prior_parameters(setting), np.random.default_rng(seed)
    precision = prior.break_sd**-2 + NOISE**-2
    centre = (prior.break_mean * prior.break_sd**-2 + MEASURED * NOISE**-2) / precision
    breaks = rng.normal(centre, precision**-0.5, size)
    level = rng.normal(0.5, 0.3, size)
    persistence = rng.beta(prior.persistence[0] + KEPT, prior.persistence[1] + LOST, size)
    years = template.alignment.coords["year"]
    return replace(
        template,
        parameters=_parameters(breaks, level, persistence, rng),
        alignment=xr.DataArray(np.repeat(level[:, None], years.size, axis=1), dims=("sample", "year")).assign_coords(
            year=years
        ),
        future_alignment=xr.DataArray(np.zeros((size, len(HORIZONS))), dims=("sample", "horizon")),
        probabilities=_probabilities(breaks - MEASURED, persistence, shift, rng),
        simulated=template.simulated.part(np.arange(size) % template.chain.size),
        chain=np.repeat(np.arange(CHAINS), size // CHAINS),
        assumptions_values=setting.values,
        seed=seed,
    )


def _parameters(breaks: np.ndarray, level: np.ndarray, persistence: np.ndarray, rng: np.random.Generator) -> xr.Dataset:
    values = {
        "level": level,
        "persistence": persistence,
        "break_log_odds": breaks,
        "volatility": rng.lognormal(-0.5, 0.2, level.size),
        "volatility_before": rng.lognormal(-0.5, 0.2, level.size),
    }
    table = {name: ("sample", value) for name, value in values.items()}
    table["beta"] = (("sample", "driver"), rng.normal(0.05, 0.05, (level.size, len(DRIVER_CLAIMS))))
    return xr.Dataset(table, coords={"driver": list(DRIVER_CLAIMS)})


def _probabilities(odds: np.ndarray, persistence: np.ndarray, shift: float, rng: np.random.Generator) -> xr.Dataset:
    """Shares of simulated ledgers whose chances follow the odds of a break and the persistence."""
    away = np.array(HORIZONS) / max(HORIZONS)
    logits = np.stack(
        [
            shift + odds[:, None] + 0 * away,
            odds[:, None] * away,
            2 * persistence[:, None] * away,
            0 * odds[:, None] + away,
        ],
        axis=-1,
    )
    chances = np.exp(logits) / np.exp(logits).sum(axis=-1, keepdims=True)
    state = rng.multinomial(MEASUREMENT.inner_paths, chances) / MEASUREMENT.inner_paths
    ever = np.maximum.accumulate(state, axis=1)
    shares = {
        "state_probability": (("sample", "horizon", "state"), state),
        "any_rupture": (("sample", "horizon"), ever[..., 0]),
        "any_deeper": (("sample", "horizon"), ever[..., 3]),
    }
    return xr.Dataset(shares, coords={"horizon": list(HORIZONS), "state": list(STATES)})
