"""Weights against closed forms and repetition; the Monte Carlo error against what it claims to predict."""

import dataclasses

import numpy as np
import pytest

from data.load import load_evidence
from models.alignment.priors import prior_parameters
from models.assumptions.setting import Assumptions
from models.errors import FitError, StaleFitError
from models.fits.alignment_fit import AlignmentFit
from models.library.library import Library
from models.library.reweighting import reweight, support_mcse, weighted_noise
from models.measures.structure import ALIGNMENT
from models.names import MODEL_M0
from models.weighting.weights import Weights, smoothed_weights
from tests.support.values.factories import library_of
from tests.support.values.prior_fits import prior_fit
from tests.support.values.weighted import weighted_mcse, weighted_mean
from tests.support.values.weights import only
from tests.support.values.year_end import YEAR_END

DRAWS, CHAINS = 6000, 4


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


@pytest.fixture(scope="module")
def defaults() -> Assumptions:
    """At the essay's strength: from the default's, the weakest, a step of the knob doubles every prior width."""
    return Assumptions.defaults(load_evidence(YEAR_END).claims).replace({"driver_strength": 0.4})


@pytest.fixture(scope="module")
def fit(defaults: Assumptions) -> AlignmentFit:
    """A fit whose draws are the prior itself, so that a moved prior has a known answer: the moved prior."""
    return prior_fit(load_evidence(YEAR_END), defaults, samples=DRAWS, seed=11)


@pytest.fixture(scope="module")
def library(fit: AlignmentFit) -> Library:
    """Four chains of one anchor; tests of errors alone use nothing else of it."""
    return library_of(load_evidence(YEAR_END), fit)


@pytest.mark.parametrize(("mean", "sd"), [(0.6, 1.0), (-0.8, 1.0), (0.0, 0.8), (0.4, 1.1)])
def test_a_moved_normal_prior_gives_the_closed_form_posterior(library: Library, mean: float, sd: float) -> None:
    rng = np.random.default_rng(21)
    total, count = 0.9, 2
    draws = rng.normal(*normal_posterior(0.0, 1.0, total, count), DRAWS)
    weights = smoothed_weights(-0.5 * ((draws - mean) / sd) ** 2 + 0.5 * draws**2)
    new_mean, new_sd = normal_posterior(mean, sd, total, count)
    targets = np.array([new_mean, new_sd**2])
    moments = np.stack([draws, (draws - new_mean) ** 2], axis=1)
    assert weights.status == "good"
    error = weighted_mcse(moments, weights, library)
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


def test_knobs_outside_the_fitted_model_need_no_weights(library: Library, defaults: Assumptions) -> None:
    for moved in ({}, {"rupture_hazard": 0.08, "stickiness": 0.6, **only(MODEL_M0)}):
        weights = reweight(library, defaults.replace(moved))
        assert (weights.status, weights.pareto_k) == ("exact", None)
        np.testing.assert_array_equal(weights.values, np.full(DRAWS, 1 / DRAWS))
        assert abs(weights.log_support) < 1e-9


MOVES = [
    {"C01": 1.8},
    {"C13": 3.0},
    {"C14": 0.8},
    {"persistence": 0.77},
    {"volatility": 0.9},
    {"confidence": 0.9},
    {"driver_strength": 0.3},
    {"C07": 1.6, "C10": 1.2, "persistence": 0.8},
]


@pytest.mark.parametrize("moved", MOVES, ids=lambda moved: "+".join(moved))
def test_prior_draws_re_weighted_are_those_of_the_moved_prior(
    library: Library, defaults: Assumptions, moved: dict
) -> None:
    """First and second moments of every parameter and of the push, by closed form, within 4 standard errors.

    Coefficients and level are integrated out: given a path they have a mean and a variance, and over the paths of the
    moved prior these must add up to the moved prior again.
    """
    assumptions = defaults.replace(moved)
    weights, prior, draws = reweight(library, assumptions), prior_parameters(assumptions), library.draws
    a, b = prior.persistence
    room, beta_variance = b / (a + b), a * b / (a + b) ** 2 / (a + b + 1)
    level_push = room * prior.level_mean, (room**2 + beta_variance) * (prior.level_sd**2 + prior.level_mean**2)
    drift = draws.origin @ prior.beta_mean, np.square(draws.origin * prior.beta_sd).sum()
    means = np.array([prior.break_mean, a / (a + b), np.log(prior.volatility_scale), level_push[0] + drift[0]])
    variances = np.array([prior.break_sd**2, beta_variance, ALIGNMENT.volatility_log_sd**2])
    variances = np.append(variances, level_push[1] - level_push[0] ** 2 + drift[1])
    plain = np.column_stack([draws.break_log_odds, draws.persistence, np.log(draws.volatility), draws.push])
    laws = [draws.coefficients(prior), [one[:, None] for one in draws.level(prior)]]
    inner, variance = (np.column_stack(parts) for parts in zip(*laws, strict=True))
    centre, spread = np.append(prior.beta_mean, prior.level_mean), np.append(prior.beta_sd, prior.level_sd) ** 2
    moments = np.column_stack([plain, (plain - means) ** 2, inner, variance + (inner - centre) ** 2])
    targets = np.concatenate([means, variances, centre, spread])
    assert weights.status in ("good", "fair")
    z = (weighted_mean(moments, weights) - targets) / weighted_mcse(moments, weights, library)
    assert np.max(np.abs(z)) <= 4


@pytest.mark.parametrize("moved", MOVES, ids=lambda moved: "+".join(moved))
def test_no_record_supports_every_prior_alike(library: Library, defaults: Assumptions, moved: dict) -> None:
    """A prior integrates to one, so without a record the support of any setting is that of any other."""
    weights = reweight(library, defaults.replace(moved))
    assert abs(weights.log_support) <= 4 * support_mcse(weights, library)
    assert support_mcse(weights, library) < 0.03


def test_error_of_independent_importance_draws_is_the_known_formula(library: Library) -> None:
    """For independent draws the self-normalised mean has standard error sqrt(sum w^2 (p - mean)^2)."""
    rng = np.random.default_rng(9)
    weights = smoothed_weights(0.7 * rng.standard_normal(DRAWS))
    p = rng.random((DRAWS, 5, 4))
    known = np.sqrt(np.tensordot(weights.values**2, (p - weighted_mean(p, weights)) ** 2, axes=1))
    ratio = weighted_mcse(p, weights, library) / known
    assert ratio.shape == (5, 4)
    assert abs(np.median(ratio) - 1) <= 0.06  # 20 columns that know it within 8 % each
    assert np.all(np.abs(ratio - 1) <= 0.35)


@pytest.mark.slow
@pytest.mark.parametrize("phi", [0.0, 0.5])
def test_the_errors_predict_the_spread_over_repetitions(library: Library, phi: float) -> None:
    """150 fits re-weighted alike: the spread of the answers is the error that each claims, within 20 % (6 % noise)."""
    found, errors = [], []
    for seed in range(150):
        theta = autoregressive(np.random.default_rng([31, seed]), phi, 1)[:, 0]
        weights = smoothed_weights(0.8 * theta)
        p = 1 / (1 + np.exp(-theta))
        found.append([weighted_mean(p, weights), weights.log_support])
        errors.append([weighted_mcse(p, weights, library), support_mcse(weights, library)])
    spread, claimed = np.std(found, axis=0), np.sqrt(np.mean(np.square(errors), axis=0))
    np.testing.assert_allclose(spread / claimed, 1, rtol=0, atol=0.2)
    # The support is the mean of exp(0.8 theta), in closed form 0.8**2 / 2; smoothing the tail costs less than an error.
    assert abs(np.mean(found, axis=0)[1] - 0.32) < claimed[1]


def test_the_effective_size_knows_what_a_chain_makes_its_draws_worth(fit: AlignmentFit, defaults: Assumptions) -> None:
    """AR(1) draws are worth (1 - phi) / (1 + phi) each: a third at one half; 30 probabilities leave the median within
    12 %."""
    ar = autoregressive(np.random.default_rng(4), 0.5, 25).reshape(DRAWS, 5, 5)
    draws = possible(1 / (1 + np.exp(-ar)))
    table = {name: fit.probabilities[name].copy(data=part) for name, part in draws.items()}
    correlated = library_of(
        load_evidence(YEAR_END), dataclasses.replace(fit, probabilities=fit.probabilities.assign(table))
    )
    assert abs(3 * correlated.base.efficiency - 1) <= 0.12
    for moved in ({}, {"C01": 1.8}):
        weights = reweight(correlated, defaults.replace(moved))
        np.testing.assert_allclose(weights.ess, weights.kish * correlated.base.efficiency, rtol=1e-9)


def possible(shares: np.ndarray) -> dict[str, np.ndarray]:
    """Thirty probabilities that follow one share (0-1) each, or three: states that add up to one, and later years in
    which the chance to have been in one is higher."""
    ends, later = 0.1 + 0.1 * shares[..., :3], np.arange(5)[:, None]
    states = np.concatenate([ends, 1 - ends.sum(axis=-1, keepdims=True)], axis=-1)
    ever = np.array([0.2, 0.7]) + np.array([0.12, 0.05]) * later + np.array([0.1, 0.05]) * shares[..., 3:]
    ever[:, 0] = states[:, 0, [0, 3]]
    return {"state_probability": states, "any_rupture": ever[..., 0], "any_deeper": ever[..., 1]}


def test_draws_of_unequal_worth_count_for_what_they_are_worth() -> None:
    """Weights all but equal: n / 2 draws of worth 1 and n / 2 of worth 1/4 leave the variance of 2 n / 5 good ones."""
    ratio = 1e-6 * np.random.default_rng(12).standard_normal(DRAWS)
    worth = np.where(np.arange(DRAWS) < DRAWS // 2, 1.0, 0.25)
    np.testing.assert_allclose(smoothed_weights(ratio, worth).ess, 0.4 * DRAWS, rtol=1e-5)


def test_a_constant_probability_has_no_error_and_no_say(library: Library) -> None:
    weights = smoothed_weights(0.5 * np.random.default_rng(1).standard_normal(DRAWS))
    np.testing.assert_allclose(weighted_mean(np.ones((DRAWS, 2)), weights), 1.0, rtol=0, atol=1e-12)
    np.testing.assert_allclose(weighted_mcse(np.ones((DRAWS, 2)), weights, library), 0.0, rtol=0, atol=1e-12)


def test_chains_that_disagree_have_a_larger_error(library: Library) -> None:
    draws = np.random.default_rng(6).standard_normal(DRAWS)
    apart = draws + library.chain
    assert weighted_mcse(apart, uniform(), library) > 3 * weighted_mcse(draws, uniform(), library)


def test_another_number_of_draws_is_refused(library: Library) -> None:
    for rows, given in ((DRAWS - 1, DRAWS), (DRAWS + 1, DRAWS), (DRAWS - 1, DRAWS - 1), (DRAWS, DRAWS - 1)):
        with pytest.raises(FitError, match=f"got {rows} rows and {given} weights for {DRAWS} draws"):
            weighted_noise(np.ones((rows, 5)), uniform(given), library)


def test_a_fit_of_other_knobs_is_refused(fit: AlignmentFit) -> None:
    fewer = {key: value for key, value in fit.assumptions_values.items() if key != "C14"}
    with pytest.raises(StaleFitError, match="C14"):
        library_of(load_evidence(YEAR_END), dataclasses.replace(fit, assumptions_values=fewer))


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
