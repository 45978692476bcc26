"""The NumPy sampler of the prior against PyMC's, and what the default prior says about the forecast."""

from dataclasses import replace

import numpy as np
import pymc as pm
import pytest

from data.evidence import Evidence
from models.alignment.prior_predictive import latent_history, prior_checks, prior_forecast, prior_table, sample_prior
from models.alignment.priors import AlignmentPrior, prior_parameters
from models.assumptions.setting import Assumptions
from models.measures.drivers import driver_table
from models.measures.readings import read_ledger
from models.names import HORIZONS, STATES
from models.sampling.alignment_model import build_model

SIZE = 4000
# Both samples are independent draws: 4 standard errors over about 120 comparisons raise a false alarm once in 130.
ERRORS = 4.0

type Samples = dict[str, np.ndarray]


@pytest.fixture(scope="module")
def prior(real_evidence: Evidence) -> AlignmentPrior:
    return prior_parameters(Assumptions.defaults(real_evidence.claims))


@pytest.fixture(scope="module")
def theirs(real_evidence: Evidence, prior: AlignmentPrior) -> Samples:
    model = build_model(read_ledger(real_evidence), driver_table(real_evidence).lagged, prior)
    with model, pytest.warns(UserWarning, match="Potentials"):
        found = pm.sample_prior_predictive(SIZE, random_seed=1, compile_kwargs={"mode": "FAST_COMPILE"})
    return {name: array.to_numpy()[0] for name, array in found["prior"].data_vars.items()}


@pytest.fixture(scope="module")
def ours(real_evidence: Evidence, prior: AlignmentPrior) -> Samples:
    drivers, rng = driver_table(real_evidence), np.random.default_rng(2)
    draws, beta, before = sample_prior(prior, drivers.origin.to_numpy(), rng, SIZE)
    names = ("level", "persistence", "volatility", "space_offset", "break_log_odds", "break_slope", "cutpoints")
    found = {name: getattr(draws, name) for name in names}
    np.testing.assert_allclose(draws.drift, beta @ drivers.origin.to_numpy(), rtol=1e-12)
    path = latent_history(draws, before, beta @ drivers.lagged.T, rng)
    return found | {"beta": beta, "volatility_before": before, "alignment": path}


NAMES = (
    "beta",
    "level",
    "persistence",
    "volatility",
    "volatility_before",
    "space_offset",
    "break_log_odds",
    "break_slope",
    "cutpoints",
    "alignment",
)


@pytest.mark.parametrize("name", NAMES)
def test_numpy_prior_agrees_with_pymc(ours: Samples, theirs: Samples, name: str) -> None:
    a, b = (samples[name].reshape(SIZE, -1) for samples in (ours, theirs))
    assert a.shape == b.shape
    for power in (1, 2):
        left, right = a**power, b**power
        error = np.sqrt((left.var(axis=0) + right.var(axis=0)) / SIZE)
        np.testing.assert_array_less(np.abs(left.mean(axis=0) - right.mean(axis=0)), ERRORS * error + 1e-12)
    for level in (0.05, 0.5, 0.95):
        below = (b <= np.quantile(a, level, axis=0)).mean(axis=0)
        error = np.sqrt(2 * level * (1 - level) / SIZE)
        varying = a.std(axis=0) > 0  # the anchor edge is fixed at 0
        np.testing.assert_array_less(np.abs(below - level)[varying], ERRORS * error)


def test_numpy_prior_keeps_the_dependence_between_neighbouring_years(ours: Samples, theirs: Samples) -> None:
    for year in (10, 40, 75):
        pair = [np.corrcoef(s["alignment"][:, year], s["alignment"][:, year - 1])[0, 1] for s in (ours, theirs)]
        # Standard error of a correlation r is (1 - r^2) / sqrt(n); the difference has sqrt(2) of it.
        error = (1 - min(pair) ** 2) * np.sqrt(2 / SIZE)
        assert abs(pair[0] - pair[1]) < ERRORS * error


def default_forecast(evidence: Evidence, prior: AlignmentPrior) -> Samples:
    drivers = driver_table(evidence)
    origin = drivers.origin.to_numpy()
    return dict(prior_forecast(prior, read_ledger(evidence), (drivers.lagged, origin), seed=3, size=300))


@pytest.fixture(scope="module")
def shares(real_evidence: Evidence, prior: AlignmentPrior) -> Samples:
    return default_forecast(real_evidence, prior)


def test_default_prior_passes_its_gate(shares: Samples) -> None:
    assert [check.name for check in prior_checks(shares) if not check.passed] == []


def test_prior_forecast_is_coherent_and_reproducible(
    real_evidence: Evidence, prior: AlignmentPrior, shares: Samples
) -> None:
    np.testing.assert_allclose(shares["state_probability"].sum(axis=-1), 1.0, rtol=1e-12)
    again = default_forecast(real_evidence, prior)
    np.testing.assert_array_equal(shares["any_rupture"], again["any_rupture"])
    assert np.all(np.diff(shares["any_deeper"], axis=1) >= -1e-12)


def test_prior_table_summarises_every_state_and_horizon(shares: Samples) -> None:
    table = prior_table(shares)
    assert list(zip(table["horizon"], table["state"], strict=True)) == [(h, s) for h in HORIZONS for s in STATES]
    np.testing.assert_allclose(table.groupby("horizon")["mean"].sum(), 1.0, rtol=1e-9)
    assert np.all(table["q05"] <= table["q95"])
    np.testing.assert_allclose(table["mean"], shares["state_probability"].mean(axis=0).ravel(), rtol=1e-12)


def test_latent_history_without_shocks_decays_to_the_pushed_level(prior: AlignmentPrior) -> None:
    rng = np.random.default_rng(4)
    draws, *_ = sample_prior(prior, np.zeros(prior.beta_mean.size), rng, 50)
    still = replace(draws, volatility=np.zeros(50), persistence=np.full(50, 0.8))
    path = latent_history(still, np.zeros(50), np.full((50, 200), 0.1), rng)
    np.testing.assert_allclose(path[:, -1], draws.level + 0.1 / (1 - 0.8), rtol=1e-12)


def test_shocks_into_1990_and_later_years_are_the_presents(prior: AlignmentPrior) -> None:
    rng, pushes = np.random.default_rng(5), np.zeros((50, 75))
    draws, *_ = sample_prior(prior, np.zeros(prior.beta_mean.size), rng, 50)
    walk = replace(draws, volatility=np.full(50, 1.0), persistence=np.ones(50))
    moved = np.diff(latent_history(walk, np.zeros(50), pushes, rng), axis=1).any(axis=0)
    np.testing.assert_array_equal(np.arange(1951, 2026)[moved], np.arange(1990, 2026))
