"""One simulated world of a calibration study: what to simulate and refit, and the truth among the refit's draws."""

from collections.abc import Mapping

import numpy as np

from data.types import Evidence
from data.values import frozen
from models.calibration.ranks import DRAWS, FORECAST, LIKELIHOOD, PARAMETER
from models.fits.probabilities import StateProbabilities
from models.names import HORIZONS, STATES
from models.sampling.anchor_fits import Attempts
from models.storage.arrays import Arrays

FORECAST_HORIZONS = (0, 1, 5)
"""Year-ends whose chances are ranked, as far as a forecast has them: a year's own end only while it has not come."""
LARGEST_RHAT, FEWEST_EFFECTIVE = 1.05, DRAWS
"""What counts as mixed, for the worst parameter. A hundred parameters of two chains of 500 draws reach an R-hat of 1.02
to 1.03 by chance; with fewer effective draws than are ranked, these could not be nearly independent."""


@frozen
class Simulation:
    """What a model is to simulate, a history like that of `evidence`, and how to fit it.

    Attributes
    ----------
    rng : Generator
        Draws the true parameters and the history.
    seed : int
        Of the sampler and of inner simulations.
    wrong : bool
        Fit with the model's deliberate mistake: data counted twice. The simulation stays right.
    settings : tuple of Mapping
        Sampler settings of the first attempt, and of those that follow where chains did not mix.
    """

    evidence: Evidence
    rng: np.random.Generator
    seed: int
    wrong: bool
    settings: Attempts

    @property
    def times(self) -> int:
        """How often the fit counts its data."""
        return 2 if self.wrong else 1


@frozen(eq=False)
class Recovery:
    """The truth among the draws of a refit.

    Attributes
    ----------
    quantities : Mapping of Mapping of ndarray, shape (1 + draw,)
        By kind and name, the truth first.
    attempts : int
        Fits that were made, 0 for an exact posterior.
    rhat, ess : float or None
        Worst of the last attempt, over all parameters.
    """

    quantities: Mapping[str, Arrays]
    attempts: int = 0
    rhat: float | None = None
    ess: float | None = None


def mixed(rhat: float, ess: float) -> bool:
    """Whether a refit's draws can be ranked."""
    return rhat <= LARGEST_RHAT and ess >= FEWEST_EFFECTIVE


def quantities(
    parameters: Arrays,
    forecast: StateProbabilities,
    log_likelihood: np.ndarray,
    horizons: tuple[int, ...] = HORIZONS,
) -> Mapping[str, Arrays]:
    """Everything that is ranked, by kind.

    Parameters
    ----------
    parameters : Mapping of ndarray, shape (1 + draw,)
        By the name a reader sees.
    forecast : StateProbabilities
        Truth and draws through one call, so that its inner noise is the same for all.
    log_likelihood : ndarray, shape (1 + draw,)
        Of the whole simulated history.
    horizons : tuple of int
        The forecast's.
    """
    return {PARAMETER: parameters, FORECAST: _forecasts(forecast, horizons), LIKELIHOOD: {LIKELIHOOD: log_likelihood}}


def named(name: str, values: np.ndarray, *labels: tuple[str, ...]) -> Arrays:
    """Columns of an array (sample, ...) under one name each, such as ``beta C01``; labels by axis."""
    wanted = tuple(map(len, labels))
    if values.shape[1:] != wanted:
        raise ValueError(f"got {name} of shape {values.shape[1:]}, expected {wanted}; give one label for each column")
    return {
        " ".join((name, *(label[i] for label, i in zip(labels, index, strict=True)))): values[:, *index]
        for index in np.ndindex(*wanted)
    }


def numbered(size: int) -> tuple[str, ...]:
    """Labels 1, 2, ... of entries that have no names."""
    return tuple(str(number) for number in range(1, size + 1))


def thinned(size: int) -> np.ndarray:
    """Rows of `DRAWS` nearly independent draws, evenly spread over all chains."""
    if size < DRAWS:
        raise ValueError(f"got {size} draws, expected at least {DRAWS} to thin; sample more")
    return np.linspace(0, size - 1, DRAWS).astype(int)


def _forecasts(forecast: StateProbabilities, horizons: tuple[int, ...]) -> Arrays:
    states = {
        f"{state} {_when(horizon)}": forecast.state[:, index, code]
        for index, horizon in enumerate(horizons)
        if horizon in FORECAST_HORIZONS
        for code, state in enumerate(STATES)
    }
    last = horizons[-1]
    return {
        **states,
        f"any rupture within {last} years": forecast.any_rupture[:, -1],
        f"any deeper within {last} years": forecast.any_deeper[:, -1],
    }


def _when(horizon: int) -> str:
    return {0: "at this year's end", 1: "next year"}.get(horizon, f"in {horizon} years")
