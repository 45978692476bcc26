"""How far a model's chances move between two continuations of the same draws, and the error of that."""

from typing import Self

import numpy as np

from data.values import frozen
from models.fits.probabilities import OUTCOMES, by_horizon
from models.weighting.noise import Blocks, standard_error
from models.weighting.weights import Weights


@frozen(eq=False)
class Difference:
    """Of every outcome at every horizon.

    Attributes
    ----------
    mean, mcse : ndarray, shape (horizon, outcome)
        The change (-1 to 1) and its Monte Carlo standard error; outcomes as `models.fits.probabilities.OUTCOMES`.
    """

    mean: np.ndarray
    mcse: np.ndarray

    @classmethod
    def none(cls, horizons: int) -> Self:
        """Of a model that reads no driver."""
        return cls(mean=np.zeros((horizons, len(OUTCOMES))), mcse=np.zeros((horizons, len(OUTCOMES))))

    @classmethod
    def between(cls, pair: tuple[np.ndarray, np.ndarray], weights: Weights, blocks: Blocks, first: int) -> Self:
        """Of chances per draw, without and with.

        Parameters
        ----------
        pair : two ndarrays, shape (sample, horizon * outcome)
        weights, blocks : Weights, Blocks
            Of the draws.
        first : int
            Position of the first horizon that can differ.
        """
        without, held = pair
        moved = held - without
        moved[:, : first * len(OUTCOMES)] = 0.0  # a path's later hazards reach its earlier years by rounding alone
        error = standard_error(blocks.of_mean(moved, weights.values))
        return cls(mean=by_horizon(weights.values @ moved), mcse=by_horizon(error))
