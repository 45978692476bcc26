"""The inverse question: minimal, on the grid, honest when nothing reaches the goal, and stopped when asked."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from data.types import Evidence
from models.assumptions.setting import Assumptions
from models.change.compare import ROUNDING
from models.errors import AssumptionError, SearchCancelled
from models.fits.alignment_fit import base_case
from models.forecast.results import make_forecast
from models.inverse import alignment
from models.inverse.goal import Goal
from models.inverse.levers import Lever, Levers, lever_keys
from models.inverse.search import Search
from models.inverse.watch import Watch
from models.library.library import Library
from models.names import TARGET_STATE
from models.weighting.status import Status
from models.weighting.weights import Weights
from tests.support.values.factories import library_of


@pytest.fixture(scope="module")
def library(real_evidence: Evidence) -> Library:
    """Small: what is tested is the search. The committed library's answers are held against refits in the study."""
    return library_of(real_evidence, base_case(real_evidence))


@pytest.fixture
def search(real_evidence: Evidence, library: Library, default_assumptions: Assumptions):
    def of(probability: float, outcome: str = "deeper", horizon: int = 5, **more: object) -> Search:
        goal = Goal(target=TARGET_STATE, horizon=horizon, outcome=outcome, probability=probability)
        return Search(evidence=real_evidence, libraries=(library,), start=default_assumptions, goal=goal, **more)

    return of


def chance(search: Search, setting: Assumptions) -> float:
    goal = search.goal
    forecast = make_forecast(search.evidence, search.libraries[0], setting)
    return forecast.probability(goal.target, goal.horizon, goal.outcome)


def test_what_is_computed_on_the_way_is_the_published_number_before_rounding(search):
    one = search(0.5, keys=("C01", "C13"))
    moved = {"C01": 2.5, "C13": 4.0, "rupture_hazard": 0.05, "stickiness": 0.9, "persistence": 0.75}
    setting = one.start.replace(moved)
    np.testing.assert_allclose(one._chance.at(setting.values), chance(one, setting), atol=ROUNDING)


def plain_weights(log_ratio: np.ndarray, efficiency: np.ndarray) -> Weights:
    ratio = np.exp(log_ratio - log_ratio.max())
    return Weights(values=ratio / ratio.sum(), pareto_k=None, ess=float(efficiency.sum()), status=Status.GOOD)


def test_slopes_in_closed_form_are_those_of_differences(search, monkeypatch):
    monkeypatch.setattr(alignment, "smoothed_weights", plain_weights)  # the smoothing of the largest jumps a little
    one = search(0.5)
    point, step = np.full(len(one.keys), 0.2), 0.01
    near = one._chance.near(point)
    for row, name in enumerate(("probability", "log_ess")):
        pairs = [
            [getattr(one._chance.near(point + side * away), name) for side in (1, -1)]
            for away in step * np.eye(point.size)
        ]
        differences = np.array([above - below for above, below in pairs]) / (2 * step)
        np.testing.assert_allclose(near.slopes()[row], differences, atol=1e-3 * np.abs(differences).max())


def test_a_line_is_nearly_what_each_of_its_settings_gives(search):
    one = search(0.5)
    for key in ("C12", "confidence", "persistence", "volatility", "rupture_hazard", "stickiness"):
        lever = Lever.of(one.start.knobs[key])
        line = one._chance.line(lever)
        for row in (0, line.size // 3, line.size - 1):
            full = one._chance.at({**one.start.values, key: float(lever.grid[row])})
            np.testing.assert_allclose(line[row], full, atol=0.003)


@pytest.mark.parametrize(("key", "step"), [("C12", 0.004), ("driver_strength", 0.03)])
def test_one_lever_moves_no_further_than_an_exhaustive_search(search, key, step):
    one = search(round(search(0.5).now + step, 3), keys=(key,))
    found, lever = one.along(key), one.levers.all[0]
    here = one.start.values[key]
    settings = [one.start.replace({key: float(value)}) for value in lever.grid]
    reaching = [abs(lever.distance(each.values[key], here)) for each in settings if one._reaches(chance(one, each))]
    assert found.reached
    np.testing.assert_allclose(found.sds, min(reaching), atol=1e-9)
    assert found.probability == chance(one, found.assumptions)


def test_together_reaches_the_goal_with_the_least_distance_of_a_grid_of_all_settings(search):
    keys = ("C12", "C14")
    one = search(round(search(0.5).now + 0.012, 3), keys=keys)
    joint = one.jointly(one.alone().shifts)
    assert joint.reached
    assert joint.probability == chance(one, joint.assumptions)
    assert joint.probability - one.goal.probability < 0.003  # no more than a step of the sliders beyond
    nearer = []
    for values in product(*(lever.grid for lever in one.levers.all)):
        point = one.levers.point(one.start.replace(dict(zip(keys, map(float, values), strict=True))))
        if np.linalg.norm(point) < joint.sds - 0.03:
            nearer.append(one._chance.near(point).probability)
    assert len(nearer) > 10
    assert max(nearer) < one.goal.probability


def test_every_move_is_told_with_what_it_alone_gives(search):
    one = search(round(search(0.5).now + 0.03, 3), keys=("driver_strength", "C12", "rupture_hazard"))
    joint = one.jointly()
    assert {move.key for move in joint.moves} == set(joint.assumptions.changed) - set(one.start.changed)
    for move in joint.moves:
        assert move.end == joint.assumptions.values[move.key]
        alone = chance(one, one.start.replace({move.key: move.end}))
        np.testing.assert_allclose(move.alone, alone, atol=ROUNDING)
    np.testing.assert_allclose(np.linalg.norm([move.sds for move in joint.moves]), joint.sds)


def test_a_goal_out_of_reach_is_answered_with_the_nearest(search):
    one = search(0.9, outcome="strain", horizon=2, keys=("C12", "C13"))
    alone, joint = one.alone(), one.jointly()
    assert alone.able == 0
    assert not alone.shifts[0].reached
    assert not joint.reached
    assert one.now <= joint.probability < 0.9


def test_a_goal_that_holds_is_known_to_hold(search):
    assert search(search(0.5).now).there
    assert not search(0.5).there


def test_progress_never_goes_back_and_a_cancelled_search_makes_no_further_step(search):
    heard = []
    one = search(0.3, keys=("driver_strength", "C14"), watch=Watch(told=lambda share, _: heard.append(share)))
    one.jointly(one.alone().shifts)
    assert heard == sorted(heard)
    assert 0 <= heard[0] < heard[-1] <= 1
    steps = []
    watch = Watch(told=lambda share, _: steps.append(share), cancelled=lambda: len(steps) >= 5)
    stopped = search(0.3, keys=("driver_strength", "C14"), watch=watch)
    with pytest.raises(SearchCancelled, match="your setting is as it was"):
        stopped.jointly(stopped.alone().shifts)
    assert len(steps) == 5


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (("rupture", 2027, 0.9995, False), "expected 0.1 to 99.9 %"),
        (("rupture", 2027, float("nan"), False), "expected 0.1 to 99.9 %"),
        (("war", 2027, 0.2, False), "got the outcome 'war'"),
        (("strain", 2027, 0.2, True), "expected it of rupture or deeper"),
        (("rupture", 2024, 0.2, False), "2024, which has passed"),
        (("rupture", 2040, 0.2, True), "2040, which is too far off"),
    ],
)
def test_what_cannot_be_asked_is_told(real_evidence, asked, words):
    state, year, probability, ever = asked
    with pytest.raises(AssumptionError, match=words):
        Goal.asked(state, year, probability, real_evidence.as_of, ever=ever)


def test_levers_are_claims_and_what_holds_for_all_each_within_a_few_sds(default_assumptions):
    levers = Levers(start=default_assumptions, keys=lever_keys(default_assumptions))
    assert not set(levers.keys) & {"outside_view_weight", "regimes_weight"}
    assert {"C01", "C14", "rupture_hazard", "stickiness", "persistence"} <= set(levers.keys)
    low, high = levers.bounds.T
    assert np.all((low <= 0) & (high >= 0) & (high - low >= 2.9) & (high - low <= 7.6))
    point = np.linspace(-0.5, 0.5, low.size).clip(low, high)
    np.testing.assert_allclose(levers.point(levers.setting(point)), point, atol=0.5)  # a step of the coarsest slider
    values = levers.values(point)
    again = [lever.distance(values[lever.knob.key], default_assumptions.values[lever.knob.key]) for lever in levers.all]
    np.testing.assert_allclose(again, point, atol=1e-12)
