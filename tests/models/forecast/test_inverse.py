"""The inverse slider: minimal, on the grid, and honest when nothing reaches the goal."""

from __future__ import annotations

import numpy as np
import pytest

from data.types import Evidence
from models.assumptions.setting import Assumptions
from models.assumptions.shift import ShiftScale
from models.change.compare import ROUNDING
from models.errors import AssumptionError
from models.fits.alignment_fit import base_case
from models.forecast.inverse import Goal, Search
from models.forecast.results import make_forecast
from models.library.library import Library
from models.names import TARGET_RUPTURE, TARGET_STATE
from tests.support.values.factories import library_of


@pytest.fixture(scope="module")
def library(real_evidence: Evidence) -> Library:
    """Small: what is tested is the search. The committed library's answers are held against refits in the study."""
    return library_of(real_evidence, base_case(real_evidence))


@pytest.fixture
def search(real_evidence: Evidence, library: Library, default_assumptions: Assumptions):
    def of(probability: float, outcome: str = "deeper", horizon: int = 5) -> Search:
        goal = Goal(target=TARGET_STATE, horizon=horizon, outcome=outcome, probability=probability)
        return Search(evidence=real_evidence, library=library, start=default_assumptions, goal=goal)

    return of


def chance(search: Search, setting: Assumptions) -> float:
    goal = search.goal
    return make_forecast(search.evidence, search.library, setting).probability(goal.target, goal.horizon, goal.outcome)


def test_probability_is_the_forecasts_own(search):
    one = search(0.5)
    setting = one.start.replace({"C01": 2.5, "C13": 4.0})
    np.testing.assert_allclose(one._probability(setting.values), chance(one, setting), atol=ROUNDING)
    rupture = Search(
        evidence=one.evidence,
        library=one.library,
        start=one.start,
        goal=Goal(target=TARGET_RUPTURE, horizon=3, outcome="yes", probability=0.2),
    )
    np.testing.assert_allclose(rupture._probability(setting.values), chance(rupture, setting), atol=ROUNDING)


@pytest.mark.parametrize(("key", "step"), [("C12", 0.02), ("C14", -0.03)])
def test_one_claim_moves_no_further_than_an_exhaustive_search(search, key, step):
    one = search(round(search(0.5).now + step, 3))
    found, knob = one.along(key), one.start.knobs[key]
    count = round((knob.high - knob.low) / knob.step) + 1
    settings = [one.start.replace({key: knob.snap(knob.low + knob.step * index)}) for index in range(count)]
    scale = ShiftScale(start=one.start, keys=(key,))
    reaching = [abs(scale.shift_of(each)[0]) for each in settings if one._reaches(one._probability(each.values))]
    assert found.reached == bool(reaching)
    if reaching:
        np.testing.assert_allclose(found.sds, min(reaching), atol=1e-9)
        assert found.probability == chance(one, found.assumptions)


def test_all_claims_together_reach_the_goal_with_less_than_any_alone_or_at_random(search):
    one = search(round(search(0.5).now + 0.08, 3))
    joint = one.jointly()
    assert joint.reached
    assert joint.probability >= one.goal.probability
    assert joint.probability - one.goal.probability < 0.01  # no more than a step of the sliders beyond
    alone = [one.along(key) for key in one.claims[::3]]
    assert all(joint.sds <= shift.sds for shift in alone if shift.reached)
    scale, rng = ShiftScale(start=one.start, keys=one.claims), np.random.default_rng(5)
    for _ in range(20):
        direction = rng.standard_normal(len(one.claims))
        shift = 0.9 * joint.sds * direction / np.linalg.norm(direction)
        inside = np.clip(shift, *scale.bounds.T)
        assert not one._reaches(one._probability(scale.values(inside)))


def test_a_goal_that_holds_already_needs_no_shift(search):
    one = search(0.5)
    held = search(one.now)
    assert held.along("C01").sds == 0
    assert held.jointly().sds < 0.05


@pytest.mark.slow
def test_an_impossible_goal_is_said_to_be_impossible(search):
    one = search(0.999, "strain", 1)
    assert not one.along("C01").reached
    joint = one.jointly()
    assert not joint.reached
    assert one.now < joint.probability < 0.999
    ranked = one.ranked([one.along("C03"), joint])
    assert ranked[0] is joint


def test_a_goal_outside_the_scale_is_refused():
    with pytest.raises(AssumptionError, match=r"from 0\.001 to 0\.999"):
        Goal(target=TARGET_STATE, horizon=1, outcome="deeper", probability=1.0)


def test_a_state_in_the_middle_is_reached_although_it_is_rare_at_both_ends(search):
    """Strain grows as the alignment falls and gives way to rupture at the far end."""
    one = search(0.5, "strain", 3)
    goal = search(round(one.now + 0.03, 3), "strain", 3)
    assert goal.jointly().reached
