"""Two strengths of the essay's reasons: the evidence alone, and the essay's reading, with whatever else was moved."""

from models.assumptions.knobs import Knobs
from models.assumptions.presets import presets
from models.assumptions.setting import Assumptions

STRENGTH = "driver_strength"
ESSAY = "essay"
"""Key of the preset that gives the essay's reasons their full strength."""


def essay_strength(knobs: Knobs) -> float:
    """The strength of the drivers in the preset “The essay's reading”."""
    return presets(knobs)[ESSAY].values[STRENGTH]


def with_reasons(assumptions: Assumptions) -> Assumptions:
    """The same moves with the essay's strength of the drivers."""
    return assumptions.replace({STRENGTH: essay_strength(assumptions.knobs)})


def evidence_alone(assumptions: Assumptions) -> Assumptions:
    """The same moves with the default strength of the drivers."""
    return assumptions.replace({STRENGTH: assumptions.knobs[STRENGTH].default})
