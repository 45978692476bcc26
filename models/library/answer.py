"""What one model says under a setting: weighted probabilities, their Monte Carlo noise, and how far to trust them."""

from typing import Self

import numpy as np

from data.values import frozen
from models.fits.probabilities import StateProbabilities
from models.weighting.noise import Blocks, standard_error
from models.weighting.status import Status
from models.weighting.weights import Weights

GOOD_MCSE, FAIR_MCSE = 0.0075, 0.02
"""Badge of the engine brief: a shown probability may be off by this much (one Monte Carlo standard error) and still be
called so."""


@frozen(eq=False)
class Answer:
    """A model's weighted draws.

    Attributes
    ----------
    probabilities : ndarray, shape (sample, horizon * outcome)
        Outcomes are the four states, any rupture, any deeper.
    weights : Weights
        Of the draws.
    noise : ndarray, shape (block, horizon * outcome)
        What each block of draws does to the error of the means; no block at all when these are exact. Answers from the
        same draws share their blocks.
    best : Status
        Draws that needed no weights are still draws, with an error of their own, and then never better than good; those
        of a library that nobody held against refits are never better than fair.
    year_means : ndarray of float32, shape (sample, ledger, horizon), or None
        The years' own means in simulated ledgers of each draw; None for a model that simulates no ledgers, and for
        stored draws of before 2026-11-28.
    blocks : Blocks or None
        Of the draws, where there are year means.
    beside : ndarray, shape (block, column), or None
        The noise of further means that were asked for with the probabilities.
    """

    probabilities: np.ndarray
    weights: Weights
    noise: np.ndarray
    best: Status = Status.EXACT
    year_means: np.ndarray | None = None
    blocks: Blocks | None = None
    beside: np.ndarray | None = None

    @classmethod
    def of(
        cls, probabilities: np.ndarray, weights: Weights, blocks: Blocks, year_means: np.ndarray | None = None
    ) -> Self:
        """From draws of M2 or M3."""
        noise, best = blocks.of_mean(probabilities, weights.values), Status.GOOD
        return cls(
            probabilities=probabilities, weights=weights, noise=noise, best=best, year_means=year_means, blocks=blocks
        )

    @classmethod
    def exact(cls, known: StateProbabilities) -> Self:
        """Of a model that needs no draws."""
        certain = Weights(values=np.ones(1), pareto_k=None, ess=1.0, status=Status.EXACT)
        return cls(probabilities=known.flat[None], weights=certain, noise=np.zeros((0, known.flat.size)))

    @property
    def mean(self) -> np.ndarray:
        """Probabilities, shape (horizon * outcome,)."""
        return self.weights.values @ self.probabilities

    @property
    def mcse(self) -> np.ndarray:
        """Monte Carlo standard error of the weighted means, shape (horizon * outcome,)."""
        return standard_error(self.noise)

    @property
    def status(self) -> Status:
        """The worse of the weights' status and of the largest Monte Carlo error."""
        return Status.worst(self.best, self.weights.status).allowing(float(self.mcse.max()), GOOD_MCSE, FAIR_MCSE)
