"""Words for checks: name, value and limit of each, simulations against what was observed, other outcome rules. Pure."""

import math
import re
from datetime import date

import pandas as pd

from dashboard.wording.labels import STATE_LABELS, date_text, joined
from dashboard.wording.numerals import minus, sentence_case, share
from models.outcome.robustness import within_limits
from models.verdicts.facts import observed

SMALL_SHARE = 0.1
"""Shares below it are told with two significant digits: a whole per cent would hide 0.03 %."""


_SHOWN_OUTSIDE = 5


def robustness_sentence(table: pd.DataFrame) -> str:
    """Which change of rule or ledger flips most labels: `models.outcome.robustness.rule_robustness`."""
    worst = table.loc[table["flipped_share"].idxmax()]
    over = [f"“{name}”" for name in table["variation"][~within_limits(table)]]
    more = f"More than allowed: {joined(over)}" if over else "No change flips more than allowed"
    most = f"{share(worst['flipped_share'])} of the labelled years change"
    return f"Most sensitive to “{worst['variation']}”: {most}. {more}."


def deep_sentence(table: pd.DataFrame, last: date) -> str:
    """What the newest years would be called, had they been searched like the others.

    Parameters
    ----------
    table : DataFrame
        `models.outcome.robustness.deep_labels`.
    last : date
        Last day of the ledger, which the newest of the years may not reach the end of.
    """
    told = [
        f"{row['year']} {_called(row['grave_state'], row['grave_tone'])} by {row['grave_rows']} rows, "
        f"{_called(row['state'], row['tone'])} by all {row['rows']}"
        for row in table.to_dict("records")
    ]
    return (
        "The newest years are searched most deeply, which adds minor acts above all. By acts of three or more either "
        f"way alone they would be called: {'; '.join(told)}. The ledger ends on {date_text(last)}."
    )


def _called(state: str, tone: float) -> str:
    return "without a label" if math.isnan(tone) else f"{STATE_LABELS[state].lower()} ({minus(f'{tone:+.2f}')})"


def predictive_sentence(check: pd.DataFrame) -> str:
    """How many observed values lie inside the simulated range.

    Parameters
    ----------
    check : DataFrame
        Columns ``category, observed, q05, q50, q95``.
    """
    seen, outside = observed(check)
    names = [minus(str(name)) for name in outside["category"]]
    more = [f"{len(names) - _SHOWN_OUTSIDE} more"] if len(names) > _SHOWN_OUTSIDE else []
    rest = f" Outside: {joined([*names[:_SHOWN_OUTSIDE], *more])}." if names else ""
    return (
        f"{len(seen) - len(outside)} of {len(seen)} observed values lie inside the range of nine in ten simulations "
        f"made after the model saw the evidence.{rest}"
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
    return re.sub(r"\d{4,}", lambda digits: f"{int(digits[0]):,}", spaced)
