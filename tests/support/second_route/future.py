"""What weighted draws say of the coming years: futures drawn reading by reading, and labelled by the rule."""

from __future__ import annotations

from typing import Self

import numpy as np

from data.values import frozen
from models.measures.readings import Readings
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
    """Means and codes of the coming years, both of shape (path, horizon)."""
    sigma, years = p.volatility_before if model.early[-1] else p.volatility, len(HORIZONS)
    alignment, path = rng.choice(GRID, paths, p=law), np.empty((paths, years))
    for year in range(years):
        alignment = p.level + p.persistence * (alignment - p.level) + sigma * rng.standard_normal(paths)
        path[:, year] = alignment
    logit = p.break_log_odds - p.break_slope * (path - MEASUREMENT.break_alignment)
    broken = rng.logistic(size=path.shape) < logit
    means = _year_means(model.readings, p, path, broken, rng)
    past = np.broadcast_to(model.readings.recent_means, (paths, RULE.memory_years - 1))
    whole = np.concatenate([past, means], axis=1)
    codes = [classify(whole[:, year : year + RULE.memory_years], broken[:, year]) for year in range(years)]
    return means.astype(np.float32), np.stack(codes, axis=1).astype(np.int8)


def _year_means(
    seen: Readings, p: Parameters, path: np.ndarray, broken: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Means of years whose readings are drawn one by one: a logistic number around the alignment, put into its band."""
    number, act = MEASUREMENT.simulated_readings, seen.break_readings * broken
    shape = (*path.shape, number)
    centre = path[..., None] + p.space_offset * (rng.random(shape) < seen.space_share)
    bands = np.searchsorted(p.cutpoints, rng.logistic(centre))
    total = seen.band_values[bands].sum(axis=-1) + act * MEASUREMENT.break_intensity_value
    return total / (number + act)
