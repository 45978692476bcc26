"""A rule told in words, every number taken from the rule itself."""

from __future__ import annotations

from models.names import YEAR_WORDS
from models.outcome.constants import OutcomeRule


def told(value: float) -> str:
    """A number with its sign: "-4.5", "0", "+4.5"."""
    return f"{value:+g}" if value else "0"


def weight_words(rule: OutcomeRule) -> str:
    """How an act counts inside its year."""
    domain = f"acts of the three space domains count {rule.space_weight:g}, others {rule.other_weight:g}"
    if not rule.severity_power:
        return f"{domain}, whatever their size"
    return (
        f"{domain}, times their absolute intensity to the power {rule.severity_power:g}: great acts outweigh minor ones"
    )


def tone_words(rule: OutcomeRule) -> str:
    """What the tone is."""
    return (
        f"weighted means of the last {rule.memory_years} years' acts, -10 (force) to +10 (alliance), "
        f"each year counting {rule.decay:g} of the one after it"
    )


def cut_words(rule: OutcomeRule) -> str:
    """Which tone is which state."""
    low, middle, high = (told(cut) for cut in rule.cuts)
    bad = f"rupture below {low} or after a break act, strain below {middle}"
    return f"{bad}, transactional below {high}, deeper from there"


def break_words(rule: OutcomeRule) -> str:
    """What a break act is."""
    grave = f"an act between the two of {rule.break_intensity} or worse"
    if not rule.break_types:
        return grave
    kinds = ", ".join(kind.replace("_", " ") for kind in rule.break_types)
    return f"{grave} that is an act of state, force or a formal end ({kinds}) or has a second source"


def year_words(rule: OutcomeRule) -> str:
    """What the three words for a year's own mean say; empty for a rule without them."""
    if not rule.word_cuts:
        return ""
    worse, between, better = (word.replace("_", " ") for word in YEAR_WORDS)
    low, high = (told(cut) for cut in rule.word_cuts)
    return f"{worse} below {low} against the tone at the reference date, {better} above {high}, else {between}"
