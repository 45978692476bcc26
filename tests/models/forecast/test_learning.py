"""What the record adds to a knob: known draws in, known contraction, shift and verdict out; densities by two routes."""

import dataclasses
import math
from types import MappingProxyType

import numpy as np
import pytest
from scipy import stats

from data.load import load_evidence
from models.alignment.marginals import kernel_density, knob_marginals, normal_mixture
from models.alignment.priors import REFERENCE_BREAK_RATE, prior_parameters
from models.assumptions.setting import Assumptions
from models.assumptions.shares import WEIGHT_KNOBS
from models.errors import AssumptionError, FitError
from models.forecast.learning import PICKED, knob_density, knob_learning, verdict
from models.library.library import Library
from models.measures.drivers import DRIVER_CLAIMS
from models.measures.structure import ALIGNMENT
from models.weighting.weights import Weights, smoothed_weights
from tests.support.values.factories import library_of
from tests.support.values.prior_fits import prior_fit
from tests.support.values.year_end import YEAR_END

DRAWS = 4000
SETTINGS = ["confidence", "driver_strength", "rupture_hazard", "stickiness", *WEIGHT_KNOBS.values()]
UNIFORM = Weights(values=np.full(DRAWS, 1 / DRAWS), pareto_k=None, ess=DRAWS, status="exact")
# Mean 0 and sd 1 exactly, so that planted results are known to rounding.
Z = np.random.default_rng(17).standard_normal(DRAWS)
Z = (Z - Z.mean()) / Z.std()
TILTED = smoothed_weights(0.5 * Z)


@pytest.fixture(scope="module")
def defaults() -> Assumptions:
    return Assumptions.defaults(load_evidence(YEAR_END).claims)


@pytest.fixture(scope="module")
def library(defaults: Assumptions) -> Library:
    """Posteriors planted in prior sds (shift, width): C01 untouched, C07 half-known, C08 known, C10 in conflict; the
    level (C14) has width 0.6.

    Drivers are made uncorrelated with each other and with the level, so that one coefficient's law given the path
    follows from its own two numbers. Half of a planted variance lies within the paths and half between them.
    """
    prior, rng = prior_parameters(defaults), np.random.default_rng(23)
    planted = {"C07": (0.3, 0.8), "C08": (-0.5, 0.4), "C10": (2.4, 0.8)}
    shift, width = np.array([planted.get(claim, (0, 1)) for claim in DRIVER_CLAIMS]).T
    shift *= [defaults.knobs[claim].direction for claim in DRIVER_CLAIMS]
    volatility = prior.volatility_scale * np.exp(ALIGNMENT.volatility_log_sd * rng.standard_normal(DRAWS))
    known = np.array([claim in planted for claim in DRIVER_CLAIMS])
    gram = np.where(known, (2 / width**2 - 1) * np.median(volatility) ** 2, 0) / prior.beta_sd**2
    within = 1 / (prior.beta_sd**-2 + gram / np.square(volatility)[:, None])
    between = (width * prior.beta_sd) ** 2 - within.mean(axis=0)
    mean = prior.beta_mean + shift * prior.beta_sd + np.sqrt(between.clip(0)) * Z[:, None]
    persistence = rng.beta(*prior.persistence, DRAWS)
    room, width = 1 - persistence, 0.6 * prior.level_sd
    steps = 4.0 * np.median(np.square(volatility / room)) / prior.level_sd**2
    level_within = 1 / (np.square(room / volatility) * steps + ALIGNMENT.start_sd**-2 + prior.level_sd**-2)
    level = prior.level_mean + np.sqrt(width**2 - level_within.mean()) * Z
    small = library_of(load_evidence(YEAR_END), prior_fit(load_evidence(YEAR_END), defaults, samples=DRAWS, seed=29))
    told = small.draws.start / ALIGNMENT.start_sd**2 + prior.level_mean / prior.level_sd**2
    draws = dataclasses.replace(
        small.draws,
        crossproduct=np.square(volatility)[:, None] * (mean / within - prior.beta_mean / prior.beta_sd**2),
        gram=np.diag(gram),
        volatility=volatility,
        break_log_odds=prior.break_mean + prior.break_sd * 0.9 * Z,
        persistence=persistence,
        driver_total=np.zeros(len(DRIVER_CLAIMS)),
        steps=np.array(steps),
        steps_before=np.array(0),
        total_before=np.zeros_like(small.draws.total_before),
        total=(level / level_within - told) / (room / np.square(volatility)),
    )
    return dataclasses.replace(small, draws=draws)


def test_planted_posteriors_are_found_and_named(library: Library, defaults: Assumptions) -> None:
    table = knob_learning(library, defaults, UNIFORM).set_index("key")
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


def test_draws_of_the_prior_are_prior_driven(library: Library, defaults: Assumptions) -> None:
    """A contraction estimated from 4,000 draws of the prior is 0 within 0.1 (four standard errors of a variance, 0.022
    each)."""
    table = knob_learning(library, defaults, UNIFORM).set_index("key")
    for key in ("persistence", "volatility"):
        assert table.loc[key, "verdict"] == "prior-driven"
        assert abs(table.loc[key, "contraction"]) <= 0.1
        assert abs(table.loc[key, "shift_sd"]) <= 4 / math.sqrt(DRAWS)


def test_every_knob_has_a_row_and_settings_have_no_numbers(library: Library, defaults: Assumptions) -> None:
    table = knob_learning(library, defaults, UNIFORM)
    assert table["key"].tolist() == list(defaults.knobs)
    settings = table[table["verdict"] == "setting"]
    assert settings["key"].tolist() == SETTINGS
    assert settings.drop(columns=["key", "label", "unit", "verdict"]).isna().all(axis=None)
    assert not table[table["verdict"] != "setting"].isna().any(axis=None)


@pytest.mark.parametrize("strength", [0.3, 0.7, 1.2])
def test_a_claim_is_shown_on_its_own_slider_whatever_the_drivers_matter(
    library: Library, defaults: Assumptions, strength: float
) -> None:
    assumptions = defaults.replace({"driver_strength": strength, "C07": 1.8, "confidence": 1.5})
    table = knob_learning(library, assumptions, UNIFORM).set_index("key")
    for key in (*DRIVER_CLAIMS, "C13", "C14", "persistence", "volatility"):
        np.testing.assert_allclose(table.loc[key, "prior_centre"], assumptions.values[key], rtol=1e-12)
        if key.startswith("C"):
            np.testing.assert_allclose(table.loc[key, "prior_sd"], 1.5 * defaults.knobs[key].sd, rtol=1e-12)
    prior, draws = prior_parameters(assumptions), library.draws
    precision = draws.gram / np.square(draws.volatility)[:, None, None] + np.diag(prior.beta_sd**-2)
    information = draws.crossproduct / np.square(draws.volatility)[:, None] + prior.beta_mean / prior.beta_sd**2
    beta = np.linalg.solve(precision, information[..., None])[:, DRIVER_CLAIMS.index("C07"), 0].mean()
    by_hand = math.exp(-beta / (0.35 * strength))
    np.testing.assert_allclose(table.loc["C07", "posterior_centre"], by_hand, rtol=1e-9)


def test_the_break_knob_is_a_multiple_of_the_reference_rate(library: Library, defaults: Assumptions) -> None:
    marginal = knob_marginals(library.draws, defaults)["C13"]
    odds = np.exp(library.draws.break_log_odds)
    np.testing.assert_allclose(
        marginal.on_knob(marginal.draws), odds / (REFERENCE_BREAK_RATE / (1 - REFERENCE_BREAK_RATE))
    )


@pytest.mark.parametrize(("key", "width"), [("C13", 0.9)])
def test_weights_move_the_posterior(library: Library, defaults: Assumptions, key: str, width: float) -> None:
    """Tilting a unit normal by exp(t z) shifts its mean by t and leaves its width: here by half a planted sd."""
    table = knob_learning(library, defaults, TILTED).set_index("key")
    assert abs(table.loc[key, "shift_sd"] - 0.5 * width) <= 4 * width * math.sqrt(math.exp(0.25) / DRAWS)
    assert abs(table.loc[key, "contraction"] - (1 - width**2)) <= 4 * width**2 * math.sqrt(2 * math.exp(0.25) / DRAWS)


def given_the_paths(library: Library, assumptions: Assumptions, claim: str) -> tuple[np.ndarray, np.ndarray]:
    mean, variance = library.draws.coefficients(prior_parameters(assumptions))
    return mean[:, DRIVER_CLAIMS.index(claim)], variance[:, DRIVER_CLAIMS.index(claim)]


def test_weights_move_a_claim_by_its_mean_given_the_path(library: Library, defaults: Assumptions) -> None:
    """Only what lies between the paths moves; what lies within them adds its variance whatever the weights."""
    mean, variance = given_the_paths(library, defaults, "C08")
    scale = 0.35 * defaults.values["driver_strength"]
    centre = float(TILTED.values @ mean)
    total = math.sqrt(float(TILTED.values @ (variance + (mean - centre) ** 2))) / scale
    row = knob_learning(library, defaults, TILTED).set_index("key").loc["C08"]
    np.testing.assert_allclose(row["posterior_mean"], defaults.knobs["C08"].direction * centre / scale, rtol=1e-9)
    np.testing.assert_allclose(row["posterior_sd"], total, rtol=1e-9)
    plain = knob_learning(library, defaults, UNIFORM).set_index("key").loc["C08"]
    assert abs(row["shift_sd"] - plain["shift_sd"]) > 0.05


def test_the_density_of_a_claim_is_the_mixture_of_its_laws(library: Library, defaults: Assumptions) -> None:
    """Against scipy over all weighted draws; two thousand picked ones have an error of 1 % of the peak: 4 of them."""
    table = knob_density(library, defaults, TILTED, "C08")
    mean, variance = given_the_paths(library, defaults, "C08")
    to_knob = defaults.knobs["C08"].direction / (0.35 * defaults.values["driver_strength"])
    x = table["x"].to_numpy()
    each = stats.norm.pdf(np.log(x), (mean * to_knob)[:, None], (np.sqrt(variance) * abs(to_knob))[:, None]) / x
    exact = TILTED.values @ each
    np.testing.assert_allclose(table["posterior"], exact, rtol=0, atol=0.04 * exact.max())


def test_the_density_of_an_untouched_claim_is_its_prior(library: Library, defaults: Assumptions) -> None:
    """No path knows anything of it, so every law in the mixture is the prior."""
    table = knob_density(library, defaults, TILTED, "C01")
    np.testing.assert_allclose(table["posterior"], table["prior"], rtol=1e-6)


def test_a_kernel_estimate_follows_the_weights(library: Library, defaults: Assumptions) -> None:
    """C13 tilted is log-normal with the shifted mean: two thousand draws find it within an eighth of the peak."""
    prior, table = prior_parameters(defaults), knob_density(library, defaults, TILTED, "C13")
    centre = prior.break_mean + 0.45 * prior.break_sd - math.log(REFERENCE_BREAK_RATE / (1 - REFERENCE_BREAK_RATE))
    exact = stats.lognorm.pdf(table["x"], 0.9 * prior.break_sd, scale=math.exp(centre))
    np.testing.assert_allclose(table["posterior"], exact, rtol=0, atol=0.125 * exact.max())


@pytest.mark.parametrize("key", ["C01", "C10", "C13", "C14", "persistence", "volatility"])
def test_densities_are_densities(library: Library, defaults: Assumptions, key: str) -> None:
    """Both integrate to one over the shown range (3.5 sds, up to 2 % left out of a skewed prior) and neither leaves
    the bounds."""
    table = knob_density(library, defaults, UNIFORM, key)
    for column in ("prior", "posterior"):
        assert np.all(table[column] >= 0)
        assert abs(np.trapezoid(table[column], table["x"]) - 1) <= 0.02
    low, high = {"persistence": (0, 1), "C14": (-math.inf, math.inf)}.get(key, (0, math.inf))
    assert table["x"].between(low, high, inclusive="neither").all()


def test_prior_densities_agree_with_scipy(library: Library, defaults: Assumptions) -> None:
    prior = prior_parameters(defaults)
    laws = {
        "C01": stats.lognorm(s=defaults.knobs["C01"].sd, scale=defaults.values["C01"]),
        "C10": stats.lognorm(s=defaults.knobs["C10"].sd, scale=defaults.values["C10"]),
        "C13": stats.lognorm(s=defaults.knobs["C13"].sd, scale=defaults.values["C13"]),
        "C14": stats.norm(prior.level_mean, prior.level_sd),
        "persistence": stats.beta(*prior.persistence),
        "volatility": stats.lognorm(s=ALIGNMENT.volatility_log_sd, scale=prior.volatility_scale),
    }
    for key, law in laws.items():
        table = knob_density(library, defaults, UNIFORM, key)
        np.testing.assert_allclose(table["prior"], law.pdf(table["x"]), rtol=1e-9)
        marginal = knob_marginals(library.draws, defaults)[key]
        if not marginal.is_log:
            np.testing.assert_allclose([marginal.mean, marginal.sd], [law.mean(), law.std()], rtol=1e-12)


@pytest.mark.parametrize("effective", [DRAWS, 700.0])
def test_kernel_density_agrees_with_scipy_and_respects_bounds(effective: float) -> None:
    points = np.linspace(-3, 4, 50)
    reference = stats.gaussian_kde(Z, bw_method=(0.75 * effective) ** -0.2)
    np.testing.assert_allclose(kernel_density(points, Z, effective), reference(points), rtol=1e-9)
    inside = np.linspace(0, 6, 2000)
    folded = kernel_density(inside, np.abs(Z), effective, (0.0, math.inf))
    assert abs(np.trapezoid(folded, inside) - 1) <= 1e-3
    # Without reflection half the mass would leak; the kernel's width flattens the corner a little.
    assert abs(folded[0] / math.sqrt(2 / math.pi) - 1) <= 0.1


def test_a_mixture_is_the_mean_of_its_laws() -> None:
    points, centres, sds = np.linspace(-2, 2, 9), Z[:100], np.linspace(0.1, 2, 100)
    expected = stats.norm.pdf(points[:, None], centres, sds).mean(axis=1)
    np.testing.assert_allclose(normal_mixture(points, centres, sds), expected, rtol=1e-12)


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
def test_a_density_of_no_parameter_is_refused(library: Library, defaults: Assumptions, key: str) -> None:
    with pytest.raises(AssumptionError, match=key):
        knob_density(library, defaults, UNIFORM, key)


def test_weights_of_other_draws_are_refused(library: Library, defaults: Assumptions) -> None:
    other = Weights(values=np.full(PICKED, 1 / PICKED), pareto_k=None, ess=PICKED, status="exact")
    for ask in (lambda: knob_learning(library, defaults, other), lambda: knob_density(library, defaults, other, "C01")):
        with pytest.raises(FitError, match=f"{PICKED} weights for {DRAWS} draws"):
            ask()


def test_nothing_is_changed(library: Library, defaults: Assumptions) -> None:
    before = library.draws.crossproduct.copy()
    knob_learning(library, defaults, UNIFORM)
    np.testing.assert_array_equal(library.draws.crossproduct, before)
    assert isinstance(defaults.values, MappingProxyType)
