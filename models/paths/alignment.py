"""M1's draws under a setting, continued along any drivers.

What is stored of each draw holds for the setting that was fitted. Under another one the latent path and its three
scalars are weighed, and coefficients and level are drawn anew from their exact law given the path
(`models.alignment.collapsed.Regression`). So the weights need not follow twelve coefficients that the evidence hardly
informs: the essay's reading leaves three thousand effective draws of the base case's six thousand, where weights in the
space of `CollapsedDraws.log_density` leave 160.
"""

from typing import Self

import numpy as np

from data.types import Evidence
from data.values import frozen
from models.alignment.collapsed import CollapsedDraws, Regression
from models.alignment.priors import prior_parameters
from models.assumptions.setting import Assumptions
from models.fits.alignment_fit import AlignmentFit
from models.fits.probabilities import StateProbabilities
from models.measures.driver_table import DriverTable
from models.measures.futures import outcome_shares
from models.measures.readings import Readings, read_ledger
from models.measures.simulate import Draws, simulate_years
from models.weighting.batch_means import chain_efficiency
from models.weighting.noise import Blocks
from models.weighting.weights import Weights, smoothed_weights

SEED = 20261128
PATHS = 4
"""Futures a draw: a change that one path in a hundred makes is known within 0.1 points, for a fifth of a second."""
CHUNK = 1500
"""Draws at a time, whose intermediate arrays stay in a core's cache."""


@frozen(eq=False)
class FittedAlignment:
    """The base case of M1 and all that does not change with a setting.

    Attributes
    ----------
    fit : AlignmentFit
    draws : CollapsedDraws
        Of the fit.
    readings : Readings
        The ledger that the futures go on from.
    now : ndarray, shape (sample,)
        Latent alignment at the reference date.
    efficiency : float
        Independent draws per draw.
    blocks : Blocks
        Of the draws.
    base : Assumptions
        That the fit was made under.
    """

    fit: AlignmentFit
    draws: CollapsedDraws
    readings: Readings
    now: np.ndarray
    efficiency: float
    blocks: Blocks
    base: Assumptions

    @classmethod
    def of(cls, evidence: Evidence, fit: AlignmentFit, table: DriverTable) -> Self:
        """Of a fit that answers to the evidence, whose drivers are in the table."""
        return cls(
            fit=fit,
            draws=CollapsedDraws.of(fit, table),
            readings=read_ledger(evidence),
            now=fit.alignment.isel(year=-1).to_numpy().astype(np.float64),
            efficiency=chain_efficiency(StateProbabilities.of(fit.probabilities).flat, fit.chain),
            blocks=Blocks.alone(fit.chain),
            base=Assumptions.defaults(evidence.claims).replace(fit.assumptions_values),
        )


@frozen(eq=False)
class ContinuedAlignment:
    """The draws under a setting, with the chances that follow from drivers as they are.

    Attributes
    ----------
    fitted : FittedAlignment
    weights : Weights
        Of the draws.
    coefficients : ndarray, shape (sample, driver)
        Drawn anew.
    level : ndarray, shape (sample,)
        Drawn with them.
    without : ndarray, shape (sample, horizon * outcome)
    """

    fitted: FittedAlignment
    weights: Weights
    coefficients: np.ndarray
    level: np.ndarray
    without: np.ndarray

    @classmethod
    def of(cls, fitted: FittedAlignment, assumptions: Assumptions, drivers: np.ndarray) -> Self:
        """Under a setting.

        Parameters
        ----------
        drivers : ndarray, shape (horizon, driver)
            As they act on each year when none is held.
        """
        draws, prior, base = fitted.draws, prior_parameters(assumptions), prior_parameters(fitted.base)
        ratio = draws.log_path_density(prior) - draws.log_path_density(base)
        coefficients, level = Regression.of(draws, prior).drawn(np.random.default_rng(SEED))
        return cls(
            fitted=fitted,
            weights=smoothed_weights(ratio, fitted.efficiency),
            coefficients=coefficients,
            level=level,
            without=_chances(_draws(fitted, coefficients, level, drivers), fitted.readings),
        )

    def along(self, drivers: np.ndarray) -> np.ndarray:
        """Chances under drivers of each year (horizon, driver), shape (sample, horizon * outcome).

        The random numbers are those of `without`, whatever the drivers.
        """
        draws = _draws(self.fitted, self.coefficients, self.level, drivers)
        return _chances(draws, self.fitted.readings)

    def shift(self, drivers: np.ndarray) -> np.ndarray:
        """How far drivers of each year (horizon, driver) move each draw's alignment, shape (sample, horizon).

        Closed form: of a year's push the share `persistence` is left a year later. Of the difference of two drivers it
        is the difference between their simulated paths.
        """
        persistence, moved = self.fitted.draws.persistence, np.zeros(len(self.level))
        shifts = []
        for yearly in drivers:
            moved = persistence * moved + self.coefficients @ yearly
            shifts.append(moved)
        return np.stack(shifts, axis=1)


def _draws(fitted: FittedAlignment, coefficients: np.ndarray, level: np.ndarray, drivers: np.ndarray) -> Draws:
    """Ready to be continued; equal drivers of two years give equal pushes to the last bit."""
    drift = np.stack([coefficients @ yearly for yearly in drivers], axis=1)
    return Draws.of(fitted.fit.parameters.assign(level=("sample", level)), fitted.now, drift)


def _chances(draws: Draws, readings: Readings) -> np.ndarray:
    parts = []
    for index, start in enumerate(range(0, draws.level.size, CHUNK)):
        rng = np.random.default_rng([SEED, index])
        futures = simulate_years(draws.part(slice(start, start + CHUNK)), readings, rng, PATHS)
        parts.append(StateProbabilities.of(outcome_shares(readings.recent_means, futures.years)).flat)
    return np.concatenate(parts)
