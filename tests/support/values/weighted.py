"""A weighted mean of any per-draw quantity and its Monte Carlo error, as an answer has them of its probabilities."""

import numpy as np

from models.library.library import Library
from models.library.reweighting import weighted_noise
from models.weighting.noise import standard_error
from models.weighting.weights import Weights


def weighted_mean(p: np.ndarray, weights: Weights) -> np.ndarray:
    """Of `p` (sample, ...), shape (...)."""
    return np.tensordot(weights.values, p, axes=1)


def weighted_mcse(p: np.ndarray, weights: Weights, library: Library) -> np.ndarray:
    """Standard error of `weighted_mean`, shape (...)."""
    draws = np.asarray(p, dtype=np.float64)
    return standard_error(weighted_noise(draws.reshape(len(draws), -1), weights, library)).reshape(draws.shape[1:])
