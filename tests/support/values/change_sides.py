"""Sides of a comparison from small synthetic libraries: other dates, other rows, other draws, other settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cache

import numpy as np

from data.load import load_evidence
from data.types import Evidence
from models.assumptions.knobs import knobs
from models.assumptions.setting import Assumptions
from models.change.side import WEIGHTS, Side
from models.library.library import Library
from tests.support.values.factories import synthetic_library, synthetic_snapshot

SAMPLES = 80
"""Draws of a synthetic library: enough to be weighed, few enough to build a dozen in two seconds."""
CAME = 8
"""Rows of 2024 that "fewer" lacks: enough for an order among them; each asks every model anew."""


@cache
def evidence_of(kind: str) -> Evidence:
    """Evidence: "2022" … "2024" as of that year's end, "fewer" rows of 2024, "later" the same rows read a
    year later."""
    if kind == "fewer":
        whole = evidence_of("2024")
        return replace(whole, events=whole.events[:-CAME])
    if kind == "later":
        return replace(evidence_of("2024"), as_of=date(2025, 12, 31), known_on=date(2025, 12, 31))
    return load_evidence(date(int(kind), 12, 31))


@cache
def library(kind: str, seed: int = 20241231, members: bool = True) -> Library:
    """A synthetic library on such evidence."""
    library = synthetic_library(evidence_of(kind), samples=SAMPLES, seed=seed)
    return library if members else replace(library, members=None)


def side(
    kind: str = "2024", values: Mapping[str, float] | None = None, *, seed: int = 20241231, members: bool = True
) -> Side:
    """A side with its evidence and draws."""
    evidence, draws = evidence_of(kind), library(kind, seed, members)
    return Side(snapshot=synthetic_snapshot(evidence, draws, values), evidence=evidence, library=draws)


def settings(rng: np.random.Generator, moved: int, *, weights: bool) -> dict[str, float]:
    """A random setting: some knobs moved half the way to a random place, all of beliefs or all of weights."""
    available = {key: knob for key, knob in knobs(evidence_of("2024").claims).items() if (key in WEIGHTS) == weights}
    chosen = rng.choice(sorted(available), size=min(moved, len(available)), replace=False)
    places = {key: available[key].low + rng.random() * (available[key].high - available[key].low) for key in chosen}
    return {key: available[key].snap((place + available[key].default) / 2) for key, place in places.items()}


def mixed_setting(side: Side, beliefs: Side, weights: Side) -> Assumptions:
    """The beliefs of one side with the weights of another, as settings of the evidence of a third."""
    values = {
        key: (weights if key in WEIGHTS else beliefs).snapshot.assumptions.values[key] for key in side.assumptions.knobs
    }
    return Assumptions(knobs=beliefs.assumptions.knobs, values=values)
