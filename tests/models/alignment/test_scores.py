"""Derivatives in closed form against differences of the density itself."""

from dataclasses import replace

import numpy as np
import pytest

from models.alignment.collapsed import Regression
from models.alignment.priors import AlignmentPrior, prior_parameters
from models.alignment.scores import Scores, place
from models.fits.alignment_fit import base_case
from tests.support.values.factories import library_of


@pytest.fixture(scope="module")
def draws(real_evidence):
    return library_of(real_evidence, base_case(real_evidence)).draws.part(slice(0, 300))


@pytest.fixture(scope="module")
def prior(default_assumptions) -> AlignmentPrior:
    moved = {"C01": 2.0, "confidence": 1.3, "driver_strength": 0.3, "persistence": 0.8, "volatility": 1.3, "C14": 0.9}
    return prior_parameters(default_assumptions.replace(moved))


def at(prior: AlignmentPrior, point: np.ndarray) -> AlignmentPrior:
    """The inverse of `place`."""
    size, strength = prior.beta_mean.size, sum(prior.persistence)
    level, break_mean, stay, volatility = (float(value) for value in point[size : size + 4])
    return replace(
        prior,
        beta_mean=point[:size],
        level_mean=level,
        break_mean=break_mean,
        persistence=(strength * stay, strength * (1 - stay)),
        volatility_scale=float(np.exp(volatility)),
        beta_sd=np.exp(point[size + 4 : 2 * size + 4]),
        level_sd=float(np.exp(point[-2])),
        break_sd=float(np.exp(point[-1])),
    )


def centred(values: np.ndarray) -> np.ndarray:
    return values - values.mean(axis=0)


def test_first_and_second_derivatives(draws, prior):
    scores, here = Scores.of(Regression.of(draws, prior)), place(prior)
    for index in range(here.size):
        step = np.eye(here.size)[index]
        near = [draws.log_density(at(prior, here + side * 1e-4 * step)) for side in (1, -1)]
        first = centred((near[0] - near[1]) / 2e-4)
        np.testing.assert_allclose(centred(scores.first[:, index]), first, atol=1e-5 * max(1, np.abs(first).max()))
        if index < scores.second.shape[1]:
            far = [draws.log_density(at(prior, here + side * 0.3 * step)) for side in (1, 0, -1)]
            second = centred((far[0] - 2 * far[1] + far[2]) / 0.3**2)
            size = max(1, np.abs(second).max())
            np.testing.assert_allclose(centred(scores.second[:, index]), second, atol=1e-9 * size)
