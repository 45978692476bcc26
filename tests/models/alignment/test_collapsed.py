"""Coefficients and level integrated out: densities and conditional laws against brute force with full matrices."""

import dataclasses

import numpy as np
import pytest
from scipy import stats

from data.types import Evidence
from models.alignment.collapsed import PER_DRAW, SHARED, CollapsedDraws, Regression
from models.alignment.priors import prior_parameters
from models.assumptions.setting import Assumptions
from models.errors import FitError
from models.fits.alignment_fit import AlignmentFit
from models.measures.driver_table import DriverTable
from models.measures.drivers import driver_table
from models.measures.structure import ALIGNMENT
from models.weighting.weights import smoothed_weights
from tests.support.values.prior_fits import prior_fit

SETTINGS = (
    {},
    {"C01": 3.0},
    {"C13": 4.0, "C14": -0.5},
    {"persistence": 0.95, "volatility": 0.5},
    {"confidence": 2.0},
    {"driver_strength": 1.2, "C07": 0.8, "C10": 2.0, "confidence": 0.5},
)
SOME = 25


@pytest.fixture(scope="module")
def defaults(evidence: Evidence) -> Assumptions:
    return Assumptions.defaults(evidence.claims)


@pytest.fixture(scope="module")
def drivers(evidence: Evidence) -> DriverTable:
    return driver_table(evidence)


@pytest.fixture(scope="module")
def fit(evidence: Evidence, defaults: Assumptions) -> AlignmentFit:
    return prior_fit(evidence, defaults, samples=4000, seed=29)


@pytest.fixture(scope="module")
def draws(fit: AlignmentFit, drivers: DriverTable) -> CollapsedDraws:
    return CollapsedDraws.of(fit, drivers)


@pytest.fixture(scope="module")
def moves(fit: AlignmentFit) -> np.ndarray:
    """What the path did beyond keeping a share of where it was, shape (sample, year - 1)."""
    path = fit.alignment.to_numpy()
    return path[:, 1:] - fit.parameters["persistence"].to_numpy()[:, None] * path[:, :-1]


def scalar_log_density(draws: CollapsedDraws, assumptions: Assumptions) -> np.ndarray:
    """By scipy, with the volatility's density on its natural scale."""
    prior = prior_parameters(assumptions)
    shape = ALIGNMENT.volatility_log_sd
    return (
        stats.norm.logpdf(draws.break_log_odds, prior.break_mean, prior.break_sd)
        + stats.beta.logpdf(draws.persistence, *prior.persistence)
        + stats.lognorm.logpdf(draws.volatility, shape, scale=prior.volatility_scale)
    )


def design(draws: CollapsedDraws, drivers: DriverTable, row: int) -> np.ndarray:
    """One draw's regressors, coefficients then level: of every move, of the first year, and of the push."""
    room = 1 - draws.persistence[row]
    moves = np.column_stack([drivers.lagged, np.full(len(drivers.lagged), room)])
    first, push = np.append(np.zeros(drivers.lagged.shape[1]), 1), np.append(drivers.origin.to_numpy(), room)
    return np.vstack([moves, first, push])


def volatility(draws: CollapsedDraws, row: int) -> np.ndarray:
    """Sd of the shock into each year from 1951 on: those into 1990 and later years are the present's."""
    late = np.arange(1951, 2026) >= 1990
    return np.where(late, draws.volatility[row], draws.volatility_before[row])


def noise(draws: CollapsedDraws, row: int) -> np.ndarray:
    """Variances around the regression; the push is a function of coefficients and level alone."""
    return np.append(volatility(draws, row) ** 2, [ALIGNMENT.start_sd**2, 0.0])


def brute_force(draws: CollapsedDraws, moves: np.ndarray, drivers: DriverTable, assumptions: Assumptions) -> np.ndarray:
    """Log density of moves, first year and push together, one normal law a draw, and the priors of the scalars."""
    prior, found = prior_parameters(assumptions), []
    mean, sd = np.append(prior.beta_mean, prior.level_mean), np.append(prior.beta_sd, prior.level_sd)
    for row in range(SOME):
        regressors = design(draws, drivers, row)
        covariance = (regressors * sd**2) @ regressors.T + np.diag(noise(draws, row))
        law = stats.multivariate_normal(regressors @ mean, covariance)
        found.append(law.logpdf(np.concatenate([moves[row], [draws.start[row], draws.push[row]]])))
    return np.array(found) + scalar_log_density(draws.part(slice(SOME)), assumptions)


@pytest.mark.parametrize("moved", SETTINGS, ids=lambda moved: "+".join(moved) or "defaults")
def test_density_ratios_are_those_of_full_matrices(
    draws: CollapsedDraws, moves: np.ndarray, drivers: DriverTable, defaults: Assumptions, moved: dict
) -> None:
    """Up to one constant for all priors: the ratio to the defaults has none left."""
    setting, some = defaults.replace(moved), draws.part(slice(SOME))
    found = some.log_density(prior_parameters(setting)) - some.log_density(prior_parameters(defaults))
    expected = brute_force(draws, moves, drivers, setting) - brute_force(draws, moves, drivers, defaults)
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-8)


def test_what_the_constant_leaves_out_is_the_noise_of_the_path(
    draws: CollapsedDraws, moves: np.ndarray, drivers: DriverTable, defaults: Assumptions
) -> None:
    """It differs from draw to draw, by the density of the path around nothing, but not from prior to prior."""
    gap = brute_force(draws, moves, drivers, defaults) - draws.log_density(prior_parameters(defaults))[:SOME]
    scale = np.stack([volatility(draws, row) for row in range(SOME)])
    around = stats.norm.logpdf(moves[:SOME], scale=scale).sum(axis=1)
    around = around + stats.norm.logpdf(draws.start[:SOME], scale=ALIGNMENT.start_sd)
    np.testing.assert_allclose(gap, around, rtol=0, atol=1e-8)


@pytest.mark.parametrize("moved", SETTINGS, ids=lambda moved: "+".join(moved) or "defaults")
def test_coefficients_and_level_given_the_path_are_those_of_a_regression(
    draws: CollapsedDraws, moves: np.ndarray, drivers: DriverTable, defaults: Assumptions, moved: dict
) -> None:
    """Normal equations with the prior as further observations, solved draw by draw."""
    prior = prior_parameters(defaults.replace(moved))
    (beta, beta_variance), (level, level_variance) = draws.coefficients(prior), draws.level(prior)
    centre, own = np.append(prior.beta_mean, prior.level_mean), np.append(prior.beta_sd, prior.level_sd) ** -2
    for row in range(SOME):
        regressors, weight = design(draws, drivers, row)[:-1], 1 / noise(draws, row)[:-1]
        covariance = np.linalg.inv((regressors.T * weight) @ regressors + np.diag(own))
        seen = np.append(moves[row], draws.start[row])
        expected = covariance @ (regressors.T @ (weight * seen) + own * centre)
        np.testing.assert_allclose(np.append(beta[row], level[row]), expected, rtol=1e-9, atol=1e-10)
        found = np.append(beta_variance[row], level_variance[row])
        np.testing.assert_allclose(found, np.diag(covariance), rtol=1e-9)


def test_coefficients_and_level_scatter_around_their_laws_as_these_say(
    fit: AlignmentFit, draws: CollapsedDraws, drivers: DriverTable, defaults: Assumptions
) -> None:
    """Draws of the prior: given their own paths their standardised coefficients and levels are standard normal."""
    prior, p = prior_parameters(defaults), fit.parameters
    (beta, beta_variance), (level, level_variance) = draws.coefficients(prior), draws.level(prior)
    scores = [*((p["beta"].to_numpy() - beta) / np.sqrt(beta_variance)).T]
    scores.append((p["level"].to_numpy() - level) / np.sqrt(level_variance))
    for score in scores:
        assert stats.kstest(score, "norm").pvalue > 1e-4  # thirteen tests: a false alarm in eight hundred
    room = 1 - p["persistence"].to_numpy()
    push = p["beta"].to_numpy() @ drivers.origin.to_numpy() + room * p["level"].to_numpy()
    np.testing.assert_allclose(draws.push, push, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("moved", SETTINGS[1:], ids="+".join)
def test_collapsed_weights_are_less_variable_than_those_of_all_coefficients(
    fit: AlignmentFit, draws: CollapsedDraws, defaults: Assumptions, moved: dict
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
    for name in (*PER_DRAW, *SHARED):
        np.testing.assert_array_equal(getattr(again, name), getattr(draws, name))
    other = dataclasses.replace(draws, gram=draws.gram * 1.01)
    with pytest.raises(FitError, match="different drivers"):
        CollapsedDraws.joined([draws, other])


@pytest.mark.parametrize("name", ["gram", "driver_total", "origin"])
def test_what_another_processor_makes_of_one_record_joins_and_another_record_does_not(
    draws: CollapsedDraws, name: str
) -> None:
    """A kernel that adds in another order moves products of the drivers by 1e-14; one reading told otherwise in its
    fourth digit moves them by more than 1e-6."""

    def off_by(size: float) -> CollapsedDraws:
        return dataclasses.replace(draws, **{name: getattr(draws, name) + size * np.sign(getattr(draws, name))})

    joined = CollapsedDraws.joined([draws, off_by(1e-11)])
    np.testing.assert_array_equal(getattr(joined, name), getattr(draws, name))  # that of the first, bit for bit
    assert joined.push.size == 2 * draws.push.size
    with pytest.raises(FitError, match=f"different drivers \\({name} differs\\)"):
        CollapsedDraws.joined([draws, off_by(1e-6)])


def test_drivers_that_act_before_the_split_are_refused(fit: AlignmentFit, drivers: DriverTable) -> None:
    early = drivers.standardised.copy()
    early.loc[1988, "C01"] = 1.0
    with pytest.raises(FitError, match="before the split"):
        CollapsedDraws.of(fit, dataclasses.replace(drivers, standardised=early))
    early.loc[1988, "C01"], early.loc[1989, "C01"] = np.nan, 1.0  # this one acts on 1990
    assert CollapsedDraws.of(fit, dataclasses.replace(drivers, standardised=early)).steps == 36


def test_draws_are_finite_and_read_only(draws: CollapsedDraws) -> None:
    with pytest.raises(FitError, match="push"):
        dataclasses.replace(draws, push=np.full(draws.push.size, np.nan))
    with pytest.raises(ValueError, match="read-only"):
        draws.crossproduct[0, 0] = 1.0


def test_coefficients_and_level_are_drawn_together_from_their_law(
    draws: CollapsedDraws, moves: np.ndarray, drivers: DriverTable, defaults: Assumptions
) -> None:
    """One path twenty thousand times: all pairs of the thirteen scatter as the normal equations say."""
    size, setting = 20_000, defaults.replace({"driver_strength": 0.8, "C14": 1.0})
    prior, again = prior_parameters(setting), draws.part(np.zeros(size, dtype=int))
    beta, level = Regression.of(again, prior).drawn(np.random.default_rng(3))
    regressors, weight = design(draws, drivers, 0)[:-1], 1 / noise(draws, 0)[:-1]
    own = np.append(prior.beta_sd, prior.level_sd) ** -2
    covariance = np.linalg.inv((regressors.T * weight) @ regressors + np.diag(own))
    told = regressors.T @ (weight * np.append(moves[0], draws.start[0]))
    mean = covariance @ (told + own * np.append(prior.beta_mean, prior.level_mean))
    root = np.linalg.cholesky(covariance)
    scores = np.linalg.solve(root, (np.column_stack([beta, level]) - mean).T)
    # 13 means and 91 products of independent standard normals: 4.5 errors are passed by chance once in a thousand runs
    assert np.abs(scores.mean(axis=1)).max() < 4.5 / np.sqrt(size)
    assert np.abs(scores @ scores.T / size - np.eye(13)).max() < 4.5 * np.sqrt(2 / size)


@pytest.mark.parametrize("moved", [{"C01": 3.0}, {"driver_strength": 0.3}, {"C07": 0.9, "C14": 0.1}], ids="+".join)
def test_weighed_paths_with_new_coefficients_are_the_moved_prior(
    draws: CollapsedDraws, defaults: Assumptions, moved: dict
) -> None:
    """A fit without a record is its prior: moved, it has that prior's means and sds, which were never fitted."""
    new, old = prior_parameters(defaults.replace(moved)), prior_parameters(defaults)
    weights = smoothed_weights(draws.log_path_density(new) - draws.log_path_density(old))
    beta, level = Regression.of(draws, new).drawn(np.random.default_rng(5))
    scores = np.column_stack([(beta - new.beta_mean) / new.beta_sd, (level - new.level_mean) / new.level_sd])
    error = 5 / np.sqrt(weights.kish)  # of 39 means; a square's own is the root of two times that
    assert weights.kish > 1000
    np.testing.assert_allclose(weights.values @ scores, 0.0, atol=error)
    np.testing.assert_allclose(weights.values @ np.square(scores), 1.0, atol=2 * error)


@pytest.mark.parametrize("moved", SETTINGS[1:], ids="+".join)
def test_weights_without_the_push_are_less_variable(draws: CollapsedDraws, defaults: Assumptions, moved: dict) -> None:
    new, old = prior_parameters(defaults.replace(moved)), prior_parameters(defaults)
    path = smoothed_weights(draws.log_path_density(new) - draws.log_path_density(old)).kish
    assert path >= 0.98 * smoothed_weights(draws.log_density(new) - draws.log_density(old)).kish
