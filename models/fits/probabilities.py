"""What every model says of the future: probabilities of the states at each horizon, and of ever getting there."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Self

import numpy as np

from models.names import HORIZONS, STATES
from models.storage.arrays import Arrays

OUTCOMES = (*STATES, "any rupture", "any deeper")
"""In the order of `StateProbabilities.outcomes`."""


def axis(horizons: Sequence[int] = HORIZONS) -> Mapping[str, np.ndarray]:
    """What each column of `StateProbabilities.flat` is about, for tables that have a row for each."""
    return {"horizon": np.repeat(horizons, len(OUTCOMES)), "outcome": np.tile(OUTCOMES, len(horizons))}


class StateProbabilities(NamedTuple):
    """Probabilities of the three targets at the horizons of a reference date (`data.days.horizons_from`).

    Attributes
    ----------
    state : ndarray, shape (..., horizon, state)
        A: state at the year-end.
    any_rupture, any_deeper : ndarray, shape (..., horizon)
        B and C: at least one such year-end after the reference date, up to the horizon.
    """

    state: np.ndarray
    any_rupture: np.ndarray
    any_deeper: np.ndarray

    @classmethod
    def of(cls, shares: Arrays) -> Self:
        """From arrays by the names of a fit's dataset: ``state_probability``, ``any_rupture``, ``any_deeper``."""
        return cls(*(np.asarray(shares[name]) for name in ("state_probability", "any_rupture", "any_deeper")))

    @property
    def outcomes(self) -> np.ndarray:
        """All side by side, shape (..., horizon, outcome): the four states, any rupture, any deeper."""
        return np.concatenate([self.state, self.any_rupture[..., None], self.any_deeper[..., None]], axis=-1)

    @property
    def flat(self) -> np.ndarray:
        """The outcomes of all horizons side by side, shape (..., horizon * outcome)."""
        return self.outcomes.reshape(*self.state.shape[:-2], -1)


def by_horizon(flat: np.ndarray) -> np.ndarray:
    """`StateProbabilities.flat` undone: shape (..., horizon, outcome)."""
    return flat.reshape(*flat.shape[:-1], flat.shape[-1] // len(OUTCOMES), len(OUTCOMES))


def states(flat: np.ndarray) -> np.ndarray:
    """The four states alone, shape (..., horizon, state)."""
    return by_horizon(flat)[..., : len(STATES)]
