"""Words for what became of a forecast: which part of a change is whose, and which rows moved it most. Pure."""

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType

import pandas as pd

from dashboard.wording.chances import percent, points, rounding_step
from dashboard.wording.labels import STATE_LABELS, date_text, event_label, joined
from dashboard.wording.numerals import minus
from dashboard.wording.sensitivity import FILE_NAMES
from data.digest import Fields
from models.change.game import BRIDGE
from models.change.movers import Movers
from models.change.split import TOGETHER, Split
from models.weighting.status import Status

PART_LABELS = MappingProxyType(
    {
        "data": "Data",
        "prior": "Assumptions",
        "model": "Model",
        "time": "Passing time",
        BRIDGE: "Rule and structure",
        TOGETHER: "Not separable",
    }
)
PART_WORDS = MappingProxyType(
    {
        "data": "the data",
        "prior": "changed assumptions",
        "model": "the model",
        "time": "passing time",
        BRIDGE: "rule and structure",
    }
)
BY_LABELS = MappingProxyType({"date": "The same year-end", "horizon": "As many years ahead"})
BY_HELP = (
    "“The same year-end” asks both forecasts about one day, so passing time has no part of its own: what was learned "
    "meanwhile counts as data. “As many years ahead” asks about different days, and passing time is how far that alone "
    "moves the chance."
)
METHOD = (
    "Each cause can be as it was or as it is now, which makes sixteen forecasts. A cause’s part is what it changes, "
    "averaged over every order in which the causes could have come (the Shapley value), so that the parts add up to "
    "the change and none is favoured by coming first."
)
MARKS = (
    "Zero is the older forecast, the grey mark the newer one; the bars lead from one to the other. Each number is "
    "rounded by itself: one that reads the same before and after can still have moved a little."
)
ALONE = (
    "Each effect is that of one piece alone, all else as it is now; they need not add up, since two rows of one year "
    "may do little alone and much together."
)
HAPPENED = MappingProxyType({"added": "Added", "changed": "Changed", "gone": "Removed"})
SURE = MappingProxyType({"exact": "exact", "good": "sure", "fair": "roughly", "poor": "not sure"})
ROUNDED = " Each number is rounded by itself, so that they need not add up."
_POINTS = re.compile(r"([+−])(\d+) point")
MOST = 3
"""Rows that a sentence names."""


def split_sentence(split: Split, row: Fields) -> str:
    """One probability's change and its parts: “rose from 24 % to 31 %: +9 points from the data, −2 points from …”.

    Parameters
    ----------
    row : Mapping
        A row of the split's table.
    """
    error = max(float(row["old_error"]), float(row["new_error"]), float(row["total_error"]))
    old, new = (percent(float(row[name]), error) for name in ("old", "new"))
    head = f"{STATE_LABELS[str(row['state'])]} {_when(split, row)}"
    if not split.game.changed:
        return f"{head} is at {new} in both: nothing that could move it differs."
    moved = "stayed at " + new if old == new else f"{'rose' if row['total'] > 0 else 'fell'} from {old} to {new}"
    if old != new and (by := points(float(row["total"]), error)).startswith("less"):
        moved += f", by {by}"  # on either side of where the rounding goes up
    said = f"{moved}: {_parts(split, row)}"
    return f"{head} {said}.{ROUNDED if _misses(old, new, said.removeprefix(moved)) else ''}"


def _misses(old: str, new: str, parts: str) -> bool:
    """Whether the parts as they are printed do not add up to the difference of the chances as they are printed."""
    ends = [re.fullmatch(r"(\d+) %", text) for text in (old, new)]
    told = sum(int(f"{'-' if sign == '−' else ''}{figure}") for sign, figure in _POINTS.findall(parts))
    return all(ends) and told != int(ends[1][1]) - int(ends[0][1])


def _when(split: Split, row: Fields) -> str:
    if split.by == "date":
        return f"on {date_text(str(row['target_end_date']))}"
    ahead = int(row["horizon"])
    return f"at the {('next', 'second', 'third', 'fourth', 'fifth')[ahead - 1]} year-end ahead"


def _parts(split: Split, row: Fields) -> str:
    moving = {part: (float(row[part]), float(row[f"{part}_error"])) for part in split.parts}
    shown = {part: points(value, error) for part, (value, error) in moving.items() if value or error}
    large = sorted((part for part in shown if "less" not in shown[part]), key=lambda part: -abs(moving[part][0]))
    texts = [f"{shown[part]} from {part_words(split, part)}" for part in large]
    if small := [part for part in shown if part not in large]:
        step = max(rounding_step(moving[part][1]) for part in small)
        least = "a point" if step == 1 else f"{step} points"
        texts.append(f"less than {least} each from " if len(small) > 1 else f"less than {least} from ")
        texts[-1] += joined([part_words(split, part) for part in small])
    none = [part_words(split, part) for part in split.parts if part not in shown]
    said = joined(texts) if texts else "nothing moved it"
    return f"{said}; nothing from {' or '.join(none)}" if none and texts else said


def part_words(split: Split, part: str) -> str:
    """A part in a sentence; what cannot be separated is named in full."""
    if part != TOGETHER:
        return PART_WORDS[part]
    return joined([PART_WORDS[cause] for cause in split.game.together]) + " together"


def part_label(split: Split, part: str) -> str:
    """A part in a legend or a table."""
    if part != TOGETHER:
        return PART_LABELS[part]
    first, *rest = [PART_LABELS[cause] for cause in split.game.together]
    return joined([first, *(label.lower() for label in rest)]) + " together"


def between_sentence(split: Split) -> str:
    """How far the forecasts between the two can be trusted; empty when there is nothing to warn of."""
    if split.status.sure:
        return ""
    worst = [players for players, status in split.statuses.items() if status == split.status]
    ends = {frozenset(), frozenset(split.game.changed)}
    inner = sum(players not in ends for players in worst)
    doubt = "are rough" if split.status == Status.FAIR else "have weights too uneven to be trusted"
    which = f"{inner} of the {len(split.statuses) - 2} forecasts in between" if inner else "The two forecasts"
    return f"{which} {doubt}: read the parts with that much doubt."


def movers_sentence(movers: Movers, target_end_date: str, state: str) -> str:
    """The rows or assumptions that moved one probability most, each alone."""
    top = movers.at(target_end_date, state, MOST)
    if top.empty:
        return ""
    what = "assumptions" if (top["kind"] == "assumption").all() else "rows"
    named = [f"{mover_name(row)} ({_effect(row)})" for row in top.to_dict("records")]
    if movers.pieces == 1:
        return f"The one {what[:-1]} that differs, taken alone: {named[0]}."
    many = str(movers.pieces) if movers.pieces > len(top) else "the"
    which = "this one moves it most" if len(named) == 1 else "these move it most"
    return f"Of {many} {what} that differ, {which}, each taken alone: {joined(named)}."


def years_sentence(movers: Movers, target_end_date: str, state: str) -> str:
    """What all rows of each year together did to one probability."""
    rows = movers.years_at(target_end_date, state).to_dict("records")
    years = [f"{row['label']} ({_effect(row)})" for row in rows]
    if not years:
        return ""
    return (
        f"Taken together: {joined(years)}. The rest of the data’s part comes from figures, from time that the ledger "
        "covers now, and from fitting the models again."
    )


def mover_name(row: Fields) -> str:
    """A row or an assumption in a few words."""
    name, label = str(row["name"]), str(row["label"])
    if row["kind"] == "event":
        return f"“{event_label(name)}” ({name[1:5]}{_happened(row)})"
    if row["kind"] == "indicator":
        return f"{FILE_NAMES.get(name, label)}{_happened(row)}"
    return f"“{label}”"


def _effect(row: Fields) -> str:
    """Points, and a doubt where the draws reach the answer badly."""
    text = points(float(row["effect"]), float(row["error"]))
    status = Status(row["status"])
    return text if status.sure else f"{text}, {SURE[status]}"


def _happened(row: Fields) -> str:
    return {"added": "", "changed": ", corrected" if row["kind"] == "event" else "", "gone": ", removed"}[
        str(row["happened"])
    ]


def silent_sentence(silent: Sequence[str], names: Mapping[str, str]) -> str:
    """Which models could not be asked about rows."""
    if not silent:
        return ""
    models = joined([names[model] for model in silent])
    return (
        f"What single rows do leaves out {models}: this takes a whole fit on that evidence, which a snapshot does not "
        "carry."
    )


def split_table(split: Split) -> pd.DataFrame:
    """Every year-end and state with the parts of its change, in words that match the chart."""
    rows = split.table.to_dict("records")
    ahead = split.by == "horizon"
    columns: dict[str, list[str]] = {
        "Years ahead" if ahead else "Year-end": [
            str(row["horizon"]) if ahead else str(row["target_end_date"])[:4] for row in rows
        ],
        "State": [STATE_LABELS[str(row["state"])] for row in rows],
        "Before": [percent(row["old"], row["old_error"]) for row in rows],
        "Now": [percent(row["new"], row["new_error"]) for row in rows],
        "Change": [points_text(row["total"], row["total_error"]) for row in rows],
    }
    for part in split.parts:
        columns[part_label(split, part)] = [points_text(row[part], row[f"{part}_error"]) for row in rows]
    return pd.DataFrame(columns)


def points_text(value: float, error: float) -> str:
    """Points in a table cell: “+9”, “0”, “<1”."""
    text = points(value, error)
    if value == 0 and error == 0:
        return "0"
    return text.replace("less than ", "<").removesuffix(" points").removesuffix(" point")


def movers_table(movers: Movers, count: int) -> pd.DataFrame:
    """The pieces that move most, each where it moves most."""
    rows = movers.largest(count).to_dict("records")
    return pd.DataFrame(
        {
            "What": [_full_name(row) for row in rows],
            "": [HAPPENED[str(row["happened"])] for row in rows],
            "Moves most": [f"{STATE_LABELS[str(row['state'])]}, {str(row['target_end_date'])[:4]}" for row in rows],
            "Points": [minus(f"{100 * row['effect']:+.1f}") for row in rows],
            "Standard error": [f"{100 * row['error']:.1f}" for row in rows],
            "How sure": [SURE[str(row["status"])] for row in rows],
        }
    )


def _full_name(row: Fields) -> str:
    return f"{mover_name(row)}: {row['label']}" if row["kind"] == "event" else mover_name(row)
