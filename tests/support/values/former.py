"""Sides of a comparison across two outcome rules: a snapshot of the former version, a new one, and a bridge."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

from data.load import load_evidence
from models.assumptions.setting import Assumptions
from models.change.side import Side
from models.forecast.results import make_forecast
from models.library.structures import FORMER_STRUCTURES, knobs_behind
from models.names import MODEL_M1
from models.outcome.rule import RULE_1, RULE_2, OutcomeRule
from models.snapshot.archive import read_archive, snapshot_bytes
from models.snapshot.inputs import read_inputs
from models.snapshot.parts import UsedAssumptions, Version
from models.snapshot.value import Snapshot, build_snapshot
from tests.support.values.change_sides import SAMPLES
from tests.support.values.factories import synthetic_library, synthetic_snapshot
from tests.support.values.year_end import YEAR_END

FORMER = Path(__file__).with_name("former_snapshot.zip")
"""Made by the last revision that asked under rule-1, with all its inputs; nobody can make it again."""


@cache
def former_archive():
    """The committed snapshot of the former version, read once."""
    return read_archive(FORMER.read_bytes())


@cache
def _inputs():
    return read_inputs(former_archive().inputs)


def former_side(values: Mapping[str, float] | None = None) -> Side:
    """A side under rule-1: the committed snapshot's evidence and draws at the former defaults, some knobs moved."""
    evidence, library = _inputs()
    setting = Assumptions(knobs=knobs_behind(RULE_1, evidence.claims), values=dict(values or {}))
    snapshot = build_snapshot(evidence, library, make_forecast(evidence, library, setting), setting)
    return Side(snapshot=snapshot, evidence=evidence, library=library)


@cache
def _library(seed: int):
    return synthetic_library(load_evidence(YEAR_END), samples=SAMPLES, seed=seed)


def present_side(values: Mapping[str, float] | None = None, seed: int = 20241231) -> Side:
    """A side under the present rule, on the present evidence."""
    evidence, library = load_evidence(YEAR_END), _library(seed)
    return Side(snapshot=synthetic_snapshot(evidence, library, values), evidence=evidence, library=library)


def bridge_forecast(rule: OutcomeRule, seed: int) -> Snapshot:
    """What stands for the former models on the present evidence under a rule: the numbers of other draws."""
    like = former_side().snapshot
    values = dict(like.assumptions.values)
    setting = UsedAssumptions(digest=like.assumptions.digest, values=values, defaults=values, changed=(), reasons={})
    structures = {**like.structures, **{model: next(iter(known)) for model, known in FORMER_STRUCTURES.items()}}
    return replace(
        present_side(seed=seed).snapshot,
        rule=Version(version=rule.version, digest=rule.digest),
        model=Version(version="m1-1", digest=structures[MODEL_M1]),
        structures=structures,
        assumptions=setting,
    )


def write_bridge(folder: Path, *, later: bool = False) -> tuple[Snapshot, Snapshot]:
    """Store a bridge; with `later`, one that goes on to the present models."""
    folder.mkdir(exist_ok=True)
    before, after = bridge_forecast(RULE_1, 5), bridge_forecast(RULE_2, 6)
    for snapshot in (before, after):
        (folder / f"{snapshot.rule.version}.zip").write_bytes(snapshot_bytes(snapshot, {}))
    if later:
        present = present_side(seed=6)
        end = synthetic_snapshot(
            present.evidence, present.library, dict(present.under(before.assumptions.values).values)
        )
        (folder / "later.zip").write_bytes(snapshot_bytes(end, {}))
    return before, after
