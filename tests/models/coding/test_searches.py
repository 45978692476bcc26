"""What the second search added to the first, counted by sign."""

import pytest

from data.editions.edition import newest_edition
from data.load import load_evidence
from data.readings import Coding, Reading, load_readings
from data.types import Event
from models.coding.searches import pulls, search_tallies
from tests.support.values.saved import make_event


def read(name: str, search: str) -> Reading:
    coding = Coding(intensity=0, direction="mixed", domain="economy", mechanism="other")
    return Reading(id=name, search=search, first=coding, second=None)


def act(name: str, intensity: int) -> Event:
    direction = {1: "cooperation", 0: "mixed", -1: "conflict"}[(intensity > 0) - (intensity < 0)]
    return make_event(name, intensity=intensity, direction=direction)


EVENTS = (
    act("E1969-03-02-a", -10),
    act("E1969-04-01-b", 0),
    act("E1990-01-01-c", 6),
    act("E1990-02-01-d", 2),
    act("E1991-02-01-e", 8),
)
READINGS = tuple(
    read(one.id, search) for one, search in zip(EVENTS, ("first", "second", "first", "second", "second"), strict=True)
)


def test_only_the_years_of_both_searches_are_compared() -> None:
    first, second, *_ = search_tallies(EVENTS, READINGS)
    assert (first.rows, first.cooperative, first.hostile, first.mean) == (2, 1, 1, -2.0)
    assert (second.rows, second.cooperative, second.mixed, second.mean) == (2, 1, 1, 1.0)
    assert (first.hostile_share, second.hostile_share) == (0.5, 0.0)


def test_digging_pulls_warm_and_cold_years_towards_nought() -> None:
    warm, cold = pulls(EVENTS, READINGS)
    assert (warm.sign, warm.years, warm.before, warm.after) == (1, 1, 6.0, 4.0)
    assert (cold.sign, cold.years, cold.before, cold.after) == (-1, 1, -10.0, -5.0)


def test_the_ledger_was_pulled_on_both_sides() -> None:
    events = load_evidence(newest_edition().searched_until, include_unverified=True).events
    tallies = search_tallies(events, load_readings())
    assert [one.rows for one in tallies if not one.space] == [311, 397]
    first, second = (one for one in tallies if one.space)
    assert second.hostile_share == pytest.approx(0.1, abs=0.01)  # one in ten, as the codebook says
    assert first.hostile_share > second.hostile_share
    warm, cold = pulls(events, load_readings())
    assert 0 < warm.after < warm.before
    assert cold.before < cold.after < 0
