"""Continue a latent path into the future, write the ledgers it would leave, and label them with the outcome rule."""

from dataclasses import dataclass

import numpy as np

from models.measures.structure import ALIGNMENT, ModelStructure
from models.names import HORIZONS, STATES, Scenario
from models.outcome.rule import RULE, classify

CHUNK = 100


@dataclass(frozen=True, slots=True, kw_only=True)
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

    def part(self, rows: slice | np.ndarray) -> "Draws":
        """The same draws, some samples only."""
        return Draws(**{name: getattr(self, name)[rows] for name in self.__slots__})


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What the simulator takes as given.

    Attributes
    ----------
    recent_means : ndarray, shape (memory_years - 1,)
        Yearly mean intensities up to the reference date (NaN where nothing was recorded).
    band_values : ndarray, shape (band,)
    space_share : float
        Probability that a reading is about space.
    """

    recent_means: np.ndarray
    band_values: np.ndarray
    space_share: float


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


def break_probability(
    alignment: np.ndarray, log_odds: np.ndarray, slope: np.ndarray, structure: ModelStructure = ALIGNMENT
) -> np.ndarray:
    """Chance of a break act in a year, ``expit(log_odds - slope * (alignment - break_alignment))``."""
    return 1 / (1 + np.exp(-(log_odds - slope * (alignment - structure.break_alignment))))


def simulate_codes(
    draws: Draws, world: World, rng: np.random.Generator, paths: int, structure: ModelStructure = ALIGNMENT
) -> tuple[np.ndarray, np.ndarray]:
    """Simulated states and latent paths.

    Returns
    -------
    codes : ndarray of int8, shape (sample, path, horizon)
        0 rupture … 3 deeper cooperation.
    alignment : ndarray, shape (sample, path, horizon)
    """
    shape = (draws.alignment.size, paths, len(HORIZONS))
    alignment = future_paths(draws, rng.standard_normal(shape))
    hazard = break_probability(
        alignment, draws.break_log_odds[:, None, None], draws.break_slope[:, None, None], structure
    )
    broken = rng.random(shape) < hazard
    means = yearly_means(draws, world, alignment, broken, rng, structure.simulated_readings)
    before = np.broadcast_to(world.recent_means, (*shape[:2], world.recent_means.shape[-1]))
    whole = np.concatenate([before, means], axis=-1)
    memory = RULE.memory_years
    codes = [classify(whole[..., step : step + memory], broken[..., step]) for step in range(shape[2])]
    return np.stack(codes, axis=-1).astype(np.int8), alignment


def yearly_means(
    draws: Draws,
    world: World,
    alignment: np.ndarray,
    broken: np.ndarray,
    rng: np.random.Generator,
    readings: int | np.ndarray,
) -> np.ndarray:
    """Weighted mean intensity of simulated years, the break act included where there is one.

    Parameters
    ----------
    alignment : ndarray, shape (sample, path, year)
    broken : ndarray of bool, same shape
    readings : int or ndarray of int, shape (year,)
        Readings each year gives, at least one.
    """
    space = rng.binomial(readings, world.space_share, alignment.shape)
    total = np.where(broken, RULE.other_weight * ALIGNMENT.break_intensity_value, 0.0)
    weight = (
        np.where(broken, RULE.other_weight, 0.0) + RULE.other_weight * (readings - space) + RULE.space_weight * space
    )
    below = [
        _band_distribution(alignment + offset, draws.cutpoints) for offset in (0.0, draws.space_offset[:, None, None])
    ]
    for index in range(int(np.max(readings))):
        is_space = index < space
        share = np.where(is_space, RULE.space_weight, RULE.other_weight) * (index < readings)
        total += share * _intensities(rng, is_space, below, world.band_values)
    return total / weight


def _band_distribution(centre: np.ndarray, cutpoints: np.ndarray) -> list[np.ndarray]:
    """Chance that a reading lies below each cut-point, one float32 array each (the noise is coarser than that)."""
    return [(1 / (1 + np.exp(centre - cut[:, None, None]))).astype(np.float32) for cut in cutpoints.T]


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
    draws: Draws, world: World, seed: int, structure: ModelStructure = ALIGNMENT
) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Per-draw probabilities of the three targets, averaged over inner simulated ledgers.

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
    parts: list[dict[str, np.ndarray]] = []
    futures: list[np.ndarray] = []
    for index, start in enumerate(range(0, draws.alignment.size, CHUNK)):
        rng = np.random.default_rng([seed, index])
        codes, alignment = simulate_codes(
            draws.part(slice(start, start + CHUNK)), world, rng, structure.inner_paths, structure
        )
        parts.append(state_shares(codes))
        futures.append(alignment[:, 0])
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}, np.concatenate(futures)


def state_shares(codes: np.ndarray) -> dict[str, np.ndarray]:
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
