"""The engine against closed forms, at settings where one fit alone gives up (issue B, acceptance 5)."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import chi2

from models.alignment.priors import AlignmentPrior
from models.library.library import Library
from models.library.reweighting import support_mcse, weigh
from tests.support.values.conjugate import BASE_PRIOR, SIZE, Truth, library, moved
from tests.support.values.weighted import weighted_mcse, weighted_mean

DRAWS = 800
FAR_BETA = np.full(SIZE, -0.25)
GAUSSIAN = moved(level_mean=2.0, beta_mean=FAR_BETA)
"""Coefficients and level are normal given the record: a Gaussian with an analytic posterior, three sds away each."""
CONJUGATE = moved(persistence=(3.0, 9.0))
"""A beta prior with binomial data, moved from a mean of 0.73 to one of 0.25."""
BOTH = moved(level_mean=2.0, beta_mean=FAR_BETA, persistence=(3.0, 9.0))
ANCHORS = [
    BASE_PRIOR,
    moved(level_mean=2.0),
    moved(beta_mean=FAR_BETA),
    moved(level_mean=1.2, beta_mean=FAR_BETA / 2),
    CONJUGATE,
    moved(persistence=(5.0, 6.0)),
    moved(level_mean=1.2, beta_mean=FAR_BETA / 2, persistence=(5.0, 6.0)),
    moved(level_mean=1.9, beta_mean=0.9 * FAR_BETA, persistence=(4.0, 8.0)),
]
"""Around the targets and on the way to them; none is a target that has to be reached jointly."""


@pytest.fixture(scope="module")
def pool() -> Library:
    return library(ANCHORS, DRAWS, np.random.default_rng(1))


def errors(source: Library, prior: AlignmentPrior) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Estimate, truth and claimed error of both probabilities."""
    weights = weigh(source, prior)
    mean = weighted_mean(source.probabilities, weights)
    return mean, Truth(prior=prior).probabilities, weighted_mcse(source.probabilities, weights, source)


@pytest.mark.parametrize(("prior", "column"), [(GAUSSIAN, 0), (CONJUGATE, 1), (BOTH, 0), (BOTH, 1)])
def test_library_finds_the_closed_form_where_one_fit_alone_gives_up(pool, prior, column):
    alone = library([BASE_PRIOR], DRAWS * len(ANCHORS), np.random.default_rng(2))
    assert weigh(alone, prior).status == "poor"
    found, truth, mcse = errors(pool, prior)
    assert weigh(pool, prior).pareto_k < 0.5
    assert mcse[column] < 0.01
    assert abs(found[column] - truth[column]) < 4 * mcse[column]
    blind, truth, _ = errors(alone, prior)
    assert abs(blind[column] - truth[column]) > 2 * mcse[column]


def test_supports_of_the_anchors_are_the_closed_forms(pool):
    base = Truth(prior=BASE_PRIOR).log_support
    for anchor in pool.anchors:
        weights = weigh(pool, anchor.prior)
        error = support_mcse(weights, pool, weigh(pool, BASE_PRIOR))
        truth = Truth(prior=anchor.prior).log_support - base
        assert abs(anchor.log_support - truth) <= 4 * error
        np.testing.assert_allclose(weights.log_support, anchor.log_support, atol=0.02)  # smoothing moves the tail


def test_each_anchor_equals_its_own_draws(pool):
    for index, anchor in enumerate(pool.anchors):
        own = pool.probabilities[pool.anchor == index]
        found, _, mcse = errors(pool, anchor.prior)
        combined = np.hypot(mcse, own.std(axis=0) / np.sqrt(len(own)))
        assert np.all(np.abs(found - own.mean(axis=0)) < 3.5 * combined)


def test_claimed_errors_are_the_errors_made():
    """Over repetitions the squared z of probabilities and supports adds up to a chi-square: the batch means, the
    comparison within anchors and the share of the supports' own noise are all in it."""
    repetitions, z = 15, []
    for seed in range(repetitions):
        pool = library(ANCHORS, 400, np.random.default_rng([7, seed]))
        found, truth, mcse = errors(pool, BOTH)
        weights, base = weigh(pool, BOTH), weigh(pool, BASE_PRIOR)
        support = weights.log_support - base.log_support
        expected = Truth(prior=BOTH).log_support - Truth(prior=BASE_PRIOR).log_support
        z.append([*(found - truth) / mcse, (support - expected) / support_mcse(weights, pool, base)])
    squares = np.square(z).sum(axis=0)
    low, high = chi2(repetitions).ppf([0.0005, 0.9995])
    assert np.all(squares < high), squares
    assert np.all(squares > low), squares


def test_ignoring_the_noise_of_the_supports_would_claim_too_little(pool):
    weights = weigh(pool, BOTH)
    with_noise = weighted_mcse(pool.probabilities, weights, pool)
    residuals = weights.values[:, None] * (pool.probabilities - weighted_mean(pool.probabilities, weights))
    assert np.all(with_noise > 0.5 * np.sqrt(np.square(residuals).sum(axis=0)))
