"""What the record adds to a knob: known draws in, known contraction, shift and verdict out; densities by two routes."""

import dataclasses
import math
from types import MappingProxyType

import numpy as np
import pytest
import xarray as xr
from scipy import stats

from data.load import load_evidence
from models.assumptions import Assumptions
from models.drivers import DRIVER_CLAIMS
from models.errors import AssumptionError
from models.learning import kernel_density, knob_density, knob_learning, knob_marginal, verdict
from models.posterior import Fit
from models.priors import REFERENCE_BREAK_RATE, prior_parameters
from models.reweighting import Weights, smoothed_weights
from models.structure import STRUCTURE
from tests.factories import synthetic_fit

DRAWS = 4000
SETTINGS = ["confidence", "driver_strength", "rupture_hazard", "outside_view_weight"]
UNIFORM = Weights(values=np.full(DRAWS, 1 / DRAWS), pareto_k=None, ess=DRAWS, status="exact")
# Mean 0 and sd 1 exactly, so that planted results are known to rounding.
Z = np.random.default_rng(17).standard_normal(DRAWS)
Z = (Z - Z.mean()) / Z.std()


@pytest.fixture(scope="module")
def defaults() -> Assumptions:
    return Assumptions.defaults(load_evidence().claims)


@pytest.fixture(scope="module")
def fit(defaults: Assumptions) -> Fit:
    """Posteriors planted in prior sds (shift, width): C01 untouched, C07 half-known, C08 known, C10 in conflict."""
    prior = prior_parameters(defaults)
    planted = {"C07": (0.3, 0.8), "C08": (-0.5, 0.4), "C10": (2.4, 0.8)}
    shift, width = np.array([planted.get(claim, (0, 1)) for claim in DRIVER_CLAIMS]).T
    signs = np.array([defaults.knobs[claim].direction for claim in DRIVER_CLAIMS])
    beta = prior.beta_mean + prior.beta_sd * (signs * shift + width * Z[:, None])
    rng = np.random.default_rng(23)
    scalars = {
        "break_log_odds": prior.break_mean + prior.break_sd * 0.9 * Z,
        "level": prior.level_mean + prior.level_sd * 0.6 * Z,
        "persistence": rng.beta(*prior.persistence, DRAWS),
        "volatility": prior.volatility_scale * np.exp(STRUCTURE.volatility_log_sd * rng.standard_normal(DRAWS)),
    }
    table = {name: ("sample", draws) for name, draws in scalars.items()} | {"beta": (("sample", "driver"), beta)}
    small = synthetic_fit(load_evidence(), defaults, samples=8)
    parameters = xr.Dataset(table, coords={"driver": list(DRIVER_CLAIMS)})
    return dataclasses.replace(small, parameters=parameters, chain=np.repeat(np.arange(4), DRAWS // 4))


def test_planted_posteriors_are_found_and_named(fit: Fit, defaults: Assumptions) -> None:
    table = knob_learning(fit, defaults, UNIFORM).set_index("key")
    expected = {
        "C01": (0.0, 0.0, "prior-driven"),
        "C07": (0.36, 0.3, "partly informed"),
        "C08": (0.84, -0.5, "data-driven"),
        "C10": (0.36, 2.4, "in conflict"),
        "C13": (0.19, 0.0, "prior-driven"),
        "C14": (0.64, 0.0, "partly informed"),
    }
    for key, (contraction, shift, word) in expected.items():
        row = table.loc[key]
        np.testing.assert_allclose([row["contraction"], row["shift_sd"]], [contraction, shift], rtol=0, atol=1e-9)
        assert row["verdict"] == word, key


def test_draws_of_the_prior_are_prior_driven(fit: Fit, defaults: Assumptions) -> None:
    """A contraction estimated from 4,000 draws of the prior is 0 within 0.1 (four standard errors of a variance, 0.022
    each)."""
    table = knob_learning(fit, defaults, UNIFORM).set_index("key")
    for key in ("persistence", "volatility"):
        assert table.loc[key, "verdict"] == "prior-driven"
        assert abs(table.loc[key, "contraction"]) <= 0.1
        assert abs(table.loc[key, "shift_sd"]) <= 4 / math.sqrt(DRAWS)


def test_every_knob_has_a_row_and_settings_have_no_numbers(fit: Fit, defaults: Assumptions) -> None:
    table = knob_learning(fit, defaults, UNIFORM)
    assert table["key"].tolist() == list(defaults.knobs)
    settings = table[table["verdict"] == "setting"]
    assert settings["key"].tolist() == SETTINGS
    assert settings.drop(columns=["key", "label", "unit", "verdict"]).isna().all(axis=None)
    assert not table[table["verdict"] != "setting"].isna().any(axis=None)


@pytest.mark.parametrize("strength", [0.3, 0.7, 1.2])
def test_a_claim_is_shown_on_its_own_slider_whatever_the_drivers_matter(
    fit: Fit, defaults: Assumptions, strength: float
) -> None:
    assumptions = defaults.replace({"driver_strength": strength, "C07": 1.8, "confidence": 1.5})
    table = knob_learning(fit, assumptions, UNIFORM).set_index("key")
    for key in (*DRIVER_CLAIMS, "C13", "C14", "persistence", "volatility"):
        np.testing.assert_allclose(table.loc[key, "prior_centre"], assumptions.values[key], rtol=1e-12)
        if key.startswith("C"):
            np.testing.assert_allclose(table.loc[key, "prior_sd"], 1.5 * defaults.knobs[key].sd, rtol=1e-12)
    beta = fit.parameters["beta"].sel(driver="C07").to_numpy().mean()
    by_hand = math.exp(-beta / (0.35 * strength))
    np.testing.assert_allclose(table.loc["C07", "posterior_centre"], by_hand, rtol=1e-12)


def test_the_break_knob_is_a_multiple_of_the_reference_rate(fit: Fit, defaults: Assumptions) -> None:
    marginal = knob_marginal(fit, defaults, "C13")
    odds = np.exp(fit.parameters["break_log_odds"].to_numpy())
    np.testing.assert_allclose(
        marginal.on_knob(marginal.draws), odds / (REFERENCE_BREAK_RATE / (1 - REFERENCE_BREAK_RATE))
    )


def test_weights_move_the_posterior(fit: Fit, defaults: Assumptions) -> None:
    """Tilting a unit normal by exp(t z) shifts its mean by t: C01 planted as the prior, tilted by half a standard
    deviation."""
    table = knob_learning(fit, defaults, smoothed_weights(0.5 * Z)).set_index("key")
    assert abs(table.loc["C01", "shift_sd"] - 0.5) <= 4 * math.sqrt(math.exp(0.25) / DRAWS)


@pytest.mark.parametrize("key", ["C01", "C10", "C13", "C14", "persistence", "volatility"])
def test_densities_are_densities(fit: Fit, defaults: Assumptions, key: str) -> None:
    """Both integrate to one over the shown range (3.5 sds, up to 2 % left out of a skewed prior) and neither leaves
    the bounds."""
    table = knob_density(fit, defaults, UNIFORM, key)
    for column in ("prior", "posterior"):
        assert np.all(table[column] >= 0)
        assert abs(np.trapezoid(table[column], table["x"]) - 1) <= 0.02
    low, high = {"persistence": (0, 1), "C14": (-math.inf, math.inf)}.get(key, (0, math.inf))
    assert table["x"].between(low, high, inclusive="neither").all()


def test_prior_densities_agree_with_scipy(fit: Fit, defaults: Assumptions) -> None:
    prior = prior_parameters(defaults)
    laws = {
        "C01": stats.lognorm(s=defaults.knobs["C01"].sd, scale=defaults.values["C01"]),
        "C10": stats.lognorm(s=defaults.knobs["C10"].sd, scale=defaults.values["C10"]),
        "C13": stats.lognorm(s=defaults.knobs["C13"].sd, scale=defaults.values["C13"]),
        "C14": stats.norm(prior.level_mean, prior.level_sd),
        "persistence": stats.beta(*prior.persistence),
        "volatility": stats.lognorm(s=STRUCTURE.volatility_log_sd, scale=prior.volatility_scale),
    }
    for key, law in laws.items():
        table = knob_density(fit, defaults, UNIFORM, key)
        np.testing.assert_allclose(table["prior"], law.pdf(table["x"]), rtol=1e-9)
        marginal = knob_marginal(fit, defaults, key)
        if not marginal.is_log:
            np.testing.assert_allclose([marginal.mean, marginal.sd], [law.mean(), law.std()], rtol=1e-12)


def test_kernel_density_agrees_with_scipy_and_respects_bounds() -> None:
    weights, points = smoothed_weights(0.6 * Z), np.linspace(-3, 4, 50)
    reference = stats.gaussian_kde(Z, bw_method="silverman", weights=weights.values)
    np.testing.assert_allclose(kernel_density(points, Z, weights), reference(points), rtol=1e-9)
    inside = np.linspace(0, 6, 2000)
    folded = kernel_density(inside, np.abs(Z), UNIFORM, (0.0, math.inf))
    assert abs(np.trapezoid(folded, inside) - 1) <= 1e-3
    # Without reflection half the mass would leak; the kernel's width flattens the corner a little.
    assert abs(folded[0] / math.sqrt(2 / math.pi) - 1) <= 0.1


def test_verdict_at_its_thresholds() -> None:
    assert verdict(0.1999, 0.0) == "prior-driven"
    assert verdict(0.2, 0.0) == "partly informed"
    assert verdict(0.75, 0.0) == "data-driven"
    assert verdict(-0.3, 0.62) == "prior-driven"
    assert verdict(-0.3, -0.63) == "in conflict"
    assert verdict(0.81, 2.2) == "data-driven"
    assert verdict(0.81, -2.3) == "in conflict"


def test_a_true_prior_is_seldom_in_conflict() -> None:
    """Data simulated from the prior of a normal model: 1.2 % beyond 2.5 standard errors, whatever the data's weight."""
    rng, n = np.random.default_rng(41), 20_000
    for precision in (0.1, 1.0, 10.0):
        theta = rng.standard_normal(n)
        reading = theta + rng.standard_normal(n) / math.sqrt(precision)
        contraction = precision / (1 + precision)
        share = np.mean([verdict(contraction, shift) == "in conflict" for shift in contraction * reading])
        assert abs(share - 0.0124) <= 4 * math.sqrt(0.0124 / n)


@pytest.mark.parametrize("key", [*SETTINGS, "C99"])
def test_a_density_of_no_parameter_is_refused(fit: Fit, defaults: Assumptions, key: str) -> None:
    with pytest.raises(AssumptionError, match=key):
        knob_density(fit, defaults, UNIFORM, key)


def test_nothing_is_changed(fit: Fit, defaults: Assumptions) -> None:
    before = fit.parameters["beta"].to_numpy().copy()
    knob_learning(fit, defaults, UNIFORM)
    np.testing.assert_array_equal(fit.parameters["beta"].to_numpy(), before)
    assert isinstance(defaults.values, MappingProxyType)
