"""The rules are frozen, complete in their digests, found by them, and can be asked what next year would need."""

from dataclasses import replace

import numpy as np
import pytest

from models.errors import OutcomeError
from models.outcome.rule import (
    RULE,
    RULE_1,
    RULE_2,
    RULES,
    OutcomeRule,
    booked_share,
    classify,
    mean_needed,
    resolve_history,
    rule_of,
    tone,
)

FROZEN = {
    "rule-1": "d28ac40afaefa85837a25b59f34aceee6ad82410fa5e6cdb3bc1b325712b8655",
    "rule-2": "d31264b4e011185ddce6c6b5801aa52f424b49d45a3fd644055e5f5b41ace66c",
}
CHANGES = (
    {"version": "rule-3"},
    {"memory_years": 4},
    {"decay": 0.71},
    {"space_weight": 1.1},
    {"other_weight": 0.51},
    {"cuts": (-4.5, 0.0, 2.6)},
    {"break_intensity": -9},
    {"severity_power": 2.0},
    {"break_types": ("armed_clash",)},
    {"word_cuts": (-0.8, 0.9)},
)


def test_the_rules_are_frozen() -> None:
    found = {rule.version: rule.digest for rule in RULES}
    assert found == FROZEN, "a rule is frozen before any backtest under it is read: add a new version instead"
    assert RULE is RULE_2


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.version)
def test_every_constant_is_part_of_the_digest(rule: OutcomeRule, change: dict[str, object]) -> None:
    assert replace(rule, **change).digest not in FROZEN.values()


def test_no_constant_of_the_rule_is_forgotten_by_the_test_above() -> None:
    assert set(OutcomeRule.__slots__) == {name for change in CHANGES for name in change}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.version)
def test_a_rule_is_found_by_its_version_and_by_its_digest(rule: OutcomeRule) -> None:
    assert rule_of(rule.version) is rule
    assert rule_of(rule.digest) is rule


@pytest.mark.parametrize("name", ["rule-0", "", "d28ac40a", "RULE-1"])
def test_an_unknown_rule_is_refused_and_the_known_ones_are_named(name: str) -> None:
    with pytest.raises(OutcomeError, match=r"rule-1 \(d28ac40afaef\), rule-2 \(d31264b4e011\)"):
        rule_of(name)


def test_reversed_years_are_refused() -> None:
    with pytest.raises(OutcomeError, match=r"2005.*2001"):
        resolve_history([], 2005, 2001)


@pytest.mark.parametrize(
    "recent",
    [(3.1, 1.1, 0.6, 1.9), (np.nan, 2.0, np.nan, -4.0), (np.nan,) * 4, (9.0, 3.1, 1.1, 0.6, 1.9), (-2.0,)],
    ids=["full", "gaps", "nothing on record", "longer than the memory", "young record"],
)
def test_the_mean_needed_brings_the_tone_to_each_cut(recent: tuple[float, ...]) -> None:
    needed = mean_needed(np.array(recent))
    assert needed.shape == (3,)
    for state, (mean, cut) in enumerate(zip(needed, RULE.cuts, strict=True)):
        # 1e-12: a dozen additions of numbers of order ten.
        np.testing.assert_allclose(tone(np.array([*recent, mean])), cut, rtol=0, atol=1e-12)
        beside = np.array([[*recent, mean - 0.01], [*recent, mean + 0.01]])
        np.testing.assert_array_equal(classify(beside, np.zeros(2, dtype=bool)), [state, state + 1])


@pytest.mark.parametrize("recent", [(3.1, 1.1, 0.6, 1.9), (np.nan, 2.0, np.nan, -4.0), (np.nan,) * 4])
def test_what_is_booked_is_what_the_next_year_cannot_move(recent: tuple[float, ...]) -> None:
    """One point of next year's mean moves the tone by the share that is not booked."""
    one, two = (tone(np.array([*recent, mean])) for mean in (1.0, 2.0))
    np.testing.assert_allclose(1 - (two - one), booked_share(np.array(recent)), rtol=0, atol=1e-12)


def test_the_mean_needed_follows_the_rule_it_is_asked_about() -> None:
    rule = replace(RULE_1, memory_years=2, decay=0.5, cuts=(-4.0, 0.0, 2.0))
    # Tone (x + m/2) / 1.5 with m = 4: x = 1.5 cut - 2; the year before is forgotten.
    np.testing.assert_allclose(mean_needed(np.array([-9.0, 4.0]), rule), [-8.0, -2.0, 1.0], rtol=0, atol=1e-12)
