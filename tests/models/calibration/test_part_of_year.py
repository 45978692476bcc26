"""Worlds whose ledger ends in the middle of a year: what they simulate of it, and what is ranked."""

from datetime import date

import numpy as np
import pytest

from data.load import load_evidence
from models.alignment.priors import prior_parameters
from models.assumptions.setting import Assumptions
from models.calibration.alignment import simulated
from models.calibration.world import FORECAST, quantities
from models.fits.probabilities import StateProbabilities
from models.measures.drivers import driver_table
from models.measures.law import chance_in_part
from models.measures.ledgers import ledger_means
from models.measures.readings import Readings, read_ledger
from models.outcome.rule import RULE
from models.regimes.forecast import simulate_ledger
from models.regimes.law import regime_prior_at, sample_prior

HALF = date(2024, 7, 1)


@pytest.fixture(scope="module")
def readings() -> Readings:
    found = read_ledger(load_evidence(HALF))
    assert found.seen[-1] == 0.5
    return found


@pytest.fixture(scope="module")
def worlds(readings: Readings) -> tuple[Readings, ...]:
    """Of M1 and of M3."""
    assumptions = Assumptions.defaults(load_evidence(HALF).claims)
    drivers = driver_table(load_evidence(HALF))
    seen = drivers.lagged, drivers.origin.to_numpy()
    first = [
        simulated(prior_parameters(assumptions), readings, seen, np.random.default_rng(s)).readings for s in range(40)
    ]
    prior = regime_prior_at(assumptions)
    second = [
        simulate_ledger(sample_prior(prior, np.random.default_rng(s), 1), readings, np.random.default_rng(s))
        for s in range(40)
    ]
    return (*first, *second)


def test_the_year_that_has_begun_is_no_year_that_the_rule_remembers(worlds: tuple[Readings, ...]) -> None:
    for world in worlds:
        means = ledger_means(world.counts, world.breaks, world)
        np.testing.assert_array_equal(world.recent_means, means[-RULE.memory_years : -1])


def test_what_a_world_holds_of_it_is_what_its_ledger_says(worlds: tuple[Readings, ...], readings: Readings) -> None:
    assert any(world.breaks[-1] for world in worlds)
    for world in worlds:
        so_far, number = world.so_far, world.counts[-1].sum()
        assert number == np.rint(readings.counts[-1].sum())
        assert so_far.broken == world.breaks[-1]
        assert so_far.rows == number + world.breaks[-1]
        act = world.break_readings * world.breaks[-1]
        assert so_far.weight == pytest.approx(number + act)
        total = world.counts[-1].sum(axis=0) @ world.band_values - 9.0 * act
        assert so_far.weight * so_far.mean == pytest.approx(total)


def test_half_a_year_has_half_a_years_break_acts() -> None:
    yearly, rng = np.array([0.3]), np.random.default_rng(1)
    half = chance_in_part(yearly, np.array([0.5]))
    both = (rng.random((2, 100_000)) < half).any(axis=0)
    assert both.mean() == pytest.approx(0.3, abs=4 * np.sqrt(0.21 / 100_000))
    np.testing.assert_array_equal(chance_in_part(yearly, np.ones(1)), yearly)


def test_chances_of_the_years_own_end_are_ranked_only_where_it_has_not_come() -> None:
    def ranked(horizons: tuple[int, ...]) -> dict[str, np.ndarray]:
        state = np.arange(2 * len(horizons) * 4, dtype=float).reshape(2, len(horizons), 4)
        ever = np.arange(2 * len(horizons), dtype=float).reshape(2, -1)
        forecast = StateProbabilities(state, ever, ever)
        return quantities({}, forecast, np.zeros(2), horizons)[FORECAST]

    part, whole = ranked((0, 1, 2, 3, 4, 5)), ranked((1, 2, 3, 4, 5))
    assert set(part) - set(whole) == {
        f"{s} at this year's end" for s in ("rupture", "strain", "transactional", "deeper")
    }
    assert (part["strain at this year's end"][0], part["strain next year"][0], part["deeper in 5 years"][0]) == (
        1,
        5,
        23,
    )
    assert (whole["strain next year"][0], whole["any deeper within 5 years"][0]) == (1, 4)
