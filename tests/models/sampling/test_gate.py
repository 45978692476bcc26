"""The gates: a healthy sample passes, and every kind of breakage fails the check that names it."""

import dataclasses
import math

import numpy as np
import pytest
import xarray as xr

from data.evidence import Evidence
from models.alignment.prior_predictive import prior_checks, prior_forecast
from models.alignment.priors import prior_parameters
from models.assumptions.setting import Assumptions
from models.fits.certificate import Check
from models.measures.drivers import driver_table
from models.measures.readings import read_ledger
from models.sampling.gate import MAX_DIVERGENT, MIN_BFMI, MIN_ESS, MIN_FORECAST_ESS, fit_checks

CHAINS, DRAWS, QUANTITIES = 4, 1000, 6

RHAT, BULK, TAIL = "R-hat of {}", "bulk effective sample size of {}", "tail effective sample size of {}"
PARAMETERS, FORECAST = "parameters", "forecast probabilities"


def healthy(seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal((CHAINS, DRAWS, QUANTITIES))


def autoregressive(phi: float, seed: int = 0) -> np.ndarray:
    """Stationary chains of unit variance; independent draws per draw are (1 - phi) / (1 + phi)."""
    noise = healthy(seed)
    chains = np.empty_like(noise)
    chains[:, 0] = noise[:, 0]
    for step in range(1, DRAWS):
        chains[:, step] = phi * chains[:, step - 1] + math.sqrt(1 - phi**2) * noise[:, step]
    return chains


def checks_of(
    draws: np.ndarray,
    probabilities: np.ndarray | None = None,
    divergent: np.ndarray | None = None,
    energy: np.ndarray | None = None,
) -> dict[str, Check]:
    """Run the gate on (chain, draw, quantity) parameters and probabilities; what is left out is healthy."""
    rng = np.random.default_rng(99)
    shape = draws.shape[:2]
    trace = xr.DataTree.from_dict(
        {
            "posterior": xr.Dataset({"beta": (("chain", "draw", "driver"), draws)}),
            "sample_stats": xr.Dataset(
                {
                    "diverging": (("chain", "draw"), np.zeros(shape, bool) if divergent is None else divergent),
                    "energy": (("chain", "draw"), rng.standard_normal(shape) if energy is None else energy),
                }
            ),
        }
    )
    shown = rng.uniform(0.2, 0.4, (*shape, 5)) if probabilities is None else probabilities
    flat = xr.Dataset({"any_rupture": (("sample", "horizon"), shown.reshape(-1, shown.shape[-1]))})
    return {check.name: check for check in fit_checks(trace, flat, shape)}


def failed(checks: dict[str, Check]) -> set[str]:
    return {name for name, check in checks.items() if not check.passed}


def test_healthy_chains_pass_every_check() -> None:
    checks = checks_of(healthy())
    assert failed(checks) == set()
    expected = {text.format(what) for what in (PARAMETERS, FORECAST) for text in (RHAT, BULK, TAIL)}
    assert set(checks) == expected | {"divergences", "energy (E-BFMI)"}
    assert all(check.threshold and check.meaning for check in checks.values())


def test_a_shifted_chain_fails_r_hat() -> None:
    draws = healthy()
    draws[2, :, 3] += 1.0
    checks = checks_of(draws)
    assert RHAT.format(PARAMETERS) in failed(checks)
    # One chain in four shifted by 1 sd: between-chain variance 0.25 in all, R-hat about sqrt(1.25).
    np.testing.assert_allclose(checks[RHAT.format(PARAMETERS)].value, math.sqrt(1.25), atol=0.05)
    assert not any(FORECAST in name for name in failed(checks))


def test_a_chain_of_another_width_fails_r_hat() -> None:
    draws = healthy()
    draws[1] *= 3.0
    assert RHAT.format(PARAMETERS) in failed(checks_of(draws))


def test_a_stuck_chain_fails() -> None:
    draws = healthy()
    draws[0] = draws[0, :1]
    assert {RHAT.format(PARAMETERS), BULK.format(PARAMETERS)} <= failed(checks_of(draws))


def test_correlated_draws_fail_the_sample_size_with_the_right_number() -> None:
    phi = 0.9
    checks = checks_of(autoregressive(phi))
    bulk = checks[BULK.format(PARAMETERS)]
    assert not bulk.passed
    expected = CHAINS * DRAWS * (1 - phi) / (1 + phi)
    # The smallest of six estimates, each with a relative error near 15 %.
    assert 0.5 * expected < bulk.value < 1.1 * expected < MIN_ESS


def test_sticky_tails_fail_the_tail_sample_size_only() -> None:
    """Signs are independent, sizes change slowly: the middle mixes well and the extremes come in spells."""
    draws = healthy(1) * np.exp(1.5 * autoregressive(0.98, seed=2))
    checks = checks_of(draws)
    assert TAIL.format(PARAMETERS) in failed(checks)
    assert BULK.format(PARAMETERS) not in failed(checks)


def test_probabilities_are_held_to_more_than_parameters() -> None:
    """Some 700 effective draws are enough for a parameter and too few for a published probability."""
    phi = 0.7
    draws = autoregressive(phi)
    assert MIN_ESS < CHAINS * DRAWS * (1 - phi) / (1 + phi) < MIN_FORECAST_ESS
    checks = checks_of(draws, probabilities=1 / (1 + np.exp(-draws)))
    assert BULK.format(FORECAST) in failed(checks)
    assert BULK.format(PARAMETERS) not in failed(checks)


def test_probabilities_are_read_chain_by_chain() -> None:
    shown = np.random.default_rng(1).uniform(0.2, 0.4, (CHAINS, DRAWS, 5))
    shown[3] += 0.1
    assert failed(checks_of(healthy(), probabilities=shown)) >= {RHAT.format(FORECAST)}


def test_quantities_that_never_vary_are_left_out() -> None:
    draws = healthy()
    draws[:, :, 2] = 0.0
    shown = np.random.default_rng(2).uniform(0.2, 0.4, (CHAINS, DRAWS, 5))
    shown[:, :, 0] = 1.0
    checks = checks_of(draws, probabilities=shown)
    assert failed(checks) == set()
    assert all(math.isfinite(check.value) for check in checks.values())


@pytest.mark.parametrize("count", [0, 4, 5])
def test_divergences_are_counted_over_all_chains(count: int) -> None:
    divergent = np.zeros((CHAINS, DRAWS), bool)
    divergent[1, :count] = True
    check = checks_of(healthy(), divergent=divergent)["divergences"]
    assert check.value == count / (CHAINS * DRAWS)
    assert check.passed == (count <= MAX_DIVERGENT * CHAINS * DRAWS)


def test_energy_that_creeps_fails() -> None:
    """A random walk with small steps: E-BFMI is the mean squared step over the variance, here far below 0.3."""
    rng = np.random.default_rng(3)
    energy = np.cumsum(rng.standard_normal((CHAINS, DRAWS)), axis=1)
    energy[1:] = rng.standard_normal((CHAINS - 1, DRAWS))
    check = checks_of(healthy(), energy=energy)["energy (E-BFMI)"]
    assert not check.passed
    assert check.value < MIN_BFMI


def test_independent_energy_has_a_bfmi_of_two() -> None:
    check = checks_of(healthy())["energy (E-BFMI)"]
    assert check.passed
    # The smallest of four chains' estimates, each with a relative error of about 3 %.
    np.testing.assert_allclose(check.value, 2.0, rtol=0.12)


def prior_gate(evidence: Evidence, values: dict[str, float]) -> dict[str, Check]:
    assumptions = Assumptions.defaults(evidence.claims).replace(values)
    drivers = driver_table(evidence)
    shares = prior_forecast(
        prior_parameters(assumptions),
        read_ledger(evidence),
        (drivers.lagged, drivers.origin.to_numpy()),
        seed=5,
        size=150,
    )
    return {check.name: check for check in prior_checks(shares)}


def test_a_prior_that_breaks_every_year_fails_the_prior_gate(real_evidence: Evidence) -> None:
    wild = prior_gate(real_evidence, {"C13": 5.0, "confidence": 2.0, "volatility": 1.2, "driver_strength": 1.4})
    assert "prior: rupture within a year, 95th percentile" in failed(wild)


def test_a_frozen_relationship_fails_the_prior_gate() -> None:
    state = np.zeros((200, 5, 4))
    state[...] = (0.02, 0.01, 0.96, 0.01)
    checks = {check.name: check for check in prior_checks({"state_probability": state, "kept": np.array(1.0)})}
    assert failed(checks) == {"prior: staying transactional for a year", "prior: commonest state at any horizon"}


def test_limits_of_the_prior_gate() -> None:
    good = np.empty((100, 5, 4))
    good[...] = (0.02, 0.08, 0.70, 0.20)
    assert failed({c.name: c for c in prior_checks({"state_probability": good, "kept": np.array(1.0)})}) == set()
    for column, value, name in (
        (0, 0.05, "prior: rupture within a year, median"),
        (0, 0.005, "prior: rupture within a year, median"),
        (1, 0.002, "prior: rarest state at any horizon"),
    ):
        bad = good.copy()
        bad[..., column] = value
        bad[..., 3] = 1 - bad[..., :3].sum(axis=-1)
        assert name in failed({c.name: c for c in prior_checks({"state_probability": bad, "kept": np.array(1.0)})})
    tail = good.copy()
    tail[:6, :, 0] = 0.2
    assert failed({c.name: c for c in prior_checks({"state_probability": tail, "kept": np.array(1.0)})}) == {
        "prior: rupture within a year, 95th percentile"
    }


def test_checks_are_plain_values(real_evidence: Evidence) -> None:
    for check in prior_gate(real_evidence, {}).values():
        assert type(check.passed) is bool
        assert type(check.value) is float
        assert dataclasses.asdict(check)["name"].startswith("prior: ")
