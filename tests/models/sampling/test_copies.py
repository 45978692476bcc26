"""Ten copies of one indicator: with a shared prior they are one indicator, exactly; with a prior each they are not."""

import dataclasses

import numpy as np
import pytest

from data.types import Evidence
from models.alignment.collapsed import CollapsedDraws, Regression
from models.alignment.priors import prior_parameters
from models.errors import FitError
from models.leave_out.cases import Basis
from models.measures.drivers import DRIVER_CLAIMS
from models.sampling.copies import (
    COPIES,
    WAYS,
    Way,
    copied_columns,
    copies_control,
    copies_tasks,
    interval,
    run_copies,
    widened,
)
from tests.support.values.prior_fits import prior_fit

PLACE = DRIVER_CLAIMS.index("C02")


@pytest.fixture(scope="module")
def basis(real_evidence: Evidence) -> Basis:
    return Basis.of(real_evidence)


def regression(basis: Basis, way: Way) -> Regression:
    """The closed form of the model's regression with copied columns."""
    fit = prior_fit(basis.evidence, basis.assumptions, samples=80, seed=3)
    draws, columns = CollapsedDraws.of(fit, basis.drivers), copied_columns(PLACE, way)
    wide = dataclasses.replace(
        draws,
        crossproduct=draws.crossproduct[:, columns],
        gram=draws.gram[np.ix_(columns, columns)],
        driver_total=draws.driver_total[columns],
        origin=draws.origin[columns],
    )
    return Regression.of(wide, widened(prior_parameters(basis.assumptions), PLACE, way))


def test_shared_copies_leave_every_density_as_it_was_and_naive_ones_do_not(basis: Basis) -> None:
    one, shared, naive = (regression(basis, way) for way in WAYS)
    np.testing.assert_allclose(shared.log_push, one.log_push, atol=1e-8)  # eigenvalues of a singular matrix
    np.testing.assert_allclose(shared.log_evidence - one.log_evidence, 0.0, atol=1e-8)
    assert np.ptp(naive.log_evidence - one.log_evidence) > 0.5
    assert np.abs(naive.log_push - one.log_push).max() > 0.5


def test_the_sum_of_the_copies_keeps_the_claims_prior(basis: Basis) -> None:
    prior = prior_parameters(basis.assumptions)
    copies = copied_columns(PLACE, "shared") == PLACE
    shared, naive = widened(prior, PLACE, "shared"), widened(prior, PLACE, "naive")
    assert copies.sum() == COPIES
    assert shared.beta_mean[copies].sum() == pytest.approx(prior.beta_mean[PLACE])
    assert np.sqrt(np.square(shared.beta_sd[copies]).sum()) == pytest.approx(prior.beta_sd[PLACE])
    assert naive.beta_mean[copies].sum() == pytest.approx(COPIES * prior.beta_mean[PLACE])
    np.testing.assert_array_equal(shared.beta_mean[~copies], np.delete(prior.beta_mean, PLACE))


def answers(move: float, narrower: float) -> dict[Way, dict[str, object]]:
    mean = np.linspace(0.1, 0.6, 30)
    errors = {"mcse": [0.002] * 30, "width_error": [0.01] * 30}
    one = {"mean": mean.tolist(), "low": (mean - 0.1).tolist(), "high": (mean + 0.1).tolist(), **errors}
    copied = {**one, "mean": (mean + move).tolist(), "high": (mean + 0.1 - 0.2 * narrower).tolist()}
    return {"one": one, "shared": one, "naive": copied}


@pytest.mark.parametrize(("move", "narrower", "passed"), [(0.019, 0.049, True), (0.021, 0, False), (0, 0.06, False)])
def test_the_limits_are_two_points_and_five_per_cent(move: float, narrower: float, passed: bool) -> None:
    table = copies_control(answers(move, narrower))
    naive = table[table["way"] == "naive"]
    assert len(table) == 60
    assert table.loc[table["way"] == "shared", "passed"].all()
    assert naive["passed"].all() == passed
    np.testing.assert_allclose(naive["narrowing"], narrower, atol=1e-9)
    np.testing.assert_allclose(naive["change"], move, atol=1e-9)


def test_an_interval_and_its_error_are_those_of_normal_draws() -> None:
    rng = np.random.default_rng(11)
    p = 0.5 + 0.1 * rng.standard_normal((20_000, 2))
    steps = np.round(p * 1024) / 1024
    low, high, error = interval(steps)
    exact = 2 * 1.6448536 * 0.1
    density = np.exp(-0.5 * 1.6448536**2) / np.sqrt(2 * np.pi) / 0.1
    # Both ends have variance q (1 - q) / n / f^2 and covariance q^2 / n / f^2.
    expected = np.sqrt((2 * 0.05 * 0.95 - 2 * 0.05**2) / 20_000) / density / exact
    np.testing.assert_allclose(high - low, exact, rtol=4 * expected)
    np.testing.assert_allclose(error, expected, rtol=4 * 0.16)


def test_the_three_fits_are_asked_for_apart_and_only_on_this_evidence(basis: Basis) -> None:
    tasks = copies_tasks(basis)
    assert len({task.key for task in tasks}) == 3
    with pytest.raises(FitError, match="reads evidence"):
        run_copies(dataclasses.replace(tasks[0], basis_digest="0" * 64))
