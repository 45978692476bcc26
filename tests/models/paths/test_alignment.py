"""M1 continued along drivers: pushes in closed form, the same random numbers, and a chance by the second road."""

from dataclasses import replace

import numpy as np
import pytest

from models.assumptions.reasons import with_reasons
from models.assumptions.setting import Assumptions
from models.fits.probabilities import by_horizon
from models.measures.drivers import DRIVER_CLAIMS
from models.measures.simulate import Draws, forecast_probabilities, future_paths
from models.paths.alignment import ContinuedAlignment
from models.paths.answers import PathBasis
from models.weighting.status import Status

PULL = DRIVER_CLAIMS.index("C01")


@pytest.fixture(scope="module")
def continued(basis: PathBasis, defaults: Assumptions) -> ContinuedAlignment:
    return ContinuedAlignment.of(basis.fitted, with_reasons(defaults), basis.drivers.along())


def with_first_year(basis: PathBasis, step: int, by: float) -> np.ndarray:
    """Drivers along the years, one of them moved from a step on."""
    drivers = basis.drivers.along()
    drivers[step:, PULL] += by
    return drivers


def test_the_same_drivers_give_the_same_chances_to_the_last_bit(
    basis: PathBasis, continued: ContinuedAlignment
) -> None:
    np.testing.assert_array_equal(continued.along(basis.drivers.along()), continued.without)


def test_at_its_own_setting_every_draw_counts_alike(basis: PathBasis, defaults: Assumptions) -> None:
    weights = ContinuedAlignment.of(basis.fitted, defaults, basis.drivers.along()).weights
    assert weights.status is Status.EXACT
    np.testing.assert_allclose(weights.values, 1 / weights.values.size, rtol=1e-12)


def test_the_weights_of_another_setting_add_up_to_one(continued: ContinuedAlignment) -> None:
    assert continued.weights.values.sum() == pytest.approx(1.0, abs=1e-12)
    assert continued.weights.kish < continued.weights.values.size - 1


def test_simulated_alignments_move_by_what_is_left_of_the_pushes(
    basis: PathBasis, continued: ContinuedAlignment
) -> None:
    """``sum of persistence^k * difference * coefficient`` over the years that the driver has acted on."""
    held, size = with_first_year(basis, 2, 1.5), continued.level.size
    shocks = np.random.default_rng(1).standard_normal((size, 2, 5))
    rho, push = basis.fitted.draws.persistence, 1.5 * continued.coefficients[:, PULL]
    expected = np.stack([push * sum(rho**age for age in range(years)) for years in (0, 0, 1, 2, 3)], axis=1)

    def paths(drivers: np.ndarray) -> np.ndarray:
        drift = continued.coefficients @ drivers.T
        parameters = basis.fitted.fit.parameters.assign(level=("sample", continued.level))
        return future_paths(Draws.of(parameters, basis.fitted.now, drift), shocks)

    moved = paths(held) - paths(basis.drivers.along())
    np.testing.assert_allclose(moved, np.broadcast_to(expected[:, None], moved.shape), rtol=0, atol=1e-12)
    np.testing.assert_allclose(continued.shift(held - basis.drivers.along()), expected, rtol=0, atol=1e-12)


def test_chances_are_those_of_the_simulator_that_the_fits_use(basis: PathBasis, continued: ContinuedAlignment) -> None:
    """Held from the first year on, the drift is one number a draw, as for a fit."""
    held = with_first_year(basis, 0, -2.0)
    parameters = basis.fitted.fit.parameters.assign(level=("sample", continued.level))
    draws = Draws.of(parameters, basis.fitted.now, continued.coefficients @ held[0])
    shares = forecast_probabilities(draws, basis.fitted.readings, 77, 32).probabilities["state_probability"]
    found = by_horizon(continued.along(held))[..., :4]
    difference = (found - shares).mean(axis=0)
    error = (found - shares).std(axis=0, ddof=1) / np.sqrt(len(shares))
    np.testing.assert_array_less(np.abs(difference), 4 * error + 1e-9)  # 24 differences that hang together


def test_drivers_without_coefficients_move_nothing(basis: PathBasis, continued: ContinuedAlignment) -> None:
    none = continued.coefficients.copy()
    none[:, PULL] = 0.0
    deaf = replace(continued, coefficients=none)
    np.testing.assert_array_equal(deaf.along(with_first_year(basis, 1, 2.0)), deaf.along(basis.drivers.along()))
