"""Tasks: which origins, and a key that names everything that a hindcast depends on and nothing else."""

import dataclasses
from datetime import date

import numpy as np
import pandas as pd
import pytest

from data.types import Evidence
from models.assumptions.shares import WEIGHT_KNOBS
from models.backtest.controls import AS_RECORDED, ESSAY, NO_DRIVERS, SHUFFLES, drivers_of, first_origin
from models.backtest.hindcasts import hindcast, run_origin
from models.backtest.origins import FIRST_ORIGIN, LAST_ORIGIN, OriginTask, origin_tasks
from models.errors import FitError
from models.measures.driver_table import Scaling
from models.measures.drivers import driver_table, frozen_scaling
from models.names import MODEL_M0, MODEL_M1, MODEL_M2

PLANTED_YEAR = 2015


@pytest.fixture(scope="module")
def every(real_evidence: Evidence) -> tuple[OriginTask, ...]:
    return origin_tasks(real_evidence)


@pytest.fixture(scope="module")
def base_rate(every: tuple[OriginTask, ...]) -> OriginTask:
    return next(task for task in every if task.model_id == MODEL_M0)


@pytest.fixture(scope="module")
def planted(real_evidence: Evidence) -> Evidence:
    """The record with a break act that never happened."""
    like = next(event for event in real_evidence.events if event.year == PLANTED_YEAR and not event.is_context)
    act = dataclasses.replace(
        like, id=f"{like.id}-planted", intensity=-9, direction="conflict", initiator="RUS", target="CHN"
    )
    return dataclasses.replace(real_evidence, events=(*real_evidence.events, act))


def test_origins_are_as_many_as_promised(every: tuple[OriginTask, ...]) -> None:
    found = pd.Series([task.model_id for task in every]).value_counts().to_dict()
    assert found == {model: LAST_ORIGIN - first + 1 for model, first in FIRST_ORIGIN.items()}
    assert (LAST_ORIGIN, found[MODEL_M1], found[MODEL_M2]) == (2024, 50, 21)
    assert [first_origin(1975, variant) for variant in (NO_DRIVERS, ESSAY, *SHUFFLES)] == [1992, 2004, 2004, 2004]


def test_a_seed_belongs_to_an_origin_and_not_to_a_variant(
    real_evidence: Evidence, every: tuple[OriginTask, ...]
) -> None:
    plain = {task.origin: task for task in every if task.model_id == MODEL_M1}
    assert min(np.diff([task.seed for task in plain.values()])) >= 2
    for task in origin_tasks(real_evidence, (MODEL_M1,), ESSAY, last=2005):
        own = plain[task.origin]
        assert task.seed == own.seed
        assert task.values == {**own.values, "driver_strength": 0.4}
        assert task.key != own.key


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


def test_a_worker_with_other_evidence_refuses(base_rate: OriginTask) -> None:
    with pytest.raises(FitError, match="give it the same data"):
        run_origin(dataclasses.replace(base_rate, evidence_digest="0" * 64))


def test_weights_of_models_do_not_name_a_hindcast(base_rate: OriginTask) -> None:
    values = {**base_rate.values, **dict.fromkeys(WEIGHT_KNOBS.values(), 0.5)}
    assert dataclasses.replace(base_rate, values=values).key == base_rate.key
    moved = {**base_rate.values, "rupture_hazard": 0.05}
    assert dataclasses.replace(base_rate, values=moved).key != base_rate.key


def test_unknown_models_are_refused(real_evidence: Evidence) -> None:
    with pytest.raises(FitError, match="correct the names"):
        origin_tasks(real_evidence, ("m9",))
