"""What happened beside what was forecast: one row for every target that has come, from what was known then."""

import numpy as np
import pandas as pd
import pytest

from data.types import Evidence
from models.backtest.hindcasts import run_origin
from models.backtest.origins import FIRST_ORIGIN, LAST_ORIGIN, OriginTask, origin_tasks
from models.backtest.outcomes import QUANTILES, History, P, hindcast_table, year_mean_table
from models.base_rate.chain import BaseRate, calm_hazard
from models.measures.structure import ALIGNMENT
from models.names import HORIZONS, MODEL_M0, MODEL_M1, STATES
from models.outcome.rule import RULE, RULE_1, tone, yearly_codes, yearly_readings


@pytest.fixture(scope="module")
def tasks(real_evidence: Evidence) -> tuple[OriginTask, ...]:
    return origin_tasks(real_evidence, (MODEL_M0,))


@pytest.fixture(scope="module")
def table(real_evidence: Evidence, tasks: tuple[OriginTask, ...]) -> pd.DataFrame:
    return hindcast_table(real_evidence, tasks, [run_origin(task) for task in tasks])


def test_one_row_for_every_target_that_has_come(table: pd.DataFrame) -> None:
    last = LAST_ORIGIN + 1
    expected = {(o, h) for o in range(FIRST_ORIGIN[MODEL_M0], LAST_ORIGIN + 1) for h in HORIZONS if o + h <= last}
    assert set(zip(table["origin"], table["horizon"], strict=True)) == expected
    assert set(table["kind"]) == {"hindcast"}
    np.testing.assert_allclose(table[P].sum(axis=1), 1.0, rtol=0, atol=1e-12)


def test_an_origin_is_forecast_from_the_labels_known_then(real_evidence: Evidence, table: pd.DataFrame) -> None:
    codes = yearly_codes(real_evidence.events, ALIGNMENT.first_year, 2024)
    for origin in (1975, 1990, 2014):
        known = codes[: origin - ALIGNMENT.first_year + 1]
        expected = BaseRate.from_history(known, hazard=calm_hazard(0.024)).forecast(int(known[-1])).state
        rows = table[table["origin"] == origin].sort_values("horizon")
        np.testing.assert_allclose(rows[P].to_numpy(), expected, rtol=0, atol=1e-12)
        assert [STATES.index(one) for one in rows["observed"]] == codes[origin + 1 - ALIGNMENT.first_year :][
            :5
        ].tolist()


def test_means_stand_beside_the_tone_of_their_origin(real_evidence: Evidence) -> None:
    task = origin_tasks(real_evidence, (MODEL_M1,))[-3]
    quantiles = np.arange(5)[:, None] + np.linspace(-1, 1, 99)
    found = year_mean_table(real_evidence, [task], [{"year_mean": quantiles.tolist()}])
    means, _ = yearly_readings(real_evidence.events, 1950, LAST_ORIGIN + 1)
    assert list(found["target_year"]) == [2023, 2024, 2025]
    np.testing.assert_allclose(found["observed"], means[-3:], rtol=1e-12)
    np.testing.assert_allclose(found["tone"], tone(means[:-3]), rtol=1e-12)
    np.testing.assert_array_equal(found[QUANTILES].to_numpy(), quantiles[:3])
    assert year_mean_table(real_evidence, [task], [{"year_mean": None}]).empty


def test_a_history_is_read_by_its_own_rule(real_evidence: Evidence) -> None:
    for rule in (RULE, RULE_1):
        history = History(real_evidence, rule)
        codes = yearly_codes(real_evidence.events, 1990, 2000, rule)
        assert [history.state(year) for year in range(1990, 2001)] == [STATES[code] for code in codes]
        assert (history.state(2026), history.mean(2026)) == (None, None)
        means, _ = yearly_readings(real_evidence.events, 1990, 1990, rule)
        assert history.mean(1990) == pytest.approx(means[0])
