"""M3 in NumPy: the forward pass against enumeration of every regime path, and the chain behind record and forecast."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from data.evidence import Evidence
from models.errors import AssumptionError
from models.fits.probabilities import StateProbabilities
from models.measures.ledgers import LEDGERS
from models.measures.readings import Readings, read_ledger
from models.measures.simulated import Simulated
from models.measures.structure import MEASUREMENT
from models.outcome.rule import RULE, yearly_readings
from models.regimes.filter import band_log_probabilities, emissions, filtered, regime_break_logit, smoothed
from models.regimes.forecast import forecast, regime_paths, regimes_prior_checks, simulate_ledger, standing
from models.regimes.law import REGIMES, RegimePrior, log_prior, sample_prior, transition_matrix
from models.regimes.pool import ANCHORS, StickinessPool

# Sums of some hundred terms in another order: rounding only.
EXACT = 1e-10

type Draws = dict[str, np.ndarray]


@pytest.fixture(scope="module")
def readings(real_evidence: Evidence) -> Readings:
    return read_ledger(real_evidence)


def first_years(readings: Readings, years: slice) -> Readings:
    chosen = {name: getattr(readings, name)[years] for name in ("years", "counts", "breaks", "seen")}
    return replace(readings, **chosen)


def prior_draws(seed: int, size: int, stickiness: float = 0.8) -> Draws:
    return sample_prior(RegimePrior(stickiness=stickiness), np.random.default_rng(seed), size)


def enumerated(draws: Draws, readings: Readings) -> tuple[np.ndarray, np.ndarray]:
    """Likelihood, and joint of the record and each year's regime (sample, year, regime), path by path."""
    emission = np.exp(emissions(draws, readings))
    joint = np.zeros_like(emission)
    for path in itertools.product(range(3), repeat=emission.shape[1]):
        probability = np.full(emission.shape[0], 1 / 3)
        for before, after in itertools.pairwise(path):
            probability *= draws["transition"][:, before, after]
        for year, regime in enumerate(path):
            probability *= emission[:, year, regime]
        for year, regime in enumerate(path):
            joint[:, year, regime] += probability
    return joint[:, 0].sum(axis=1), joint


@pytest.mark.parametrize("years", [slice(0, 1), slice(0, 2), slice(14, 21)])
def test_forward_pass_equals_enumeration_of_all_paths(readings: Readings, years: slice) -> None:
    draws, record = prior_draws(1, 5), first_years(readings, years)
    likelihood, joint = enumerated(draws, record)
    total, last = filtered(draws, record)
    np.testing.assert_allclose(total, np.log(likelihood), rtol=0, atol=EXACT)
    np.testing.assert_allclose(last, joint[:, -1] / likelihood[:, None], rtol=0, atol=EXACT)
    np.testing.assert_allclose(smoothed(draws, record), joint / likelihood[:, None, None], rtol=0, atol=EXACT)


def test_emissions_are_the_ordered_logit_and_the_break_law(readings: Readings) -> None:
    """Of the last year a quarter has passed, without a break act."""
    readings = replace(readings, seen=np.append(readings.seen[:-1], 0.25))
    draws = prior_draws(2, 1)
    gap, anchor = draws["gap"][0], MEASUREMENT.anchor_edge
    edges = np.concatenate([[0.0], np.cumsum(gap)]) - gap[:anchor].sum()
    expected = np.zeros((readings.years.size, 3))
    for regime, location in enumerate(draws["location"][0]):
        for domain, offset in enumerate((0.0, draws["space_offset"][0])):
            below = stats.logistic.cdf(np.concatenate([[-np.inf], edges, [np.inf]]), loc=location + offset)
            expected[:, regime] += readings.counts[:, domain] @ np.log(np.diff(below))
        log_odds = draws["break_log_odds"][0] - draws["break_slope"][0] * (location - MEASUREMENT.break_alignment)
        expected[:, regime] += stats.bernoulli.logpmf(readings.breaks, stats.logistic.cdf(log_odds))
        expected[-1, regime] -= 0.75 * np.log1p(-stats.logistic.cdf(log_odds))
    np.testing.assert_allclose(emissions(draws, readings)[0], expected, rtol=1e-9)


def test_log_prior_is_the_sum_of_its_laws() -> None:
    s, m, draws = REGIMES, MEASUREMENT, prior_draws(3, 1, 0.9)
    location, transition = draws["location"][0], draws["transition"][0]
    exits = [transition[0, 1] / (1 - transition[0, 0]), transition[1, 2] / (1 - transition[1, 1])]
    exits.append(transition[2, 1] / (1 - transition[2, 2]))
    expected = [
        stats.norm.logpdf(location[1], s.middle_mean, s.middle_sd),
        stats.lognorm.logpdf(np.diff(location), s.distance_log_sd, scale=np.exp(s.distance_log_mean)).sum(),
        stats.lognorm.logpdf(draws["gap"][0], m.gap_log_sd, scale=np.exp(m.gap_log_mean)).sum(),
        stats.norm.logpdf(draws["space_offset"][0], 0, m.space_offset_sd),
        stats.norm.logpdf(draws["break_log_odds"][0], s.break_mean, s.break_sd),
        stats.lognorm.logpdf(draws["break_slope"][0], m.break_slope_log_sd, scale=np.exp(m.break_slope_log_mean)),
        stats.beta.logpdf(np.diag(transition), 14.4, 1.6).sum(),
        sum(stats.beta.logpdf(share, *counts) for share, counts in zip(exits, s.splits, strict=True)),
    ]
    np.testing.assert_allclose(log_prior(draws, RegimePrior(stickiness=0.9)), np.sum(expected), rtol=1e-9)


def test_prior_keeps_the_order_and_the_knob() -> None:
    draws = prior_draws(4, 4000, 0.9)
    assert np.all(np.diff(draws["location"], axis=1) > 0)
    np.testing.assert_allclose(draws["transition"].sum(axis=-1), 1.0, rtol=1e-12)
    stay = np.diagonal(draws["transition"], axis1=1, axis2=2)
    # Standard deviation of Beta(9, 1) is 0.09; four standard errors of the mean of 4,000.
    np.testing.assert_allclose(stay.mean(axis=0), 0.9, rtol=0, atol=4 * 0.09 / np.sqrt(4000))


@pytest.mark.parametrize("stickiness", [0.0, 1.0, float("nan")])
def test_impossible_stickiness_is_refused(stickiness: float) -> None:
    with pytest.raises(AssumptionError, match="stickiness"):
        RegimePrior(stickiness=stickiness)


def test_simulated_regimes_follow_the_chain() -> None:
    matrix = transition_matrix(np.array([[0.7, 0.9, 0.6]]), np.array([[0.8, 0.3, 0.75]]))
    first, paths = np.array([[0.2, 0.5, 0.3]]), 40_000
    found = regime_paths(first, matrix, np.random.default_rng(5), (paths, 5))[0]
    law = first[0]
    for year in range(5):
        share = np.bincount(found[:, year], minlength=3) / paths
        np.testing.assert_allclose(share, law, rtol=0, atol=4 * np.sqrt(0.25 / paths))
        law = law @ matrix[0]


def test_simulated_record_keeps_the_years_and_their_number_of_readings(readings: Readings) -> None:
    draws = prior_draws(6, 1)
    made = simulate_ledger(draws, readings, np.random.default_rng(7))
    assert made.counts.shape == readings.counts.shape
    np.testing.assert_array_equal(made.counts.sum(axis=(1, 2)), np.rint(readings.counts.sum(axis=(1, 2))))
    assert np.abs(made.counts.sum(axis=2) - readings.counts.sum(axis=2)).max() < 1
    assert made.recent_means.shape == (RULE.memory_years - 1,)
    again = simulate_ledger(draws, readings, np.random.default_rng(7))
    np.testing.assert_array_equal(made.counts, again.counts)


def test_simulated_record_has_the_model_law(readings: Readings) -> None:
    draws = prior_draws(8, 1)
    rng, repeats = np.random.default_rng(9), 200
    made = [simulate_ledger(draws, readings, rng) for _ in range(repeats)]
    # The last year's regime has nearly the stationary law, which the shares of its bands and break acts must show.
    law = np.full(3, 1 / 3) @ np.linalg.matrix_power(draws["transition"][0], readings.years.size - 1)
    bands = law @ np.exp(band_log_probabilities(draws))[0, :, 1]
    counts = np.stack([one.counts[-1, 1] for one in made])
    number = counts.sum(axis=1)[0]
    error = counts.std(axis=0) / number / np.sqrt(repeats)
    np.testing.assert_array_less(np.abs(counts.mean(axis=0) / number - bands), 4 * error + 0.01)
    chance = float(law @ stats.logistic.cdf(regime_break_logit(draws)[0]))
    share = np.mean([one.breaks[-1] for one in made])
    assert abs(share - chance) < 4 * np.sqrt(chance * (1 - chance) / repeats)


def test_recent_means_are_those_of_the_outcome_rule(readings: Readings, real_evidence: Evidence) -> None:
    events = [event for event in real_evidence.events if not event.is_context]
    means, _ = yearly_readings(events, 2022, 2025)
    np.testing.assert_allclose(readings.recent_means, means, rtol=1e-12)
    made = simulate_ledger(prior_draws(10, 1), readings, np.random.default_rng(11))
    for year, mean in zip(range(-4, 0), made.recent_means, strict=True):
        weights = np.append(made.counts[year].sum(axis=0), readings.break_readings * made.breaks[year])
        np.testing.assert_allclose(mean, np.average([*readings.band_values, -9.0], weights=weights), rtol=1e-12)


def test_forecast_is_a_distribution_and_repeats(readings: Readings) -> None:
    draws = prior_draws(12, 120)
    made, again = (forecast(draws, readings, seed=13, paths=32) for _ in range(2))
    found = StateProbabilities.of(made.probabilities)
    np.testing.assert_allclose(found.state.sum(axis=-1), 1.0, rtol=1e-12)
    assert found.state.shape == (120, 5, 4)
    np.testing.assert_array_equal(found.flat, StateProbabilities.of(again.probabilities).flat)
    np.testing.assert_array_equal(made.ledgers.counts, again.ledgers.counts)
    assert np.all(np.diff(found.any_rupture, axis=1) >= -1e-12)
    assert np.all(found.any_deeper >= found.state[..., 3] - 1e-12)
    means = Simulated.of(made.ledgers, readings, {}).year_means
    assert means.shape == (120, LEDGERS, 5)
    assert np.abs(means).max() < 9.0


def test_forecast_stays_in_a_frozen_regime(readings: Readings) -> None:
    draws = prior_draws(14, 1)
    frozen = {
        **draws,
        "location": np.array([[-3.0, 0.5, 9.0]]),
        "transition": np.eye(3)[None] * 0.998 + 0.001 * (1 - np.eye(3)),
    }
    seen = replace(readings, counts=np.zeros_like(readings.counts), breaks=np.zeros_like(readings.breaks))
    cordial = replace(seen, recent_means=np.full(RULE.memory_years - 1, 5.0))
    cordial.counts[-20:, :, -1] = 2.0
    found = forecast(frozen, cordial, seed=15)
    assert found.probabilities["state_probability"][0, :, 3].min() > 0.95
    # The draw stands in its friendly regime at the reference date, of whatever horizon the ledgers are.
    assert standing(frozen, cordial)["alignment"][0] == pytest.approx(9.0, abs=0.1)


def test_default_prior_passes_its_gate(readings: Readings) -> None:
    checks = regimes_prior_checks(RegimePrior(), readings, size=250)
    assert [check.name for check in checks if not check.passed] == []


def test_a_frozen_prior_fails_the_gate(readings: Readings) -> None:
    checks = regimes_prior_checks(RegimePrior(stickiness=0.999), readings, size=50)
    assert any(not check.passed for check in checks)


def counted_draws(seed: int, stickiness: float, size: int) -> Draws:
    """Exact posterior draws after 30 stays and 4 exits of each regime were seen."""
    rng, (stays, leaves) = np.random.default_rng(seed), RegimePrior(stickiness=stickiness).stay_counts()
    split = np.full((size, 3), 0.5)
    return {"transition": transition_matrix(rng.beta(stays + 30, leaves + 4, (size, 3)), split)}


def counted_mean(stickiness: float) -> float:
    return (16 * stickiness + 30) / 50


def test_weights_move_the_draws_to_the_conjugate_answer() -> None:
    draws = counted_draws(16, 0.80, 8000)
    pool = StickinessPool.of([RegimePrior(stickiness=0.80)], [draws])
    weights = pool.weights(RegimePrior(stickiness=0.72))
    mean = weights.values @ np.diagonal(draws["transition"], axis1=1, axis2=2)
    # Each chance to stay has sd 0.05; four standard errors at the weights' own effective size.
    np.testing.assert_allclose(mean, counted_mean(0.72), rtol=0, atol=4 * 0.06 / np.sqrt(weights.ess))
    assert pool.weights(RegimePrior(stickiness=0.80)).status == "exact"


@pytest.mark.parametrize("stickiness", [0.60, 0.73, 0.95])
def test_pool_reaches_both_ends_of_the_knob(stickiness: float) -> None:
    priors = [RegimePrior(stickiness=anchor) for anchor in ANCHORS]
    pool = StickinessPool.of(priors, [counted_draws(17 + i, anchor, 4000) for i, anchor in enumerate(ANCHORS)])
    weights = pool.weights(RegimePrior(stickiness=stickiness))
    mean = weights.values @ np.diagonal(pool.parameters["transition"], axis1=1, axis2=2)
    assert weights.status in ("good", "fair")
    np.testing.assert_allclose(mean, counted_mean(stickiness), rtol=0, atol=4 * 0.06 / np.sqrt(weights.ess))
    support = stats.betabinom.logpmf(30, 34, 16 * stickiness, 16 * (1 - stickiness))
    first = stats.betabinom.logpmf(30, 34, 16 * ANCHORS[0], 16 * (1 - ANCHORS[0]))
    np.testing.assert_allclose(weights.log_support, 3 * (support - first), rtol=0, atol=0.15)
