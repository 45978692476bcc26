"""Weights against closed forms, ArviZ and repetition; the Monte Carlo error against what it claims to predict."""

import dataclasses

import arviz_stats
import numpy as np
import pytest
import xarray as xr

from data.load import load_evidence
from models.assumptions import Assumptions
from models.drivers import DRIVER_CLAIMS
from models.errors import FitError, StaleFitError
from models.posterior import Fit
from models.priors import PriorParameters, prior_parameters
from models.reweighting import (
    Weights,
    chain_efficiency,
    reweight,
    smoothed_weights,
    weighted_mcse,
    weighted_mean,
)
from models.structure import STRUCTURE
from tests.factories import synthetic_fit

DRAWS, CHAINS = 6000, 4
CHAIN = np.repeat(np.arange(CHAINS), DRAWS // CHAINS)


def uniform(size: int = DRAWS) -> Weights:
    return Weights(values=np.full(size, 1 / size), pareto_k=None, ess=size, status="exact")


def autoregressive(rng: np.random.Generator, phi: float, columns: int) -> np.ndarray:
    """Stationary AR(1) chains of unit variance, shape (sample, column), chain by chain."""
    length = DRAWS // CHAINS
    chains = np.empty((CHAINS, length, columns))
    chains[:, 0] = rng.standard_normal((CHAINS, columns))
    for step in range(1, length):
        noise = rng.standard_normal((CHAINS, columns))
        chains[:, step] = phi * chains[:, step - 1] + np.sqrt(1 - phi**2) * noise
    return chains.reshape(DRAWS, columns)


def normal_posterior(prior_mean: float, prior_sd: float, total: float, count: int) -> tuple[float, float]:
    """Posterior mean and sd of a normal mean; unit-variance data with sum `total`."""
    precision = prior_sd**-2 + count
    return (prior_mean / prior_sd**2 + total) / precision, precision**-0.5


def prior_draws(prior: PriorParameters, rng: np.random.Generator, size: int) -> xr.Dataset:
    """Independent draws of the knob-governed parameters from their prior."""
    scalars = {
        "break_log_odds": rng.normal(prior.break_mean, prior.break_sd, size),
        "level": rng.normal(prior.level_mean, prior.level_sd, size),
        "persistence": rng.beta(*prior.persistence, size),
        "volatility": rng.lognormal(np.log(prior.volatility_scale), STRUCTURE.volatility_log_sd, size),
    }
    beta = rng.normal(prior.beta_mean, prior.beta_sd, (size, len(DRIVER_CLAIMS)))
    table = {name: ("sample", draws) for name, draws in scalars.items()} | {"beta": (("sample", "driver"), beta)}
    return xr.Dataset(table, coords={"driver": list(DRIVER_CLAIMS)})


@pytest.fixture(scope="module")
def defaults() -> Assumptions:
    return Assumptions.defaults(load_evidence().claims)


@pytest.fixture(scope="module")
def fit(defaults: Assumptions) -> Fit:
    """A fit whose draws are the prior itself, so that a moved prior has a known answer: the moved prior."""
    small = synthetic_fit(load_evidence(), defaults, samples=8)
    rng = np.random.default_rng(11)
    return dataclasses.replace(
        small,
        parameters=prior_draws(prior_parameters(defaults), rng, DRAWS),
        probabilities=xr.Dataset({"any_rupture": (("sample", "horizon"), rng.random((DRAWS, 5)))}),
        chain=CHAIN.copy(),
    )


@pytest.mark.parametrize("shape", [0.3, 0.5, 0.8])
def test_pareto_k_is_the_tail_index_of_the_ratios(shape: float) -> None:
    """Ratios u^-k have an exact Pareto tail of shape k (the definition in Vehtari et al. 2024). A wrong sign gives k
    near -1.

    The fit's error is (1 + k) / sqrt(tail), and its weak prior pulls ten observations towards 0.5.
    """
    rng, size = np.random.default_rng(5), 40_000
    weights = smoothed_weights(-shape * np.log(rng.random(size)))
    tail = 3 * np.sqrt(size)
    assert abs(weights.pareto_k - shape) <= 4 * (1 + shape) / np.sqrt(tail) + 10 / tail * abs(shape - 0.5)


@pytest.mark.parametrize(("mean", "sd"), [(0.6, 1.0), (-0.8, 1.0), (0.0, 0.8), (0.4, 1.1)])
def test_a_moved_normal_prior_gives_the_closed_form_posterior(mean: float, sd: float) -> None:
    rng = np.random.default_rng(21)
    total, count = 0.9, 2
    draws = rng.normal(*normal_posterior(0.0, 1.0, total, count), DRAWS)
    weights = smoothed_weights(-0.5 * ((draws - mean) / sd) ** 2 + 0.5 * draws**2)
    new_mean, new_sd = normal_posterior(mean, sd, total, count)
    targets = np.array([new_mean, new_sd**2])
    moments = np.stack([draws, (draws - new_mean) ** 2], axis=1)
    assert weights.status == "good"
    error = weighted_mcse(moments, weights, CHAIN)
    assert np.all(np.abs(weighted_mean(moments, weights) - targets) <= 4 * error)
    assert error[0] < 0.05 * new_sd
    unweighted_error = abs(draws.mean() - new_mean)
    assert mean == 0 or unweighted_error > 4 * error[0]


def test_a_far_move_is_poor_and_a_middling_one_fair() -> None:
    draws = np.random.default_rng(2).standard_normal(DRAWS)
    by_shift = {shift: smoothed_weights(shift * draws) for shift in (0.3, 1.5, 5.0)}
    assert [weights.status for weights in by_shift.values()] == ["good", "fair", "poor"]
    assert by_shift[5.0].ess < 300
    assert smoothed_weights(300.0 * draws).status == "poor"


def test_status_needs_both_a_light_tail_and_enough_draws() -> None:
    """Weights of a gentle move are poor when there are too few draws, or when the chain makes them worth little."""
    draws = np.random.default_rng(3).standard_normal(DRAWS)
    assert smoothed_weights(0.2 * draws[:200]).status == "poor"
    assert smoothed_weights(0.2 * draws, efficiency=0.1).status == "fair"


def test_equal_ratios_are_exact() -> None:
    weights = smoothed_weights(np.full(100, -3.7))
    assert (weights.status, weights.pareto_k, weights.ess) == ("exact", None, 100)
    np.testing.assert_array_equal(weights.values, np.full(100, 0.01))


def test_knobs_outside_the_fitted_model_need_no_weights(fit: Fit, defaults: Assumptions) -> None:
    for moved in ({}, {"rupture_hazard": 0.08, "outside_view_weight": 1.0}):
        weights = reweight(fit, defaults.replace(moved))
        assert (weights.status, weights.pareto_k) == ("exact", None)
        np.testing.assert_array_equal(weights.values, np.full(DRAWS, 1 / DRAWS))


MOVES = [
    {"C01": 1.8},
    {"C13": 3.0},
    {"C14": 0.8},
    {"persistence": 0.77},
    {"volatility": 0.55},
    {"confidence": 0.9},
    {"driver_strength": 0.3},
    {"C07": 1.6, "C10": 1.2, "persistence": 0.7},
]


@pytest.mark.parametrize("moved", MOVES, ids=lambda moved: "+".join(moved))
def test_prior_draws_re_weighted_are_draws_of_the_moved_prior(fit: Fit, defaults: Assumptions, moved: dict) -> None:
    """First and second moments of every parameter, by closed form, within 4 standard errors."""
    assumptions = defaults.replace(moved)
    weights, prior = reweight(fit, assumptions), prior_parameters(assumptions)
    a, b = prior.persistence
    table = fit.parameters
    means = np.array(
        [*prior.beta_mean, prior.break_mean, prior.level_mean, a / (a + b), np.log(prior.volatility_scale)]
    )
    scalars = [table[name].to_numpy() for name in ("break_log_odds", "level", "persistence")]
    draws = np.column_stack([table["beta"].to_numpy(), *scalars, np.log(table["volatility"].to_numpy())])
    beta_variance = a * b / (a + b) ** 2 / (a + b + 1)
    variances = np.array(
        [*prior.beta_sd**2, prior.break_sd**2, prior.level_sd**2, beta_variance, STRUCTURE.volatility_log_sd**2]
    )
    moments = np.column_stack([draws, (draws - means) ** 2])
    targets = np.array([*means, *variances])
    assert weights.status in ("good", "fair")
    z = (weighted_mean(moments, weights) - targets) / weighted_mcse(moments, weights, fit.chain)
    assert np.max(np.abs(z)) <= 4


def test_error_of_plain_chains_agrees_with_arviz() -> None:
    """Eighty blocks know the error within 8 %, ArviZ's own within some 5 %; the median of 24 columns within 5 %."""
    for phi in (0.0, 0.6):
        draws = autoregressive(np.random.default_rng(8), phi, 24)
        mine = weighted_mcse(draws, uniform(), CHAIN)
        trace = xr.Dataset({"x": (("chain", "draw", "column"), draws.reshape(CHAINS, -1, 24))})
        ratio = mine / arviz_stats.mcse(trace, method="mean")["x"].to_numpy()
        assert abs(np.median(ratio) - 1) <= 0.05
        assert np.all(np.abs(ratio - 1) <= 0.35)
        assert np.mean(np.abs(ratio - 1) <= 0.25) >= 0.9


def test_error_of_independent_importance_draws_is_the_known_formula() -> None:
    """For independent draws the self-normalised mean has standard error sqrt(sum w^2 (p - mean)^2)."""
    rng = np.random.default_rng(9)
    weights = smoothed_weights(0.7 * rng.standard_normal(DRAWS))
    p = rng.random((DRAWS, 5, 4))
    known = np.sqrt(np.tensordot(weights.values**2, (p - weighted_mean(p, weights)) ** 2, axes=1))
    ratio = weighted_mcse(p, weights, CHAIN) / known
    assert ratio.shape == (5, 4)
    assert abs(np.median(ratio) - 1) <= 0.06  # 20 columns that know it within 8 % each
    assert np.all(np.abs(ratio - 1) <= 0.35)


@pytest.mark.parametrize("phi", [0.0, 0.5])
def test_the_error_predicts_the_spread_over_repetitions(phi: float) -> None:
    """150 fits re-weighted alike: the spread of the answers is the error that each claims, within 20 % (6 % noise)."""
    means, errors = [], []
    for seed in range(150):
        theta = autoregressive(np.random.default_rng([31, seed]), phi, 1)[:, 0]
        weights = smoothed_weights(0.8 * theta)
        p = 1 / (1 + np.exp(-theta))
        means.append(weighted_mean(p, weights))
        errors.append(weighted_mcse(p, weights, CHAIN))
    assert abs(np.std(means) / np.sqrt(np.mean(np.square(errors))) - 1) <= 0.2


@pytest.mark.parametrize("phi", [0.0, 0.5])
def test_efficiency_of_the_chain_is_that_of_an_autoregression(fit: Fit, defaults: Assumptions, phi: float) -> None:
    """AR(1) draws are worth (1 - phi) / (1 + phi) each; 40 quantities of 18 % noise leave the median within 10 %."""
    draws = autoregressive(np.random.default_rng(4), phi, 40)
    table = xr.Dataset({"p": (("sample", "quantity"), draws), "constant": ("sample", np.ones(DRAWS))})
    expected = (1 - phi) / (1 + phi)
    correlated = dataclasses.replace(fit, probabilities=table)
    found = chain_efficiency(correlated)
    assert found <= 1
    assert abs(found / expected - 1) <= 0.1
    for moved in ({}, {"C01": 1.8}):
        weights = reweight(correlated, defaults.replace(moved))
        np.testing.assert_allclose(weights.ess, weights.kish * found, rtol=1e-9)


def test_a_constant_probability_has_no_error_and_no_say() -> None:
    weights = smoothed_weights(0.5 * np.random.default_rng(1).standard_normal(DRAWS))
    np.testing.assert_allclose(weighted_mean(np.ones((DRAWS, 2)), weights), 1.0, rtol=0, atol=1e-12)
    np.testing.assert_allclose(weighted_mcse(np.ones((DRAWS, 2)), weights, CHAIN), 0.0, rtol=0, atol=1e-12)


def test_chains_that_disagree_have_a_larger_error() -> None:
    draws = np.random.default_rng(6).standard_normal(DRAWS)
    apart = draws + CHAIN
    assert weighted_mcse(apart, uniform(), CHAIN) > 3 * weighted_mcse(draws, uniform(), CHAIN)


def test_uneven_and_short_chains_still_give_an_error() -> None:
    draws = np.random.default_rng(6).standard_normal(403)
    chain = np.repeat([0, 1, 2], [250, 150, 3])
    ratio = weighted_mcse(draws, uniform(403), chain) / (draws.std() / np.sqrt(403))
    assert abs(ratio - 1) <= 0.5  # 41 blocks know it within 11 %, unequal ones a little worse


def test_another_number_of_draws_is_refused(fit: Fit) -> None:
    with pytest.raises(FitError, match="one row per draw"):
        weighted_mean(np.ones((DRAWS - 1, 5)), uniform())
    with pytest.raises(FitError, match="one row per draw"):
        weighted_mcse(np.ones(DRAWS + 1), uniform(), CHAIN)
    with pytest.raises(FitError, match="chain numbers"):
        weighted_mcse(np.ones(DRAWS), uniform(), fit.chain[:-1])


def test_a_fit_of_other_knobs_is_refused(fit: Fit, defaults: Assumptions) -> None:
    fewer = {key: value for key, value in fit.assumptions_values.items() if key != "C14"}
    with pytest.raises(StaleFitError, match="C14"):
        reweight(dataclasses.replace(fit, assumptions_values=fewer), defaults)


@pytest.mark.parametrize("ratio", [np.zeros(10), np.full(50, np.nan), np.r_[np.inf, np.zeros(50)], np.zeros((30, 2))])
def test_ratios_that_cannot_be_weights_are_refused(ratio: np.ndarray) -> None:
    with pytest.raises(FitError, match="log ratios"):
        smoothed_weights(ratio)


def test_weights_are_checked_and_read_only() -> None:
    for values in (np.full(4, 0.3), np.array([1.5, -0.5]), np.full((2, 2), 0.25), np.full(3, np.nan)):
        with pytest.raises(FitError, match="sums to 1"):
            Weights(values=values, pareto_k=None, ess=1.0, status="exact")
    with pytest.raises(FitError, match="status"):
        Weights(values=np.ones(1), pareto_k=None, ess=1.0, status="fine")
    with pytest.raises(ValueError, match="read-only"):
        uniform().values[0] = 1.0
