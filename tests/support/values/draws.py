"""Draws of M1's parameters and a ledger to go on from, for tests of the simulated future."""

import numpy as np

from models.measures.readings import Readings
from models.measures.simulate import Draws

SEEN = Readings(
    years=np.arange(0),
    counts=np.zeros((0, 2, 7)),
    breaks=np.zeros(0, dtype=bool),
    recent_means=np.array([3.1, 1.1, np.nan, 1.9]),
    band_values=np.array([-5.5, -3.6, -1.7, 1.4, 3.5, 5.4, 7.5]),
    space_share=0.47,
    break_readings=4.3,
    seen=np.ones(0),
)


def some_draws(rng: np.random.Generator, size: int) -> Draws:
    """Draws as wide as a posterior: everything differs from draw to draw, so that a mixed-up axis would show."""
    gaps = rng.lognormal(0.0, 0.3, (size, 5))
    below, above = -np.cumsum(gaps[:, :2], axis=1)[:, ::-1], np.cumsum(gaps[:, 2:], axis=1)
    return Draws(
        alignment=rng.normal(0.3, 0.8, size),
        drift=rng.normal(0.1, 0.3, size),
        level=rng.normal(0.4, 0.4, size),
        persistence=rng.beta(8, 3, size),
        volatility=rng.lognormal(-0.5, 0.3, size),
        break_log_odds=rng.normal(-2.5, 0.5, size),
        break_slope=rng.lognormal(-0.35, 0.3, size),
        space_offset=rng.normal(0.3, 0.4, size),
        cutpoints=np.concatenate([below, np.zeros((size, 1)), above], axis=1),
    )


def fixed_draws(size: int = 1, **values: float) -> Draws:
    """Equal draws near the middle of a posterior, some of their values given."""
    default = {
        "alignment": 0.5,
        "drift": 0.0,
        "level": 0.5,
        "persistence": 0.7,
        "volatility": 0.6,
        "break_log_odds": -4.0,
        "break_slope": 0.7,
        "space_offset": 0.3,
    }
    arrays = {name: np.full(size, value) for name, value in (default | values).items()}
    return Draws(cutpoints=np.tile([-2.1, -0.7, 0.0, 0.6, 1.7, 3.7], (size, 1)), **arrays)
