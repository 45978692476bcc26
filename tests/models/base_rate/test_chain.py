"""M0 by two routes: closed form and plain loops against the vectorised urn, parameter draws against the predictive."""

import itertools

import numpy as np
import pytest

from models.base_rate.chain import CALM_HAZARD, RUPTURE_STAY, STRAIN_HAZARD, BaseRate, calm_hazard, prior_gate
from models.errors import AssumptionError, OutcomeError
from models.names import HORIZONS, Scenario

HISTORY = [3, 3, 2, 2, 1, 0, 0, 1, 2, 2, 3, 2, 2]
EXACT = {"rtol": 0, "atol": 1e-12}  # a product of at most ten ratios, summed over 1,024 paths


def urn_path_probability(rate: BaseRate, current: int, path: tuple[int, ...]) -> float:
    """One path's probability by the urn, one step and one count at a time."""
    hazards = [list(pair) for pair in rate.hazards]
    rows = [list(row) for row in rate.rows]
    probability, here = 1.0, current
    for there in path:
        pair = hazards[min(here, 2)]
        outcome = 0 if there == 0 else 1
        probability *= pair[outcome] / sum(pair)
        pair[outcome] += 1
        if there > 0:
            probability *= rows[here][there - 1] / sum(rows[here])
            rows[here][there - 1] += 1
        here = there
    return probability


@pytest.mark.parametrize("current", range(4))
def test_forecast_agrees_with_enumeration_in_plain_loops(current: int) -> None:
    rate = BaseRate.from_history(HISTORY)
    state, rupture, deeper = np.zeros((5, 4)), np.zeros(5), np.zeros(5)
    for path in itertools.product(range(4), repeat=len(HORIZONS)):
        probability = urn_path_probability(rate, current, path)
        for horizon in range(5):
            state[horizon, path[horizon]] += probability
            rupture[horizon] += probability * (0 in path[: horizon + 1])
            deeper[horizon] += probability * (3 in path[: horizon + 1])
    forecast = rate.forecast(current)
    np.testing.assert_allclose(forecast.state, state, **EXACT)
    np.testing.assert_allclose(forecast.any_rupture, rupture, **EXACT)
    np.testing.assert_allclose(forecast.any_deeper, deeper, **EXACT)


def test_first_two_years_without_rupture_in_closed_form() -> None:
    """From a transactional year, two calm years draw on one hazard, whose second draw has seen the first."""
    a, b = CALM_HAZARD
    rate = BaseRate()
    forecast = rate.forecast(Scenario.TRANSACTIONAL.code)
    np.testing.assert_allclose(forecast.any_rupture[0], a / (a + b), **EXACT)
    strain, transactional, deeper = (count / 8 for count in rate.rows[2])
    stay_calm = b / (a + b)
    calm_then_calm = stay_calm * (b + 1) / (a + b + 1)
    s_a, s_b = STRAIN_HAZARD
    strain_then_none = stay_calm * s_b / (s_a + s_b)
    by_hand = strain * strain_then_none + (transactional + deeper) * calm_then_calm
    np.testing.assert_allclose(1 - forecast.any_rupture[1], by_hand, **EXACT)


def test_rupture_stays_by_the_beta_moments() -> None:
    """P(rupture in each of five years | rupture) is the fifth moment of the Beta law of staying."""
    a, b = RUPTURE_STAY
    moment = np.prod([(a + step) / (a + b + step) for step in range(5)])
    np.testing.assert_allclose(urn_path_probability(BaseRate(), 0, (0,) * 5), moment, **EXACT)
    rows = ((1e9, 1e-3, 1e-3),) * 4
    never_back = BaseRate(hazards=(RUPTURE_STAY, (1e-9, 1e9), (1e-9, 1e9)), rows=rows)
    np.testing.assert_allclose(never_back.forecast(0).state[4, 0], moment, rtol=0, atol=1e-9)


@pytest.mark.parametrize("current", range(4))
def test_probabilities_are_coherent(current: int) -> None:
    rate = BaseRate.from_history(HISTORY)
    for given in (rate.forecast(current), rate.draws(current, 50, 1)):
        np.testing.assert_allclose(given.state.sum(axis=-1), 1.0, **EXACT)
        assert np.all(np.diff(given.any_rupture, axis=-1) >= -1e-12)
        np.testing.assert_allclose(given.any_rupture[..., 0], given.state[..., 0, 0], **EXACT)
        np.testing.assert_allclose(given.any_deeper[..., 0], given.state[..., 0, 3], **EXACT)
        assert np.all(given.any_deeper + 1e-12 >= given.state[..., 3])


@pytest.mark.parametrize("current", range(4))
def test_mean_of_parameter_draws_is_the_exact_predictive(current: int) -> None:
    """The urn integrates the parameters out; averaging over drawn ones must agree within 4 standard errors."""
    rate = BaseRate.from_history(HISTORY)
    draws, exact = rate.draws(current, 40_000, 7 + current), rate.forecast(current)
    for drawn, target in zip(draws, exact, strict=True):
        error = drawn.std(axis=0) / np.sqrt(len(drawn))
        assert np.all(np.abs(drawn.mean(axis=0) - target) <= 4 * error)


@pytest.mark.parametrize("current", range(4))
def test_simulated_chains_agree_with_the_exact_predictive(current: int) -> None:
    """Chains simulated state by state, each with parameters of its own: no path enumeration, no transition matrix."""
    rate, rng, n = BaseRate.from_history(HISTORY), np.random.default_rng(current), 60_000
    hazard = np.stack([rng.beta(a, b, n) for a, b in rate.hazards])[[0, 1, 2, 2]]
    cumulative = np.stack([rng.dirichlet(row, n).cumsum(axis=1) for row in rate.rows])
    here, each, years = np.full(n, current), np.arange(n), []
    for _ in HORIZONS:
        rest = 1 + (rng.random(n)[:, None] > cumulative[here, each, :2]).sum(axis=1)
        here = np.where(rng.random(n) < hazard[here, each], 0, rest)
        years.append(here)
    codes, exact = np.array(years), rate.forecast(current)
    seen = np.stack([(codes == code).mean(axis=1) for code in range(4)], axis=1)
    rupture = np.logical_or.accumulate(codes == 0).mean(axis=1)
    for share, target in ((seen, exact.state), (rupture, exact.any_rupture)):
        assert np.all(np.abs(share - target) <= 4 * np.sqrt(target * (1 - target) / n))


def test_draws_are_reproducible_and_seeded() -> None:
    rate = BaseRate()
    np.testing.assert_array_equal(rate.draws(2, 20, 3).state, rate.draws(2, 20, 3).state)
    assert np.any(rate.draws(2, 20, 3).state != rate.draws(2, 20, 4).state)


def test_history_updates_the_counts_it_should() -> None:
    """2-2, 2-3, 3-0 share the calm hazard; 0-0 and 0-1 are out of rupture; 1-annulled and annulled-2 count nowhere."""
    rate, prior = BaseRate.from_history([2, 2, 3, 0, 0, 1, -1, 2]), BaseRate()
    added = np.array(rate.hazards) - np.array(prior.hazards)
    np.testing.assert_allclose(added, [[1, 1], [0, 0], [1, 2]], **EXACT)
    rows = np.array(rate.rows) - np.array(prior.rows)
    expected = np.zeros((4, 3))
    expected[2, 1] = expected[2, 2] = expected[0, 0] = 1
    np.testing.assert_allclose(rows, expected, **EXACT)


def test_the_knob_moves_both_hazards_in_proportion() -> None:
    rate = BaseRate.from_history([2], hazard=calm_hazard(2 * 1.5 / 61.5))
    (_, (s_a, s_b), (a, b)) = rate.hazards
    np.testing.assert_allclose([a + b, s_a + s_b], [61.5, 29.5], **EXACT)
    np.testing.assert_allclose([a, s_a], [3.0, 3.0], **EXACT)
    np.testing.assert_allclose(BaseRate.from_history([]).hazards, BaseRate().hazards, **EXACT)
    extreme = BaseRate.from_history([], hazard=calm_hazard(0.9)).hazards[1]
    assert extreme[0] / sum(extreme) < 0.5
    low, high = (BaseRate.from_history([], hazard=calm_hazard(h)).forecast(2).any_rupture for h in (0.005, 0.1))
    assert np.all(low < high)


def test_the_default_prior_passes_its_gate_and_a_bold_one_does_not() -> None:
    assert [check.name for check in prior_gate() if not check.passed] == []
    bold = BaseRate.from_history([], hazard=calm_hazard(0.1))
    assert {check.name for check in prior_gate(bold) if not check.passed} == {
        "prior: rupture_median",
        "prior: rupture_high",
    }
    stuck = BaseRate(rows=((7.5, 0.25, 0.25), (7.5, 0.25, 0.25), (0.02, 7.9, 0.08), (0.25, 0.25, 7.5)))
    failed = {check.name for check in prior_gate(stuck) if not check.passed}
    assert failed == {"prior: stay_one_year", "prior: rarest_state", "prior: commonest_state"}


@pytest.mark.parametrize("codes", [[0, 4], [-2], [0.5, 1], [[0, 1]]])
def test_a_history_that_is_no_row_of_codes_is_refused(codes: list) -> None:
    with pytest.raises(OutcomeError, match="expected one row of codes"):
        BaseRate.from_history(codes)


@pytest.mark.parametrize("code", [-1, 4, None])
def test_an_unlabelled_origin_is_refused(code: int | None) -> None:
    for ask in (BaseRate().forecast, lambda current: BaseRate().draws(current, 2, 1)):
        with pytest.raises(OutcomeError, match="current state"):
            ask(code)


@pytest.mark.parametrize("hazard", [0.0, 1.0, -0.1, float("nan")])
def test_an_impossible_hazard_is_refused(hazard: float) -> None:
    with pytest.raises(AssumptionError, match="expected a probability"):
        calm_hazard(hazard)
    with pytest.raises(AssumptionError, match="positive"):
        BaseRate.from_history([2], hazard=(hazard - 1, 60.0))


def test_wrong_counts_are_refused() -> None:
    with pytest.raises(AssumptionError, match="shape"):
        BaseRate(rows=((1.0, 1.0),) * 4)
