"""A label taken apart: the parts add up to what the rule says, whichever way they are added."""

import numpy as np
import pytest

from models.names import Scenario
from models.outcome.breakdown import break_down
from models.outcome.rule import RULE, RULE_1, resolve

EVERY_FIFTH = range(1950, 2026, 5)


@pytest.mark.parametrize("rule", [RULE, RULE_1], ids=lambda rule: rule.version)
def test_years_and_acts_add_up_to_the_tone_that_the_rule_gives(evidence, rule):
    for year in EVERY_FIFTH:
        found = break_down(evidence.events, year, rule)
        assert found.label == resolve(evidence.events, year, rule)
        np.testing.assert_allclose(sum(one.part for one in found.years), found.label.tone, atol=1e-12)
        np.testing.assert_allclose(sum(one.part for one in found.acts), found.years[-1].part, atol=1e-12)
        np.testing.assert_allclose(sum(one.share for one in found.acts), 1, atol=1e-12)
        mean = sum(one.share * one.event.intensity for one in found.acts)
        np.testing.assert_allclose(mean, found.years[-1].mean, atol=1e-12)


def test_the_acts_are_those_of_the_year_the_weightiest_first_and_context_apart(evidence):
    found = break_down(evidence.events, 1960)
    own = {event.id for event in evidence.events if event.year == 1960}
    assert {act.event.id for act in found.acts} | {event.id for event in found.context} == own
    assert all(event.is_context for event in found.context)
    assert len(found.context) == 1
    sizes = [abs(act.part) for act in found.acts]
    assert sizes == sorted(sizes, reverse=True)


def test_a_break_act_is_told_from_what_the_tone_alone_would_say(evidence):
    found = break_down(evidence.events, 1960)
    assert (found.label.state, found.without_break) == (Scenario.RUPTURE, Scenario.STRAIN)
    assert [act.event.id for act in found.acts if act.breaks] == ["E1960-07-16-advisers"]
    plain = break_down(evidence.events, 1989)
    assert plain.without_break is plain.label.state
    assert not any(act.breaks for act in plain.acts)


def test_years_without_acts_have_no_share_and_a_memory_without_any_no_label(evidence):
    first = break_down(evidence.events, 1950)
    assert [(one.mean, one.share) for one in first.years[:-1]] == [(None, 0.0)] * 4
    assert first.years[-1].share == 1
    nothing = break_down((), 1950)
    assert nothing.label.state is nothing.without_break is None
    assert nothing.acts == ()
    assert [one.share for one in nothing.years] == [0.0] * 5
