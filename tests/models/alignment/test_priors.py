"""Priors: the brief's formula by hand, SciPy's densities term by term, and the closed form of a shifted normal."""

import math
from dataclasses import replace

import numpy as np
import pytest
import xarray as xr
from scipy import stats

from data.load import load_evidence
from models.alignment.priors import AlignmentPrior, prior_parameters
from models.assumptions.setting import Assumptions
from models.assumptions.shares import WEIGHT_KNOBS
from models.measures.drivers import DRIVER_CLAIMS
from models.measures.structure import ALIGNMENT, ALIGNMENT_1
from tests.support.values.year_end import YEAR_END

ASSUMPTIONS = Assumptions.defaults(load_evidence(YEAR_END).claims)
DEFAULT = prior_parameters(ASSUMPTIONS)
SAMPLES = 300
OTHERS = ("rupture_hazard", "stickiness", *WEIGHT_KNOBS.values())


def moved(**values: float) -> AlignmentPrior:
    return prior_parameters(ASSUMPTIONS.replace(values))


def draws(seed: int = 11) -> xr.Dataset:
    """Draws wider than any prior here, with the drivers in another order and an extra variable."""
    rng = np.random.default_rng(seed)
    table = {
        "beta": (("driver", "sample"), rng.normal(0, 0.5, (len(DRIVER_CLAIMS), SAMPLES))),
        "break_log_odds": ("sample", rng.normal(-4, 2, SAMPLES)),
        "level": ("sample", rng.normal(0.5, 1, SAMPLES)),
        "persistence": ("sample", rng.uniform(0.01, 0.99, SAMPLES)),
        "volatility": ("sample", rng.uniform(0.05, 3, SAMPLES)),
        "break_slope": ("sample", rng.uniform(0.1, 2, SAMPLES)),
    }
    shuffled = rng.permutation(np.array(DRIVER_CLAIMS)).tolist()
    return xr.Dataset(table, coords={"driver": shuffled})


def scipy_density(prior: AlignmentPrior, parameters: xr.Dataset) -> np.ndarray:
    """Sum of the six priors, each from SciPy, each driver looked up by name."""
    terms = [
        stats.norm(mean, sd).logpdf(parameters["beta"].sel(driver=claim))
        for claim, mean, sd in zip(DRIVER_CLAIMS, prior.beta_mean, prior.beta_sd, strict=True)
    ]
    terms += [
        stats.norm(prior.break_mean, prior.break_sd).logpdf(parameters["break_log_odds"]),
        stats.norm(prior.level_mean, prior.level_sd).logpdf(parameters["level"]),
        stats.beta(*prior.persistence).logpdf(parameters["persistence"]),
        stats.lognorm(ALIGNMENT.volatility_log_sd, scale=prior.volatility_scale).logpdf(parameters["volatility"]),
    ]
    return np.sum(terms, axis=0)


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"C01": 3.0, "C13": 1.0},
        {"confidence": 2.0, "driver_strength": 0.1},
        {"persistence": 0.5, "volatility": 1.2, "C14": -1.0},
    ],
    ids=str,
)
def test_log_density_is_the_sum_of_scipys(values: dict[str, float]) -> None:
    prior, parameters = moved(**values), draws()
    found = prior.log_density(parameters)
    assert found.shape == (SAMPLES,)
    assert found.dtype == np.float64
    # Two routes through float64: a dozen terms of size up to 1e4 far in the tails.
    np.testing.assert_allclose(found, scipy_density(prior, parameters), rtol=1e-10, atol=1e-9)


def test_shifting_one_claim_tilts_the_density_as_the_closed_form_says() -> None:
    parameters, column = draws(), DRIVER_CLAIMS.index("C05")
    now, then = moved(C05=2.0), DEFAULT
    ratio = now.log_density(parameters) - then.log_density(parameters)
    beta, sd = parameters["beta"].sel(driver="C05").to_numpy(), then.beta_sd[column]
    shift = now.beta_mean[column] - then.beta_mean[column]
    middle = (now.beta_mean[column] + then.beta_mean[column]) / 2
    # N(m + d, s) / N(m, s) = exp(d (x - m - d/2) / s^2): a line in x, zero half-way.
    np.testing.assert_allclose(ratio, shift * (beta - middle) / sd**2, rtol=1e-9, atol=1e-9)
    assert np.ptp(ratio) > 1


def test_density_does_not_ask_which_order_the_drivers_are_stored_in() -> None:
    parameters = draws()
    sorted_drivers = parameters.sel(driver=list(DRIVER_CLAIMS)).transpose("sample", "driver")
    np.testing.assert_array_equal(DEFAULT.log_density(parameters), DEFAULT.log_density(sorted_drivers))


def test_one_claim_by_hand() -> None:
    """C08, mistrust: 1.6 downwards, sign right at 90 %: m = -log 1.6, s = log 1.6 / 1.28, both times 0.35 * 0.1."""
    column = DRIVER_CLAIMS.index("C08")
    assert DEFAULT.beta_mean[column] == pytest.approx(-0.01645013, abs=5e-8)
    assert DEFAULT.beta_sd[column] == pytest.approx(0.01284, abs=3e-5)  # 1.28 is a rounded 1.2816
    assert stats.norm(DEFAULT.beta_mean[column], DEFAULT.beta_sd[column]).cdf(0) == pytest.approx(0.9, abs=1e-9)


@pytest.mark.parametrize("claim", DRIVER_CLAIMS)
def test_every_driver_follows_the_briefs_formula(claim: str) -> None:
    prior, column = ASSUMPTIONS.knobs[claim], DRIVER_CLAIMS.index(claim)
    parameters = moved(driver_strength=1.0, confidence=1.5)
    assert parameters.beta_mean[column] == pytest.approx(0.35 * prior.direction * math.log(prior.default), rel=1e-12)
    assert parameters.beta_sd[column] == pytest.approx(0.35 * prior.sd * 1.5, rel=1e-12)
    assert moved(**{claim: 1.0}).beta_mean[column] == 0.0


def test_drivers_and_claims_stand_in_the_same_order() -> None:
    signs = np.sign(DEFAULT.beta_mean)
    assert tuple(f"C{number:02d}" for number in range(1, 13)) == DRIVER_CLAIMS
    np.testing.assert_array_equal(signs, [1] * 6 + [-1] * 6)


def test_break_level_persistence_and_volatility_by_hand() -> None:
    odds = 0.014 / 0.986
    assert DEFAULT.break_mean == pytest.approx(math.log(odds * 2.2), rel=1e-12)
    assert moved(C13=1.0).break_mean == pytest.approx(math.log(odds), rel=1e-12)
    assert DEFAULT.break_sd == pytest.approx(math.log(2.2) / 1.2816, rel=1e-4)
    assert (DEFAULT.level_mean, DEFAULT.level_sd) == (0.5, 0.4)
    assert stats.beta(*DEFAULT.persistence).mean() == pytest.approx(0.85, abs=1e-12)
    assert sum(DEFAULT.persistence) == pytest.approx(20, abs=1e-12)
    former = prior_parameters(ASSUMPTIONS.replace({"persistence": 0.73}), ALIGNMENT_1)
    assert former.persistence == pytest.approx((8.03, 2.97), abs=1e-12)
    assert stats.lognorm(ALIGNMENT.volatility_log_sd, scale=DEFAULT.volatility_scale).median() == pytest.approx(1.0)


def test_doubt_widens_every_claim_and_moves_none() -> None:
    wide = moved(confidence=2.0)
    np.testing.assert_array_equal(wide.beta_mean, DEFAULT.beta_mean)
    np.testing.assert_allclose(wide.beta_sd, 2 * DEFAULT.beta_sd, rtol=1e-12)
    assert (wide.break_mean, wide.level_mean) == (DEFAULT.break_mean, DEFAULT.level_mean)
    assert (wide.break_sd, wide.level_sd) == pytest.approx((2 * DEFAULT.break_sd, 2 * DEFAULT.level_sd), rel=1e-12)


@pytest.mark.parametrize("key", OTHERS)
def test_knobs_of_the_other_models_leave_the_posterior_alone(key: str) -> None:
    other = moved(**{key: ASSUMPTIONS.knobs[key].low})
    assert other.same_posterior(DEFAULT)
    assert other.log_density(draws()).tolist() == DEFAULT.log_density(draws()).tolist()


@pytest.mark.parametrize("key", [key for key in ASSUMPTIONS.knobs if key not in OTHERS])
def test_every_other_knob_asks_for_another_posterior(key: str) -> None:
    knob = ASSUMPTIONS.knobs[key]
    other = moved(**{key: knob.low if knob.low < knob.default else knob.high})
    assert not other.same_posterior(DEFAULT)
    assert np.ptp(other.log_density(draws()) - DEFAULT.log_density(draws())) > 0.1


@pytest.mark.parametrize("name", ["break_sd", "level_sd", "volatility_scale", "break_mean", "level_mean"])
def test_a_change_of_any_part_is_another_posterior(name: str) -> None:
    assert not replace(DEFAULT, **{name: getattr(DEFAULT, name) + 1e-9}).same_posterior(DEFAULT)
    assert replace(DEFAULT).same_posterior(DEFAULT)
