"""Coefficients integrated out: densities and conditional laws against brute force with full matrices."""

import dataclasses

import numpy as np
import pytest
from scipy import stats

from data.load import load_evidence
from data.types import Evidence
from models.assumptions import Assumptions
from models.collapsed import PER_DRAW, CollapsedDraws
from models.drivers import DriverTable, driver_table
from models.errors import FitError
from models.posterior import Fit
from models.priors import prior_parameters
from models.reweighting import smoothed_weights
from models.structure import STRUCTURE
from tests.prior_fits import prior_fit

SETTINGS = (
    {},
    {"C01": 3.0},
    {"C13": 4.0, "C14": -0.5},
    {"persistence": 0.9, "volatility": 0.3},
    {"confidence": 2.0},
    {"driver_strength": 1.2, "C07": 0.8, "C10": 2.0, "confidence": 0.5},
)
SOME = 25


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    return load_evidence()


@pytest.fixture(scope="module")
def defaults(evidence: Evidence) -> Assumptions:
    return Assumptions.defaults(evidence.claims)


@pytest.fixture(scope="module")
def drivers(evidence: Evidence) -> DriverTable:
    return driver_table(evidence)


@pytest.fixture(scope="module")
def fit(evidence: Evidence, defaults: Assumptions) -> Fit:
    return prior_fit(evidence, defaults, samples=4000, seed=29)


@pytest.fixture(scope="module")
def draws(fit: Fit, drivers: DriverTable) -> CollapsedDraws:
    return CollapsedDraws.of(fit, drivers)


@pytest.fixture(scope="module")
def pushes(fit: Fit) -> np.ndarray:
    """What moved the path beyond its return to the level, shape (sample, year - 1)."""
    level, persistence = (fit.parameters[name].to_numpy()[:, None] for name in ("level", "persistence"))
    distance = fit.alignment.to_numpy() - level
    return distance[:, 1:] - persistence * distance[:, :-1]


def scalar_log_density(draws: CollapsedDraws, assumptions: Assumptions) -> np.ndarray:
    """By scipy, with the volatility's density on its natural scale."""
    prior = prior_parameters(assumptions)
    shape = STRUCTURE.volatility_log_sd
    return (
        stats.norm.logpdf(draws.break_log_odds, prior.break_mean, prior.break_sd)
        + stats.norm.logpdf(draws.level, prior.level_mean, prior.level_sd)
        + stats.beta.logpdf(draws.persistence, *prior.persistence)
        + stats.lognorm.logpdf(draws.volatility, shape, scale=prior.volatility_scale)
    )


def brute_force(
    draws: CollapsedDraws, pushes: np.ndarray, drivers: DriverTable, assumptions: Assumptions
) -> np.ndarray:
    """Log density of pushes and drift jointly: one multivariate normal law per draw, and the scalars' priors."""
    prior, found = prior_parameters(assumptions), []
    design = np.vstack([drivers.lagged, drivers.origin.to_numpy()])
    for row in range(SOME):
        noise = np.full(len(design), draws.volatility[row] ** 2)
        noise[-1] = 0.0  # the drift is a function of the coefficients alone
        covariance = (design * prior.beta_sd**2) @ design.T + np.diag(noise)
        law = stats.multivariate_normal(design @ prior.beta_mean, covariance)
        found.append(law.logpdf(np.append(pushes[row], draws.drift[row])))
    return np.array(found) + scalar_log_density(draws.part(slice(SOME)), assumptions)


@pytest.mark.parametrize("moved", SETTINGS, ids=lambda moved: "+".join(moved) or "defaults")
def test_density_ratios_are_those_of_full_matrices(
    draws: CollapsedDraws, pushes: np.ndarray, drivers: DriverTable, defaults: Assumptions, moved: dict
) -> None:
    """Up to one constant for all priors: the ratio to the defaults has none left."""
    setting, some = defaults.replace(moved), draws.part(slice(SOME))
    found = some.log_density(prior_parameters(setting)) - some.log_density(prior_parameters(defaults))
    expected = brute_force(draws, pushes, drivers, setting) - brute_force(draws, pushes, drivers, defaults)
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-8)


def test_what_the_constant_leaves_out_is_the_noise_of_the_pushes(
    draws: CollapsedDraws, pushes: np.ndarray, drivers: DriverTable, defaults: Assumptions
) -> None:
    """It differs from draw to draw, by the density of the pushes without drivers, but not from prior to prior."""
    gap = brute_force(draws, pushes, drivers, defaults) - draws.log_density(prior_parameters(defaults))[:SOME]
    noise = stats.norm.logpdf(pushes[:SOME], scale=draws.volatility[:SOME, None]).sum(axis=1)
    np.testing.assert_allclose(gap, noise, rtol=0, atol=1e-8)


@pytest.mark.parametrize("moved", SETTINGS, ids=lambda moved: "+".join(moved) or "defaults")
def test_coefficients_given_the_path_are_those_of_a_regression(
    draws: CollapsedDraws, pushes: np.ndarray, drivers: DriverTable, defaults: Assumptions, moved: dict
) -> None:
    """Normal equations with the prior as further observations, solved draw by draw."""
    prior = prior_parameters(defaults.replace(moved))
    mean, variance = draws.coefficients(prior)
    design, own = drivers.lagged, np.diag(prior.beta_sd**-2)
    for row in range(SOME):
        covariance = np.linalg.inv(design.T @ design / draws.volatility[row] ** 2 + own)
        information = design.T @ pushes[row] / draws.volatility[row] ** 2 + prior.beta_mean / prior.beta_sd**2
        np.testing.assert_allclose(mean[row], covariance @ information, rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(variance[row], np.diag(covariance), rtol=1e-9)


def test_the_drift_given_the_path_is_distributed_as_the_coefficients_say(
    fit: Fit, draws: CollapsedDraws, drivers: DriverTable, pushes: np.ndarray, defaults: Assumptions
) -> None:
    """Draws of the prior: given their own paths their standardised coefficients and drifts are standard normal."""
    prior = prior_parameters(defaults)
    mean, variance = draws.coefficients(prior)
    beta = fit.parameters["beta"].to_numpy()
    for score in ((beta - mean) / np.sqrt(variance)).T:
        assert stats.kstest(score, "norm").pvalue > 1e-4  # twelve tests: a false alarm in eight hundred
    np.testing.assert_allclose(draws.drift, beta @ drivers.origin.to_numpy(), rtol=1e-12)
    np.testing.assert_allclose(draws.crossproduct, pushes @ drivers.lagged, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("moved", SETTINGS[1:], ids="+".join)
def test_collapsed_weights_are_less_variable_than_those_of_all_coefficients(
    fit: Fit, draws: CollapsedDraws, defaults: Assumptions, moved: dict
) -> None:
    """They are conditional means of the others (Rao and Blackwell), so that no setting has fewer effective draws."""
    new, old = prior_parameters(defaults.replace(moved)), prior_parameters(defaults)
    kish = [
        smoothed_weights(new_density - old_density).kish
        for new_density, old_density in (
            (draws.log_density(new), draws.log_density(old)),
            (new.log_density(fit.parameters), old.log_density(fit.parameters)),
        )
    ]
    assert kish[0] >= 0.98 * kish[1]  # both are estimates from the same 4,000 draws


def test_parts_are_joined_in_order_and_of_one_record_only(draws: CollapsedDraws) -> None:
    again = CollapsedDraws.joined([draws.part(slice(0, 1000)), draws.part(np.arange(1000, 4000))])
    for name in (*PER_DRAW, "gram", "origin"):
        np.testing.assert_array_equal(getattr(again, name), getattr(draws, name))
    other = dataclasses.replace(draws, gram=draws.gram * 1.01)
    with pytest.raises(FitError, match="different drivers"):
        CollapsedDraws.joined([draws, other])


def test_draws_are_finite_and_read_only(draws: CollapsedDraws) -> None:
    with pytest.raises(FitError, match="drift"):
        dataclasses.replace(draws, drift=np.full(draws.drift.size, np.nan))
    with pytest.raises(ValueError, match="read-only"):
        draws.crossproduct[0, 0] = 1.0
