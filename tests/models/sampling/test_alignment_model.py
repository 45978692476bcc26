"""The PyMC model against the same model written a second time in NumPy and SciPy, and what it treats as information."""

import dataclasses
from collections.abc import Callable, Mapping

import numpy as np
import pymc as pm
import pytensor.tensor as pt
import pytest
import xarray as xr
from scipy import stats

from data.evidence import Evidence
from models.alignment.priors import AlignmentPrior, prior_parameters
from models.assumptions.setting import Assumptions
from models.measures.drivers import DRIVER_CLAIMS, driver_table
from models.measures.readings import Readings, read_ledger
from models.measures.structure import ALIGNMENT, MEASUREMENT
from models.sampling.alignment_model import build_model, ledger_data, log_band_probabilities, prior_data

# 75 years and some 110 terms are summed in another order: 1e-9 of a log density near -500 is far above that rounding.
RELATIVE = 1e-9

type Point = dict[str, np.ndarray]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The model, compiled without optimisation (under a second): what it answers at a point of the natural scale."""

    model: pm.Model
    function: Callable[[Mapping[str, np.ndarray]], list[np.ndarray]]
    lagged: np.ndarray
    readings: Readings

    def __call__(self, point: Point, prior: AlignmentPrior, readings: Readings | None = None) -> dict[str, np.ndarray]:
        shown = readings or self.readings
        data = {**prior_data(prior), **ledger_data(shown, 0)}
        self.model.set_data("drivers", self.lagged)
        for name, value in data.items():
            self.model.set_data(name, value)
        names = ("log_density", "with_jacobian", "alignment", "cutpoints")
        return dict(zip(names, self.function(unconstrained(point)), strict=True))


@pytest.fixture(scope="module")
def prior(evidence: Evidence) -> AlignmentPrior:
    return prior_parameters(Assumptions.defaults(evidence.claims))


@pytest.fixture(scope="module")
def target(evidence: Evidence, prior: AlignmentPrior) -> Target:
    readings, lagged = read_ledger(evidence), driver_table(evidence).lagged
    model = build_model(readings, lagged, prior)
    deterministic = model.replace_rvs_by_values([model["alignment"], model["cutpoints"]])
    outputs = [model.logp(jacobian=False), model.logp(), *deterministic]
    function = model.compile_fn(outputs, inputs=model.value_vars, point_fn=True, mode="FAST_COMPILE")
    return Target(model=model, function=function, lagged=lagged, readings=readings)


def natural_point(rng: np.random.Generator, steps: int) -> Point:
    """Somewhere plausible: about where prior and posterior put their mass."""
    return {
        "beta": rng.normal(0.0, 0.15, len(DRIVER_CLAIMS)),
        "level": rng.normal(0.5, 0.4),
        "persistence": rng.uniform(0.4, 0.95),
        "volatility": rng.uniform(0.3, 1.2),
        "volatility_before": rng.uniform(0.3, 1.2),
        "start": rng.normal(),
        "shock": rng.normal(size=steps),
        "gap": rng.uniform(0.5, 1.6, len(MEASUREMENT.band_edges) - 1),
        "space_offset": rng.normal(0.0, 0.4),
        "break_log_odds": rng.normal(-3.5, 0.6),
        "break_slope": rng.uniform(0.4, 1.2),
    }


def unconstrained(point: Point) -> dict[str, np.ndarray]:
    positive = ("volatility", "volatility_before", "gap", "break_slope")
    logs = {f"{name}_log__": np.log(point[name]) for name in positive}
    plain = {name: point[name] for name in ("beta", "level", "start", "shock", "space_offset", "break_log_odds")}
    rho = point["persistence"]
    return plain | logs | {"persistence_logodds__": np.log(rho / (1 - rho))}


def plain_path(point: Point, lagged: np.ndarray) -> np.ndarray:
    """The recursion as the docstring states it, one year at a time."""
    path = [point["level"] + ALIGNMENT.start_sd * point["start"]]
    for year, x, shock in zip(range(1951, 1951 + len(lagged)), lagged, point["shock"], strict=True):
        pull = point["persistence"] * (path[-1] - point["level"])
        scale = point["volatility"] if year >= 1990 else point["volatility_before"]
        path.append(point["level"] + pull + float(x @ point["beta"]) + scale * shock)
    return np.array(path)


def plain_cutpoints(gap: np.ndarray) -> np.ndarray:
    """Edges one by one outwards from the anchor at 0."""
    edges = {MEASUREMENT.anchor_edge: 0.0}
    for index in range(MEASUREMENT.anchor_edge, gap.size):
        edges[index + 1] = edges[index] + gap[index]
    for index in range(MEASUREMENT.anchor_edge - 1, -1, -1):
        edges[index] = edges[index + 1] - gap[index]
    return np.array([edges[index] for index in range(gap.size + 1)])


def band_probabilities(centre: float, cutpoints: np.ndarray) -> np.ndarray:
    """Differences of the logistic distribution function, each in the tail where it keeps its digits."""
    edges = np.concatenate([[-np.inf], cutpoints, [np.inf]])
    lower = np.diff(stats.logistic.cdf(edges, loc=centre))
    upper = -np.diff(stats.logistic.sf(edges, loc=centre))
    return np.where(edges[:-1] > centre, upper, lower)


def plain_log_density(point: Point, prior: AlignmentPrior, readings: Readings, lagged: np.ndarray) -> float:
    s, path, cutpoints = MEASUREMENT, plain_path(point, lagged), plain_cutpoints(point["gap"])
    terms = [
        stats.norm.logpdf(point["beta"], prior.beta_mean, prior.beta_sd).sum(),
        stats.norm.logpdf(point["level"], prior.level_mean, prior.level_sd),
        stats.beta.logpdf(point["persistence"], *prior.persistence),
        stats.lognorm.logpdf(point["volatility"], ALIGNMENT.volatility_log_sd, scale=prior.volatility_scale),
        stats.lognorm.logpdf(
            point["volatility_before"], ALIGNMENT.volatility_log_sd, scale=ALIGNMENT.volatility_before
        ),
        stats.norm.logpdf(point["start"]),
        stats.norm.logpdf(point["shock"]).sum(),
        stats.lognorm.logpdf(point["gap"], s.gap_log_sd, scale=np.exp(s.gap_log_mean)).sum(),
        stats.norm.logpdf(point["space_offset"], 0.0, s.space_offset_sd),
        stats.norm.logpdf(point["break_log_odds"], prior.break_mean, prior.break_sd),
        stats.lognorm.logpdf(point["break_slope"], s.break_slope_log_sd, scale=np.exp(s.break_slope_log_mean)),
    ]
    for year, alignment in enumerate(path):
        for domain, offset in enumerate((0.0, point["space_offset"])):
            terms.append(readings.counts[year, domain] @ np.log(band_probabilities(alignment + offset, cutpoints)))
        chance = stats.logistic.cdf(point["break_log_odds"] - point["break_slope"] * (alignment - s.break_alignment))
        calm = readings.seen[year] * np.log1p(-chance)
        terms.append(np.log(chance / (1 - chance)) + calm if readings.breaks[year] else calm)
    return float(np.sum(terms))


def log_jacobian(point: Point) -> float:
    """Log derivative of the natural by the unconstrained scale (logs; log odds for the persistence)."""
    rho = point["persistence"]
    positive = sum(np.log(point[name]) for name in ("volatility", "volatility_before", "break_slope"))
    return float(positive + np.log(point["gap"]).sum() + np.log(rho * (1 - rho)))


@pytest.mark.parametrize("seed", range(6))
def test_log_density_equals_a_second_implementation(target: Target, prior: AlignmentPrior, seed: int) -> None:
    point = natural_point(np.random.default_rng(seed), target.lagged.shape[0])
    found = target(point, prior)
    expected = plain_log_density(point, prior, target.readings, target.lagged)
    np.testing.assert_allclose(found["log_density"], expected, rtol=RELATIVE)
    np.testing.assert_allclose(found["with_jacobian"], expected + log_jacobian(point), rtol=RELATIVE)


@pytest.mark.parametrize("broken", [False, True])
def test_a_year_that_has_not_ended_weighs_what_was_seen_of_it(
    target: Target, prior: AlignmentPrior, broken: bool
) -> None:
    ledger, point = target.readings, natural_point(np.random.default_rng(8), target.lagged.shape[0])
    flags, seen = np.append(ledger.breaks[:-1], broken), np.append(ledger.seen[:-1], 0.25)
    unended = dataclasses.replace(ledger, breaks=flags, seen=seen)
    expected = plain_log_density(point, prior, unended, target.lagged)
    np.testing.assert_allclose(target(point, prior, unended)["log_density"], expected, rtol=RELATIVE)


@pytest.mark.parametrize("seed", range(3))
def test_matrix_path_equals_the_recursion(target: Target, prior: AlignmentPrior, seed: int) -> None:
    point = natural_point(np.random.default_rng(100 + seed), target.lagged.shape[0])
    found = target(point, prior)
    # 75 products of powers of the persistence against 75 steps: rounding only.
    np.testing.assert_allclose(found["alignment"], plain_path(point, target.lagged), rtol=0, atol=1e-11)
    np.testing.assert_allclose(found["cutpoints"], plain_cutpoints(point["gap"]), rtol=0, atol=1e-12)


def test_drivers_act_one_year_later(target: Target, prior: AlignmentPrior) -> None:
    point = natural_point(np.random.default_rng(7), target.lagged.shape[0])
    pushed = target.lagged.copy()
    pushed[60] += 1.0
    before = target(point, prior)["alignment"]
    moved = dataclasses.replace(target, lagged=pushed)(point, prior)["alignment"] - before
    np.testing.assert_allclose(moved[:61], 0.0, atol=1e-12)
    np.testing.assert_allclose(moved[61], point["beta"].sum(), rtol=1e-9)
    np.testing.assert_allclose(moved[62], point["beta"].sum() * point["persistence"], rtol=1e-9)


@pytest.mark.parametrize("centre", [-6.0, -1.3, 0.0, 0.4, 2.2, 6.0])
def test_band_probabilities_are_an_ordered_logit(centre: float) -> None:
    cutpoints, offset = np.array([-2.1, -0.7, 0.0, 0.6, 1.7, 3.7]), 0.3
    found = log_band_probabilities(pt.constant([centre]), pt.constant(offset), pt.constant(cutpoints))
    shares = np.exp(found.eval(mode="FAST_COMPILE"))[0]
    np.testing.assert_allclose(shares.sum(axis=1), 1.0, rtol=1e-12)
    for domain, shift in enumerate((0.0, offset)):
        # The model subtracts two numbers near 1 in the upper tail: 1e-13 is a few units in the last place of 1.
        np.testing.assert_allclose(shares[domain], band_probabilities(centre + shift, cutpoints), rtol=1e-9, atol=1e-13)


def test_band_probabilities_stay_finite_far_out() -> None:
    cutpoints = np.array([-2.1, -0.7, 0.0, 0.6, 1.7, 3.7])
    found = log_band_probabilities(pt.constant([-60.0, 60.0]), pt.constant(0.0), pt.constant(cutpoints))
    assert np.all(np.isfinite(found.eval(mode="FAST_COMPILE")))


MOVES = (
    {"C01": 2.5},
    {"C08": 0.8},
    {"C13": 1.0},
    {"C14": 1.2},
    {"confidence": 1.7},
    {"driver_strength": 0.2},
    {"persistence": 0.75},
    {"volatility": 0.45},
    {"C02": 1.0, "C13": 4.0, "persistence": 0.6, "volatility": 1.1, "confidence": 0.6},
)


@pytest.mark.parametrize("values", MOVES, ids=lambda values: "+".join(values))
def test_moved_priors_change_the_model_by_what_reweighting_assumes(
    target: Target, evidence: Evidence, prior: AlignmentPrior, values: dict[str, float]
) -> None:
    moved = prior_parameters(Assumptions.defaults(evidence.claims).replace(values))
    rng = np.random.default_rng(11)
    points = [natural_point(rng, target.lagged.shape[0]) for _ in range(4)]
    draws = xr.Dataset(
        {
            name: ("sample", [point[name] for point in points])
            for name in ("break_log_odds", "level", "persistence", "volatility")
        }
        | {"beta": (("sample", "driver"), [point["beta"] for point in points])},
        coords={"driver": list(DRIVER_CLAIMS)},
    )
    change = [target(point, moved)["with_jacobian"] - target(point, prior)["with_jacobian"] for point in points]
    ratio = moved.log_density(draws) - prior.log_density(draws)
    assert np.ptp(ratio) > 0.01
    # A constant would do for the weights; here both are normalised densities, so the constant is 0.
    np.testing.assert_allclose(change, ratio, rtol=0, atol=1e-8)


def doubled(evidence: Evidence, year: int) -> Evidence:
    """Every event of `year` recorded twice."""
    copies = tuple(dataclasses.replace(e, id=f"{e.id}-again") for e in evidence.events if e.year == year)
    return dataclasses.replace(evidence, events=(*evidence.events, *copies))


@pytest.mark.parametrize("year", [2022, 2025])
def test_recording_a_dense_year_twice_adds_no_information(
    target: Target, evidence: Evidence, prior: AlignmentPrior, year: int
) -> None:
    once, twice = read_ledger(evidence), read_ledger(doubled(evidence, year))
    point = natural_point(np.random.default_rng(5), target.lagged.shape[0])
    again, first = (target(point, prior, ledger)["log_density"] for ledger in (twice, once))
    np.testing.assert_allclose(again, first, rtol=RELATIVE)
