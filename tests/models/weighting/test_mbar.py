"""Normalising constants against closed forms and against pymbar."""

from __future__ import annotations

import logging

import numpy as np
import pytest
from scipy.stats import norm

from models.errors import FitError
from models.weighting.mbar import solve


def gaussians(rng: np.random.Generator, size: int = 500) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Draws from normals, their unnormalised log densities, sizes and true log constants."""
    means, sds = np.array([0.0, 1.0, 2.0, 0.5]), np.array([1.0, 0.7, 1.2, 2.0])
    sizes = np.array([size, size // 2, size, 2 * size])
    x = np.concatenate([rng.normal(m, s, n) for m, s, n in zip(means, sds, sizes, strict=True)])
    log_density = -0.5 * np.square((x[:, None] - means) / sds)
    return log_density, sizes, np.log(sds) - np.log(sds[0])


def test_constants_of_normals():
    log_density, sizes, truth = gaussians(np.random.default_rng(0), 20_000)
    np.testing.assert_allclose(solve(log_density, sizes), truth, atol=0.03)  # four standard errors of 20,000 draws


@pytest.mark.filterwarnings("ignore:Unknown solver options:scipy.optimize.OptimizeWarning")  # pymbar's own
def test_equals_pymbar():
    logging.disable(logging.WARNING)  # it advertises JAX
    try:
        from pymbar import MBAR
    finally:
        logging.disable(logging.NOTSET)
    log_density, sizes, _ = gaussians(np.random.default_rng(1))
    theirs = -MBAR(-log_density.T, sizes, verbose=False).f_k
    np.testing.assert_allclose(solve(log_density, sizes), theirs - theirs[0], atol=1e-6)


def test_constants_follow_a_scaled_density():
    log_density, sizes, _ = gaussians(np.random.default_rng(2))
    scaled = log_density + np.array([0.0, 3.0, 0.0, -50.0])
    np.testing.assert_allclose(solve(scaled, sizes) - solve(log_density, sizes), [0, 3, 0, -50], atol=1e-6)


def test_densities_without_overlap_are_refused():
    rng = np.random.default_rng(3)
    x = np.concatenate([rng.normal(0, 1, 100), rng.normal(1e4, 1, 100)])
    log_density = norm.logpdf(x[:, None], [0.0, 1e4], [1.0, 1.0])
    with pytest.raises(FitError, match="overlap too little"):
        solve(log_density, np.array([100, 100]))
