"""Replicated ledgers against the recorded one: a fitted model passes, a shifted one is caught."""

from dataclasses import replace

import numpy as np
import pytest

from models.alignment.posterior_predictive import band_check, year_check
from models.fits.alignment_fit import base_case
from models.measures.structure import ALIGNMENT, MEASUREMENT
from models.outcome.rule import yearly_readings


@pytest.fixture(scope="module")
def fit(evidence):
    return base_case(evidence)


def inside(check) -> float:
    return float(((check["observed"] >= check["q05"]) & (check["observed"] <= check["q95"])).mean())


def test_bands_are_shares_and_the_fitted_model_writes_them(evidence, fit) -> None:
    check = band_check(fit, evidence, seed=1)
    assert len(check) == MEASUREMENT.bands
    np.testing.assert_allclose(check["observed"].sum(), 1.0, rtol=1e-12)
    assert inside(check) == 1.0


def test_years_are_those_with_events_and_nine_in_ten_lie_inside(evidence, fit) -> None:
    check = year_check(fit, evidence, seed=1)
    means, _ = yearly_readings(evidence.events, ALIGNMENT.first_year, 2025)
    np.testing.assert_array_equal(check["observed"], means[~np.isnan(means)])
    # 76 years at 90 %: binomial sd 3.4 points; the fit saw these years, so only a low count is suspicious.
    assert inside(check) >= 0.9 - 3 * 0.034


def test_a_model_that_is_two_points_too_friendly_is_caught(evidence, fit) -> None:
    friendly = replace(fit, alignment=(fit.alignment + 2.0).astype("float32"))
    assert inside(band_check(friendly, evidence, seed=1)) < 0.5
    assert inside(year_check(friendly, evidence, seed=1)) < 0.75


def test_the_same_seed_replicates_the_same_ledgers(evidence, fit) -> None:
    first, again = (year_check(fit, evidence, seed=3) for _ in range(2))
    np.testing.assert_array_equal(first["q50"], again["q50"])
