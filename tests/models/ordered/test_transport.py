"""Moved M2 draws: the map and its Jacobian, brute force on a short record, and refits with the real sampler."""

from dataclasses import replace

import numpy as np
import pytest

from data.evidence import Evidence
from models.alignment.priors import prior_parameters
from models.assumptions.setting import Assumptions
from models.measures.drivers import DRIVER_CLAIMS, driver_table
from models.ordered.law import (
    OrderedPrior,
    Parameters,
    Transitions,
    forecast,
    log_likelihood,
    ordered_prior,
    sample_prior,
)
from models.ordered.transitions import read_transitions
from models.ordered.transport import (
    NormalLaw,
    StoredDraws,
    affine,
    derivatives,
    laplace,
    log_jacobian,
    log_posterior,
    moved,
    natural,
    unconstrained,
)
from models.weighting.batch_means import mean_error

FAR = (
    {"driver_strength": 0.8, "confidence": 1.6},
    {"C13": 0.65},
    {"C13": 7.55, "C14": 1.5, "C01": 0.75, "C08": 3.35},
)


def prior_at(assumptions: Assumptions, values: dict[str, float]) -> OrderedPrior:
    return ordered_prior(prior_parameters(assumptions.replace(values)), assumptions.knobs)


@pytest.fixture(scope="module")
def prior(default_assumptions: Assumptions) -> OrderedPrior:
    return prior_at(default_assumptions, {})


@pytest.fixture(scope="module")
def transitions(real_evidence: Evidence) -> Transitions:
    return read_transitions(real_evidence, driver_table(real_evidence))


@pytest.fixture(scope="module")
def short(transitions: Transitions) -> Transitions:
    """The last eight transitions only: few enough for samples from the prior to reach the posterior."""
    return replace(transitions, seen=np.r_[np.zeros(transitions.years.size - 8), np.ones(8)])


@pytest.fixture(scope="module")
def base(prior: OrderedPrior, short: Transitions) -> dict[str, np.ndarray]:
    """Independent posterior draws, by rejection of prior draws (a likelihood is at most its mode's)."""
    rng = np.random.default_rng(1)
    draws = sample_prior(prior, rng, 60_000)
    log_chance = log_likelihood(draws, short, prior)
    kept = np.flatnonzero(np.log(rng.random(log_chance.size)) < log_chance - log_chance.max() - 0.05)[:2000]
    assert kept.size == 2000
    return {name: values[kept] for name, values in draws.items()}


def quantities(draws: Parameters, transitions: Transitions, prior: OrderedPrior) -> np.ndarray:
    """What the page shows, and the coefficients, shape (sample, quantity)."""
    found = forecast(draws, transitions, prior)
    return np.concatenate([found.state[:, 0], found.state[:, 4], found.any_rupture[:, 4:], draws["beta"]], axis=1)


def estimate(values: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Self-normalised mean and its standard error."""
    mean = weights @ values
    return mean, np.sqrt(np.square(weights[:, None] * (values - mean)).sum(axis=0))


@pytest.mark.parametrize("values", FAR, ids=lambda values: "+".join(values))
def test_moved_draws_answer_as_brute_force_does(
    default_assumptions: Assumptions,
    prior: OrderedPrior,
    short: Transitions,
    base: dict[str, np.ndarray],
    values: dict[str, float],
) -> None:
    new = prior_at(default_assumptions, values)
    draws, weights = moved(base, prior, new, short)
    ours, our_error = estimate(quantities(draws, short, new), weights.values)
    many = sample_prior(new, np.random.default_rng(2), 40_000)
    chance = np.exp(log_likelihood(many, short, new))
    theirs, their_error = estimate(quantities(many, short, new), chance / chance.sum())
    error = np.hypot(our_error, their_error)
    assert weights.status in ("good", "fair")
    # Both are independent draws: 4.5 combined standard errors over 63 comparisons, a false alarm once in 2,000 seeds.
    assert np.all(np.abs(ours - theirs) < 4.5 * error)
    # And that tells something: the coefficients or the hazard have moved by far more than the error.
    was, _ = estimate(quantities(base, short, prior), np.full(2000, 1 / 2000))
    assert np.max(np.abs(theirs - was) / error) > 8


def test_support_is_the_ratio_of_the_marginal_likelihoods(
    default_assumptions: Assumptions, prior: OrderedPrior, short: Transitions, base: dict[str, np.ndarray]
) -> None:
    new = prior_at(default_assumptions, FAR[2])
    _, weights = moved(base, prior, new, short)
    chances = [
        np.exp(log_likelihood(sample_prior(one, np.random.default_rng(5), 20_000), short, one)) for one in (new, prior)
    ]
    errors = [chance.std() / chance.mean() / np.sqrt(chance.size) for chance in chances] + [weights.ess**-0.5]
    expected = np.log(chances[0].mean() / chances[1].mean())
    assert abs(weights.log_support - expected) < 4 * np.sqrt(np.square(errors).sum())


def test_an_unchanged_prior_changes_nothing(
    default_assumptions: Assumptions, prior: OrderedPrior, short: Transitions, base: dict[str, np.ndarray]
) -> None:
    draws, weights = moved(base, prior, prior_at(default_assumptions, {}), short, 0.7)
    assert draws is base
    assert weights.status == "exact"
    np.testing.assert_array_equal(weights.values, 1 / 2000)
    np.testing.assert_allclose(weights.ess, 1400, rtol=1e-12)


def test_the_unconstrained_scale_and_its_jacobian(prior: OrderedPrior) -> None:
    draws = sample_prior(prior, np.random.default_rng(3), 3)
    position = unconstrained(draws)
    for name, values in natural(position).items():
        np.testing.assert_allclose(values, draws[name], rtol=1e-12)

    def free(at: np.ndarray) -> np.ndarray:
        found = natural(at)
        return np.concatenate([found["hazard"][:, None], found["rest"][:, :2], found["step"], found["beta"]], axis=1)

    width = 1e-5
    for index, expected in enumerate(log_jacobian(draws)):
        moves = width * np.eye(position.shape[1])
        columns = (free(position[index] + moves) - free(position[index] - moves)) / (2 * width)
        # Central differences of smooth functions: 1e-10 of truncation relative to each slope.
        np.testing.assert_allclose(np.linalg.slogdet(columns)[1], expected, rtol=0, atol=1e-6)


def test_the_affine_map_carries_one_normal_law_into_the_other() -> None:
    rng = np.random.default_rng(4)
    roots = rng.normal(size=(2, 5, 5))
    before, after = (NormalLaw(centre=rng.normal(size=5), covariance=root @ root.T) for root in roots)
    position = rng.normal(size=(7, 5))
    found, log_determinant = affine(position, before, after)
    matrix = np.linalg.lstsq(position - before.centre, found - after.centre, rcond=None)[0]
    np.testing.assert_allclose(matrix.T @ before.covariance @ matrix, after.covariance, rtol=1e-6, atol=1e-8)
    np.testing.assert_allclose(matrix, matrix.T, rtol=1e-6, atol=1e-8)
    np.testing.assert_allclose(log_determinant, np.linalg.slogdet(matrix)[1], atol=1e-6)


def test_without_a_record_laplaces_law_is_the_prior(prior: OrderedPrior, transitions: Transitions) -> None:
    """Mode of log odds Beta(a, b) at a / b with curvature ab / (a + b); normal priors as they are."""
    blank = replace(transitions, seen=np.zeros(transitions.years.size))
    law = laplace(prior, blank, unconstrained(sample_prior(prior, np.random.default_rng(6), 1))[0])
    a, b = prior.hazard
    # The search ends within a thousandth of a standard deviation; differences are good to 1e-5 of a curvature.
    np.testing.assert_allclose(law.centre[0], np.log(a / b), atol=2e-3)
    np.testing.assert_allclose(law.covariance[0, 0], (a + b) / (a * b), rtol=1e-3)
    np.testing.assert_allclose(law.centre[3:6], prior.step_location, atol=2e-3)
    np.testing.assert_allclose(law.centre[6:], prior.beta_mean, atol=2e-3)
    np.testing.assert_allclose(np.diag(law.covariance)[6:], np.square(prior.beta_sd), rtol=1e-3)


def test_derivatives_vanish_at_the_mode_and_agree_with_single_differences(
    prior: OrderedPrior, transitions: Transitions
) -> None:
    law = laplace(prior, transitions, np.r_[-3.7, -1.5, -1.5, 0.9, 0.7, 0.8, np.zeros(len(DRIVER_CLAIMS))])
    gradient, hessian = derivatives(law.centre, prior, transitions)
    assert np.sqrt(gradient @ law.covariance @ gradient) < 2e-3
    shifted = law.centre + 1e-4 * np.eye(law.centre.size)[2]
    change = derivatives(shifted, prior, transitions)[0] - gradient
    # The change of the gradient over a step is a column of the Hessian, both by differences of their own: a thousandth
    # of the law's scale, which no weight notices.
    scale = np.sqrt(np.diag(law.covariance))
    np.testing.assert_allclose(scale[2] * (change / 1e-4) * scale, scale[2] * hessian[2] * scale, rtol=0, atol=2e-3)
    assert np.all(
        log_posterior(law.centre + np.diag(law.covariance) ** 0.5 * np.eye(18), prior, transitions)
        < log_posterior(law.centre[None], prior, transitions)
    )


def test_every_end_of_every_knob_is_usable(
    default_assumptions: Assumptions, prior: OrderedPrior, short: Transitions, base: dict[str, np.ndarray]
) -> None:
    stored, knobs = StoredDraws.of(base, prior, short), default_assumptions.knobs
    names = (*DRIVER_CLAIMS, "C13", "C14", "confidence", "driver_strength")
    ends = [(name, end) for name in names for end in (knobs[name].low, knobs[name].high) if end != knobs[name].default]
    assert len(ends) == 2 * len(names) - 1, "drivers begin at their weakest"
    for values in ({name: end} for name, end in ends):
        _, weights = stored.moved(prior_at(default_assumptions, values))
        assert weights.status in ("good", "fair"), (values, weights.status, weights.pareto_k, weights.ess)


@pytest.mark.slow
def test_moved_draws_answer_as_refits_do(
    default_assumptions: Assumptions, prior: OrderedPrior, transitions: Transitions
) -> None:
    import nutpie  # here, since it costs the fast suite a second

    from models.sampling.ordered_model import build_ordered, ordered_prior_data

    compiled = nutpie.compile_pymc_model(build_ordered(transitions, prior))
    chain = np.repeat(np.arange(4), 1000)

    def sampled(new: OrderedPrior) -> dict[str, np.ndarray]:
        model = compiled.with_data(**ordered_prior_data(new))
        options = {"chains": 4, "cores": 1, "target_accept": 0.95, "progress_bar": False, "adaptation": "low_rank"}
        trace = nutpie.sample(model, draws=1000, tune=1000, seed=7, **options)["posterior"]
        return {name: trace[name].to_numpy().reshape(4000, *trace[name].shape[2:]) for name in base_names}

    base_names = ("hazard", "rest", "step", "beta")
    knobs = default_assumptions.knobs
    claims = [knobs[name] for name in DRIVER_CLAIMS]
    ends = {
        "high": {one.key: one.high for one in claims},
        "low": {one.key: one.low for one in claims} | {"C13": knobs["C13"].low},
        "worst": {one.key: one.low if one.direction > 0 else one.high for one in claims} | {"C13": 7.55, "C14": -1.0},
        "best": {one.key: one.high if one.direction > 0 else one.low for one in claims} | {"driver_strength": 1.4},
    }
    stored = StoredDraws.of(sampled(prior), prior, transitions, 0.8)
    for name, values in ends.items():
        new = prior_at(default_assumptions, values)
        draws, weights = stored.moved(new)
        ours, error = estimate(quantities(draws, transitions, new), weights.values)
        theirs = quantities(sampled(new), transitions, new)
        # The base chain is worth about 0.8 of its draws for these quantities, at worst a half: errors times 1.4.
        allowed = 4.5 * np.hypot(1.4 * error, mean_error(theirs, chain))
        assert weights.status in ("good", "fair"), (name, weights)
        assert np.all(np.abs(ours - theirs.mean(axis=0)) < allowed), (name, ours - theirs.mean(axis=0), allowed)
