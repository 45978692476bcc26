"""What the calibration of M1 simulates and ranks. The refits themselves: `test_recovery` and the full study."""

import dataclasses

import numpy as np
import pytest
import xarray as xr
from scipy import stats

from data.evidence import Evidence
from models.alignment.priors import prior_parameters
from models.calibration.alignment import Truth, log_likelihood, simulated, together
from models.calibration.world import thinned
from models.measures.drivers import driver_table
from models.measures.law import break_probability
from models.measures.readings import Readings, read_ledger
from models.measures.simulate import PARAMETERS
from models.measures.structure import MEASUREMENT
from models.outcome.rule import RULE


@pytest.fixture(scope="module")
def readings(real_evidence: Evidence) -> Readings:
    return read_ledger(real_evidence)


@pytest.fixture(scope="module")
def truth(real_evidence: Evidence, default_assumptions, readings) -> Truth:
    drivers = driver_table(real_evidence)
    return simulated(
        prior_parameters(default_assumptions),
        readings,
        (drivers.lagged, drivers.origin.to_numpy()),
        np.random.default_rng(1),
    )


def test_a_simulated_ledger_is_as_dense_as_the_real_one_in_whole_readings(truth, readings):
    counts = truth.readings.counts
    np.testing.assert_array_equal(counts, np.rint(counts))
    np.testing.assert_array_equal(counts.sum(axis=(1, 2)), np.rint(readings.counts.sum(axis=(1, 2))))
    assert counts.sum(axis=(1, 2)).max() <= MEASUREMENT.effective_readings
    assert truth.readings.recent_means.shape == (RULE.memory_years - 1,)
    assert truth.path.shape == readings.years.shape


def test_the_log_likelihood_is_that_of_every_reading_one_by_one(truth):
    draws, readings = truth.draws, truth.readings
    edges = np.concatenate([[-np.inf], draws.cutpoints[0], [np.inf]])
    total = 0.0
    for year, domain, band in np.argwhere(readings.counts):
        centre = truth.path[year] + domain * draws.space_offset[0]
        low, high = stats.logistic.cdf(edges[band : band + 2], loc=centre)
        total += readings.counts[year, domain, band] * np.log(high - low)
    hazard = break_probability(truth.path, draws.break_log_odds[0], draws.break_slope[0])
    total += np.log(np.where(readings.breaks, hazard, 1 - hazard)).sum()
    np.testing.assert_allclose(log_likelihood(truth.path[None], draws, readings), [total], rtol=1e-10)


def test_the_truth_stands_first_among_draws_that_keep_together(truth):
    """Every variable of a draw is planted with the draw's own number, so that mixed-up rows would show."""
    number = np.arange(400.0).reshape(2, 200)
    ones = {"beta": 12, "alignment": truth.path.size, "cutpoints": len(MEASUREMENT.band_edges)}
    dims = {"beta": "driver", "alignment": "year", "cutpoints": "edge"}
    planted = dict.fromkeys(PARAMETERS, (("chain", "draw"), number))
    planted |= {n: (("chain", "draw", dims[n]), number[..., None] * np.ones(size)) for n, size in ones.items()}
    draws, beta, path = together(truth, xr.Dataset(planted, coords={"year": truth.readings.years}), np.eye(12)[0])
    rows = thinned(400).astype(float)
    for field in dataclasses.fields(draws):
        values = getattr(draws, field.name).reshape(rows.size + 1, -1)
        np.testing.assert_array_equal(values[1:, 0], rows)
    np.testing.assert_array_equal(beta[1:, 3], rows)
    np.testing.assert_array_equal(path[1:, -1], rows)
    assert draws.alignment[0] == truth.path[-1]
    assert draws.level[0] == truth.draws.level[0]
    np.testing.assert_array_equal(path[0], truth.path)
    np.testing.assert_array_equal(beta[0], truth.beta[0])
