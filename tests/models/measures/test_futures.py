"""Outcomes in closed form over break acts against every pattern of such acts, and whole ledgers against the law."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from models.measures.futures import SimulatedYears, outcome_shares, with_break_act
from models.measures.ledgers import LEDGERS, Ledgers, Scale, ledger_means
from models.measures.simulate import forecast_probabilities, simulate_years
from models.measures.simulated import Simulated
from models.measures.structure import MEASUREMENT
from models.names import HORIZONS, Scenario
from models.outcome.rule import classify
from models.storage.arrays import Arrays, packed_arrays, read_arrays
from tests.support.values.draws import SEEN, fixed_draws, some_draws

RUPTURE, DEEPER = Scenario.RUPTURE.code, Scenario.DEEPER.code
ERRORS, YEARS = 4.0, len(HORIZONS)
BEFORE = np.array([4.2, 5.6, np.nan, 4.9])


def by_enumeration(calm: np.ndarray, shaken: np.ndarray, hazard: np.ndarray) -> Arrays:
    """Shares of the outcomes of one path, both of shape (year,), over all patterns of break acts."""
    state, ever = np.zeros((YEARS, 4)), {RUPTURE: np.zeros(YEARS), DEEPER: np.zeros(YEARS)}
    for pattern in product((False, True), repeat=YEARS):
        broken = np.array(pattern)
        chance = np.where(broken, hazard, 1 - hazard).prod()
        whole = np.concatenate([BEFORE, np.where(broken, shaken, calm)])
        codes = np.array([classify(whole[year : year + 5], broken[year]) for year in range(YEARS)])
        state[np.arange(YEARS), codes] += chance
        for code, shares in ever.items():
            shares += chance * np.maximum.accumulate(codes == code)
    return {"state_probability": state, "any_rupture": ever[RUPTURE], "any_deeper": ever[DEEPER]}


def test_shares_are_those_of_all_patterns_of_break_acts() -> None:
    """Paths near the cuts and hazards far above any real one, so that every branch weighs something."""
    rng, samples, paths = np.random.default_rng(1), 12, 3000
    calm, hazard = rng.normal(4.0, 2.5, (samples, YEARS)), rng.uniform(0.02, 0.4, (samples, YEARS))
    many = (np.repeat(values[:, None], paths, axis=1) for values in (calm, hazard))
    years = SimulatedYears.of(*many, SEEN.break_readings, rng)
    found = outcome_shares(BEFORE, years)
    expected = [by_enumeration(calm[row], years.shaken[row, 0], hazard[row]) for row in range(samples)]
    for name, shares in found.items():
        exact = np.stack([one[name] for one in expected])
        # 500 comparisons: 4.5 standard errors are passed once in three hundred runs of a right program.
        error = np.sqrt(exact * (1 - exact) / paths)
        np.testing.assert_array_less(np.abs(shares - exact), 4.5 * error + 1e-12, err_msg=name)
        np.testing.assert_allclose(shares[:, 0], exact[:, 0], rtol=1e-12, atol=1e-12)  # nothing is drawn for these


def test_a_flag_of_a_rare_act_adds_no_scatter_to_its_chance() -> None:
    """Forty paths of one hazard: as flags their share would scatter by three points, in closed form by nothing."""
    shape, rng = (50, 40, YEARS), np.random.default_rng(2)
    years = SimulatedYears.of(np.full(shape, 2.0), np.full(shape, 0.04), SEEN.break_readings, rng)
    found = outcome_shares(np.full(4, 2.0), years)
    np.testing.assert_allclose(found["any_rupture"][:, 0], 0.04, rtol=1e-12)
    assert years.broken[..., 0].mean(axis=1).std() > 0.02


def test_a_break_act_is_some_readings_more_of_the_breaks_intensity() -> None:
    readings = np.random.default_rng(3).normal(3.0, 2.0, 10)
    expected = np.average([*readings, MEASUREMENT.break_intensity_value], weights=[*np.ones(10), SEEN.break_readings])
    found = with_break_act(np.array(readings.mean()), SEEN.break_readings)
    np.testing.assert_allclose(found, expected, rtol=1e-12)
    counts = np.zeros((1, 2, 7))
    counts[0, 1, 6] = 10
    own = ledger_means(counts, np.array([True]), SEEN)
    np.testing.assert_allclose(own, with_break_act(SEEN.band_values[6:], SEEN.break_readings), rtol=1e-12)


def test_kept_ledgers_have_the_law_of_the_years_that_were_labelled() -> None:
    size = 4000
    draws = fixed_draws(size, break_log_odds=-2.0)
    kept = Simulated.of(forecast_probabilities(draws, SEEN, 4, LEDGERS).ledgers, SEEN, {}).year_means
    years = simulate_years(draws, SEEN, np.random.default_rng(5), LEDGERS).years
    assert kept.shape == years.means.shape == (size, LEDGERS, YEARS)
    for power in (1, 2):
        ours, theirs = kept.astype(float) ** power, years.means**power
        error = np.sqrt((ours.var(axis=(0, 1)) + theirs.var(axis=(0, 1))) / size)  # the two of a draw as if one
        np.testing.assert_array_less(np.abs(ours.mean(axis=(0, 1)) - theirs.mean(axis=(0, 1))), ERRORS * error)


@pytest.fixture(scope="module")
def simulated() -> Simulated:
    draws = some_draws(np.random.default_rng(6), 30)
    ledgers = forecast_probabilities(draws, SEEN, 7, 8).ledgers
    return Simulated.of(ledgers, SEEN, {"alignment": draws.alignment, "cutpoints": draws.cutpoints})


def test_ledgers_come_back_from_a_file_as_they_were_written(simulated: Simulated) -> None:
    """Files hold numbers of up to three dimensions: five are laid flat and taken up again."""
    others = {"chain": np.arange(30)}
    again = Simulated.of_arrays(read_arrays(packed_arrays(simulated.arrays | others), "draws.npz"))
    assert again.ledgers.counts.shape == (30, LEDGERS, YEARS, 2, MEASUREMENT.bands)
    assert again.ledgers.counts.dtype == np.uint8
    for name in Ledgers.__slots__:
        np.testing.assert_array_equal(getattr(again.ledgers, name), getattr(simulated.ledgers, name))
    np.testing.assert_array_equal(again.year_means, simulated.year_means)
    assert sorted(again.standing) == ["alignment", "cutpoints"]
    assert Simulated.of_arrays(others) is None


def test_parts_joined_are_the_whole(simulated: Simulated) -> None:
    joined = Simulated.joined([simulated.part(slice(0, 11)), simulated.part(np.arange(11, 30))])
    for name, values in simulated.arrays.items():
        np.testing.assert_array_equal(joined.arrays[name], values, err_msg=name)
    np.testing.assert_array_equal(joined.year_means, simulated.year_means)


def test_the_mean_of_a_kept_ledger_is_that_of_its_readings(simulated: Simulated) -> None:
    calm = replace(simulated.ledgers, broken=np.zeros_like(simulated.ledgers.broken))
    counts = simulated.ledgers.counts[3, 1, 2]
    expected = np.repeat(SEEN.band_values, counts.sum(axis=0).astype(int)).mean()
    assert calm.year_means(Scale.of(SEEN))[3, 1, 2] == pytest.approx(expected, rel=1e-6)
    assert counts.sum() == MEASUREMENT.simulated_readings
