"""Fits for a replay: asked of the right day, kept on a shelf, and (slow) sampled, verified and like the archive."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from models.assumptions.setting import Assumptions
from models.backtest.origins import whole_evidence
from models.errors import FitError
from models.library.members import FROZEN_SCALING, Members, ordered_prior_at
from models.measures.drivers import driver_table, frozen_scaling
from models.names import MODEL_M2, PMF
from models.ordered.law import forecast as ordered_forecast
from models.ordered.transitions import read_transitions
from models.rounding import PUBLISHED
from models.snapshot.archive import snapshot_bytes
from models.snapshot.inputs import inputs_of, read_inputs
from models.snapshot.verify import verify
from models.track.replay import replayed
from models.track.replay_fits import InputsShelf, ReplayTask, replay_tasks, run_replay
from tests.support.values.factories import synthetic_library, synthetic_members
from tests.support.values.saved import archived

MCSE_FACTOR = 4
"""Combined Monte Carlo standard errors, as in the backtest."""

ROUNDED = 2 * 10.0**-PUBLISHED.decimals
"""Three chances are rounded by half a unit each, and the fourth is what they leave; the archive has ten decimals."""


def test_each_task_asks_about_its_own_day() -> None:
    tasks = replay_tasks(whole_evidence(), (2005, 2006))
    assert [one.reference_date for one in tasks] == [date(2005, 12, 31), date(2006, 12, 31)]
    assert len({one.key for one in tasks}) == 2
    other = ReplayTask(origin=2005, evidence_digest=tasks[0].evidence_digest, values=tasks[0].values, seed=1)
    assert other.key != tasks[0].key
    lighter = {**tasks[0].values, "alignment_weight": 0.1}  # a weight of the mixture changes no fit
    same = ReplayTask(origin=2005, evidence_digest=tasks[0].evidence_digest, values=lighter)
    assert same.key == tasks[0].key


def test_other_evidence_is_refused() -> None:
    (task,) = replay_tasks(whole_evidence(), (2005,))
    wrong = ReplayTask(origin=2006, evidence_digest=task.evidence_digest, values=task.values)
    with pytest.raises(FitError, match="give it the same data"):
        run_replay(wrong)


def test_the_shelf_gives_back_what_it_can_read_and_nothing_else(tmp_path: Path) -> None:
    whole = whole_evidence()
    (task,), evidence = replay_tasks(whole, (2024,)), whole.visible(date(2024, 12, 31))
    shelf = InputsShelf(folder=tmp_path)
    assert shelf.read(task) is None
    made = dict(inputs_of(evidence, synthetic_library(evidence, samples=40)))
    shelf.write(task, made)
    assert shelf.read(task) == made
    (place,) = tmp_path.iterdir()
    (place / "library.npz").write_bytes(made["library.npz"][:-9])
    assert shelf.read(task) is None
    shelf.write(task, made)
    other = ReplayTask(origin=2024, evidence_digest="0" * 64, values=task.values)
    (tmp_path / other.key).symlink_to(place)
    assert shelf.read(other) is None  # the inputs of another day


def test_a_fit_in_frozen_units_is_continued_in_frozen_units() -> None:
    evidence = whole_evidence().visible(date(2010, 12, 31))
    plain = synthetic_members(evidence)
    ordered = replace(plain.ordered, settings={**plain.ordered.settings, FROZEN_SCALING: 1.0})
    frozen = Members(evidence=evidence, ordered=ordered, regimes=plain.regimes)
    defaults = Assumptions.defaults(evidence.claims)
    means = []
    for members, scaling in ((plain, None), (frozen, frozen_scaling())):
        transitions = read_transitions(evidence, driver_table(evidence, scaling=scaling))
        expected = ordered_forecast(ordered.parameters, transitions, ordered_prior_at(defaults)).flat
        np.testing.assert_allclose(members.answer_ordered(defaults).probabilities, expected, rtol=0, atol=1e-12)
        means.append(expected.mean(axis=0))
    assert np.abs(means[0] - means[1]).max() > 0.001  # the two do differ


@pytest.mark.slow
def test_a_refit_verifies_offline_and_agrees_with_the_archive() -> None:
    (task,) = replay_tasks(whole_evidence(), (2012,))
    inputs = run_replay(ReplayTask(origin=2012, evidence_digest=task.evidence_digest, values=task.values, seed=77))
    snapshot = replayed(inputs)
    assert verify(snapshot_bytes(snapshot, {}, inputs)).passed
    _, library = read_inputs(inputs)
    assert library.members.fits[MODEL_M2].settings["frozen_scaling"] == 1.0
    key = ["model_id", "target", "horizon", "output_type_id"]
    ours, theirs = (
        one.table.pivot_table(index=key, columns="output_type", values="value")
        for one in (snapshot, archived(2012)[2012])
    )
    rows = ours[PMF].notna() & ours["mcse"].notna()
    error = np.hypot(ours.loc[rows, "mcse"], theirs.loc[rows, "mcse"])
    assert ((ours[PMF] - theirs[PMF])[rows].abs() <= MCSE_FACTOR * error + ROUNDED).all()
