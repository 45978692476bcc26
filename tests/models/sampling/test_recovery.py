"""Simulation-based calibration: ledgers written by the model itself are refitted, and the truth may rank anywhere.

Twenty ledgers are simulated with parameters from the prior and at most `effective_readings` whole readings a year, so
that the likelihood is exactly the one that wrote them. (A denser ledger is tempered on purpose: its intervals are then
wider than calibrated, which no test of coverage should reward.)
"""

import dataclasses

import numpy as np
import pytest
from scipy import stats

from models.alignment.priors import prior_parameters
from models.assumptions.setting import Assumptions
from models.calibration.alignment import Truth, simulated
from models.fits.alignment_fit import AlignmentFit
from models.measures.drivers import driver_table
from models.measures.simulate import Draws, forecast_probabilities
from models.measures.structure import MEASUREMENT
from models.sampling.fit_alignment import CompiledAlignment, SamplerSettings, fit_compiled

DATA_SETS = 20
SETTINGS = SamplerSettings(chains=2, tune=600, draws=500, target_accept=0.9)
INNER = 0.8
SCALARS = ("level", "persistence", "volatility", "space_offset", "break_log_odds", "break_slope")
YEARS_CHECKED = (5, 25, 45, 60, 74)
THINNED = 100


def refit(model: CompiledAlignment, assumptions: Assumptions, truth: Truth, seed: int) -> AlignmentFit:
    data = {"counts": truth.readings.counts, "breaks": truth.readings.breaks.astype(float)}
    swapped = dataclasses.replace(model, readings=truth.readings, compiled=model.compiled.with_data(**data))
    return fit_compiled(swapped, assumptions, settings=dataclasses.replace(SETTINGS, seed=seed))


def quantities(truth: Truth, fit: AlignmentFit) -> dict[str, tuple[float, np.ndarray]]:
    """Every checked quantity: its true value and its posterior draws."""
    found = {name: (getattr(truth.draws, name)[0], fit.parameters[name].to_numpy()) for name in SCALARS}
    for index, driver in enumerate(fit.parameters["driver"].values):
        found[f"beta {driver}"] = (truth.beta[0, index], fit.parameters["beta"].sel(driver=driver).to_numpy())
    for edge in range(len(MEASUREMENT.band_edges)):
        if edge != MEASUREMENT.anchor_edge:
            draws = fit.parameters["cutpoints"].isel(edge=edge).to_numpy()
            found[f"cutpoint {edge}"] = (truth.draws.cutpoints[0, edge], draws)
    for year in YEARS_CHECKED:
        found[f"alignment {year}"] = (truth.path[year], fit.alignment.isel(year=year).to_numpy())
    return found


def forecast_ranks(truth: Truth, fit: AlignmentFit, model: CompiledAlignment, seed: int) -> dict[str, float]:
    """Rank (0 to 1) of the true parameters' forecast probabilities among those of thinned posterior draws.

    Truth and draws pass through the simulator together, so that its own noise is the same for both.
    """
    rows = np.linspace(0, fit.chain.size - 1, THINNED).astype(int)
    p = fit.parameters.isel(sample=rows)
    true = truth.draws
    now = fit.alignment.isel(sample=rows, year=-1).to_numpy().astype(float)
    drift = p["beta"].transpose("sample", "driver").to_numpy() @ model.origin
    together = Draws(
        alignment=np.append(now, truth.path[-1]),
        drift=np.append(drift, truth.beta @ model.origin),
        cutpoints=np.concatenate([p["cutpoints"].transpose("sample", "edge").to_numpy(), true.cutpoints]),
        **{name: np.append(p[name].to_numpy(), getattr(true, name)) for name in SCALARS},
    )
    shares, _ = forecast_probabilities(together, truth.readings, seed)
    rng, ranks = np.random.default_rng([seed, 1]), {}
    for horizon in (0, 4):
        for state in range(4):
            ranks[f"state {state} h{horizon + 1}"] = shares["state_probability"][:, horizon, state]
        for name in ("any_rupture", "any_deeper"):
            ranks[f"{name} h{horizon + 1}"] = shares[name][:, horizon]
    return {name: _rank(values, rng) for name, values in ranks.items()}


def _rank(values: np.ndarray, rng: np.random.Generator) -> float:
    """Share of the draws below the last value, ties broken at random (probabilities of 0 and 1 are common)."""
    below, equal = (values[:-1] < values[-1]).sum(), (values[:-1] == values[-1]).sum()
    return float((below + rng.integers(0, equal + 1) + 0.5) / values.size)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Recovery:
    """Coverage of the inner 80 % and forecast ranks, one row a data set."""

    covered: np.ndarray
    names: tuple[str, ...]
    ranks: dict[str, np.ndarray]
    rhat: np.ndarray


def recover(model: CompiledAlignment, assumptions: Assumptions, data_sets: int) -> Recovery:
    lagged, prior = driver_table(model.evidence).lagged, prior_parameters(assumptions)
    covered, ranks, rhat, names = [], [], [], ()
    for seed in range(data_sets):
        rng = np.random.default_rng([20241231, seed])
        truth = simulated(prior, model.readings, (lagged, model.origin), rng)
        fit = refit(model, assumptions, truth, seed)
        found = quantities(truth, fit)
        names = tuple(found)
        limits = [np.quantile(draws, ((1 - INNER) / 2, (1 + INNER) / 2)) for _, draws in found.values()]
        pairs = zip(limits, found.values(), strict=True)
        covered.append([low <= true <= high for (low, high), (true, _) in pairs])
        ranks.append(forecast_ranks(truth, fit, model, seed))
        rhat.append(next(c.value for c in fit.diagnostics.checks if c.name == "R-hat of parameters"))
    table = {name: np.array([row[name] for row in ranks]) for name in ranks[0]}
    return Recovery(covered=np.array(covered), names=names, ranks=table, rhat=np.array(rhat))


@pytest.fixture(scope="module")
def recovery(compiled_model: CompiledAlignment, default_assumptions: Assumptions) -> Recovery:
    return recover(compiled_model, default_assumptions, DATA_SETS)


pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]


def test_refits_converged(recovery: Recovery) -> None:
    # Two chains of 500 over some 110 parameters: the largest of them is above 1.01 by chance now and then.
    assert np.median(recovery.rhat) < 1.02
    assert recovery.rhat.max() < 1.06


def test_intervals_cover_over_all_parameters(recovery: Recovery) -> None:
    """28 quantities times 20 data sets; those of one data set are correlated, so it is the data sets that are counted.

    Binomial sd of the pooled share if all were independent: 1.7 points. Allowing for pairs that move together (twice
    the variance) and four standard errors: 70 to 90 %.
    """
    pooled = recovery.covered.mean()
    band = 4 * np.sqrt(2 * INNER * (1 - INNER) / recovery.covered.size)
    assert abs(pooled - INNER) < band, f"covered {pooled:.1%}"


def test_no_parameter_is_left_uncovered(recovery: Recovery) -> None:
    """Of 20 intervals at 80 %, fewer than 10 covering has a chance of 0.06 % each, 1.6 % over 28 quantities."""
    counts = recovery.covered.sum(axis=0)
    worst = dict(zip(recovery.names, counts.tolist(), strict=True))
    assert counts.min() >= 10, worst


def test_forecast_probabilities_rank_uniformly(recovery: Recovery) -> None:
    """Kolmogorov-Smirnov against uniform, 12 quantities, one chance in a thousand overall if all is well."""
    values = {name: stats.kstest(ranks, "uniform").pvalue for name, ranks in recovery.ranks.items()}
    assert min(values.values()) > 0.001 / len(values), values


def test_forecast_probabilities_are_not_biased(recovery: Recovery) -> None:
    """The mean of 20 uniform ranks is 0.5 with sd 0.065; four of them."""
    for name, ranks in recovery.ranks.items():
        assert abs(ranks.mean() - 0.5) < 4 / np.sqrt(12 * DATA_SETS), name
