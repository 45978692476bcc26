"""Days inside a year against its start: who is paired with whom, what decides, and what a known gain looks like."""

import dataclasses
from datetime import date
from functools import partial

import numpy as np
import pandas as pd
import pytest

from data.types import Evidence
from models.backtest import mid_year
from models.backtest.hindcasts import hindcast
from models.backtest.mid_year import (
    AIM,
    MID_YEAR,
    SINCE,
    START,
    comparisons,
    nowcast_coverage,
    paired,
    rows_seen,
    simple_beside,
    thin_table,
)
from models.backtest.origins import origin_tasks
from models.backtest.outcomes import QUANTILES
from models.backtest.scores import PRIMARY, scored
from models.backtest.yardsticks import PERSISTENCE, RIVAL, tables_inside_years
from models.names import MEMBERS, MODEL_M0, MODEL_M1, MODEL_M2, MODEL_MIXTURE
from tests.support.values.hindcasts import hindcasts, knowing, year_means

YEARS = range(SINCE[0], 2026)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few resamples."""
    monkeypatch.setattr(mid_year, "mean_interval", partial(mid_year.mean_interval, resamples=200))


@pytest.fixture(scope="module")
def start() -> pd.DataFrame:
    return scored(hindcasts(MODEL_MIXTURE, knowing(0.5)))


def inside(share: float, model: str = MODEL_MIXTURE) -> pd.DataFrame:
    """Forecasts from 30 June: those of the year-end before, which is a horizon further from the same target."""
    table = hindcasts(model, knowing(share))
    moved = table.assign(origin=table["origin"] + 1, horizon=table["horizon"] - 1)
    return scored(moved).assign(day=MID_YEAR, rows=moved["origin"] % 7)


def test_a_day_is_paired_with_the_start_of_its_own_year(start: pd.DataFrame) -> None:
    pairs = paired(inside(0.5), start, "rps")
    assert set(pairs["origin"]) == set(YEARS)
    assert set(pairs["horizon"]) == {0, 1, 2, 3, 4}
    assert (pairs["target_year"] == pairs["origin"] + pairs["horizon"]).all()
    np.testing.assert_array_equal(pairs["ours"], pairs["theirs"])  # the same forecast of the same year-end


def test_what_half_a_year_adds_decides_by_the_intervals_end(start: pd.DataFrame) -> None:
    for share, gains in ((0.9, True), (0.2, False)):
        table = comparisons(paired(inside(share), start, "rps"))
        deciding = table[table["role"] != "secondary"].set_index("horizon")
        assert (deciding.loc[0, "role"], set(deciding.loc[[1, 2], "role"])) == (PRIMARY, {AIM})
        assert (len(deciding), deciding["met"].tolist()) == (3, [gains] * 3)
        assert (deciding["difference"] < 0).tolist() == [gains] * 3
        assert deciding["years"].tolist() == [50, 49, 48]
        assert set(table["since"]) == set(SINCE)


def test_a_gain_that_is_not_shown_misses_the_aim_and_may_still_be_no_worse(start: pd.DataFrame) -> None:
    same = comparisons(paired(inside(0.5), start, "rps"))
    deciding = same[same["role"] != "secondary"].set_index("horizon")
    assert deciding["met"].to_dict() == {0: False, 1: True, 2: True}


def test_other_days_models_and_scores_decide_nothing(start: pd.DataFrame) -> None:
    other_day = paired(inside(0.9).assign(day="09-30"), start, "rps")
    other_model = paired(inside(0.9, MODEL_M1), start.assign(model_id=MODEL_M1), "rps")
    other_score = paired(inside(0.9), start, "brier")
    table = comparisons(pd.concat([other_day, other_model, other_score]))
    assert set(table["role"]) == {"secondary"}
    assert table["met"].isna().all()


def test_the_mixture_is_held_against_simple_forecasts_of_the_same_day() -> None:
    scores = pd.concat([inside(0.9), *(inside(0.5, name) for name in (RIVAL, PERSISTENCE))])
    table = comparisons(simple_beside(scores))
    assert set(table["reference"]) == {RIVAL, PERSISTENCE}
    assert (table["difference"] < 0).all()
    assert START not in set(table["reference"])


def test_thin_years_stand_apart(start: pd.DataFrame) -> None:
    pairs = paired(inside(0.9), start, "rps")
    table = thin_table(pairs)
    own = pairs[(pairs["horizon"] == 0) & (pairs["rows"] < 4)]
    (row,) = table[table["thin"] & (table["horizon"] == 0)].itertuples()
    assert row.years == len(own) == sum(year % 7 < 4 for year in YEARS)
    assert row.difference == pytest.approx((own["ours"] - own["theirs"]).mean())


@pytest.mark.parametrize(("factor", "within"), [(1.0, True), (0.4, False)])
def test_ranges_that_are_right_lie_inside_the_band_and_narrow_ones_below(factor: float, within: bool) -> None:
    means = year_means(MODEL_MIXTURE, factor).query("horizon == 1").assign(horizon=0, day=MID_YEAR)
    table = nowcast_coverage(means.assign(origin=means["origin"] + 1))
    assert (table["within"] == within).all()
    assert table["years"].tolist() == [50] * 3 + [36] * 3
    assert within or (table["inside"] < table["low"]).all()


def test_other_horizons_are_no_nowcast() -> None:
    means = year_means(MODEL_MIXTURE).assign(day=MID_YEAR)
    assert nowcast_coverage(pd.concat([means.assign(horizon=0), means.assign(horizon=2, observed=99.0)])).equals(
        nowcast_coverage(means.assign(horizon=0))
    )
    assert set(QUANTILES) <= set(means)


def test_tasks_ask_on_the_day_with_what_was_known_then(real_evidence: Evidence) -> None:
    tasks = origin_tasks(real_evidence, MEMBERS, month=6)
    years = {model: [task.origin for task in tasks if task.model_id == model] for model in MEMBERS}
    assert years[MODEL_M0] == years[MODEL_M1] == list(YEARS)
    assert years[MODEL_M2] == list(range(2005, 2026))
    day = date(1990, 6, 30)
    (task,) = (task for task in tasks if (task.model_id, task.origin) == (MODEL_M1, 1990))
    assert (task.reference_date, task.evidence_digest) == (day, real_evidence.visible(day).digest)
    yearly = {task.key for task in origin_tasks(real_evidence)}
    autumn = {task.key for task in origin_tasks(real_evidence, month=9)}
    assert len(yearly | autumn | {task.key for task in tasks}) == 3 * len(tasks)


def test_a_row_planted_after_the_day_changes_no_models_forecast(real_evidence: Evidence) -> None:
    like = next(event for event in real_evidence.events if event.year == 2015 and not event.is_context)
    act = dataclasses.replace(like, id="E2015-07-01-planted", date=date(2015, 7, 1), date_precision="day")
    dated_by_year = dataclasses.replace(like, id="E2015-planted", date=date(2015, 1, 1), date_precision="year")
    planted = dataclasses.replace(real_evidence, events=(*real_evidence.events, act, dated_by_year))
    for month, first in ((6, 2016), (9, 2015)):
        before, after = (origin_tasks(evidence, month=month) for evidence in (real_evidence, planted))
        assert {task.model_id for task in before} == set(MEMBERS)
        for one, other in zip(before, after, strict=True):
            assert (one.key == other.key) == (one.origin < first)
    (task,) = (t for t in origin_tasks(planted, (MODEL_M0,), month=6) if t.origin == 2015)
    day = date(2015, 6, 30)
    assert hindcast(task, planted.visible(day)) == hindcast(task, real_evidence.visible(day))
    (own,), (theirs,) = (tables_inside_years(e, [day])[0]["p_deeper"].to_numpy()[:1] for e in (planted, real_evidence))
    assert own == theirs


def test_rows_seen_by_the_day_are_those_that_could_be_known(real_evidence: Evidence) -> None:
    by_day = [rows_seen(real_evidence, 2025, month) for month in (3, 6, 9, 12)]
    assert by_day == sorted(by_day)
    assert by_day[0] < by_day[-1]
    dated_by_year = [e for e in real_evidence.events if e.date_precision == "year" and not e.is_context]
    year = dated_by_year[-1].year
    seen = real_evidence.visible(date(year, 9, 30)).events
    assert rows_seen(real_evidence, year, 9) == sum(e.year == year and not e.is_context for e in seen)
    assert rows_seen(real_evidence, year, 12) > rows_seen(real_evidence, year, 9)
