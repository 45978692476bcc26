"""What weighted draws say of the coming years: futures drawn reading by reading, and labelled by the rule."""

from __future__ import annotations

from typing import Self

import numpy as np
from scipy.special import expit

from data.values import frozen
from models.measures.structure import MEASUREMENT
from models.names import HORIZONS, QUANTILE_LEVELS, STATES
from models.outcome.rule import RULE, classify
from tests.support.second_route.filter import GRID, GridModel, Parameters
from tests.support.second_route.posterior import WeightedDraws, weighted_draws


@frozen(eq=False)
class SecondForecast:
    """Simulated futures of every draw.

    Attributes
    ----------
    weights : ndarray, shape (sample,)
    means : ndarray of float32, shape (sample, path, horizon)
        The year's own mean under the rule.
    codes : ndarray of int8, same shape
        State of each year-end.
    """

    weights: np.ndarray
    means: np.ndarray
    codes: np.ndarray

    @classmethod
    def of(cls, model: GridModel, draws: WeightedDraws, rng: np.random.Generator, paths: int = 64) -> Self:
        """Simulate `paths` futures a draw."""
        futures = [
            _future(model, Parameters.of(point), law, rng, paths)
            for point, law in zip(draws.points, draws.law, strict=True)
        ]
        means, codes = (np.stack(parts) for parts in zip(*futures, strict=True))
        return cls(weights=draws.weights, means=means, codes=codes)

    @property
    def states(self) -> np.ndarray:
        """Chances of the states, shape (horizon, state)."""
        return np.tensordot(self.weights, self._by_draw, axes=1)

    @property
    def error(self) -> np.ndarray:
        """Monte Carlo standard error of `states`, of weights, parameters and futures together.

        Delta method for independent draws; those of Sobol's points have about half of it.
        """
        return np.sqrt(np.tensordot(np.square(self.weights), np.square(self._by_draw - self.states), axes=1))

    @property
    def _by_draw(self) -> np.ndarray:
        """Shares of the paths, shape (sample, horizon, state)."""
        return np.stack([(self.codes == code).mean(axis=1) for code in range(len(STATES))], axis=-1)

    def quantiles(self, levels: tuple[float, ...] = QUANTILE_LEVELS) -> np.ndarray:
        """Quantiles of each year's own mean, shape (horizon, level)."""
        share = np.repeat(self.weights / self.means.shape[1], self.means.shape[1])
        return np.stack([_quantiles(year.ravel(), share, levels) for year in np.moveaxis(self.means, -1, 0)])


def second_forecast(model: GridModel, seed: int, size: int = 4096, paths: int = 64) -> SecondForecast:
    """Posterior and future in one step: some three seconds."""
    rng = np.random.default_rng(seed)
    return SecondForecast.of(model, weighted_draws(model, rng, size), rng, paths)


def _quantiles(values: np.ndarray, share: np.ndarray, levels: tuple[float, ...]) -> np.ndarray:
    order = np.argsort(values)
    return np.interp(levels, np.cumsum(share[order]) - share[order] / 2, values[order])


def _future(
    model: GridModel, p: Parameters, law: np.ndarray, rng: np.random.Generator, paths: int
) -> tuple[np.ndarray, np.ndarray]:
    """Means and codes of the coming year-ends, both of shape (path, horizon)."""
    sigma, begun = p.volatility_before if model.early[-1] else p.volatility, model.begun
    alignment = rng.choice(GRID, paths, p=law)
    path = [alignment] if begun else []
    for _ in HORIZONS:
        alignment = p.level + p.persistence * (alignment - p.level) + sigma * rng.standard_normal(paths)
        path.append(alignment)
    path = np.stack(path, axis=1)
    chance = expit(p.break_log_odds - p.break_slope * (path - MEASUREMENT.break_alignment))
    if begun:
        chance[:, 0] = 1.0 if begun.broken else 1 - (1 - chance[:, 0]) ** begun.left
    broken = rng.random(path.shape) < chance
    means = _year_means(model, p, path, broken, rng)
    past = np.broadcast_to(model.readings.recent_means, (paths, RULE.memory_years - 1))
    whole, years = np.concatenate([past, means], axis=1), range(path.shape[1])
    codes = [classify(whole[:, year : year + RULE.memory_years], broken[:, year]) for year in years]
    return means.astype(np.float32), np.stack(codes, axis=1).astype(np.int8)


def _year_means(
    model: GridModel, p: Parameters, path: np.ndarray, broken: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Means of years whose readings are drawn one by one: a logistic number around the alignment, put into its band."""
    seen, begun, number = model.readings, model.begun, MEASUREMENT.simulated_readings
    shape = (*path.shape, number)
    centre = path[..., None] + p.space_offset * (rng.random(shape) < seen.space_share)
    intensity = seen.band_values[np.searchsorted(p.cutpoints, rng.logistic(centre))]
    act = seen.break_readings * broken
    means = (intensity.sum(axis=-1) + act * MEASUREMENT.break_intensity_value) / (number + act)
    if begun:
        rest, rows = intensity[:, 0, : begun.readings].mean(axis=-1), begun.rows(rng, len(path))
        means[:, 0] = begun.mean(rest, rows, broken[:, 0], seen.break_readings)
    return means
