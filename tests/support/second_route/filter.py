"""M1 without drivers a second time, with no code of the first: its path summed out on a grid, year by year.

Only data come from the house: the readings, the priors' numbers and the structure's constants. What the model says is
written again here, as plainly as it can be.
"""

from __future__ import annotations

from typing import NamedTuple, Self

import numpy as np
from scipy.special import betaln, expit

from data.types import Evidence
from data.values import frozen
from models.alignment.priors import AlignmentPrior, prior_parameters
from models.assumptions.setting import Assumptions
from models.measures.readings import Readings, read_ledger
from models.measures.structure import ALIGNMENT, MEASUREMENT
from tests.support.second_route.begun import Begun

GRID = np.linspace(-11.0, 11.0, 111)
"""Alignments that the path may take: 0.2 apart, for the trapezoidal rule is exact to 1e-8 for normal kernels whose sd
is a grid step; the ends lie beyond anything that a reading could have told."""
SPACING = GRID[1] - GRID[0]
NAMES = (
    *("level", "logit_persistence", "log_volatility", "log_volatility_before", "break_log_odds", "log_break_slope"),
    *("space_offset", *(f"log_gap_{number}" for number in range(len(MEASUREMENT.band_edges) - 1))),
)
"""Coordinates of a point, all unbounded."""


class Parameters(NamedTuple):
    """One point on the natural scales; the gaps give `cutpoints`, shape (edge,)."""

    level: float
    persistence: float
    volatility: float
    volatility_before: float
    break_log_odds: float
    break_slope: float
    space_offset: float
    cutpoints: np.ndarray

    @classmethod
    def of(cls, point: np.ndarray) -> Self:
        """From a point of the unbounded coordinates, shape (coordinate,)."""
        level, logit, *logs, odds, log_slope, offset = point[:7]
        at = np.concatenate([[0.0], np.cumsum(np.exp(point[7:]))])
        return cls(
            level, expit(logit), *np.exp(logs), odds, np.exp(log_slope), offset, at - at[MEASUREMENT.anchor_edge]
        )


@frozen(eq=False)
class GridModel:
    """What is known, and which volatility moves the path when.

    Attributes
    ----------
    readings : Readings
    prior : AlignmentPrior
        Its coefficients are not used.
    early : ndarray of bool, shape (year,)
        Whether the shock into a year has the volatility of before the split; the first year has none. One more than
        the readings' years: the last is the future's.
    begun : Begun or None
        The last of the readings' years, where it has not ended.
    """

    readings: Readings
    prior: AlignmentPrior
    early: np.ndarray
    begun: Begun | None = None

    @classmethod
    def of(cls, evidence: Evidence, assumptions: Assumptions, *, split: bool = True) -> Self:
        """The default model, or one with a single volatility for all years."""
        readings = read_ledger(evidence)
        years = np.append(readings.years, readings.years[-1])  # the future moves as the last year that was seen
        early = years < ALIGNMENT.split_year if split else np.zeros(years.shape, dtype=bool)
        return cls(readings=readings, prior=prior_parameters(assumptions), early=early, begun=Begun.of(evidence))

    def log_prior(self, point: np.ndarray) -> float:
        """Log density of the unbounded coordinates under the prior."""
        s, prior, (alpha, beta) = MEASUREMENT, self.prior, self.prior.persistence
        location = [prior.level_mean, np.log(prior.volatility_scale), np.log(ALIGNMENT.volatility_before)]
        location += [prior.break_mean, s.break_slope_log_mean, 0.0, *[s.gap_log_mean] * (len(NAMES) - 7)]
        scale = [prior.level_sd, ALIGNMENT.volatility_log_sd, ALIGNMENT.volatility_log_sd, prior.break_sd]
        scale += [s.break_slope_log_sd, s.space_offset_sd, *[s.gap_log_sd] * (len(NAMES) - 7)]
        z, logit = (np.delete(point, 1) - location) / scale, point[1]
        normal = -0.5 * z @ z - np.log(scale).sum() - 0.5 * z.size * np.log(2 * np.pi)
        return normal - alpha * np.logaddexp(0, -logit) - beta * np.logaddexp(0, logit) - betaln(alpha, beta)

    def filtered(self, point: np.ndarray) -> tuple[float, np.ndarray]:
        """Log likelihood of the ledger, and the law of the last year's alignment given it (sums to 1 over `GRID`)."""
        p = Parameters.of(point)
        told = self._log_chances(p)
        highest = told.max(axis=1)
        weights, total = np.exp(told - highest[:, None]), highest.sum()
        kernels = {flag: _kernel(p, sigma) for flag, sigma in ((True, p.volatility_before), (False, p.volatility))}
        law = _normal(GRID - p.level, ALIGNMENT.start_sd)
        for year, weight in enumerate(weights):
            law = (law @ kernels[bool(self.early[year])] if year else law) * weight
            mass = law.sum()
            law, total = law / mass, total + np.log(mass)
        return total, law

    def log_density(self, point: np.ndarray) -> float:
        """Log posterior density of the unbounded coordinates, up to a constant."""
        return self.filtered(point)[0] + self.log_prior(point)

    def _log_chances(self, p: Parameters) -> np.ndarray:
        """Log chance of each year's readings and break flag at each alignment, shape (year, grid)."""
        seen = self.readings
        edges = np.concatenate([[-np.inf], p.cutpoints, [np.inf]])
        below = expit(edges[:, None] - np.stack([GRID, GRID + p.space_offset])[:, None, :])
        bands = np.log(np.clip(np.diff(below, axis=1), 1e-12, 1.0))  # the model's own floor
        logit = p.break_log_odds - p.break_slope * (GRID - MEASUREMENT.break_alignment)
        acts = np.where(seen.breaks[:, None], logit, 0.0) - seen.seen[:, None] * np.logaddexp(0, logit)
        return seen.counts.reshape(len(seen.counts), -1) @ bands.reshape(-1, GRID.size) + acts


def _kernel(p: Parameters, sigma: float) -> np.ndarray:
    """From each alignment (row) to each of the next year (column)."""
    return _normal(GRID - p.level - p.persistence * (GRID - p.level)[:, None], sigma)


def _normal(distance: np.ndarray, sd: float) -> np.ndarray:
    """Weights of the trapezoidal rule under a centred normal density."""
    return np.exp(-0.5 * np.square(distance / sd)) * (SPACING / (sd * np.sqrt(2 * np.pi)))
