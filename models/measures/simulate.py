"""Continue a latent path into the future, write the ledgers it would leave, and label them with the outcome rule."""

from typing import Self

import numpy as np
import xarray as xr

from data.values import frozen
from models.measures.law import ReadingLaw, break_probability, chance_below
from models.measures.readings import Readings
from models.measures.structure import MEASUREMENT
from models.names import HORIZONS, STATES, Scenario
from models.outcome.rule import RULE, classify
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
    drift : ndarray, shape (sample,)
        Yearly push of the drivers at the reference date, ``x @ beta``, held at that value over the horizons.
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
    path = np.empty_like(shocks)
    for step in range(shocks.shape[-1]):
        push = draws.drift[:, None] + draws.volatility[:, None] * shocks[..., step]
        current = level + rho * (current - level) + push
        path[..., step] = current
    return path


def simulate_codes(
    draws: Draws, readings: Readings, rng: np.random.Generator, paths: int
) -> tuple[np.ndarray, np.ndarray]:
    """Simulated states and latent paths.

    Parameters
    ----------
    draws : Draws
    readings : Readings
        What the rule will remember of the past, the bands' values and the share of space are taken from it.

    Returns
    -------
    codes : ndarray of int8, shape (sample, path, horizon)
        0 rupture … 3 deeper cooperation.
    alignment : ndarray, shape (sample, path, horizon)
    """
    shape = (draws.alignment.size, paths, len(HORIZONS))
    alignment = future_paths(draws, rng.standard_normal(shape))
    hazard = break_probability(alignment, draws.break_log_odds[:, None, None], draws.break_slope[:, None, None])
    broken = rng.random(shape) < hazard
    means = yearly_means(draws.law, readings, alignment, broken, rng)
    return year_end_codes(readings.recent_means, means, broken), alignment


def year_end_codes(before: np.ndarray, means: np.ndarray, broken: np.ndarray) -> np.ndarray:
    """Codes (int8) of simulated year-ends, from the means of the years before them (…, memory_years - 1) and their own.

    Parameters
    ----------
    means, broken : ndarray, shape (sample, path, year)
    """
    whole = np.concatenate([np.broadcast_to(before, (*means.shape[:2], before.shape[-1])), means], axis=-1)
    memory = RULE.memory_years
    codes = [classify(whole[..., step : step + memory], broken[..., step]) for step in range(means.shape[-1])]
    return np.stack(codes, axis=-1).astype(np.int8)


def yearly_means(
    law: ReadingLaw,
    readings: Readings,
    location: np.ndarray,
    broken: np.ndarray,
    rng: np.random.Generator,
    number: int | np.ndarray = MEASUREMENT.simulated_readings,
) -> np.ndarray:
    """Weighted mean intensity of simulated years, the break act included where there is one.

    Parameters
    ----------
    readings : Readings
        Gives the bands' values and the share of space.
    location : ndarray, shape (sample, path, year)
    broken : ndarray of bool, same shape
    number : int or ndarray of int, shape (year,)
        Readings each year gives, at least one.
    """
    space = rng.binomial(number, readings.space_share, location.shape)
    act = RULE.other_weight * RULE.severity(MEASUREMENT.break_intensity_value)
    total = np.where(broken, act * MEASUREMENT.break_intensity_value, 0.0)
    weight = np.where(broken, act, 0.0)
    below = [_chances_below(location + offset, law.cutpoints) for offset in (0.0, law.space_offset[:, None, None])]
    for index in range(int(np.max(number))):
        is_space = index < space
        intensity = _intensities(rng, is_space, below, readings.band_values)
        domain = np.where(is_space, RULE.space_weight, RULE.other_weight) * (index < number)
        share = domain * RULE.severity(intensity)  # the rule weighs an act by its size, a simulated one too
        total += share * intensity
        weight += share
    return total / weight


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
) -> tuple[Arrays, np.ndarray]:
    """Per-draw probabilities of the three targets, averaged over `paths` simulated ledgers.

    The same `seed` gives the same random numbers whatever the draws, so that two fits of equal size differ only
    through their draws.

    Returns
    -------
    probabilities : dict of ndarray
        ``state_probability`` (sample, horizon, state), ``any_rupture`` (sample, horizon), ``any_deeper`` (sample,
        horizon).
    future : ndarray, shape (sample, horizon)
        One latent continuation per draw.
    """
    parts: list[Arrays] = []
    futures: list[np.ndarray] = []
    for index, start in enumerate(range(0, draws.alignment.size, CHUNK)):
        rng = np.random.default_rng([seed, index])
        codes, alignment = simulate_codes(draws.part(slice(start, start + CHUNK)), readings, rng, paths)
        parts.append(state_shares(codes))
        futures.append(alignment[:, 0])
    return stacked(parts), np.concatenate(futures)


def state_shares(codes: np.ndarray) -> Arrays:
    """Shares of simulated paths by target.

    Parameters
    ----------
    codes : ndarray of int, shape (sample, path, horizon)

    Returns
    -------
    dict
        ``state_probability`` (sample, horizon, state): A; ``any_rupture``, ``any_deeper`` (sample, horizon): B and C.
    """
    state = np.stack([(codes == code).mean(axis=1) for code in range(len(STATES))], axis=-1)
    ever = {
        name: np.logical_or.accumulate(codes == code, axis=-1).mean(axis=1)
        for name, code in (("any_rupture", Scenario.RUPTURE.code), ("any_deeper", Scenario.DEEPER.code))
    }
    return {"state_probability": state, **ever}
