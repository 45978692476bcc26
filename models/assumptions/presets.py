"""Named settings of all knobs at once."""

import math
from collections.abc import Mapping
from types import MappingProxyType

from data.csv.rows import Row, collect, read_rows, require_unique
from data.values import frozen
from models.assumptions.knobs import FOLDER, HISTORY_CLAIM, Knob, Knobs
from models.assumptions.shares import WEIGHT_KNOBS

PRESETS, STRONGER = "presets.csv", "stronger"
TEXTS = ("key", "label", "meaning", "description")
CAMPS: Mapping[str, int] = {"pull": 1, "push": -1}
"""Columns that move many claims, by the direction of these."""
MOVED = (HISTORY_CLAIM, "driver_strength", "rupture_hazard", "persistence", *WEIGHT_KNOBS.values())
"""Columns that move the knob of their name."""


@frozen
class Preset:
    """A named reading of the relationship: which knobs it moves from their defaults, and what that means."""

    key: str
    label: str
    meaning: str
    description: str
    values: Mapping[str, float]


def presets(knobs: Knobs) -> Mapping[str, Preset]:
    """The presets of ``presets.csv``, by key, in page order.

    A column moves one knob, or a camp of claims: those that pull the two together, or push them apart. Its cell is the
    new value (an odds ratio of 1 switches a claim off), ``stronger`` for one prior standard deviation beyond the
    default, or empty. The weights of ``stacked`` are those that would have forecast past year-ends best
    (docs/backtest/weights.csv, rounded): they have seen the outcomes, and are not the default (docs/decisions/0006).

    Raises
    ------
    EvidenceError
        A cell that cannot be read, with its row and column.
    """
    rows = read_rows(FOLDER, PRESETS, (*TEXTS, *CAMPS, *MOVED))
    require_unique(rows, "key")
    return MappingProxyType({preset.key: preset for preset in collect(rows, lambda row: _preset(row, knobs))})


def _preset(row: Row, knobs: Knobs) -> Preset | None:
    values: dict[str, float | None] = {}
    for column in filter(row.text, (*CAMPS, *MOVED)):
        stronger = row.text(column) == STRONGER
        value = None if stronger else row.number_in(column)
        values |= {key: _stronger(knobs[key]) if stronger else value for key in _keys(column, knobs)}
    return row.build(Preset, {"values": values, **{name: row.text(name) for name in TEXTS}})


def _keys(column: str, knobs: Knobs) -> tuple[str, ...]:
    """The knobs that a column moves."""
    if column not in CAMPS:
        return (column,)
    mechanisms = (knob for key, knob in knobs.items() if knob.group == "claim" and key != HISTORY_CLAIM)
    return tuple(knob.key for knob in mechanisms if knob.direction == CAMPS[column])


def _stronger(knob: Knob) -> float:
    return knob.snap(math.exp(math.log(knob.default) + knob.sd))
