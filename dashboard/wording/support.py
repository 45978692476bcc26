"""Words for how well the evidence supports a setting, and for what it would take to reach a probability. Pure."""

import math
from collections.abc import Mapping
from datetime import date

import pandas as pd

from dashboard.wording.labels import STATE_LABELS, date_text
from data.days import year_end
from models.assumptions.knobs import Knob, Knobs
from models.inverse.goal import Goal
from models.inverse.search import Alone, Shift
from models.library.compatibility import NOTABLE, STRONG, Compatibility
from models.weighting.status import Status

ALIKE = 1.05
"""Ratio of supports below which two settings are said to be supported alike."""
ON_DAY, EVER = "on the day", "at least once by"
TRUST: Mapping[Status, str] = {
    Status.EXACT: "exact",
    Status.GOOD: "computed reliably",
    Status.FAIR: "roughly; a refit will tell",
    Status.POOR: "too far for the engine: only a refit can tell",
}
"""What the engine's badge means for one number, in a few words."""
LEFT_OUT = (
    "What may move: every claim and what holds for the whole model. Which models count is left out: it says whom to "
    "listen to, not what to believe of the two countries, and a goal that one model holds already would always be "
    "“reached” by switching the others off. “sd” is a standard deviation of the assumption’s own prior; doubt about "
    "every claim and how much drivers matter have none, and count a quarter of their range."
)
STALE = "Your setting has moved on since this was asked: what was found starts from the one before. Ask again."
OF_BEFORE = " It still starts from your setting before the last move."
CANNOT = "The setting on the sliders has no numbers yet, so there is nothing to start from."
IN_FORCE = "In force now"


def support_sentence(support: Compatibility) -> str:
    """How compatible the evidence is with a setting: “2.3 times less compatible … than with the defaults”."""
    if abs(support.log_ratio) <= 2 * support.mcse or support.times < ALIKE:
        return f"The evidence is about as compatible with these assumptions as with the defaults{_error(support)}."
    direction = "more" if support.log_ratio > 0 else "less"
    return (
        f"The evidence is {_times(support.times)} times {direction} compatible with these assumptions than with the "
        f"defaults{_error(support)}. {_weight(support, 'these settings')}"
    )


def agreement_sentence(support: Compatibility) -> str:
    """How well the evidence agrees with the essay's reading: its support against that of the evidence alone.

    Parameters
    ----------
    support : Compatibility
        Of the essay's strength against the weaker one.
    """
    if abs(support.log_ratio) <= 2 * support.mcse or support.times < ALIKE:
        return f"The evidence agrees with the essay’s reading about as well as with weak reasons{_error(support)}."
    better = "better" if support.log_ratio > 0 else "worse"
    return (
        f"The evidence agrees {_times(support.times)} times {better} with the essay’s reading than with weak reasons"
        f"{_error(support)}. {_weight(support, 'the essay’s reading')}"
    )


def ratio_text(support: Compatibility) -> str:
    """A ratio in a table cell: “2.3 times less (2.1 to 2.5)”."""
    direction = "more" if support.log_ratio > 0 else "less"
    low, high = _range(support)
    text = f"{_times(support.times)} times {direction}"
    return f"{text} ({low} to {high})" if low != high else text


def conflict_note(supports: Mapping[str, Compatibility], titles: Mapping[str, str], drivers: Mapping[str, str]) -> str:
    """Which moved assumptions the evidence resists, with the indicators that say so; empty when it resists none."""
    conflicts = [
        f"{titles[key]} ({_times(support.times)} times{_measured(drivers.get(key, ''))})"
        for key, support in sorted(supports.items(), key=lambda item: item[1].log_ratio)
        if support.conflict
    ]
    return f"The evidence speaks against where you moved: {'; '.join(conflicts)}." if conflicts else ""


def refit_sentence(gap: float) -> str:
    """What a refit from scratch says about the re-weighted numbers on screen."""
    return (
        f"Refitted from scratch under these very assumptions: the largest difference from the numbers shown is "
        f"{100 * gap:.1f} points, in which both carry their simulation error."
    )


def tenths(probability: float) -> str:
    """A chance to a tenth of a per cent, as the goal is asked."""
    return f"{100 * probability:.1f} %"


def subject(goal: Goal, reference: date) -> str:
    """What the goal is about: “rupture at least once by 31 December 2029”."""
    how = "at least once by" if goal.ever else "on"
    return f"{STATE_LABELS[goal.state].lower()} {how} {date_text(year_end(reference, goal.horizon))}"


def now_sentence(goal: Goal, reference: date, now: float) -> str:
    """The present chance beside the question."""
    also = " The cards are about one day; this counts every year-end until then." if goal.ever else ""
    return f"Now the chance of {subject(goal, reference)} is {tenths(now)}.{also}"


def question(goal: Goal, reference: date) -> str:
    """The question over its answer."""
    return f"What would it take for {subject(goal, reference)} to reach {tenths(goal.probability)}?"


def there_sentence(goal: Goal, reference: date, now: float) -> str:
    """The answer where nothing need move."""
    return f"Already there: the chance of {subject(goal, reference)} is {tenths(now)} at your setting."


def alone_sentence(alone: Alone, goal: Goal, knobs: Knobs) -> str:
    """What single assumptions can do."""
    best = alone.shifts[0]
    if not best.reached:
        nearest = f"The nearest is {tenths(best.probability)}, with {moves_text(best, knobs)}."
        return f"No single assumption reaches {tenths(goal.probability)} inside its range. {nearest}"
    many = "One assumption" if alone.able == 1 else f"{alone.able} of {alone.of} assumptions"
    return (
        f"{many} can do it alone. The least move: {moves_text(best, knobs)}, {best.sds:.1f} sd, which gives "
        f"{tenths(best.probability)} ({TRUST[best.status]})."
    )


def joint_sentence(joint: Shift, goal: Goal) -> str:
    """What all assumptions together can do."""
    if not joint.reached:
        return (
            f"All assumptions together do not reach {tenths(goal.probability)} inside their ranges, as far as the "
            f"stored fits can tell. The nearest that was found is {tenths(joint.probability)} ({TRUST[joint.status]})."
        )
    return (
        f"All together: {joint.sds:.1f} sd in all, which gives {tenths(joint.probability)} ({TRUST[joint.status]}). "
        f"{_size(joint.sds)}"
    )


def moves_text(shift: Shift, knobs: Knobs) -> str:
    """Moves in a line: “How long moods last 0.85 → 0.70”."""
    return "; ".join(
        f"{knobs[move.key].label} {shown(knobs[move.key], move.start)} → {shown(knobs[move.key], move.end)}"
        for move in shift.moves
    )


def moves_table(shifts: tuple[Shift, ...], knobs: Knobs) -> pd.DataFrame:
    """Every move: from, to, how far, and what it alone would give."""
    moves = [move for shift in shifts for move in shift.moves]
    return pd.DataFrame(
        {
            "Assumption": [knobs[move.key].label for move in moves],
            "From": [shown(knobs[move.key], move.start) for move in moves],
            "To": [shown(knobs[move.key], move.end) for move in moves],
            "How far": [f"{abs(move.sds):.1f} sd {'up' if move.sds > 0 else 'down'}" for move in moves],
            "Alone it gives": [tenths(move.alone) for move in moves],
        }
    )


def use_label(shift: Shift, knobs: Knobs) -> str:
    """The button that applies a shift."""
    return "Use all these moves" if len(shift.moves) > 1 else f"Use “{knobs[shift.moves[0].key].label}”"


def shown(knob: Knob, value: float) -> str:
    """A knob's value with the decimals of its step."""
    return f"{value:.{knob.decimals}f}"


def _times(value: float) -> str:
    return f"{value:.1f}" if value < 20 else f"{value:,.0f}"


def _error(support: Compatibility) -> str:
    low, high = _range(support)
    return f" ({low} to {high} with simulation error)" if low != high else ""


def _range(support: Compatibility) -> tuple[str, str]:
    low, high = (math.exp(abs(support.log_ratio) + side * 1.96 * support.mcse) for side in (-1, 1))
    return _times(low), _times(high)


def _weight(support: Compatibility, what: str) -> str:
    if support.times < NOTABLE:
        return "The evidence cannot tell the two apart."
    how = "" if support.times < STRONG else "strongly "
    return f"The evidence speaks {how}{'for' if support.log_ratio > 0 else 'against'} {what}."


def _measured(driver: str) -> str:
    return f"; measured by {driver}" if driver else ""


def _size(sds: float) -> str:
    if sds <= 1:
        return "A person who half doubts Hines’s essay could hold this."
    return "That is a clear departure from Hines’s essay." if sds <= 2 else "That is far from what Hines’s essay holds."
