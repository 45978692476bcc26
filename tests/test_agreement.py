"""One number, wherever it is shown: headline, chart, table, JSON and CSV under random settings of real draws."""

import io
import json

import numpy as np
import pandas as pd
import pytest

from dashboard.figures.forecast import states_over_horizons
from dashboard.wording.forecast import headline, outlook
from models.assumptions.setting import Assumptions
from models.benchmarks.engine import random_settings
from models.fits.alignment_fit import base_case
from models.forecast.results import make_forecast
from models.library.pool import RESOLUTION, fit_counts
from models.names import HORIZONS, MCSE, MODEL_MIXTURE, PMF, STATES, TARGET_STATE
from models.rounding import PUBLISHED
from models.snapshot.value import build_snapshot
from models.storage.safe_csv import safe_csv
from tests.support.values.factories import library_of

UNIT = 10**-PUBLISHED.decimals
SETTINGS = (40, pytest.param(200, marks=pytest.mark.slow))


@pytest.fixture(scope="module")
def fit(evidence):
    return base_case(evidence)


@pytest.fixture(scope="module")
def library(evidence, fit):
    return library_of(evidence, fit)


@pytest.fixture(scope="module", params=SETTINGS)
def forecasts(request, evidence, library):
    defaults = Assumptions.defaults(evidence.claims)
    settings = [defaults, *random_settings(defaults, request.param, seed=7)]
    return [make_forecast(evidence, library, setting) for setting in settings]


@pytest.fixture(scope="module")
def published(forecasts) -> list[np.ndarray]:
    """The mixture's state probabilities by each forecast's own accessor, shape (horizon, state)."""
    return [
        np.array([[forecast.probability(TARGET_STATE, h, s) for s in STATES] for h in HORIZONS])
        for forecast in forecasts
    ]


def mixture(table: pd.DataFrame, kind: str) -> np.ndarray:
    rows = table[
        (table["model_id"] == MODEL_MIXTURE) & (table["target"] == TARGET_STATE) & (table["output_type"] == kind)
    ]
    wide = rows.pivot_table(index="horizon", columns="output_type_id", values="value")
    return wide.loc[list(HORIZONS), list(STATES)].to_numpy()


def test_probabilities_sum_to_one(published) -> None:
    np.testing.assert_allclose(np.sum(published, axis=2), 1.0, rtol=0, atol=1e-9)


def test_headline_chart_and_table_hold_the_same_numbers(forecasts, published) -> None:
    for forecast, numbers in zip(forecasts, published, strict=True):
        np.testing.assert_array_equal(mixture(forecast.table, PMF), numbers)
        drawn = pd.DataFrame(
            next(iter(states_over_horizons(forecast.table, forecast.reference_date)["datasets"].values()))
        )
        bars = drawn.pivot_table(index="year", columns="state", values="probability")[list(STATES)].to_numpy()
        np.testing.assert_array_equal(bars, numbers)
        for horizon, row in zip(HORIZONS, numbers, strict=True):
            shown = {chance.outcome: chance for chance in outlook(forecast.table, horizon)}
            assert [shown[state].probability for state in STATES] == row.tolist()
            likeliest = shown[STATES[int(row.argmax())]]
            assert likeliest.chance.percent in headline(forecast.table, horizon, forecast.reference_date)


def test_snapshot_and_csv_hold_the_same_numbers(evidence, library, forecasts, published) -> None:
    for forecast, numbers in zip(forecasts, published, strict=True):
        snapshot = build_snapshot(evidence, library, forecast, forecast.assumptions)
        stored = pd.DataFrame(json.loads(snapshot.json)["results"])
        csv = pd.read_csv(io.BytesIO(safe_csv(snapshot.table)))
        for table in (stored, csv):
            np.testing.assert_array_equal(mixture(table, PMF), numbers)
            np.testing.assert_array_equal(mixture(table, MCSE), mixture(forecast.table, MCSE))


def test_the_defaults_are_the_draws_own_means_mixed_with_the_exact_base_rate(fit, forecasts, published) -> None:
    default = forecasts[0]
    share = 0.25 / (0.25 + 0.4)  # this library holds no other models
    kept = fit_counts(fit).reshape(fit.chain.size, len(HORIZONS), -1)[..., : len(STATES)] / RESOLUTION
    draws, stored = kept.mean(axis=0), fit.probabilities["state_probability"].to_numpy()
    np.testing.assert_allclose(draws, stored.astype(float).mean(axis=0), rtol=0, atol=1.5 / RESOLUTION)
    outside = [[default.probability(TARGET_STATE, h, s, "m0_base_rate") for s in STATES] for h in HORIZONS]
    mixed = share * np.array(outside) + (1 - share) * draws
    np.testing.assert_allclose(published[0], mixed, rtol=0, atol=4 * UNIT)  # both are rounded, twice
    assert default.status == "exact"
