"""Words for how well the evidence supports a setting. Pure."""

import math
from collections.abc import Mapping

from models.library.compatibility import NOTABLE, STRONG, Compatibility

ALIKE = 1.05
"""Ratio of supports below which two settings are said to be supported alike."""


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
