"""Two strengths of the essay's reasons: the evidence alone, and the essay's reading, with whatever else was moved.
Pure."""

from enum import StrEnum

from models.assumptions.reasons import STRENGTH, essay_strength, evidence_alone, with_reasons
from models.assumptions.setting import Assumptions


class Answer(StrEnum):
    """What an answer rests on."""

    EVIDENCE = "evidence"
    REASONS = "reasons"
    OWN = "own"


def kind(assumptions: Assumptions) -> Answer:
    """Whether a setting takes the evidence alone, the essay's reasons, or a strength of the reader's own."""
    strength = assumptions.values[STRENGTH]
    if strength == assumptions.knobs[STRENGTH].default:
        return Answer.EVIDENCE
    return Answer.REASONS if strength == essay_strength(assumptions.knobs) else Answer.OWN


def counterpart(assumptions: Assumptions) -> Assumptions:
    """What a setting is shown beside: the essay's reasons, or the evidence alone where it has these already."""
    return (evidence_alone if kind(assumptions) == Answer.REASONS else with_reasons)(assumptions)


def strength_alone(assumptions: Assumptions) -> Assumptions:
    """The defaults with a setting's strength of the drivers and doubt about claims: what decides how far one claim can
    move the models that read it. What else is moved changes that little, and would have it measured anew each time."""
    return Assumptions(
        knobs=assumptions.knobs, values={key: assumptions.values[key] for key in (STRENGTH, "confidence")}
    )
