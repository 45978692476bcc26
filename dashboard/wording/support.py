"""Words for how well the evidence supports a setting, and for what it would take to reach a probability. Pure."""

import math
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from dashboard.wording.chances import percent
from models.forecast.inverse import Goal, Shift
from models.library.compatibility import NOTABLE, STRONG, Compatibility

ALIKE = 1.05
"""Ratio of supports below which two settings are said to be supported alike."""
TRUST = MappingProxyType(
    {
        "exact": "exact",
        "good": "the engine is sure of it",
        "fair": "roughly; a refit will tell",
        "poor": "too far for the engine: only a refit can tell",
    }
)
"""What the engine's badge means for one number, in a few words."""


def support_sentence(support: Compatibility) -> str:
    """How compatible the evidence is with a setting: “2.3 times less compatible … than with the defaults”."""
    if abs(support.log_ratio) <= 2 * support.mcse or support.times < ALIKE:
        return f"The evidence is about as compatible with these assumptions as with the defaults{_error(support)}."
    direction = "more" if support.log_ratio > 0 else "less"
    return (
        f"The evidence is {_times(support.times)} times {direction} compatible with these assumptions than with the "
        f"defaults{_error(support)}. {_weight(support)}"
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
        f"{_error(support)}. {_weight(support)}"
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


def shift_sentence(goal: Goal, best: Shift | None, what: str) -> str:
    """The answer of the inverse slider in one sentence."""
    wanted = percent(goal.probability)
    if best is None or not best.reached:
        nearest = "" if best is None else f" The nearest is {percent(best.probability)}."
        return f"No shift of the claims inside their ranges makes {what} reach {wanted}.{nearest}"
    return (
        f"It takes a shift of {best.sds:.1f} prior standard deviations in all for {what} to reach "
        f"{percent(best.probability)}. {_size(best.sds)}"
    )


def shift_changes(shift: Shift, start: Mapping[str, float], titles: Mapping[str, str], most: int = 4) -> str:
    """What moves, the furthest first: “Energy trade 1.5 → 2.1; …”."""
    knobs, values = shift.assumptions.knobs, shift.assumptions.values
    moved = [key for key in shift.keys if values[key] != start[key]]
    moved.sort(key=lambda key: -abs(values[key] - start[key]) / (knobs[key].high - knobs[key].low))
    moves = [
        f"{titles[key]} {start[key]:.{knobs[key].decimals}f} → {values[key]:.{knobs[key].decimals}f}"
        for key in moved[:most]
    ]
    rest = len(moved) - most
    return "; ".join([*moves, *([f"{rest} smaller moves"] if rest > 0 else [])]) or "nothing"


def unreachable(shifts: Iterable[Shift]) -> int:
    """How many single claims cannot reach the goal."""
    return sum(not shift.reached for shift in shifts)


def _times(value: float) -> str:
    return f"{value:.1f}" if value < 20 else f"{value:,.0f}"


def _error(support: Compatibility) -> str:
    low, high = _range(support)
    return f" ({low} to {high} with simulation error)" if low != high else ""


def _range(support: Compatibility) -> tuple[str, str]:
    low, high = (math.exp(abs(support.log_ratio) + side * 1.96 * support.mcse) for side in (-1, 1))
    return _times(low), _times(high)


def _weight(support: Compatibility) -> str:
    if support.times < NOTABLE:
        return "That is hardly worth a mention."
    return "That is worth noting." if support.times < STRONG else "That is strong."


def _measured(driver: str) -> str:
    return f"; measured by {driver}" if driver else ""


def _size(sds: float) -> str:
    if sds <= 1:
        return "A person who half doubts the essay could hold this."
    return "That is a clear departure from the essay." if sds <= 2 else "That is far from what the essay holds."
