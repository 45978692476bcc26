"""Words for trust: how far the numbers can be quoted, what the record says of a setting, and whether skill was shown.
Pure."""

import math
from collections.abc import Mapping
from types import MappingProxyType

import pandas as pd

from dashboard.wording.labels import joined
from dashboard.wording.numerals import minus
from data.values import frozen
from models.backtest.scores import YARDSTICKS_OF_PRIMARY
from models.library.compatibility import NOTABLE, STRONG, Compatibility
from models.names import MODEL_MIXTURE
from models.verdicts.facts import PRIMARY, SKILL, WORSE
from models.verdicts.sentences import NAMES, difference, primary_row
from models.weighting.status import Status


@frozen
class Badge:
    """A word in a colour; neither alone says it."""

    text: str
    colour: str
    icon: str


TRUST: Mapping[Status, Badge] = MappingProxyType(
    {
        Status.EXACT: Badge(text="Green: computed reliably", colour="green", icon=":material/verified:"),
        Status.GOOD: Badge(text="Green: computed reliably", colour="green", icon=":material/verified:"),
        Status.FAIR: Badge(text="Amber: compare, don’t quote", colour="orange", icon=":material/warning:"),
        Status.POOR: Badge(text="Red: not to be used", colour="red", icon=":material/block:"),
    }
)
LOUD = 100.0
"""Times from which the record speaks very strongly: Jeffreys calls a hundred decisive."""
STARTING = Badge(text="Starting view", colour="gray", icon=":material/flag:")
SILENT = Badge(
    text="The evidence can’t tell these settings from the starting view", colour="gray", icon=":material/balance:"
)
DEAF_TO_REASONS = Badge(
    text="The evidence can’t tell these reasons from weak ones", colour="gray", icon=":material/balance:"
)


def reason(status: Status, mcse: float) -> str:
    """Why the badge has its colour, and what to do: one sentence that keeps to a line.

    Parameters
    ----------
    mcse : float
        The largest Monte Carlo standard error of the forecast.
    """
    if status == Status.POOR:
        return "These settings lie too far from all that was computed so far. A refit answers them."
    if status == Status.FAIR:
        return "Good enough to compare settings; a refit gives numbers to quote."
    if mcse == 0:
        return "Exact: no simulation error."
    return f"A second run would agree within about {_points(mcse)}."


def record_badge(support: Compatibility) -> Badge:
    """What the record says of a setting against the starting view, as loud as it deserves."""
    return _voice(support, "these settings") or SILENT


def against_essay(support: Compatibility) -> Badge:
    """What the record says of the essay's strength of its reasons, against weak ones."""
    return _voice(support, "them") or DEAF_TO_REASONS


def _voice(support: Compatibility, what: str) -> Badge | None:
    """One badge for every strength; None where the record cannot tell two settings apart."""
    if abs(support.log_ratio) <= 2 * support.mcse or support.times < NOTABLE:
        return None
    against = support.log_ratio < 0
    how = "" if support.times < STRONG else "strongly " if support.times < LOUD else "very strongly "
    which, fit = ("against", "worse") if against else ("for", "better")
    text = f"The evidence speaks {how}{which} {what}: it fits {times_text(support.times)} times {fit}"
    loud = "red" if support.times >= STRONG else "orange"
    icon = ":material/thumb_down:" if against else ":material/thumb_up:"
    return Badge(text=text, colour=loud if against else "blue", icon=icon)


def times_text(value: float) -> str:
    """A ratio as one reads it: “4.8”, “7,872”, “more than a million”."""
    if value >= 1e6:
        return "more than a million"
    return f"{value:.1f}" if value < 20 else f"{value:,.0f}"


def skill_sentence(comparisons: pd.DataFrame | None) -> str:
    """Whether the forecast was shown to beat simple rules, by the one comparison that was planned.

    Parameters
    ----------
    comparisons : DataFrame, optional
        `models.backtest.scores.comparisons`; None when not of this version.
    """
    row = primary_row(comparisons)
    if row is None:
        return "Not tested against simple rules for this version."
    found = {SKILL: "Shown to beat", WORSE: "Shown to do worse than"}.get(row["verdict"], "Not shown to beat")
    return f"{found} simple rules, in {int(row['origins'])} hindcasts."


def scores_sentence(comparisons: pd.DataFrame | None) -> str:
    """What the starting view and the rules that it was held against scored in these hindcasts; empty when not known.

    Parameters
    ----------
    comparisons : DataFrame, optional
        As in `skill_sentence`.
    """
    if comparisons is None:
        return ""
    pooled = comparisons[(comparisons["score"] == PRIMARY) & (comparisons["horizon"] == 0)]
    own = pooled[(pooled["model_id"] == MODEL_MIXTURE) & pooled["reference"].isin(YARDSTICKS_OF_PRIMARY)]
    if own.empty:
        return ""
    rules = own.drop_duplicates("reference").sort_values("theirs", ascending=False)
    scores = [f"{NAMES[row['reference']]} {row['theirs']:.3f}" for row in rules.to_dict("records")]
    ours = f"the starting view {own['ours'].iloc[0]:.3f}"
    return f"Mean ranked score, 0 being perfect: {joined([ours, *scores])}.{_chance(comparisons)}"


def _chance(comparisons: pd.DataFrame) -> str:
    """Whether chance alone could make the difference that decides; empty in a table without it."""
    row = primary_row(comparisons)
    if row is None:
        return ""
    could = "beyond what chance does" if row["verdict"] in (SKILL, WORSE) else "within what chance alone can do"
    return f" The difference to the better rule, {minus(difference(row))}, is {could}."


@frozen
class Stale:
    """What stands struck through while the setting on the sliders has no numbers: in a sentence, and below each."""

    sentence: str
    whose: str


def stale(*, at_start: bool, from_link: bool) -> Stale:
    """Whose numbers stand on the page.

    Parameters
    ----------
    at_start : bool
        They are those of the starting view.
    from_link : bool
        The setting without numbers came with the link that opened the page.
    """
    has_none = "The link’s setting has" if from_link else "Your setting has"
    whose = "your starting view" if at_start else "your last setting"
    kind = "" if at_start else " that had some"
    return Stale(sentence=f"{has_none} no numbers yet. Struck through: {whose}{kind}.", whose=whose)


def _points(mcse: float) -> str:
    spread = math.ceil(196 * mcse - 1e-9)  # 1.96 standard errors, in percentage points
    return "a point" if spread <= 1 else f"{spread} points"
