"""Words for how well the record supports a setting, and for what it would take to reach a probability. Pure."""

import math
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from dashboard.wording.chances import percent
from models.forecast.inverse import Goal, Shift
from models.library.compatibility import NOTABLE, STRONG, Compatibility

TRUST: Mapping[str, str] = MappingProxyType(
    {
        "exact": "exact",
        "good": "the engine is sure of it",
        "fair": "roughly; a refit will tell",
        "poor": "too far for the engine: only a refit can tell",
    }
)
"""What the engine's badge means for one number, in a few words."""


def support_sentence(found: Compatibility) -> str:
    """How compatible the record is with a setting: “2.3 times less compatible … than with the defaults”."""
    if abs(found.log_ratio) <= 2 * found.mcse or found.times < 1.05:
        return f"The record is about as compatible with these assumptions as with the defaults{_error(found)}."
    direction = "more" if found.log_ratio > 0 else "less"
    return (
        f"The record is {_times(found.times)} times {direction} compatible with these assumptions than with the "
        f"defaults{_error(found)}. {_weight(found)}"
    )


def ratio_text(found: Compatibility) -> str:
    """A ratio in a table cell: “2.3 times less (2.1 to 2.5)”."""
    direction = "more" if found.log_ratio > 0 else "less"
    low, high = _range(found)
    told = f"{_times(found.times)} times {direction}"
    return f"{told} ({low} to {high})" if low != high else told


def conflict_note(found: Mapping[str, Compatibility], titles: Mapping[str, str], drivers: Mapping[str, str]) -> str:
    """Which moved assumptions the record resists, with the indicators that say so; empty when it resists none."""
    told = [
        f"{titles[key]} ({_times(one.times)} times{_measured(drivers.get(key, ''))})"
        for key, one in sorted(found.items(), key=lambda item: item[1].log_ratio)
        if one.conflict
    ]
    return f"The record speaks against where you moved: {'; '.join(told)}." if told else ""


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
    told = [
        f"{titles[key]} {start[key]:.{knobs[key].decimals}f} → {values[key]:.{knobs[key].decimals}f}"
        for key in moved[:most]
    ]
    rest = len(moved) - most
    return "; ".join([*told, *([f"{rest} smaller moves"] if rest > 0 else [])]) or "nothing"


def unreachable(shifts: Iterable[Shift]) -> int:
    """How many single claims cannot reach the goal."""
    return sum(not shift.reached for shift in shifts)


def _times(value: float) -> str:
    return f"{value:.1f}" if value < 20 else f"{value:,.0f}"


def _error(found: Compatibility) -> str:
    low, high = _range(found)
    return f" ({low} to {high} with simulation error)" if low != high else ""


def _range(found: Compatibility) -> tuple[str, str]:
    low, high = (math.exp(abs(found.log_ratio) + side * 1.96 * found.mcse) for side in (-1, 1))
    return _times(low), _times(high)


def _weight(found: Compatibility) -> str:
    if found.times < NOTABLE:
        return "That is hardly worth a mention."
    return "That is worth noting." if found.times < STRONG else "That is strong."


def _measured(driver: str) -> str:
    return f"; measured by {driver}" if driver else ""


def _size(sds: float) -> str:
    if sds <= 1:
        return "A person who half doubts the essay could hold this."
    return "That is a clear departure from the essay." if sds <= 2 else "That is far from what the essay holds."
