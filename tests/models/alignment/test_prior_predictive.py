"""The NumPy sampler of the prior against PyMC's, and what the default prior says about the forecast."""

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
    draws, beta = sample_prior(prior, drivers.origin.to_numpy(), rng, SIZE)
    names = ("level", "persistence", "volatility", "space_offset", "break_log_odds", "break_slope", "cutpoints")
    found = {name: getattr(draws, name) for name in names}
    np.testing.assert_allclose(draws.drift, beta @ drivers.origin.to_numpy(), rtol=1e-12)
    return found | {"beta": beta, "alignment": latent_history(draws, beta @ drivers.lagged.T, rng)}


NAMES = (
    "beta",
    "level",
    "persistence",
    "volatility",
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
    for year in (10, 40, 74):
        pair = [np.corrcoef(s["alignment"][:, year], s["alignment"][:, year - 1])[0, 1] for s in (ours, theirs)]
        # Standard error of a correlation r is (1 - r^2) / sqrt(n); the difference has sqrt(2) of it.
        error = (1 - min(pair) ** 2) * np.sqrt(2 / SIZE)
        assert abs(pair[0] - pair[1]) < ERRORS * error


def test_default_prior_passes_its_gate(real_evidence: Evidence, prior: AlignmentPrior) -> None:
    shares = default_forecast(real_evidence, prior)
    assert [check.name for check in prior_checks(shares) if not check.passed] == []


def default_forecast(evidence: Evidence, prior: AlignmentPrior, seed: int = 3) -> dict[str, np.ndarray]:
    drivers = driver_table(evidence)
    origin = drivers.origin.to_numpy()
    return dict(prior_forecast(prior, read_ledger(evidence), (drivers.lagged, origin), seed=seed, size=300))


def test_prior_forecast_is_coherent_and_reproducible(real_evidence: Evidence, prior: AlignmentPrior) -> None:
    shares, again = (default_forecast(real_evidence, prior) for _ in range(2))
    np.testing.assert_allclose(shares["state_probability"].sum(axis=-1), 1.0, rtol=1e-12)
    np.testing.assert_array_equal(shares["any_rupture"], again["any_rupture"])
    assert np.all(np.diff(shares["any_deeper"], axis=1) >= 0)


def test_prior_table_summarises_every_state_and_horizon(real_evidence: Evidence, prior: AlignmentPrior) -> None:
    shares = default_forecast(real_evidence, prior)
    table = prior_table(shares)
    assert list(zip(table["horizon"], table["state"], strict=True)) == [(h, s) for h in HORIZONS for s in STATES]
    np.testing.assert_allclose(table.groupby("horizon")["mean"].sum(), 1.0, rtol=1e-9)
    assert np.all(table["q05"] <= table["q95"])
    np.testing.assert_allclose(table["mean"], shares["state_probability"].mean(axis=0).ravel(), rtol=1e-12)


def test_latent_history_without_shocks_decays_to_the_pushed_level(prior: AlignmentPrior) -> None:
    rng = np.random.default_rng(4)
    draws, _ = sample_prior(prior, np.zeros(prior.beta_mean.size), rng, 50)
    still = type(draws)(
        **{name: getattr(draws, name) for name in draws.__slots__ if name != "volatility"}, volatility=np.zeros(50)
    )
    path = latent_history(still, np.full((50, 200), 0.1), rng)
    np.testing.assert_allclose(path[:, -1], draws.level + 0.1 / (1 - draws.persistence), rtol=0.02)
