"""What the calibration of M0 simulates and ranks, against M0 itself."""

from itertools import pairwise

import numpy as np
import pytest

from data.evidence import Evidence
from models.base_rate.chain import BaseRate, chain_forecast
from models.calibration.base_rate import (
    chain_log_likelihood,
    posterior,
    recovery,
    simulated_codes,
    transition_parameters,
)
from models.calibration.ranks import DRAWS
from models.calibration.world import Simulation
from models.names import STATES

CODES = np.array([3, 3, 2, 2, 1, 0, 0, 1, 2])


@pytest.fixture
def matrix() -> np.ndarray:
    return BaseRate().transition_draws(7, np.random.default_rng(1))


def test_forecasts_are_those_of_the_base_rate():
    model = BaseRate.from_history(CODES)
    found = chain_forecast(model.transition_draws(50, np.random.default_rng(2)), 2)
    for one, other in zip(found, model.draws(2, 50, 2), strict=True):
        np.testing.assert_array_equal(one, other)


def test_parameters_give_the_matrix_back(matrix):
    found = transition_parameters(matrix)
    hazards = [found[f"hazard out of {name}"] for name in ("rupture", "strain", "a calm year", "a calm year")]
    for before, hazard in zip(STATES, hazards, strict=True):
        row = [(1 - hazard) * found[f"row {before} {after}"] for after in STATES[1:]]
        np.testing.assert_allclose(np.stack([hazard, *row], axis=1), matrix[:, STATES.index(before)], rtol=1e-12)


def test_the_log_likelihood_is_the_product_of_the_steps(matrix):
    by_hand = np.ones(7)
    for before, after in pairwise(CODES):
        by_hand = by_hand * matrix[:, before, after]
    np.testing.assert_allclose(chain_log_likelihood(matrix, CODES), np.log(by_hand), rtol=1e-12)


def test_simulated_chains_follow_the_matrix(matrix):
    codes = simulated_codes(matrix[0], 2, 20_001, np.random.default_rng(3))
    after = codes[1:][codes[:-1] == 2]
    shares = np.bincount(after, minlength=4) / after.size
    # 4 standard errors of a share of steps that are independent given where they start.
    assert np.all(np.abs(shares - matrix[0, 2]) < 4 * np.sqrt(matrix[0, 2] * (1 - matrix[0, 2]) / after.size))


def test_counted_once_it_is_the_posterior_and_twice_it_is_the_mistake():
    once, twice = posterior(BaseRate(), CODES, 1), posterior(BaseRate(), CODES, 2)
    for name in ("hazards", "rows"):
        prior, exact = (np.array(getattr(one, name)) for one in (BaseRate(), BaseRate.from_history(CODES)))
        np.testing.assert_allclose(getattr(once, name), exact, rtol=1e-12)
        np.testing.assert_allclose(np.array(getattr(twice, name)) - prior, 2 * (exact - prior), atol=1e-12)


def test_an_answer_holds_the_truth_and_the_draws_of_everything(real_evidence: Evidence):
    simulation = Simulation(evidence=real_evidence, rng=np.random.default_rng(4), seed=1, wrong=False, settings=())
    found = recovery(simulation)
    assert {kind: len(names) for kind, names in found.quantities.items()} == {
        "parameter": 15,
        "forecast": 10,
        "log likelihood": 1,
    }
    values = np.stack([values for names in found.quantities.values() for values in names.values()])
    assert values.shape == (26, 1 + DRAWS)
    assert np.isfinite(values).all()
