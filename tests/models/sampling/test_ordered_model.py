"""M2 in PyMC against its twin in NumPy, for every date and prior that one compilation serves."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import numpy as np
import pymc as pm
import pytest

from data.evidence import Evidence
from models.alignment.priors import prior_parameters
from models.assumptions.setting import Assumptions
from models.measures.drivers import driver_table
from models.ordered.law import OrderedPrior, Transitions, log_likelihood, log_prior, ordered_prior, sample_prior
from models.ordered.transitions import read_transitions
from models.ordered.transport import log_jacobian
from models.sampling.ordered_model import build_ordered, ordered_data, ordered_prior_data

pytestmark = pytest.mark.slow
# The same sums in another order, near 50.
RELATIVE = 1e-9


@pytest.fixture(scope="module")
def record(real_evidence: Evidence) -> Transitions:
    return read_transitions(real_evidence, driver_table(real_evidence))


@pytest.fixture(scope="module")
def prior(default_assumptions: Assumptions) -> OrderedPrior:
    return ordered_prior(prior_parameters(default_assumptions), default_assumptions.knobs)


@pytest.fixture(scope="module")
def model(record: Transitions, prior: OrderedPrior) -> pm.Model:
    return build_ordered(record, prior)


@pytest.fixture(scope="module")
def target(model: pm.Model) -> Callable:
    outputs = [model.logp(jacobian=False), model.logp()]
    return model.compile_fn(outputs, inputs=model.value_vars, point_fn=True, mode="FAST_COMPILE")


def pymc_point(draws: dict[str, np.ndarray], index: int) -> dict[str, np.ndarray]:
    log_rest, hazard = np.log(draws["rest"][index]), draws["hazard"][index]
    return {
        "hazard_logodds__": np.log(hazard / (1 - hazard)),
        "rest_simplex__": (log_rest - log_rest.mean())[:-1],
        "step_log__": np.log(draws["step"][index]),
        "beta": draws["beta"][index],
    }


def every_state(record: Transitions) -> Transitions:
    labels = np.random.default_rng(9).integers(0, 4, record.years.size + 1)
    return replace(record, before=labels[:-1], after=labels[1:], current=int(labels[-1]))


@pytest.mark.parametrize("case", ["default", "moved prior", "every state", "earlier date"])
def test_log_density_equals_the_twin(
    target: Callable,
    model: pm.Model,
    real_evidence: Evidence,
    default_assumptions: Assumptions,
    record: Transitions,
    case: str,
) -> None:
    values = {"C01": 2.5, "C13": 5.0, "C14": 1.5, "confidence": 1.6} if case == "moved prior" else {}
    prior = ordered_prior(prior_parameters(default_assumptions.replace(values)), default_assumptions.knobs)
    if case == "earlier date":
        early = real_evidence.visible(date(2010, 12, 31))
        record = read_transitions(early, driver_table(early), last_year=int(record.years[-1]))
    elif case == "every state":
        record = every_state(record)
    for name, data in {**ordered_prior_data(prior), **ordered_data(record)}.items():
        model.set_data(name, data)
    draws = sample_prior(prior, np.random.default_rng(10), 5)
    expected = log_prior(draws, prior) + log_likelihood(draws, record, prior)
    found = np.array([target(pymc_point(draws, index)) for index in range(5)])
    np.testing.assert_allclose(found[:, 0], expected, rtol=RELATIVE)
    # PyMC's simplex is centred log ratios, ours log ratios to the middle entry: a constant factor of 3 in volume.
    np.testing.assert_allclose(found[:, 1], expected + log_jacobian(draws) + np.log(3), rtol=RELATIVE)
