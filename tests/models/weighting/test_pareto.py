"""Pareto smoothing: ArviZ's own numbers, and the tail index of ratios whose law is known."""

import math
import warnings

import numpy as np
import pytest
from arviz_stats.base import array_stats

from models.weighting.pareto import smoothed

SIZES = (30, 60, 224, 225, 226, 1000, 5001)


def reference(log_ratio: np.ndarray, efficiency: float) -> tuple[np.ndarray, float]:
    """ArviZ's smoothing, which takes minus the log ratio and normalises what it returns."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of a large k, which is part of the answer here
        log_weights, shape = array_stats.psislw(-log_ratio, r_eff=efficiency, axis=-1)
    return log_weights, float(shape)


def normalised(log_ratio: np.ndarray) -> np.ndarray:
    return log_ratio - np.logaddexp.reduce(log_ratio)


@pytest.mark.parametrize("efficiency", [1.0, 0.4])
@pytest.mark.parametrize("scale", [0.01, 0.5, 2.0, 8.0])
@pytest.mark.parametrize("size", SIZES)
def test_every_number_is_that_of_arviz(size: int, scale: float, efficiency: float) -> None:
    log_ratio = scale * np.random.default_rng([size, round(100 * scale)]).standard_normal(size) - 3
    found, shape = smoothed(log_ratio, efficiency)
    expected, expected_shape = reference(log_ratio, efficiency)
    np.testing.assert_allclose(shape, expected_shape, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(normalised(found), expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("law", ["uniform tail", "exponential tail", "Cauchy"])
def test_other_tails_are_those_of_arviz_too(law: str) -> None:
    rng = np.random.default_rng(77)
    log_ratio = {
        "uniform tail": np.log(rng.random(3000)),
        "exponential tail": np.log(rng.exponential(size=3000)),
        "Cauchy": np.log(np.abs(rng.standard_cauchy(3000))),
    }[law]
    found, shape = smoothed(log_ratio)
    expected, expected_shape = reference(log_ratio, 1.0)
    np.testing.assert_allclose(shape, expected_shape, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(normalised(found), expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("shape", [0.3, 0.5, 0.8])
def test_k_is_the_tail_index_of_the_ratios(shape: float) -> None:
    """Ratios u^-k have an exact Pareto tail of shape k (the definition in Vehtari et al. 2024). A wrong sign gives k
    near -1.

    The fit's error is (1 + k) / sqrt(tail), and its weak prior pulls ten observations towards 0.5.
    """
    size = 40_000
    _, found = smoothed(-shape * np.log(np.random.default_rng(5).random(size)))
    tail = 3 * np.sqrt(size)
    assert abs(found - shape) <= 4 * (1 + shape) / np.sqrt(tail) + 10 / tail * abs(shape - 0.5)


def test_only_the_tail_moves_keeps_its_order_and_stays_below_the_largest() -> None:
    log_ratio = 2 * np.random.default_rng(6).standard_normal(4000) + 40
    before, (found, _) = log_ratio.copy(), smoothed(log_ratio)
    np.testing.assert_array_equal(log_ratio, before)
    tail = np.argsort(log_ratio)[-int(3 * np.sqrt(4000)) :]
    rest = np.setdiff1d(np.arange(4000), tail)
    # Adding and taking away the maximum rounds the last digit.
    np.testing.assert_allclose(found[rest], log_ratio[rest], rtol=1e-14)
    assert np.all(np.diff(found[tail]) >= 0)
    assert found.max() <= log_ratio.max()
    assert not np.allclose(found[tail], log_ratio[tail])


@pytest.mark.parametrize("constant", [-700.0, 1e4])
def test_a_common_constant_changes_nothing(constant: float) -> None:
    log_ratio = np.random.default_rng(8).standard_normal(1000)
    (plain, k), (shifted, shifted_k) = smoothed(log_ratio), smoothed(log_ratio + constant)
    # At 10,000 a double resolves 2e-12 of the logarithm.
    np.testing.assert_allclose(shifted - constant, plain, rtol=0, atol=1e-10)
    np.testing.assert_allclose(shifted_k, k, rtol=0, atol=1e-10)


@pytest.mark.parametrize("law", ["one draw has all", "all the same but one"])
def test_ratios_that_no_tail_fits_are_left_alone(law: str) -> None:
    log_ratio = {
        "one draw has all": 1e5 * np.random.default_rng(9).standard_normal(1000),
        "all the same but one": np.r_[np.zeros(999), 1.0],
    }[law]
    found, shape = smoothed(log_ratio)
    assert shape == math.inf
    np.testing.assert_array_equal(found, log_ratio)
