"""Hindcasts: only what was known then, one row for every target that has come, and scores that a loop confirms."""

import dataclasses
from datetime import date

import numpy as np
import pandas as pd
import pytest

from data.types import Evidence
from models.assumptions.shares import WEIGHT_KNOBS
from models.backtest.controls import AS_RECORDED, NO_DRIVERS, SHUFFLES, drivers_of, shuffled
from models.backtest.hindcasts import (
    FIRST_ORIGIN,
    LAST_ORIGIN,
    OriginTask,
    hindcast,
    hindcast_table,
    origin_tasks,
    run_origin,
)
from models.backtest.scores import P, comparisons, control_table, densities, reference_table, scored
from models.base_rate.chain import BaseRate, calm_hazard
from models.errors import FitError
from models.measures.drivers import Scaling, driver_table, frozen_scaling
from models.measures.structure import ALIGNMENT
from models.names import HORIZONS, MODEL_M0, MODEL_M1, MODEL_M3, STATES
from models.outcome.rule import yearly_codes
from models.scores.bootstrap import Interval, skill_verdict
from models.scores.rules import FLOOR

PLANTED_YEAR = 2015


@pytest.fixture(scope="module")
def every(real_evidence: Evidence) -> tuple[OriginTask, ...]:
    return origin_tasks(real_evidence)


@pytest.fixture(scope="module")
def tasks(every: tuple[OriginTask, ...]) -> tuple[OriginTask, ...]:
    return tuple(task for task in every if task.model_id == MODEL_M0)


@pytest.fixture(scope="module")
def table(real_evidence: Evidence, tasks: tuple[OriginTask, ...]) -> pd.DataFrame:
    return hindcast_table(real_evidence, tasks, [run_origin(task) for task in tasks])


@pytest.fixture(scope="module")
def scores(real_evidence: Evidence, table: pd.DataFrame) -> pd.DataFrame:
    references = reference_table(real_evidence, sorted(set(table["origin"])))
    return scored(pd.concat([table, references], ignore_index=True))


@pytest.fixture(scope="module")
def planted(real_evidence: Evidence) -> Evidence:
    """The record with a break act that never happened."""
    like = next(event for event in real_evidence.events if event.year == PLANTED_YEAR and not event.is_context)
    act = dataclasses.replace(
        like, id=f"{like.id}-planted", intensity=-9, direction="conflict", initiator="RUS", target="CHN"
    )
    return dataclasses.replace(real_evidence, events=(*real_evidence.events, act))


def test_origins_are_as_many_as_promised(every: tuple[OriginTask, ...]) -> None:
    found = pd.Series([task.model_id for task in every]).value_counts()
    assert found[MODEL_M0] == found[MODEL_M3] == 49
    assert found[MODEL_M1] == 20
    assert set(FIRST_ORIGIN) == set(found.index)


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


def test_an_event_planted_after_an_origin_changes_no_forecast(every: tuple[OriginTask, ...], planted: Evidence) -> None:
    altered = origin_tasks(planted)
    before, after = ({(one.model_id, one.origin): one.key for one in tasks} for tasks in (every, altered))
    assert before.keys() == after.keys()
    same = {asked: before[asked] == after[asked] for asked in before}
    assert all(same[asked] for asked in same if asked[1] < PLANTED_YEAR)
    assert not any(same[asked] for asked in same if asked[1] >= PLANTED_YEAR)
    task = next(one for one in altered if one.model_id == MODEL_M0 and one.origin == PLANTED_YEAR - 1)
    assert hindcast(task, planted.visible(task.reference_date)) == run_origin(task)


def test_an_event_planted_after_an_origin_changes_no_driver_of_it(real_evidence: Evidence, planted: Evidence) -> None:
    then = date(PLANTED_YEAR - 1, 12, 31)
    one, other = (drivers_of(evidence.visible(then), AS_RECORDED) for evidence in (real_evidence, planted))
    np.testing.assert_array_equal(one.lagged, other.lagged)
    np.testing.assert_array_equal(one.origin, other.origin)


def test_the_frozen_scaling_is_that_of_the_whole_evidence(real_evidence: Evidence) -> None:
    stored, own = frozen_scaling(), Scaling.of(driver_table(real_evidence).raw)
    pd.testing.assert_series_equal(stored.mean, own.mean, check_names=False, rtol=1e-12)
    pd.testing.assert_series_equal(stored.sd, own.sd, check_names=False, rtol=1e-12)


def test_a_worker_with_other_evidence_refuses(tasks: tuple[OriginTask, ...]) -> None:
    with pytest.raises(FitError, match="give it the same data"):
        run_origin(dataclasses.replace(tasks[0], evidence_digest="0" * 64))


def test_weights_of_models_do_not_name_a_hindcast(tasks: tuple[OriginTask, ...]) -> None:
    values = {**tasks[0].values, **dict.fromkeys(WEIGHT_KNOBS.values(), 0.5)}
    assert dataclasses.replace(tasks[0], values=values).key == tasks[0].key
    moved = {**tasks[0].values, "rupture_hazard": 0.05}
    assert dataclasses.replace(tasks[0], values=moved).key != tasks[0].key


def test_unknown_models_and_variants_are_refused(real_evidence: Evidence) -> None:
    with pytest.raises(FitError, match="correct the names"):
        origin_tasks(real_evidence, ("m9",))
    with pytest.raises(FitError, match="correct its name"):
        drivers_of(real_evidence, "upside down")


def test_shuffled_drivers_are_the_same_rows_in_another_order(real_evidence: Evidence) -> None:
    table = drivers_of(real_evidence, AS_RECORDED)
    moved = shuffled(table, 0)
    rows = [sorted(map(tuple, np.nan_to_num(one.standardised.to_numpy()).tolist())) for one in (table, moved)]
    assert rows[0] == rows[1]
    assert not np.array_equal(moved.lagged, table.lagged)
    np.testing.assert_array_equal(moved.origin, moved.standardised.iloc[-1].fillna(0.0))
    assert not np.array_equal(drivers_of(real_evidence, SHUFFLES[1]).lagged, moved.lagged)


def test_no_drivers_push_nothing(real_evidence: Evidence) -> None:
    table = drivers_of(real_evidence, NO_DRIVERS)
    assert not table.lagged.any()
    assert not table.origin.any()


def test_scores_equal_a_loop_over_the_definitions(scores: pd.DataFrame) -> None:
    for row in scores.sample(60, random_state=3).itertuples():
        p = [getattr(row, name) for name in P]
        happened = [float(state == row.observed) for state in STATES]
        ranked = sum((sum(p[: k + 1]) - sum(happened[: k + 1])) ** 2 for k in range(3))
        brier = sum((a - b) ** 2 for a, b in zip(p, happened, strict=True))
        log = -np.log(max(FLOOR, p[happened.index(1.0)]))
        np.testing.assert_allclose((row.rps, row.brier, row.log), (ranked, brier, log), rtol=0, atol=1e-12)


def test_references_know_only_the_past(real_evidence: Evidence, scores: pd.DataFrame) -> None:
    codes = yearly_codes(real_evidence.events, ALIGNMENT.first_year, 2024)
    for origin in (1980, 2010):
        rows = scores[scores["origin"] == origin]
        climate = rows[rows["model_id"] == "climatology"][P].to_numpy()
        known = codes[: origin - ALIGNMENT.first_year + 1]
        shares = (np.bincount(known[known >= 0], minlength=4) + 0.25) / (np.sum(known >= 0) + 1)
        np.testing.assert_allclose(climate, np.tile(shares, (len(climate), 1)), rtol=0, atol=1e-12)
        stay = rows[rows["model_id"] == "persistence"][P].to_numpy()
        np.testing.assert_array_equal(stay, np.tile(np.eye(4)[known[-1]], (len(stay), 1)))


def test_comparisons_are_mean_differences_with_the_verdict_of_their_interval(scores: pd.DataFrame) -> None:
    found = comparisons(scores)
    assert set(found["model_id"]) == {MODEL_M0}
    for row in found.itertuples():
        ours, theirs = (
            scores[(scores["model_id"] == name) & scores["horizon"].isin([row.horizon] if row.horizon else HORIZONS)]
            for name in (row.model_id, row.reference)
        )
        assert row.difference == pytest.approx(ours[row.score].mean() - theirs[row.score].mean(), abs=1e-12)
        ends = Interval(mean=row.difference, low=row.low, high=row.high, block=5, origins=row.origins)
        assert row.verdict == skill_verdict(ends)


def test_a_forecaster_who_knew_is_said_to_have_skill_and_his_opposite_to_be_worse(scores: pd.DataFrame) -> None:
    """Built so that the verdict is unmistakable: probability one on what happened, or on what did not."""
    plain = scores[scores["model_id"] == "climatology"]
    codes = np.array([STATES.index(state) for state in plain["observed"]])
    for shift, verdict in ((0, "skill"), (2, "worse")):
        knew = plain.assign(model_id=MODEL_M3, **dict(zip(P, np.eye(4)[(codes + shift) % 4].T, strict=True)))
        both = pd.concat([plain.assign(variant=AS_RECORDED), scored(knew)])
        found = comparisons(both)
        pooled = found[(found["reference"] == "climatology") & (found["horizon"] == 0) & (found["score"] == "rps")]
        assert set(pooled["verdict"]) == {verdict}


def test_densities_are_what_each_model_gave_to_what_happened(table: pd.DataFrame) -> None:
    copies = [table.assign(model_id=name, **{P[0]: table[P[0]]}) for name in FIRST_ORIGIN]
    given, origins = densities(pd.concat(copies))
    assert given.shape == (49, 5, 4)
    assert origins[0] == 1975
    row = table[(table["origin"] == 1990) & (table["horizon"] == 3)].iloc[0]
    assert given[15, 2, 0] == pytest.approx(row[f"p_{row['observed']}"], abs=1e-12)
    assert np.isnan(given[-1, 1:]).all()


def test_the_gain_of_drivers_is_positive_when_they_help(scores: pd.DataFrame) -> None:
    base = scores[scores["model_id"] == MODEL_M0]
    worse = base.assign(variant=NO_DRIVERS, rps=base["rps"] + 0.1)
    noise = [base.assign(variant=name) for name in SHUFFLES]
    found = control_table(pd.concat([base, worse, *noise])).query("score == 'rps'").set_index("variant")
    assert found.loc[AS_RECORDED, "gain"] == pytest.approx(0.1, abs=1e-12)
