"""The fast route against what is known exactly: draws from the prior, moved to another prior or other drivers."""

import dataclasses

import numpy as np
import pytest

from data.types import Evidence
from models.alignment.collapsed import Regression
from models.alignment.priors import prior_parameters
from models.fits.alignment_fit import AlignmentFit
from models.leave_out.cases import Basis, Case
from models.leave_out.weighed import Reference, badge, log_ratio, reweighted, thinned
from models.measures.structure import ALIGNMENT
from models.weighting.batch_means import mean_error
from models.weighting.weights import smoothed_weights
from tests.support.values.likelihood_fits import readable
from tests.support.values.prior_fits import prior_fit

SIZE = 1200


@pytest.fixture(scope="module")
def basis(real_evidence: Evidence) -> Basis:
    return Basis.of(real_evidence)


@pytest.fixture(scope="module")
def fit(basis: Basis) -> AlignmentFit:
    return readable(prior_fit(basis.evidence, basis.assumptions, samples=SIZE, seed=31))


@pytest.fixture(scope="module")
def reference(basis: Basis, fit: AlignmentFit) -> Reference:
    return Reference.of(basis, fit)


def moments(alignment: np.ndarray, push: np.ndarray) -> np.ndarray:
    return np.stack([alignment, alignment**2, push, push**2, alignment * push], axis=1)


@pytest.mark.parametrize("name", ["claim:C10", "claim:C14", "indicator:sipri_milex"])
def test_draws_of_the_prior_become_draws_of_the_prior_without_the_piece(
    reference: Reference, basis: Basis, name: str
) -> None:
    """Nothing was recorded here, so that the answer is the model's own recursion on what is left."""
    left = basis.without(Case.of(name))
    ratio, push = log_ratio(reference, left)
    weights = smoothed_weights(ratio, 1.0)
    found = moments(reference.fit.alignment[:, -1].to_numpy(), push)
    mean = weights.values @ found
    chain = reference.fit.chain
    error = mean_error(SIZE * weights.values[:, None] * (found - mean), chain)
    exact = direct(left, samples=10_000)
    expected = exact.mean(axis=0)
    z = (mean - expected) / np.hypot(error, exact.std(axis=0) / np.sqrt(len(exact)))
    assert np.abs(z).max() < 4, z
    assert weights.status in ("good", "fair")
    plain = moments(reference.fit.alignment[:, -1].to_numpy(), reference.draws.push).mean(axis=0)
    assert np.abs(plain - expected).max() > 0.02, "the piece makes no difference, so nothing was tested"


def direct(basis: Basis, samples: int) -> np.ndarray:
    rng = np.random.default_rng(5)
    prior = prior_parameters(basis.assumptions)
    beta = rng.normal(prior.beta_mean, prior.beta_sd, (samples, prior.beta_mean.size))
    level = rng.normal(prior.level_mean, prior.level_sd, samples)
    rho = rng.beta(*prior.persistence, samples)
    sigma = rng.lognormal(np.log(prior.volatility_scale), 0.4, samples)
    distance = 1.5 * rng.standard_normal(samples)
    for drivers in basis.drivers.lagged:
        distance = rho * distance + beta @ drivers + sigma * rng.standard_normal(samples)
    push = beta @ basis.drivers.origin.to_numpy() + (1 - rho) * level
    return moments(level + distance, push)


def test_the_pushs_law_is_that_of_coefficients_and_level_together(reference: Reference, basis: Basis) -> None:
    """Second route, a draw at a time: their joint normal equations, solved whole."""
    draws, prior = reference.draws, prior_parameters(basis.assumptions)
    mean, sd = Regression.of(draws, prior).push_law
    for row in range(0, draws.push.size, draws.push.size // 5):
        room, precise = 1 - draws.persistence[row], draws.volatility[row] ** -2
        known = np.append(prior.beta_sd**-2, ALIGNMENT.start_sd**-2 + prior.level_sd**-2)
        cross = np.append(draws.driver_total, room * draws.steps) * room
        gram = np.block([[draws.gram, cross[:-1, None]], [cross]])
        start = draws.start[row] / ALIGNMENT.start_sd**2 + prior.level_mean / prior.level_sd**2
        said = precise * np.append(draws.crossproduct[row], room * draws.total[row])
        said += np.append(prior.beta_mean / prior.beta_sd**2, start)
        # The years before the split have a volatility of their own and no drivers.
        early = room * draws.volatility_before[row] ** -2
        known[-1] += early * room * draws.steps_before
        said[-1] += early * draws.total_before[row]
        covariance, along = np.linalg.inv(precise * gram + np.diag(known)), np.append(draws.origin, room)
        np.testing.assert_allclose(mean[row], along @ covariance @ said, rtol=1e-9, atol=1e-9)
        np.testing.assert_allclose(sd[row], np.sqrt(along @ covariance @ along), rtol=1e-9)


def test_a_piece_that_the_model_does_not_read_moves_nothing_at_all(reference: Reference, basis: Basis) -> None:
    answer = reweighted(reference, basis.without(Case.of("indicator:unsc_vetoes")))
    assert answer.status == "exact"
    np.testing.assert_allclose(answer.change, 0.0, atol=1e-12)  # a weighted and a plain mean round differently
    np.testing.assert_allclose(answer.change_mcse, 0.0, atol=1e-12)


def test_a_changed_world_shows_without_any_weight(reference: Reference, basis: Basis) -> None:
    """Last year's hostile acts are gone from the outcome rule's memory: the future is better at once."""
    worse = dataclasses.replace(basis.readings, recent_means=basis.readings.recent_means - 3)
    answer = reweighted(reference, dataclasses.replace(basis, readings=worse))
    assert answer.weights.status == "exact"
    assert answer.status != "exact"
    first = answer.change[:4]
    assert first[:2].sum() > 0.05 > first[3]


def test_common_random_numbers_make_the_changes_error_the_smaller_one(reference: Reference, basis: Basis) -> None:
    answer = reweighted(reference, basis.without(Case.of("claim:C03")))
    assert answer.change_mcse.max() < 0.5 * answer.after_mcse.max()
    np.testing.assert_allclose(answer.before + answer.change, answer.after, atol=1e-12)


@pytest.mark.parametrize(
    ("spread", "mcse", "expected"),
    [(0.1, 0.001, "good"), (0.1, 0.01, "fair"), (0.1, 0.03, "poor"), (4.0, 0.001, "poor")],
)
def test_the_badge_is_the_worse_of_weights_and_error(spread: float, mcse: float, expected: str) -> None:
    rng = np.random.default_rng(3)
    weights = smoothed_weights(spread * rng.standard_normal(4000))
    assert badge(weights, mcse) == expected


def test_thinning_keeps_every_chain_in_order(fit: AlignmentFit) -> None:
    some = thinned(fit, SIZE // 3)
    assert np.unique(some.chain, return_counts=True)[1].tolist() == [100] * 4
    np.testing.assert_array_equal(some.alignment.to_numpy(), fit.alignment.to_numpy()[::3])
