"""Plain sentences about the record and the checks: ledger, indicators, labelled history, learning, robustness."""

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence

import pandas as pd

from dashboard.wording.chances import percent
from dashboard.wording.labels import STATE_LABELS, date_text, event_date_text, event_label, joined, years_text
from data.types import Event, Indicator
from models.names import STATES
from models.outcome.robustness import MOST_FLIPS
from models.outcome.rule import Label
from models.verdicts.facts import observed

VERDICTS: Mapping[str, str] = {
    "prior-driven": "Prior-driven: the record says little here, so the forecast rests on your setting.",
    "partly informed": "Partly informed: the record adds something, your setting still matters.",
    "data-driven": "Data-driven: the record decides this, whatever reasonable setting you start from.",
    "in conflict": "In conflict: the record points away from your setting; one of the two deserves a second look.",
    "setting": "A setting, not an unknown of the latent alignment: what the record says about it is not shown here.",
}
"""What the verdicts of `models.forecast.learning.knob_learning` mean for a reader."""
SMALL_SHARE = 0.1
"""Shares below it are told with two significant digits: a whole per cent would hide 0.03 %."""
_KINDS = {"cooperation": "cooperative", "conflict": "hostile", "mixed": "mixed", "context": "for context"}
_SHOWN_OUTSIDE = 5


def history_sentence(history: Sequence[Label]) -> str:
    """How often each state held, and since when the present one does."""
    known = [one for one in history if one.state is not None]
    counts = Counter(one.state.value for one in known)
    told = joined([f"{counts[state]} {STATE_LABELS[state]}" for state in STATES if counts[state]])
    last = known[-1]
    run = next((index for index, one in enumerate(reversed(known)) if one.state != last.state), len(known))
    since = "for the first year-end" if run == 1 else f"for the last {run} year-ends"
    annulled = [one.year for one in history if one.state is None]
    gap = f" No label for {years_text(annulled)}: nothing was recorded." if annulled else ""
    return (
        f"Of {len(known)} labelled year-ends from {known[0].year} to {last.year}: {told}. "
        f"{STATE_LABELS[last.state.value]} has held {since}.{gap}"
    )


def event_sentence(event: Event) -> str:
    """One act in a line: when, what, how it is coded."""
    day = event_date_text(event.date, event.date_precision)
    return f"{day}, {event_label(event.id)} ({signed(event.intensity)}): {event.summary}"


def ledger_sentence(ledger: pd.DataFrame) -> str:
    """What the shown rows of the ledger hold, with the warning that counts measure recording.

    Parameters
    ----------
    ledger : DataFrame
        Columns of `Evidence.ledger`, possibly filtered.
    """
    if ledger.empty:
        return "No act matches; widen the search."
    counts = Counter(ledger["direction"])
    told = joined([f"{counts[key]} {_KINDS[key]}" for key in _KINDS if counts[key]])
    years = Counter(ledger["year"])
    busiest, most = min(years.items(), key=lambda item: (-item[1], item[0]))
    first, last = (ledger["date"].agg(how).date() for how in ("min", "max"))
    rows = f"{len(ledger)} act{'' if len(ledger) == 1 else 's'}"
    return (
        f"{rows} from {date_text(first)} to {date_text(last)}: {told}. The fullest year is {int(busiest)} with {most}; "
        "how many acts a year has measures recording, not warmth."
    )


def indicator_sentence(indicator: Indicator) -> str:
    """First and last figure, gaps, definition breaks and doubtful figures of one series."""
    seen = indicator.observations
    if not seen:
        return "No figure with an opened source is in this evidence."
    years = sorted({one.period_end.year for one in seen})
    told = [f"{number(one.value)} in {one.period_end.year}" for one in (seen[0], seen[-1])]
    parts = [f"{' and '.join(told)}" if len(seen) > 1 else f"One figure only: {told[0]}"]
    parts[0] += f" ({indicator.unit})."
    if missing := sorted(set(range(years[0], years[-1])) - set(years)):
        parts.append(f"No figure for {years_text(missing)}; nothing is filled in.")
    if indicator.definition_breaks:
        parts.append(f"Do not compare across a definition break. {'; '.join(indicator.definition_breaks)}.")
    if doubtful := sorted({one.period_end.year for one in seen if not one.verified}):
        parts.append(f"Unverified: {years_text(doubtful)}.")
    return " ".join(parts)


def learning_sentence(row: Mapping[str, object]) -> str:
    """What the record did to one knob: a row of `models.forecast.learning.knob_learning`."""
    verdict = str(row["verdict"])
    if verdict == "setting":
        return VERDICTS[verdict]
    before, after = float(row["prior_centre"]), float(row["posterior_centre"])
    width = 1 - float(row["posterior_sd"]) / float(row["prior_sd"])
    same = f"{before:.2f}" == f"{after:.2f}"
    moved = f"left it at {_plain(before)}" if same else f"moved it from {_plain(before)} to {_plain(after)}"
    narrowed = f"{'narrowed' if width > 0 else 'widened'} the doubt by {share(abs(width))}"
    doubt = "left the doubt as it was" if share(abs(width)) == "0 %" else narrowed
    return f"The record {moved} and {doubt}. {VERDICTS[verdict]}"


def driver_sentence(title: str, value: float, note: str, direction: int) -> str:
    """Where a claim's driver stands at the reference date, and so which way a stronger claim pushes.

    Parameters
    ----------
    value : float
        Standard deviations from its 1992-2020 mean, as the forecast uses it.
    note : str
        "observed", "carried from YEAR" or "masked" (`models.measures.drivers.DriverTable.origin_note`).
    direction : int
        +1 or -1, the claimed sign.
    """
    if note == "masked":
        return f"Driver: {title}. It is not observed near the reference date and pushes nothing now."
    when = "" if note == "observed" else f" ({note})"
    push = "up" if value * direction > 0 else "down"
    side = "above" if value > 0 else "below"
    return (
        f"Driver: {title}. It stands {abs(value):.1f} standard deviations {side} its usual value{when}, "
        f"so a stronger claim pushes the relationship {push} now."
    )


def robustness_sentence(table: pd.DataFrame) -> str:
    """Which change of rule or record flips most labels: `models.outcome.robustness.rule_robustness`."""
    worst = table.loc[table["flipped_share"].idxmax()]
    over = int((table["flipped_share"] > MOST_FLIPS).sum())
    return (
        f"Most sensitive to “{worst['variation']}”: {share(worst['flipped_share'])} of the labelled years change. "
        f"{over or 'None'} of {len(table)} changes flip{'s' if over < 2 else ''} more than {share(MOST_FLIPS)}."
    )


def predictive_sentence(check: pd.DataFrame) -> str:
    """How many observed values lie inside the simulated range.

    Parameters
    ----------
    check : DataFrame
        Columns ``category, observed, q05, q50, q95``.
    """
    known, outside = observed(check)
    names = [minus(str(name)) for name in outside["category"]]
    more = [f"{len(names) - _SHOWN_OUTSIDE} more"] if len(names) > _SHOWN_OUTSIDE else []
    rest = f" Outside: {joined([*names[:_SHOWN_OUTSIDE], *more])}." if names else ""
    return (
        f"{len(known) - len(outside)} of {len(known)} observed values lie inside the range of nine in ten simulations "
        f"made after the model saw the record.{rest}"
    )


def knobs_sentence(effects: pd.DataFrame, base: float, what: str) -> str:
    """Which knob moves a probability most over its whole range.

    Parameters
    ----------
    effects : DataFrame
        Columns ``key, label, low, high``: the probability with the knob at its lowest and highest value.
    base : float
        The probability under the present assumptions.
    what : str
        The outcome in words, such as “Rupture on 31 December 2027”.
    """
    width = (effects["high"] - effects["low"]).abs()
    top = effects.loc[width.idxmax()]
    idle = int((width < 0.01).sum())
    quiet = f" {idle} of {len(effects)} knobs move it by less than one point." if idle else ""
    return (
        f"{what} stands at {percent(base)}. “{top['label']}” moves it most: from {percent(top['low'])} at the slider’s "
        f"lowest value to {percent(top['high'])} at its highest.{quiet}"
    )


def check_name(name: str) -> str:
    """Name of a check as a row's title: “Bulk effective sample size of parameters”."""
    return sentence_case(name.removeprefix("prior: ").replace("_", " "))


def check_value(value: float, threshold: str) -> str:
    """Measured value of a check in the unit of its threshold: “0.03 %”, “1,334”, “1.004”."""
    if not math.isfinite(value):
        return "not a number"
    if "%" in threshold:
        return f"{100 * value:.2g} %" if value < SMALL_SHARE else share(value)
    return f"{value:,.0f}" if abs(value) >= 100 else minus(f"{value:.3f}")


def check_threshold(text: str) -> str:
    """Threshold of a check, thousands separated and per cents spaced: “at least 1,000”, “at most 0.1 % of draws”."""
    spaced = re.sub(r"(?<=\d)%", " %", text)
    return re.sub(r"\d{4,}", lambda found: f"{int(found[0]):,}", spaced)


def number(value: float) -> str:
    """A figure of an indicator, with three significant digits, thousands separated, big ones in words."""
    for size, word in ((1e12, " trillion"), (1e9, " billion"), (1e6, " million")):
        if abs(value) >= size:
            return f"{value / size:.3g}{word}".replace("-", "−")
    text = f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
    return text.replace("-", "−")


def signed(value: float) -> str:
    """An intensity or tone with its sign: “+7”, “−10”, “0”."""
    return "0" if value == 0 else f"{value:+g}".replace("-", "−")


def share(value: float) -> str:
    """A share that is not a probability, in whole per cents."""
    return f"{100 * value:.0f} %"


def sentence_case(text: str) -> str:
    """First letter raised, minus signs set."""
    return minus(text[:1].upper() + text[1:])


def minus(text: str) -> str:
    """Minus signs instead of hyphens before figures."""
    return re.sub(r"(?<![\w])-(?=\d)", "−", text)


def _plain(value: float) -> str:
    return f"{value:.2f}".replace("-", "−")
