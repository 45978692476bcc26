"""The forward simulator against PyMC's own predictive, against closed forms, and against a path walked year by year."""

import dataclasses
from itertools import product

import numpy as np
import pymc as pm
import pytest
import xarray as xr
from scipy import stats

from models.measures.futures import with_break_act
from models.measures.law import break_probability
from models.measures.simulate import Draws, forecast_probabilities, future_paths, yearly_means
from models.measures.structure import MEASUREMENT
from models.names import HORIZONS, STATES, Scenario
from models.outcome.rule import RULE, classify
from tests.support.values.draws import SEEN, fixed_draws, some_draws

SCALARS = ("alignment", "drift", "level", "persistence", "volatility", "break_log_odds", "break_slope", "space_offset")
# 30 probabilities are compared at a time: 4 standard errors raise a false alarm once in five hundred comparisons.
ERRORS = 4.0


def predictive_model(paths: int) -> pm.Model:
    """The future as PyMC would write it: normal shocks, Bernoulli space and breaks, categorical bands."""
    years, readings = len(HORIZONS), MEASUREMENT.simulated_readings
    with pm.Model() as model:
        # The laws of the parameters never matter: the posterior draws replace them.
        given = {name: pm.Flat(name) for name in SCALARS}
        cutpoints = pm.Flat("cutpoints", shape=len(MEASUREMENT.band_edges))
        current = given["alignment"]
        for year in range(years):
            mean = given["level"] + given["persistence"] * (current - given["level"]) + given["drift"]
            current = pm.Normal(f"future_{year}", mean, given["volatility"], shape=paths)
            logit = given["break_log_odds"] - given["break_slope"] * (current - MEASUREMENT.break_alignment)
            pm.Bernoulli(f"broken_{year}", logit_p=logit)
            space = pm.Bernoulli(f"space_{year}", SEEN.space_share, shape=(paths, readings))
            centre = current[:, None] + given["space_offset"] * space
            pm.OrderedLogistic(f"band_{year}", eta=centre, cutpoints=cutpoints, compute_p=False)
    return model


def predictive_shares(draws: Draws, paths: int, seed: int) -> dict[str, np.ndarray]:
    """Shares of outcomes per draw in PyMC's posterior predictive, labelled with the rule."""
    size = draws.alignment.size
    values = {name: (("chain", "draw"), getattr(draws, name)[None]) for name in SCALARS}
    posterior = xr.Dataset(values | {"cutpoints": (("chain", "draw", "cutpoints_dim_0"), draws.cutpoints[None])})
    names = [f"{what}_{year}" for what, year in product(("broken", "space", "band"), range(len(HORIZONS)))]
    with predictive_model(paths):
        found = pm.sample_posterior_predictive(
            posterior,
            var_names=names + [f"future_{year}" for year in range(len(HORIZONS))],
            random_seed=seed,
            progressbar=False,
            compile_kwargs={"mode": "FAST_COMPILE"},
        )["posterior_predictive"]
    bands, broken = (
        np.stack([found[f"{what}_{year}"].to_numpy()[0] for year in range(len(HORIZONS))], axis=2)
        for what in ("band", "broken")
    )
    calm = SEEN.band_values[bands].mean(axis=-1)
    means = np.where(broken == 1, with_break_act(calm, SEEN.break_readings), calm)
    past = np.broadcast_to(SEEN.recent_means, (size, paths, SEEN.recent_means.size))
    whole = np.concatenate([past, means], axis=-1)
    codes = [
        classify(whole[..., year : year + RULE.memory_years], broken[..., year] == 1) for year in range(len(HORIZONS))
    ]
    codes = np.stack(codes, axis=-1)
    ever = {name: np.maximum.accumulate(codes == STATES.index(name), axis=2).mean(axis=1) for name in STATES}
    state = (codes[..., None] == np.arange(len(STATES))).mean(axis=1)
    return {"state_probability": state, "any_rupture": ever["rupture"], "any_deeper": ever["deeper_cooperation"]}


@pytest.mark.slow
def test_agrees_with_pymc_posterior_predictive() -> None:
    size, paths = 400, 1000
    draws = some_draws(np.random.default_rng(1), size)
    theirs = predictive_shares(draws, paths, seed=2)
    ours = forecast_probabilities(draws, SEEN, 3, paths).probabilities
    for name, share in ours.items():
        difference = share - theirs[name]
        # The draws are the same on both sides: the spread of the paired differences is the combined Monte Carlo error.
        error = difference.std(axis=0, ddof=1) / np.sqrt(size)
        assert error.max() < 0.006, "the comparison must be able to see a point and a half"
        np.testing.assert_array_less(np.abs(difference.mean(axis=0)), ERRORS * error + 1e-12, err_msg=name)


def test_path_is_the_recursion_around_the_level() -> None:
    rng = np.random.default_rng(4)
    draws, shocks = some_draws(rng, 7), rng.standard_normal((7, 3, 5))
    found = future_paths(draws, shocks)
    for sample, path in product(range(7), range(3)):
        current = draws.alignment[sample]
        for year in range(5):
            pull = draws.persistence[sample] * (current - draws.level[sample])
            current = (
                draws.level[sample] + pull + draws.drift[sample] + draws.volatility[sample] * shocks[sample, path, year]
            )
            np.testing.assert_allclose(found[sample, path, year], current, rtol=1e-12)


def test_break_chance_falls_with_alignment() -> None:
    at_reference = break_probability(np.array([MEASUREMENT.break_alignment]), np.array([-4.0]), np.array([0.7]))
    np.testing.assert_allclose(at_reference, stats.logistic.cdf(-4.0), rtol=1e-12)
    chances = break_probability(np.array([-3.0, 0.0, 3.0]), np.array([-4.0]), np.array([0.7]))
    assert np.all(np.diff(chances) < 0)


def test_yearly_mean_without_space_is_the_ordered_logit_mean() -> None:
    """With one kind of reading the weights cancel, and the expected yearly mean is the expected band value."""
    draws, rng = fixed_draws(alignment=0.8), np.random.default_rng(5)
    seen = dataclasses.replace(SEEN, space_share=0.0)
    alignment = np.full((1, 40_000, 1), 0.8)
    means = yearly_means(draws.law, seen, alignment, rng)
    edges = np.concatenate([[-np.inf], draws.cutpoints[0], [np.inf]])
    chances = np.diff(stats.logistic.cdf(edges, loc=0.8))
    expected = chances @ seen.band_values
    variance = chances @ seen.band_values**2 - expected**2
    error = np.sqrt(variance / MEASUREMENT.simulated_readings / means.size)
    assert abs(means.mean() - expected) < ERRORS * error
    # The sd of a sample variance of 40,000 near-normal means is 0.7 %: 4 of them.
    np.testing.assert_allclose(means.var(), variance / MEASUREMENT.simulated_readings, rtol=0.03)


def test_certain_break_is_rupture_every_year() -> None:
    found = forecast_probabilities(fixed_draws(break_log_odds=60.0), SEEN, 7, 20).probabilities
    np.testing.assert_allclose(found["state_probability"][..., Scenario.RUPTURE.code], 1.0, rtol=1e-12)


@pytest.mark.parametrize(("height", "state"), [(40.0, Scenario.DEEPER), (-40.0, Scenario.RUPTURE)])
def test_extreme_alignment_ends_in_the_extreme_state(height: float, state: Scenario) -> None:
    draws = fixed_draws(alignment=height, level=height, break_log_odds=-60.0, break_slope=0.0)
    found = forecast_probabilities(draws, SEEN, 8, 20)
    assert np.all(np.abs(found.future - height) < 20)
    np.testing.assert_allclose(found.probabilities["state_probability"][:, -1, state.code], 1.0, rtol=1e-12)


def test_the_recorded_past_counts_until_it_is_out_of_memory() -> None:
    """A warm past lifts the state at horizon 1 and has left the five-year window at horizon 5."""
    draws, paths = fixed_draws(300, alignment=-0.5, level=-0.5), 16
    warm, cold = (
        forecast_probabilities(draws, dataclasses.replace(SEEN, recent_means=np.full(4, mean)), 9, paths).probabilities
        for mean in (8.0, -8.0)
    )
    gap = warm["state_probability"] - cold["state_probability"]
    assert gap[:, 0, Scenario.DEEPER.code].mean() > 0.5
    np.testing.assert_array_equal(gap[:, 4], 0.0)


def test_probabilities_are_coherent() -> None:
    found, _, future = forecast_probabilities(some_draws(np.random.default_rng(10), 250), SEEN, 11)
    state = found["state_probability"]
    assert state.shape == (250, len(HORIZONS), len(STATES))
    assert future.shape == (250, len(HORIZONS))
    np.testing.assert_allclose(state.sum(axis=-1), 1.0, rtol=1e-12)
    for name, code in (("any_rupture", Scenario.RUPTURE.code), ("any_deeper", Scenario.DEEPER.code)):
        assert np.all(np.diff(found[name], axis=1) >= -1e-12)
        assert np.all(found[name] >= state[..., code] - 1e-12)
        np.testing.assert_allclose(found[name][:, 0], state[:, 0, code], rtol=1e-12)


def test_same_seed_same_numbers_and_other_seed_others() -> None:
    draws = some_draws(np.random.default_rng(12), 150)
    first, second, other = (forecast_probabilities(draws, SEEN, seed).probabilities["any_deeper"] for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, second)
    assert not np.array_equal(first, other)


def test_random_numbers_are_common_to_fits_of_equal_size() -> None:
    """Only the draws that differ give other probabilities: a moved draw leaves its neighbours' futures alone."""
    draws = some_draws(np.random.default_rng(13), 150)
    moved = dataclasses.replace(draws, level=draws.level + np.where(np.arange(150) == 17, 1.0, 0.0))
    before, after = (forecast_probabilities(d, SEEN, 14).probabilities["state_probability"] for d in (draws, moved))
    changed = np.flatnonzero(np.any(before != after, axis=(1, 2)))
    np.testing.assert_array_equal(changed, [17])


def test_a_drift_for_each_year_acts_in_its_year_and_fades() -> None:
    """A push of one year is there in that year as it is, and later to the share `persistence`; before it nothing is."""
    rng = np.random.default_rng(11)
    draws, shocks = some_draws(rng, 7), rng.standard_normal((7, 3, 5))
    yearly = np.repeat(draws.drift[:, None], 5, axis=1)
    held = future_paths(draws, shocks)
    np.testing.assert_array_equal(future_paths(dataclasses.replace(draws, drift=yearly), shocks), held)
    yearly[:, 2] += 0.3
    moved = future_paths(dataclasses.replace(draws, drift=yearly), shocks) - held
    np.testing.assert_array_equal(moved[..., :2], 0.0)
    fading = draws.persistence[:, None] ** np.arange(3)
    np.testing.assert_allclose(moved[..., 2:], np.broadcast_to(0.3 * fading[:, None], (7, 3, 3)), atol=1e-12)
