"""Words for what answers are worth: by the model, what history says of that, and what the numbers are not. Pure."""

from collections.abc import Sequence

from dashboard.wording.chances import percent
from dashboard.wording.labels import joined
from data.digest import Fields
from models.outcome.signpost_list import Signpost
from models.signposts.value import SHOWN_AS

NOT_ADDITIVE = "The values do not add up: answers overlap, and two together are worth less than both."
LATER = "It may be answered after that day: a part of what it says is then about later years."
LATER_ONES = "Answers that may come after that day are partly about later years."
UNJUDGED = "History has not been asked yet whether this ranking is right."
SMALLEST = 0.05
"""In thousandths: below it an answer teaches nothing that could be told from noise."""


def held_sentence(comparison: Fields, origins: int) -> str:
    """Whether the chances of all questions have been shown to be worth anything, in a line.

    Parameters
    ----------
    comparison : mapping
        The primary row of the archived comparisons: whether its aim was met.
    """
    shown = "came nearer to what happened than" if comparison["met"] else "were not shown to come nearer than"
    return f"Asked again from {origins} past year-ends, such chances {shown} each question’s own frequency."


def value_title(year: int) -> str:
    """The table's name."""
    return f"Which answer would teach most about the end of {year}, by the model"


def value_text(value: float) -> str:
    """In thousandths of a ranked probability score: “24.5”, “0.3”, “none”."""
    return f"{SHOWN_AS * value:.1f}" if SHOWN_AS * value >= SMALLEST else "none"


def worth_sentence(value: float, before: float, year: int) -> str:
    """What one answer is worth."""
    if SHOWN_AS * value < SMALLEST:
        return f"By the model its answer teaches nothing about the state at the end of {year}."
    part = percent(value / before) if before > 0 else "0 %"
    return (
        f"By the model its answer is worth {value_text(value)} thousandths of a score about the end of {year}: {part} "
        "of what is not known of that day."
    )


def best_sentence(signposts: Sequence[Signpost], values: Sequence[float], before: float, year: int) -> str:
    """Which answers teach most, and how much that is."""
    ranked = sorted(zip(values, signposts, strict=True), key=lambda pair: -pair[0])
    if not ranked or SHOWN_AS * ranked[0][0] < SMALLEST:
        return f"By the model no open question teaches anything about the end of {year}."
    best = joined([signpost.id for value, signpost in ranked[:3] if SHOWN_AS * value >= SMALLEST])
    part = percent(ranked[0][0] / before) if before > 0 else "0 %"
    return (
        f"By the model {best} would teach most about the end of {year}; the first is worth {part} of what is not known "
        "of that day."
    )


def hearing_sentence(deaf: float, heard: float) -> str:
    """How far a value depends on the one assumption that history cannot settle."""
    return (
        f"From {value_text(deaf)} where a year’s acts say nothing about its questions to {value_text(heard)} where "
        "they say all that they could: history cannot tell which is right."
    )
