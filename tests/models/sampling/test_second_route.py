"""M1 by two routes: NUTS and the house's simulator, and a grid filter with futures drawn plainly.

They share what is known and asked (readings, the priors' numbers, constants, the rule) and no other code. ``python -m
tests.models.sampling.test_second_route`` prints both at three year-ends and on three days inside a year, some six
minutes. The drivers are off: they are what the grid cannot sum out, and M1 is held with them against its own density
elsewhere.
"""

from __future__ import annotations

import dataclasses
import sys
from datetime import date

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from scipy.special import expit

from data.days import horizons_from
from data.load import load_evidence
from data.types import Evidence
from data.values import frozen
from models.assumptions.setting import Assumptions
from models.measures.ledgers import Scale
from models.measures.readings import Readings
from models.measures.simulate import Draws, forecast_probabilities
from models.measures.structure import ALIGNMENT, MEASUREMENT
from models.names import QUANTILE_LEVELS, STATES
from tests.support.second_route.filter import GRID, NAMES, GridModel, Parameters
from tests.support.second_route.future import SecondForecast, second_forecast
from tests.support.second_route.posterior import WeightedDraws, weighted_draws
from tests.support.values.year_end import YEAR_END

YEAR_ENDS = (date(1989, 12, 31), date(2007, 12, 31), date(2025, 12, 31))
INSIDE = (date(1989, 9, 30), date(2007, 6, 30), date(2025, 6, 30))
"""Five rows seen, four and two dozen; shocks of before the split and after it."""
POINT = np.array([0.7, 1.6, -0.6, 0.2, -1.5, -0.4, 0.4, 0.3, -0.5, -0.2, 0.4, 0.6])
"""Somewhere plausible, every coordinate its own; break acts are likely enough to matter."""
ERRORS = 4.0
"""Standard errors: sixty probabilities are compared at a time."""
QUARTILES = (0.25, 0.5, 0.75)


@pytest.fixture(scope="module")
def model(real_evidence: Evidence) -> GridModel:
    return GridModel.of(real_evidence, Assumptions.defaults(real_evidence.claims))


def over_years(model: GridModel, first: int, last: int) -> GridModel:
    """The model of some years only, the second of which ends the early ones; half of the last has passed."""
    years = slice(first - ALIGNMENT.first_year, last + 1 - ALIGNMENT.first_year)
    seen = model.readings
    part = {name: getattr(seen, name)[years] for name in ("years", "counts", "breaks")}
    covered = np.append(np.ones(last - first), 0.5)
    early = np.arange(first, last + 2) < first + 2
    return dataclasses.replace(model, readings=dataclasses.replace(seen, **part, seen=covered), early=early)


def brute_force(readings: Readings, p: Parameters) -> tuple[float, float]:
    """Log likelihood of three years, and mean of the last alignment: an integral over start and both shocks."""
    node, weight = np.polynomial.hermite_e.hermegauss(50)
    shocks = np.stack(np.meshgrid(node, node, node, indexing="ij"))
    mass = np.einsum("i,j,k->ijk", *[weight / weight.sum()] * 3)
    path = [p.level + ALIGNMENT.start_sd * shocks[0]]
    for shock, sd in zip(shocks[1:], (p.volatility_before, p.volatility), strict=True):
        path.append(p.level + p.persistence * (path[-1] - p.level) + sd * shock)
    edges = np.concatenate([[-np.inf], p.cutpoints, [np.inf]])
    for year, alignment in enumerate(path):
        for domain, offset in enumerate((0.0, p.space_offset)):
            bands = np.diff(stats.logistic.cdf(edges, loc=alignment[..., None] + offset), axis=-1)
            mass = mass * np.prod(bands ** readings.counts[year, domain], axis=-1)
        chance = expit(p.break_log_odds - p.break_slope * (alignment - MEASUREMENT.break_alignment))
        mass = mass * (chance if readings.breaks[year] else 1 - chance) ** readings.seen[year]
    return float(np.log(mass.sum())), float((mass * path[-1]).sum() / mass.sum())


@pytest.mark.parametrize("first", [1968, 2001])
def test_the_filter_sums_the_path_out_as_brute_force_does(model: GridModel, first: int) -> None:
    """1968 to 1970 hold a break act and hostile readings in plenty, 2001 to 2003 few and friendly ones."""
    small = over_years(model, first, first + 2)
    assert small.readings.breaks.any() == (first == 1968)
    log_likelihood, mean = brute_force(small.readings, Parameters.of(POINT))
    found, law = small.filtered(POINT)
    np.testing.assert_allclose(found, log_likelihood, rtol=1e-6)
    np.testing.assert_allclose(law @ GRID, mean, rtol=0, atol=1e-5)


def test_without_a_ledger_the_path_keeps_its_own_law(model: GridModel) -> None:
    """All years, so that a volatility in the wrong ones would show."""
    p, years = Parameters.of(POINT), model.readings.years
    spread = ALIGNMENT.start_sd**2
    for year in years[1:]:
        sd = p.volatility_before if year < ALIGNMENT.split_year else p.volatility
        spread = p.persistence**2 * spread + sd**2
    log_likelihood, law = silent(model).filtered(POINT)
    np.testing.assert_allclose(log_likelihood, 0.0, atol=1e-4)  # what the grid's ends cut off in fifty wilder years
    np.testing.assert_allclose(law @ GRID, p.level, atol=1e-4)
    np.testing.assert_allclose(law @ np.square(GRID - p.level), spread, rtol=1e-3)


def silent(model: GridModel) -> GridModel:
    """The same years without any reading."""
    seen = model.readings
    nothing = dataclasses.replace(seen, counts=np.zeros_like(seen.counts), seen=np.zeros_like(seen.seen))
    return dataclasses.replace(model, readings=dataclasses.replace(nothing, breaks=np.zeros_like(seen.breaks)))


def test_without_a_ledger_the_weighted_draws_are_the_prior(model: GridModel) -> None:
    short = over_years(silent(model), 1950, 1951)
    short = dataclasses.replace(short, readings=dataclasses.replace(short.readings, seen=np.zeros(2)))
    draws = weighted_draws(short, np.random.default_rng(1), 1024)
    prior = model.prior
    persistence = stats.beta(*prior.persistence)
    laws = {
        "level": stats.norm(prior.level_mean, prior.level_sd),
        "log_volatility": stats.norm(np.log(prior.volatility_scale), ALIGNMENT.volatility_log_sd),
        "log_volatility_before": stats.norm(np.log(ALIGNMENT.volatility_before), ALIGNMENT.volatility_log_sd),
        "break_log_odds": stats.norm(prior.break_mean, prior.break_sd),
        "log_break_slope": stats.norm(MEASUREMENT.break_slope_log_mean, MEASUREMENT.break_slope_log_sd),
        "space_offset": stats.norm(0.0, MEASUREMENT.space_offset_sd),
        **{name: stats.norm(MEASUREMENT.gap_log_mean, MEASUREMENT.gap_log_sd) for name in NAMES[7:]},
    }
    below = {name: law.cdf(draws.points[:, NAMES.index(name)]) for name, law in laws.items()}
    below["persistence"] = persistence.cdf(expit(draws.points[:, 1]))
    for name, uniform in below.items():
        moments = [draws.weights @ uniform, draws.weights @ np.square(uniform)]
        np.testing.assert_allclose(moments, [1 / 2, 1 / 3], atol=0.03, err_msg=name)
    assert len(below) == len(NAMES)


@pytest.mark.parametrize("day", [date(2025, 12, 31), *INSIDE], ids=str)
def test_both_simulators_say_the_same_of_the_same_draws(real_evidence: Evidence, day: date) -> None:
    evidence = real_evidence if day == real_evidence.as_of else real_evidence.visible(day)
    model = dataclasses.replace(GridModel.of(evidence, Assumptions.defaults(evidence.claims)), early=np.zeros(1, bool))
    rng, size = np.random.default_rng(2), 256
    points = POINT + 0.2 * rng.standard_normal((size, len(NAMES)))
    law = np.eye(GRID.size)[rng.integers(45, 66, size)]
    plain = SecondForecast.of(
        model, WeightedDraws(points=points, weights=np.full(size, 1 / size), law=law), rng, paths=200
    )
    each = [Parameters.of(point) for point in points]
    own = {name: np.array([getattr(p, name) for p in each]) for name in Parameters._fields}
    del own["volatility_before"]
    draws = Draws(alignment=law @ GRID, drift=np.zeros(size), **own)
    house = forecast_probabilities(draws, model.readings, 3)
    ours = house.probabilities["state_probability"].mean(axis=0)
    # The draws are common: only paths differ, 50,000 on either side, a standard error of 0.22 points at most each.
    np.testing.assert_allclose(plain.states, ours, atol=ERRORS * 0.0032)
    means = np.quantile(house.ledgers.year_means(Scale.of(model.readings)), 0.5, (0, 1))
    np.testing.assert_allclose(plain.quantiles((0.5,))[:, 0], means, atol=0.5)


@frozen(eq=False)
class Comparison:
    """Both routes at one origin: chances of the states and their errors, shape (horizon, state), and the quantiles of
    the years' own means, shape (horizon, level)."""

    origin: date
    nuts: np.ndarray
    nuts_error: np.ndarray
    grid: SecondForecast
    nuts_quantiles: np.ndarray

    @property
    def difference(self) -> np.ndarray:
        return self.grid.states - self.nuts

    @property
    def error(self) -> np.ndarray:
        return np.hypot(self.grid.error, self.nuts_error)

    @property
    def table(self) -> pd.DataFrame:
        """In points, one row a horizon and state."""
        index = pd.MultiIndex.from_product([horizons_from(self.origin), STATES], names=["horizon", "state"])
        columns = {"nuts": self.nuts, "grid": self.grid.states, "difference": self.difference}
        errors = {"error of nuts": self.nuts_error, "error of grid": self.grid.error}
        return pd.DataFrame({name: 100 * values.ravel() for name, values in (columns | errors).items()}, index=index)


def compare(origin: date, compiled) -> Comparison:
    """Sample both routes as of a day; `compiled` has room for it."""
    from models.backtest.controls import NO_DRIVERS, drivers_of
    from models.sampling.fit_alignment import fit_compiled
    from models.sampling.sampler import SamplerSettings
    from models.weighting.batch_means import mean_error

    evidence = load_evidence(origin)
    setting = Assumptions.defaults(evidence.claims)
    at = compiled.at(evidence, drivers_of(evidence, NO_DRIVERS))
    fit = fit_compiled(at, setting, settings=SamplerSettings(seed=origin.year, draws=3000))
    state = fit.probabilities["state_probability"].to_numpy().astype(float)
    error = mean_error(state.reshape(len(state), -1), fit.chain).reshape(state.shape[1:])
    means = fit.year_means.reshape(-1, len(horizons_from(origin)))
    return Comparison(
        origin=origin,
        nuts=state.mean(axis=0),
        nuts_error=error,
        grid=second_forecast(GridModel.of(evidence, setting), seed=origin.year),
        nuts_quantiles=np.quantile(means, QUANTILE_LEVELS, axis=0).T,
    )


@pytest.mark.slow
@pytest.mark.parametrize("origin", [*YEAR_ENDS, *INSIDE], ids=str)
def test_nuts_and_the_grid_agree_within_a_point(compiled_model, origin: date) -> None:
    found = compare(origin, compiled_model)
    assert np.abs(found.difference).max() < 0.01
    # And by no more than chance explains, which must be able to see a point.
    assert ERRORS * found.error.max() < 0.03
    np.testing.assert_array_less(np.abs(found.difference), ERRORS * found.error + 1e-4)
    # 24,000 ledgers: where a twentieth of the years lies, 0.02 of them in each point, a quantile's error is 0.07.
    np.testing.assert_allclose(found.grid.quantiles(), found.nuts_quantiles, atol=ERRORS * 0.07)


def main() -> None:
    """Print the comparison at every origin."""
    from models.sampling.fit_alignment import CompiledAlignment

    evidence = load_evidence(YEAR_END)
    compiled = CompiledAlignment.of(evidence, Assumptions.defaults(evidence.claims))
    for origin in (*YEAR_ENDS, *INSIDE):
        found = compare(origin, compiled)
        largest = 100 * np.abs(found.difference).max()
        sys.stdout.write(f"\n{origin}: largest difference {largest:.2f} points\n{found.table.round(2)}\n")
        gap = np.abs(found.grid.quantiles() - found.nuts_quantiles).max()
        sys.stdout.write(f"largest difference of a quantile of a year's mean: {gap:.2f} points of intensity\n")


if __name__ == "__main__":
    main()
