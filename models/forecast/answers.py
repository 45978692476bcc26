"""Every model of a library, asked once under a setting."""

from collections.abc import Mapping

import numpy as np

from data.types import Evidence
from models.alignment.priors import AlignmentPrior, prior_parameters
from models.assumptions.setting import Assumptions
from models.base_rate.outside_view import outside_view
from models.forecast.year_mean import GriddedYears, yardstick_of
from models.library.answer import Answer
from models.library.known import Latest
from models.library.library import Library
from models.library.reweighting import alignment_answer, weigh
from models.names import MODEL_M0, MODEL_M1, MODEL_M2, MODEL_M3


def answers(evidence: Evidence, library: Library, assumptions: Assumptions) -> Mapping[str, Answer]:
    """The base rate, and the stored draws of the other models re-weighted to the assumptions, by model id.

    All of them under the outcome rule that the library was made under, whichever it was.

    A library without the fits of M2 and M3 leaves them out.
    """
    hazard, rule = assumptions.values["rupture_hazard"], library.provenance.rule
    yardstick = yardstick_of(evidence, library)
    words = None if yardstick is None else GriddedYears.of(library.year_means, yardstick).shares
    given = {
        MODEL_M0: Answer.exact(outside_view(evidence, hazard, rule)),
        MODEL_M1: _alignment(library, prior_parameters(assumptions, library.structure), words),
    }
    if library.members is not None:
        given[MODEL_M2] = library.members.answer_ordered(assumptions)
        given[MODEL_M3] = library.members.answer_regimes(assumptions)
    return given


KEPT = 4
"""Answers of M1 that are kept for each library: a moved share, stickiness or hazard leaves its prior alone."""
_LATEST: Latest[Answer] = Latest(KEPT)
"""By the density of a library's pool, which is its own and which no answer holds."""


def _alignment(library: Library, prior: AlignmentPrior, words: np.ndarray | None) -> Answer:
    key = id(words), prior.key
    return _LATEST.of(library.log_mixture, key, lambda: alignment_answer(library, weigh(library, prior), words))
