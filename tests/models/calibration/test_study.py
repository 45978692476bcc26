"""Jobs, tables and verdicts of a calibration study; in the slow tests, a mistake in a sampled model that it catches."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from data.evidence import Evidence
from models.calibration.ranks import summary
from models.calibration.study import (
    FIT_COLUMNS,
    MISTAKES,
    prior_digests,
    ranks_table,
    run_study,
    run_task,
    tasks_of,
    verdicts,
)
from models.errors import FitError
from models.names import MEMBERS, MODEL_M0, MODEL_M1, MODEL_M2, MODEL_M3


def test_every_world_has_a_key_of_its_own(real_evidence: Evidence):
    tasks = [*tasks_of(real_evidence, MEMBERS, 3), *tasks_of(real_evidence, MEMBERS, 3, wrong=True)]
    one = tasks[4]
    changes = {"seed": 1, "evidence_digest": "other", "prior_digest": "other", "settings": one.settings[:1]}
    tasks += [replace(one, **{name: value}) for name, value in changes.items()]
    assert len({task.key for task in tasks}) == len(tasks) == 28


@pytest.mark.parametrize(
    ("knob", "changed"),
    [
        ("driver_strength", {MODEL_M1, MODEL_M2}),
        ("volatility", {MODEL_M1}),
        ("stickiness", {MODEL_M3}),
        ("alignment_weight", set()),
    ],
)
def test_a_prior_has_a_digest_that_only_its_own_knobs_change(default_assumptions, knob, changed):
    prior = default_assumptions.knobs[knob]
    other = default_assumptions.replace({knob: prior.high})
    before, after = prior_digests(default_assumptions), prior_digests(other)
    assert {name for name in MEMBERS if before[name] != after[name]} == changed


def test_mistakes_are_named_in_the_task(real_evidence: Evidence):
    assert [task.wrong for task in tasks_of(real_evidence, [MODEL_M0, MODEL_M1], 1)] == ["", ""]
    wrong = tasks_of(real_evidence, MEMBERS, 1, wrong=True)
    assert [task.wrong for task in wrong] == [MISTAKES[name] for name in MEMBERS]


@pytest.mark.parametrize(
    ("models", "simulations", "seed"), [([MODEL_M0], 0, 1), ([MODEL_M0], 5, -1), (["m9"], 5, 1), ([], 5, 1)]
)
def test_a_study_of_nothing_is_refused(real_evidence: Evidence, models, simulations, seed):
    with pytest.raises(FitError, match="correct the numbers"):
        tasks_of(real_evidence, models, simulations, seed)


def test_the_same_task_gives_the_same_ranks_and_another_number_others(real_evidence: Evidence):
    first, second = tasks_of(real_evidence, [MODEL_M0], 2)
    assert run_task(first) == run_task(first)
    assert run_task(first)["ranks"] != run_task(second)["ranks"]


def test_a_mistake_changes_the_refit_and_not_the_world(real_evidence: Evidence):
    """The log likelihood of the truth is the world's; a posterior that is too narrow ranks it lower on the whole."""
    right, wrong = (tasks_of(real_evidence, [MODEL_M0], 40, wrong=mistake) for mistake in (False, True))
    ranks = [[run_task(task)["ranks"]["log likelihood"]["log likelihood"] for task in one] for one in (right, wrong)]
    assert np.mean(ranks[1]) < np.mean(ranks[0]) - 10


def test_other_evidence_on_a_worker_is_refused(real_evidence: Evidence):
    task = replace(tasks_of(real_evidence, [MODEL_M0], 1)[0], evidence_digest="f" * 64)
    with pytest.raises(FitError, match="give it the same data"):
        run_task(task)


def test_a_stopped_study_goes_on_where_it_was(real_evidence: Evidence, tmp_path):
    done, tasks = [], tasks_of(real_evidence, [MODEL_M0], 3)

    def do(task):
        done.append(task.number)
        return {"ranks": {"parameter": {"x": task.number}}, "attempts": 1, "rhat": 1.01, "ess": 300.0}

    with ThreadPoolExecutor(1) as pool:
        run_study(tasks[:2], tmp_path, pool, lambda *_: None, do)
        ranks, fits = run_study(tasks, tmp_path, pool, lambda *_: None, do)
    assert done == [0, 1, 2]
    assert ranks.to_numpy().tolist() == [[MODEL_M0, number, "parameter", "x", number] for number in range(3)]
    assert tuple(fits.columns) == FIT_COLUMNS
    assert fits["rhat"].tolist() == [1.01] * 3


@pytest.mark.parametrize(("outside", "passed"), [(1, True), (2, False)])
def test_the_verdict_follows_the_rule_and_counts_every_refit(outside, passed):
    rows = [(MODEL_M1, f"q{n}", n >= outside, 0.5) for n in range(20)]
    table = pd.DataFrame(rows, columns=["model_id", "quantity", "inside", "chance"])
    fits = pd.DataFrame(
        [
            (MODEL_M1, 0, 1, 1.01, 300),
            (MODEL_M1, 1, 2, 1.02, 200),
            (MODEL_M1, 2, 2, 1.08, 200),
            (MODEL_M0, 0, 0, None, None),
        ],
        columns=list(FIT_COLUMNS),
    )
    (found,) = verdicts(table, fits)
    assert (found["outside"], found["allowed"], found["passed"]) == (outside, 1, passed)
    assert (found["sampled_again"], found["not_mixed"]) == (2, 1)


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_a_mistake_in_a_sampled_likelihood_is_caught(real_evidence: Evidence):
    """The truth's log likelihood alone must tell: sixty refits of M2 with every transition counted twice."""
    tasks = tasks_of(real_evidence, [MODEL_M2], 60, wrong=True)
    table = summary(ranks_table((task, run_task(task)) for task in tasks)).set_index("quantity")
    assert not table.loc["log likelihood", "inside"]
    assert table["chance"].min() * len(table) < 0.001
