"""M2 in NumPy against closed forms, SciPy and brute force, and what its knobs mean."""

from dataclasses import replace
from datetime import date
from itertools import product

import numpy as np
import pytest
from scipy import stats

from data.evidence import Evidence
from models.alignment.priors import prior_parameters
from models.assumptions.setting import Assumptions
from models.base_rate.booked import Booked
from models.base_rate.chain import ROW_MEANS, BaseRate
from models.errors import AssumptionError, OutcomeError
from models.measures.drivers import DRIVER_CLAIMS, driver_table
from models.names import STATES
from models.ordered.law import (
    ORDERED,
    OrderedPrior,
    OrderedStructure,
    Transitions,
    cutpoints,
    forecast,
    forecast_along,
    log_likelihood,
    log_prior,
    ordered_prior,
    ordered_prior_checks,
    reference_row,
    row_probabilities,
    sample_prior,
    simulate_history,
    state_steps,
    transition_matrix,
)
from models.ordered.transitions import read_transitions
from models.outcome.rule import yearly_codes

# Sums of some forty terms near 1 in another order.
RELATIVE = 1e-10


def prior_at(assumptions: Assumptions, **values: float) -> OrderedPrior:
    return ordered_prior(prior_parameters(assumptions.replace(values)), assumptions.knobs)


@pytest.fixture(scope="module")
def prior(default_assumptions: Assumptions) -> OrderedPrior:
    return prior_at(default_assumptions)


@pytest.fixture(scope="module")
def transitions(real_evidence: Evidence) -> Transitions:
    return read_transitions(real_evidence, driver_table(real_evidence))


def varied(transitions: Transitions, rng: np.random.Generator) -> Transitions:
    """The same drivers between states that visit everything, two of the transitions unseen."""
    labels = rng.integers(0, 4, transitions.years.size + 1)
    seen = np.ones(transitions.years.size)
    seen[[3, 17]] = 0.0
    return replace(transitions, before=labels[:-1], after=labels[1:], seen=seen, current=int(labels[-1]))


def test_record_pairs_each_year_end_with_the_one_before_and_its_drivers(
    real_evidence: Evidence, transitions: Transitions
) -> None:
    table, last = driver_table(real_evidence), real_evidence.as_of.year
    labels = yearly_codes(real_evidence.events, 1992, last)
    np.testing.assert_array_equal(transitions.years, np.arange(1993, last + 1))
    np.testing.assert_array_equal(transitions.before, labels[:-1])
    np.testing.assert_array_equal(transitions.after, labels[1:])
    for year, found in zip(transitions.years, transitions.drivers, strict=True):
        np.testing.assert_array_equal(found, np.nan_to_num(table.standardised.loc[year - 1].to_numpy()))
    np.testing.assert_array_equal(transitions.origin, table.origin.to_numpy())
    assert transitions.current == labels[-1]


def test_padding_and_later_events_change_nothing(real_evidence: Evidence, prior: OrderedPrior) -> None:
    early = real_evidence.visible(date(2012, 12, 31))
    table = driver_table(early)
    short, padded = read_transitions(early, table), read_transitions(early, table, last_year=2024)
    assert padded.years.size == 32
    assert padded.seen.sum() == short.years.size == 20
    draws = sample_prior(prior, np.random.default_rng(1), 5)
    np.testing.assert_array_equal(log_likelihood(draws, padded, prior), log_likelihood(draws, short, prior))
    np.testing.assert_array_equal(forecast(draws, padded, prior).state, forecast(draws, short, prior).state)


def test_an_annulled_year_end_has_no_weight(real_evidence: Evidence) -> None:
    silent = [event for event in real_evidence.events if not 1996 <= event.year <= 2002]
    record = read_transitions(replace(real_evidence, events=tuple(silent)), driver_table(real_evidence))
    labels = yearly_codes(silent, 1992, real_evidence.as_of.year)
    assert np.any(labels < 0)
    np.testing.assert_array_equal(record.seen, (labels[:-1] >= 0) & (labels[1:] >= 0))


def test_an_unlabelled_or_misplaced_reference_date_is_refused(real_evidence: Evidence) -> None:
    table, empty = driver_table(real_evidence), replace(real_evidence, events=())
    with pytest.raises(OutcomeError, match="forecast from a labelled one"):
        read_transitions(empty, table)
    with pytest.raises(OutcomeError, match="pad further"):
        read_transitions(real_evidence, table, last_year=2020)


def test_cutpoints_give_their_row_back() -> None:
    rows = np.random.default_rng(2).dirichlet([0.3, 1.0, 4.0, 1.0], 2000)
    rows = rows[rows.min(axis=1) > 1e-9]
    assert len(rows) > 1000
    found = row_probabilities(cutpoints(rows), np.zeros(len(rows)))
    np.testing.assert_allclose(found, rows, rtol=0, atol=1e-12)


def test_the_reference_row_is_m0s_transactional_row_in_the_prior_mean(prior: OrderedPrior) -> None:
    hazard, rest = np.array(prior.hazard), np.array(prior.rest)
    exact = np.r_[hazard[0], hazard[1] * rest / rest.sum()] / hazard.sum()
    np.testing.assert_allclose(exact, BaseRate().forecast(2).state[0], rtol=0, atol=1e-12)
    rows = reference_row(sample_prior(prior, np.random.default_rng(3), 20_000))
    # The mean through the cut-points; 4.5 standard errors over four states: a false alarm once in 40,000 seeds.
    through = row_probabilities(cutpoints(rows), np.zeros(len(rows)))
    assert np.all(np.abs(through.mean(axis=0) - exact) < 4.5 * through.std(axis=0) / np.sqrt(len(rows)))


def betancourt(cuts: np.ndarray, counts: np.ndarray) -> float:
    """The induced Dirichlet log density of cut-points, anchor 0, as published (a state-by-state Jacobian).

    Its column of ones makes the published determinant four times, once a state, that of the three free probabilities.
    """
    below = stats.logistic.cdf(cuts)
    row = np.diff(np.r_[0.0, below, 1.0])
    slope = below * (1 - below)
    jacobian = np.zeros((4, 4))
    jacobian[:, 0] = 1.0
    for k in range(1, 4):
        jacobian[k, k], jacobian[k - 1, k] = -slope[k - 1], slope[k - 1]
    return stats.dirichlet.logpdf(row, counts) + np.linalg.slogdet(jacobian)[1] - np.log(4)


@pytest.mark.parametrize("seed", range(4))
def test_a_prior_on_the_row_is_the_induced_dirichlet_on_cutpoints(prior: OrderedPrior, seed: int) -> None:
    """With as many pseudo-counts behind the hazard as Dirichlet counts behind the rest, the row is plain Dirichlet."""
    counts = np.array([1.2, 1.7, 8.4, 1.9])
    plain = replace(prior, hazard=(counts[0], counts[1:].sum()), rest=tuple(counts[1:]))
    row = np.random.default_rng(seed).dirichlet(counts)
    cuts, width = cutpoints(row), 1e-5

    def free(at: np.ndarray) -> np.ndarray:
        found = row_probabilities(at, np.array(0.0))
        return np.r_[found[0], found[1:3] / (1 - found[0])]

    columns = [(free(cuts + width * unit) - free(cuts - width * unit)) / (2 * width) for unit in np.eye(3)]
    others = {"step": np.exp([prior.step_location]), "beta": np.array([prior.beta_mean])}
    draw = {"hazard": row[:1], "rest": row[None, 1:] / (1 - row[0]), **others}
    parts = stats.norm.logpdf(0.0, 0, prior.step_scale).sum() - np.sum(prior.step_location)
    parts += stats.norm.logpdf(0.0, 0, prior.beta_sd).sum()
    found = log_prior(draw, plain)[0] - parts + np.linalg.slogdet(np.array(columns))[1]
    # Central differences: 1e-10 of truncation, 1e-11 of rounding, relative to slopes above 1e-3.
    np.testing.assert_allclose(found, betancourt(cuts, counts), rtol=0, atol=1e-6)


def test_log_prior_is_scipys(prior: OrderedPrior) -> None:
    draws = sample_prior(prior, np.random.default_rng(4), 6)
    scale = np.exp(prior.step_location)
    expected = [
        stats.beta.logpdf(draws["hazard"][i], *prior.hazard)
        + stats.dirichlet.logpdf(draws["rest"][i], prior.rest)
        + stats.lognorm.logpdf(draws["step"][i], prior.step_scale, scale=scale).sum()
        + stats.norm.logpdf(draws["beta"][i], prior.beta_mean, prior.beta_sd).sum()
        for i in range(6)
    ]
    np.testing.assert_allclose(log_prior(draws, prior), expected, rtol=RELATIVE)


def plain_row(draws: dict[str, np.ndarray], index: int, state: int, drivers: np.ndarray, shift: float) -> np.ndarray:
    """The equations of the docstring, one draw and one state at a time."""
    hazard, rest = draws["hazard"][index], draws["rest"][index]
    below = np.cumsum([hazard, (1 - hazard) * rest[0], (1 - hazard) * rest[1]])
    lowest, low, high = draws["step"][index]
    eta = {0: -low - lowest, 1: -low, 2: 0.0, 3: high}[state] + drivers @ draws["beta"][index] + shift
    return np.diff(np.r_[0.0, stats.logistic.cdf(stats.logistic.ppf(below) - eta), 1.0])


def test_log_likelihood_is_a_sum_over_seen_transitions(prior: OrderedPrior, transitions: Transitions) -> None:
    rng = np.random.default_rng(5)
    record, shifted = varied(transitions, rng), replace(prior, shift=0.3)
    draws = sample_prior(shifted, rng, 4)
    for index, found in enumerate(log_likelihood(draws, record, shifted)):
        expected = sum(
            np.log(plain_row(draws, index, before, x, 0.3)[after])
            for before, after, x, seen in zip(record.before, record.after, record.drivers, record.seen, strict=True)
            if seen
        )
        np.testing.assert_allclose(found, expected, rtol=RELATIVE)


def test_probabilities_keep_their_digits_far_out() -> None:
    cuts = np.array([-3.7, -1.7, 1.7])
    far = row_probabilities(cuts, np.array([-60.0, 60.0]))
    np.testing.assert_allclose(far.sum(axis=1), 1.0, rtol=1e-12)
    np.testing.assert_allclose(far[1, 0], np.exp(-63.7), rtol=1e-12)
    np.testing.assert_allclose(far[0, 3], np.exp(-61.7), rtol=1e-12)


def test_a_better_state_is_followed_by_better_states(prior: OrderedPrior) -> None:
    draws = sample_prior(prior, np.random.default_rng(6), 500)
    below = np.cumsum(transition_matrix(draws, np.zeros(len(DRIVER_CLAIMS)), prior), axis=2)[..., :3]
    assert np.all(np.diff(below, axis=1) < 0)
    assert np.all(np.diff(state_steps(draws["step"]), axis=1) > 0)


def test_rows_out_of_the_other_states_resemble_m0s(prior: OrderedPrior) -> None:
    """The numbers of the docstring: each step is the Kullback-Leibler fit of a shifted reference row to M0's row."""
    reference = np.r_[BaseRate().forecast(2).state[0]]
    low = np.exp(prior.step_location)
    for state, step in ((0, -low[0] - low[1]), (1, -low[1]), (3, low[2])):
        target = BaseRate().forecast(state).state[0]
        grid = np.arange(-6, 6, 0.01)
        fit = grid[np.argmax(np.log(row_probabilities(cutpoints(reference)[None], grid)) @ target)]
        assert abs(fit - step) <= 0.06  # medians are rounded to a tenth
    assert ROW_MEANS[2] == ORDERED.row_means


def test_forecast_is_the_sum_over_all_paths(prior: OrderedPrior, transitions: Transitions) -> None:
    start = replace(transitions, current=1)
    draws = sample_prior(prior, np.random.default_rng(7), 3)
    found = forecast(draws, start, prior)
    for index in range(3):
        rows = [plain_row(draws, index, state, start.origin, prior.shift) for state in range(4)]
        state, rupture, deeper = np.zeros((5, 4)), np.zeros(5), np.zeros(5)
        for path in product(range(4), repeat=5):
            chance = np.prod([rows[a][b] for a, b in zip((1, *path[:-1]), path, strict=True)])
            for step, code in enumerate(path):
                state[step, code] += chance
                rupture[step] += chance * (0 in path[: step + 1])
                deeper[step] += chance * (3 in path[: step + 1])
        np.testing.assert_allclose(found.state[index], state, rtol=1e-9)
        np.testing.assert_allclose(found.any_rupture[index], rupture, rtol=1e-9)
        np.testing.assert_allclose(found.any_deeper[index], deeper, rtol=1e-9)


def test_simulated_records_follow_the_model(prior: OrderedPrior, transitions: Transitions) -> None:
    rng = np.random.default_rng(8)
    draw = sample_prior(prior, rng, 1)
    padded = replace(transitions, seen=np.r_[np.ones(6), np.zeros(transitions.years.size - 6)])
    records = [simulate_history(draw, padded, prior, rng) for _ in range(400)]
    expected = np.eye(4)[padded.before[0]]
    for drivers in padded.drivers[:6]:
        expected = expected @ transition_matrix(draw, drivers, prior)[0]
    share = np.mean([np.eye(4)[record.current] for record in records], axis=0)
    # 4 binomial standard errors.
    assert np.all(np.abs(share - expected) <= 4 * np.sqrt(expected * (1 - expected) / 400) + 1e-9)
    for record in records[:20]:
        np.testing.assert_array_equal(record.before[1:6], record.after[:5])
        np.testing.assert_array_equal(record.after[6:], padded.after[6:])
        assert record.current == record.after[5]


def test_the_prior_passes_its_gate_with_twelve_pseudo_years_and_not_with_eight(
    default_assumptions: Assumptions, transitions: Transitions, prior: OrderedPrior
) -> None:
    essay, eight = default_assumptions.replace({"driver_strength": 0.4}), OrderedStructure(row_strength=8.0)
    for own in (prior, ordered_prior(prior_parameters(essay), essay.knobs)):
        assert all(check.passed for check in ordered_prior_checks(own, transitions))
    weaker = ordered_prior(prior_parameters(essay), essay.knobs, eight)
    failed = [check.name for check in ordered_prior_checks(weaker, transitions) if not check.passed]
    assert failed == ["prior: staying transactional for a year"]
    assert eight.digest != ORDERED.digest


def test_claims_are_log_odds_of_a_higher_state(default_assumptions: Assumptions) -> None:
    knobs = default_assumptions.knobs
    found = prior_at(default_assumptions, C01=2.0, C08=2.0, confidence=1.5, driver_strength=0.6)
    for claim, direction in (("C01", 1), ("C08", -1)):
        index = DRIVER_CLAIMS.index(claim)
        np.testing.assert_allclose(found.beta_mean[index], direction * np.log(2.0) * 0.6, rtol=1e-12)
        np.testing.assert_allclose(found.beta_sd[index], knobs[claim].sd * 0.6 * 1.5, rtol=1e-12)


def test_break_claim_multiplies_the_odds_of_the_hazard(default_assumptions: Assumptions, prior: OrderedPrior) -> None:
    doubled = prior_at(default_assumptions, C13=2 * default_assumptions.knobs["C13"].default)
    np.testing.assert_allclose(prior.hazard, (1.5, 60.0), rtol=1e-12)
    np.testing.assert_allclose(doubled.hazard[0] / doubled.hazard[1], 2 * 1.5 / 60, rtol=1e-12)
    np.testing.assert_allclose(sum(doubled.hazard), 61.5, rtol=1e-12)
    assert replace(doubled, hazard=prior.hazard) == prior


def test_long_run_level_pushes_every_year(default_assumptions: Assumptions, prior: OrderedPrior) -> None:
    higher = prior_at(default_assumptions, C14=1.5)
    np.testing.assert_allclose(higher.shift, 0.15 / 0.35, rtol=1e-12)
    assert prior.shift == 0
    assert replace(higher, shift=0.0) == prior


def test_impossible_numbers_are_refused(prior: OrderedPrior, transitions: Transitions) -> None:
    with pytest.raises(AssumptionError, match="take it from ordered_prior"):
        replace(prior, beta_sd=(0.0,) * len(DRIVER_CLAIMS))
    with pytest.raises(OutcomeError, match="build them with read_transitions"):
        replace(transitions, seen=np.ones(3))
    with pytest.raises(OutcomeError, match=f"0 to {len(STATES) - 1}"):
        replace(transitions, current=-1)


@pytest.mark.parametrize("begun", [False, True])
def test_drivers_of_each_year_end_act_on_it_alone(transitions: Transitions, prior: OrderedPrior, begun: bool) -> None:
    """Step by step by hand; and held as they are, the same forecast to the last bit."""
    there = replace(transitions, booked=Booked(share=0.4, states=np.full(4, 0.25)) if begun else None)
    draws, origin = sample_prior(prior, np.random.default_rng(8), 30), transitions.origin
    steps = 5 + begun
    still, plain = forecast_along(draws, there, prior, np.tile(origin, (steps, 1))), forecast(draws, there, prior)
    np.testing.assert_array_equal(still.flat, plain.flat)
    drivers = np.tile(origin, (steps, 1))
    drivers[2:, 0], drivers[3, 5] = -2.0, 1.0
    found = forecast_along(draws, there, prior, drivers)
    state = plain.state[:, 0]
    stuck = np.where(np.arange(4) == 3, state, 0.0)  # already deeper once, by ordinary means
    ever, never = state[:, 3], state - stuck
    for step in range(1, steps):
        matrix = transition_matrix(draws, drivers[step], prior)
        state = np.einsum("ni,nij->nj", state, matrix)
        never = np.einsum("ni,nij->nj", never, matrix)
        ever, never[:, 3] = ever + never[:, 3], 0.0
        np.testing.assert_allclose(found.state[:, step], state, rtol=RELATIVE)
        np.testing.assert_allclose(found.any_deeper[:, step], ever, rtol=RELATIVE)
