"""Continue a latent path into the future, write the ledgers it would leave, and label them with the outcome rule."""

from typing import Self

import numpy as np
import xarray as xr

from data.values import frozen
from models.measures.futures import SimulatedYears, outcome_shares
from models.measures.law import ReadingLaw, break_probability, chance_below
from models.measures.ledgers import LEDGERS, Futures, SimulatedForecast, kept_futures, written_counts
from models.measures.readings import Readings
from models.measures.structure import MEASUREMENT
from models.names import HORIZONS
from models.storage.arrays import Arrays, stacked

CHUNK = 100
PARAMETERS = ("break_log_odds", "break_slope", "level", "persistence", "volatility", "space_offset")
"""What a draw holds beside path, drift and cut-points."""


@frozen
class Draws:
    """Parameter draws that the forward step needs.

    Attributes
    ----------
    alignment : ndarray, shape (sample,)
        Latent alignment at the reference date.
    drift : ndarray, shape (sample,) or (sample, horizon)
        Yearly push of the drivers, ``x @ beta``: that of the reference date, held over the horizons, or one for each.
    level, persistence, volatility, break_log_odds, break_slope, space_offset : ndarray, shape (sample,)
    cutpoints : ndarray, shape (sample, edge)
        Cut-points of the ordered logit, increasing.
    """

    alignment: np.ndarray
    drift: np.ndarray
    level: np.ndarray
    persistence: np.ndarray
    volatility: np.ndarray
    break_log_odds: np.ndarray
    break_slope: np.ndarray
    space_offset: np.ndarray
    cutpoints: np.ndarray

    @classmethod
    def of(cls, parameters: xr.Dataset, alignment: np.ndarray, drift: np.ndarray) -> Self:
        """With the parameters of posterior draws, dims (sample[, edge])."""
        own = {name: parameters[name].transpose("sample", ...).to_numpy() for name in (*PARAMETERS, "cutpoints")}
        return cls(alignment=alignment, drift=drift, **own)

    @property
    def law(self) -> ReadingLaw:
        """The law of the readings."""
        return ReadingLaw(space_offset=self.space_offset, cutpoints=self.cutpoints)

    def part(self, rows: slice | np.ndarray) -> "Draws":
        """The same draws, some samples only."""
        return Draws(**{name: getattr(self, name)[rows] for name in self.__slots__})


def future_paths(draws: Draws, shocks: np.ndarray) -> np.ndarray:
    """Latent alignment at each horizon.

    Parameters
    ----------
    draws : Draws
    shocks : ndarray, shape (sample, path, horizon)
        Standard normal.

    Returns
    -------
    ndarray, shape (sample, path, horizon)
    """
    level, rho = draws.level[:, None], draws.persistence[:, None]
    current = np.broadcast_to(draws.alignment[:, None], shocks.shape[:2])
    drift = np.broadcast_to(draws.drift.T, (shocks.shape[-1], len(shocks)))
    path = np.empty_like(shocks)
    for step in range(shocks.shape[-1]):
        push = drift[step][:, None] + draws.volatility[:, None] * shocks[..., step]
        current = level + rho * (current - level) + push
        path[..., step] = current
    return path


def simulate_years(draws: Draws, readings: Readings, rng: np.random.Generator, paths: int) -> Futures:
    """Simulated years after the reference date.

    Parameters
    ----------
    draws : Draws
    readings : Readings
        The bands' values and the share of space are taken from it, and the year that has begun.

    Returns
    -------
    futures : Futures
        From the year that has begun, where the reference date lies inside one: the draws' alignment is that year's.
    """
    shape = (draws.alignment.size, paths, len(HORIZONS))
    alignment = future_paths(draws, rng.standard_normal(shape))
    if readings.so_far is not None:
        now = np.broadcast_to(draws.alignment[:, None, None], (*shape[:2], 1))
        alignment = np.concatenate([now, alignment], axis=-1)
    hazard = break_probability(alignment, draws.break_log_odds[:, None, None], draws.break_slope[:, None, None])
    calm = yearly_means(draws.law, readings, alignment, rng, readings.simulated)
    return Futures(*SimulatedYears.after(calm, hazard, readings, rng), alignment)


def yearly_means(
    law: ReadingLaw,
    readings: Readings,
    location: np.ndarray,
    rng: np.random.Generator,
    number: int | np.ndarray = MEASUREMENT.simulated_readings,
) -> np.ndarray:
    """Mean intensity of simulated years without a break act, in the shape of `location`.

    Parameters
    ----------
    readings : Readings
        Gives the bands' values and the share of space.
    location : ndarray, shape (sample, path, year)
    number : int or ndarray of int, shape (year,)
        Readings each year gives, at least one.
    """
    space = rng.binomial(number, readings.space_share, location.shape)
    total = np.zeros(location.shape)
    below = [_chances_below(location + offset, law.cutpoints) for offset in (0.0, law.space_offset[:, None, None])]
    for index in range(int(np.max(number))):
        intensity = _intensities(rng, index < space, below, readings.band_values)
        total += intensity if np.ndim(number) == 0 else intensity * (index < number)
    return total / number


def _chances_below(centre: np.ndarray, cutpoints: np.ndarray) -> list[np.ndarray]:
    """Chance that a reading lies below each cut-point, one float32 array each (the noise is coarser than that)."""
    return [chance_below(centre, cut[:, None, None]).astype(np.float32) for cut in cutpoints.T]


def _intensities(
    rng: np.random.Generator, is_space: np.ndarray, below: list[list[np.ndarray]], band_values: np.ndarray
) -> np.ndarray:
    """One reading's intensity for every year, by inverting the distribution over bands."""
    uniform = rng.random(is_space.shape, dtype=np.float32)
    band, is_other = np.zeros(is_space.shape, dtype=np.int8), ~is_space
    for other, space in zip(*below, strict=True):
        band += (uniform > other) & is_other | (uniform > space) & is_space  # a fifth of what choosing floats takes
    steps = np.concatenate([band_values[:1], np.diff(band_values)])
    return np.cumsum(steps)[band]  # added up as always: the bands' own values differ from it in the last bit


def forecast_probabilities(
    draws: Draws, readings: Readings, seed: int, paths: int = MEASUREMENT.inner_paths
) -> SimulatedForecast:
    """Per-draw probabilities of the three targets, averaged over `paths` simulated futures, and a few of these.

    The same `seed` gives the same random numbers whatever the draws, so that two fits of equal size differ only
    through their draws.
    """
    parts: list[Arrays] = []
    for index, start in enumerate(range(0, draws.alignment.size, CHUNK)):
        rng = np.random.default_rng([seed, index])
        part = draws.part(slice(start, start + CHUNK))
        futures = simulate_years(part, readings, rng, paths)
        counts = written_counts(part.law, readings, futures.latent[:, :LEDGERS], rng)
        parts.append({**outcome_shares(readings.recent_means, futures.years), **kept_futures(futures, counts)})
    return SimulatedForecast.of(stacked(parts))
