"""M3 in PyMC against the same model in NumPy: a tree of matrix products against a forward pass in logs."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
import pymc as pm
import pytest

from data.evidence import Evidence
from data.values import frozen
from models.errors import FitError
from models.measures.readings import Readings, read_ledger
from models.regimes.filter import filtered
from models.regimes.law import EXITS, RegimePrior, log_prior, sample_prior
from models.sampling.regimes_model import build_regimes, padded_years, regimes_data, regimes_prior_data

LAST_YEAR = 2029
# 75 years are summed in another order, and the constants of PyMC's laws are rounded elsewhere.
RELATIVE = 1e-9

type Draws = dict[str, np.ndarray]
type Point = dict[str, np.ndarray]


@frozen
class Target:
    """The model without the sampler, compiled without optimisation: log density and its gradient."""

    model: pm.Model
    value: Callable[[Mapping[str, np.ndarray]], list[np.ndarray]]
    slope: Callable[[Mapping[str, np.ndarray]], np.ndarray]

    def under(self, prior: RegimePrior, readings: Readings) -> "Target":
        for name, value in (regimes_prior_data(prior) | regimes_data(readings, 128)).items():
            self.model.set_data(name, value)
        return self


@pytest.fixture(scope="module")
def readings(real_evidence: Evidence) -> Readings:
    return read_ledger(real_evidence)


@pytest.fixture(scope="module")
def target(readings: Readings) -> Target:
    model = build_regimes(readings, RegimePrior(), last_year=LAST_YEAR)
    value = model.compile_fn([model.logp(jacobian=False)], inputs=model.value_vars, point_fn=True, mode="FAST_COMPILE")
    slope = model.compile_fn(model.dlogp(), inputs=model.value_vars, point_fn=True, mode="FAST_COMPILE")
    full = model.compile_fn([model.logp()], inputs=model.value_vars, point_fn=True, mode="FAST_COMPILE")
    return Target(model=model, value=lambda point: [*value(point), *full(point)], slope=slope)


def unconstrained(draws: Draws, row: int) -> Point:
    location, transition = draws["location"][row], draws["transition"][row]
    stay = np.diag(transition)
    split = np.array([transition[here, first] for here, (first, _) in enumerate(EXITS)]) / (1 - stay)
    return {
        "middle": location[1],
        "distance_log__": np.log(np.diff(location)),
        "gap_log__": np.log(draws["gap"][row]),
        "space_offset": draws["space_offset"][row],
        "break_log_odds": draws["break_log_odds"][row],
        "break_slope_log__": np.log(draws["break_slope"][row]),
        "stay_logodds__": np.log(stay / (1 - stay)),
        "split_logodds__": np.log(split / (1 - split)),
    }


def until(readings: Readings, year: int) -> Readings:
    seen = readings.years <= year
    return replace(readings, **{name: getattr(readings, name)[seen] for name in ("years", "counts", "breaks", "seen")})


@pytest.mark.slow
@pytest.mark.parametrize(("stickiness", "last"), [(0.80, 2025), (0.95, 1991)])
def test_log_density_equals_the_forward_pass(target: Target, readings: Readings, stickiness: float, last: int) -> None:
    prior, record = RegimePrior(stickiness=stickiness), until(readings, last)
    draws, asked = sample_prior(prior, np.random.default_rng(1), 6), target.under(prior, record)
    expected = log_prior(draws, prior) + filtered(draws, record)[0]
    found = [asked.value(unconstrained(draws, row))[0] for row in range(6)]
    np.testing.assert_allclose(found, expected, rtol=RELATIVE)


@pytest.mark.slow
def test_gradient_equals_finite_differences(target: Target, readings: Readings) -> None:
    prior = RegimePrior()
    asked, step = target.under(prior, readings), 1e-5
    point = unconstrained(sample_prior(prior, np.random.default_rng(2), 1), 0)
    numeric = []
    for name in (variable.name for variable in asked.model.value_vars):
        for index in range(np.size(point[name])):
            nudge = np.zeros(np.size(point[name]))
            nudge[index] = step
            ends = [point | {name: point[name] + sign * nudge.reshape(np.shape(point[name]))} for sign in (1, -1)]
            high, low = (asked.value(end)[1] for end in ends)
            numeric.append((high - low) / (2 * step))
    # Central differences: rounding of a density near -400 over 2e-5, and a third derivative times 1e-10.
    np.testing.assert_allclose(asked.slope(point), numeric, rtol=1e-5, atol=1e-5)


def test_padding_hides_years_and_refuses_longer_records(readings: Readings) -> None:
    assert [padded_years(years) for years in (1, 2, 75, 128, 129)] == [1, 2, 128, 128, 256]
    data = regimes_data(readings, 128)
    assert data["seen"].sum() == readings.years.size
    assert not data["counts"][readings.years.size :].any()
    with pytest.raises(FitError, match="at most 64"):
        regimes_data(readings, 64)
