"""From a 31 December every number is the one that the yearly code gave; from the first moment of a year it is the same
forecast a year further on."""

import dataclasses
import hashlib
from datetime import date

import numpy as np
import pytest

from data.load import load_evidence
from data.types import Evidence
from models.assumptions.setting import Assumptions
from models.fits.alignment_fit import base_case
from models.forecast.results import make_forecast
from models.library.files import committed_library
from models.library.members import committed_members
from models.measures.drivers import driver_table, frozen_scaling
from models.measures.readings import Readings, read_ledger
from models.measures.simulate import Draws, forecast_probabilities, future_paths
from models.measures.year_so_far import YearSoFar
from models.names import HORIZONS
from models.outcome.rule import RULE
from models.regimes import forecast as regimes
from models.storage.arrays import rows_of

YEAR_END = date(2025, 12, 31)
YEARLY = "7fe36dbda24d58683f96353be110d725673e3832574919c3b9ac47dfaab82669"
"""SHA-256 of the default results table as CSV, computed before there were days inside a year (commit 9e7064f)."""
SOME, PATHS = 400, 128


@pytest.fixture(scope="module")
def year_end() -> Evidence:
    return load_evidence(YEAR_END)


@pytest.fixture(scope="module")
def readings(year_end: Evidence) -> Readings:
    return read_ledger(year_end)


@pytest.fixture(scope="module")
def nothing_yet(year_end: Evidence, readings: Readings) -> Readings:
    """A year that has begun without a row and without a day."""
    so_far = YearSoFar.of(year_end.visible(date(2025, 12, 30)), RULE, 1.0)
    empty = {"share": 0.0, "rows": 0, "weight": 0.0, "mean": 0.0, "broken": False}
    return dataclasses.replace(
        readings,
        years=np.append(readings.years, 2026),
        counts=np.append(readings.counts, np.zeros_like(readings.counts[:1]), axis=0),
        breaks=np.append(readings.breaks, False),
        seen=np.append(readings.seen, 0.0),
        so_far=dataclasses.replace(so_far, year=2026, **empty),
    )


@pytest.mark.machine
def test_the_table_of_the_last_year_end_is_the_one_of_the_yearly_code(year_end: Evidence) -> None:
    forecast = make_forecast(year_end, committed_library(year_end), Assumptions.defaults(year_end.claims))
    assert hashlib.sha256(forecast.table.to_csv(index=False).encode()).hexdigest() == YEARLY


def agree(begun: np.ndarray, yearly: np.ndarray) -> None:
    """Shares (sample, horizon, state) of other simulated futures of the same draws, a year-end earlier counted."""
    own, other = begun[:, : len(HORIZONS)].mean(axis=0), yearly.mean(axis=0)
    error = np.sqrt(2 * other * (1 - other) / (SOME * PATHS))
    np.testing.assert_array_less(np.abs(own - other), 4 * error + 1e-3)


def test_hidden_regimes_without_a_row_and_a_day_are_those_of_the_last_year_end(year_end, readings, nothing_yet) -> None:
    fit = committed_members(year_end).regimes[0]
    parameters = rows_of(fit.parameters, slice(SOME))
    begun, yearly = (
        regimes.forecast(parameters, seen, 7, PATHS).probabilities["state_probability"]
        for seen in (nothing_yet, readings)
    )
    agree(begun, yearly)


def test_latent_alignment_without_a_row_and_a_day_is_that_of_the_last_year_end(year_end, readings, nothing_yet) -> None:
    """The alignment of a year without a reading is a step ahead of that of the last whole one."""
    fit, origin = base_case(year_end), driver_table(year_end, scaling=frozen_scaling()).origin
    some = fit.parameters.isel(sample=slice(SOME))
    drift = some["beta"].transpose("sample", "driver").to_numpy() @ origin.to_numpy()
    draws = Draws.of(some, fit.alignment.isel(year=-1).to_numpy()[:SOME], drift)
    shocks = np.random.default_rng(5).standard_normal((SOME, PATHS, 1))
    ahead = future_paths(draws, shocks)[..., 0]
    each = draws.part(np.repeat(np.arange(SOME), PATHS))
    begun = forecast_probabilities(dataclasses.replace(each, alignment=ahead.ravel()), nothing_yet, 7, 1)
    yearly = forecast_probabilities(draws, readings, 8, PATHS)
    agree(begun.probabilities["state_probability"], yearly.probabilities["state_probability"])


@pytest.mark.parametrize("year", [2005, 2024])
def test_what_drives_a_year_that_has_begun_is_what_drove_it_at_its_start(year: int) -> None:
    """Carried values too: most series of a year come out in the next one."""
    start, begun = (driver_table(load_evidence(day)) for day in (date(year - 1, 12, 31), date(year, 1, 1)))
    assert start.origin_note.str.startswith("carried").any()
    np.testing.assert_array_equal(begun.lagged[-1], start.origin)
    np.testing.assert_array_equal(begun.lagged[:-1], start.lagged)
    np.testing.assert_array_equal(begun.origin, start.origin)
