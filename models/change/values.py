"""What the models behind a snapshot say of the four states under any beliefs, with the noise of their draws.

An answer's noise is what each block of draws does to it (batch means). Answers from the same draws share their blocks,
so that the error of a difference is found block by block and not put too high.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from data.types import Evidence
from models.assumptions.setting import Assumptions
from models.base_rate.chain import BaseRate, calm_hazard
from models.change.side import Side
from models.errors import SnapshotError
from models.forecast.results import graded
from models.library.library import Library
from models.library.members import Answer
from models.library.reweighting import reweight, weighted_noise
from models.measures.structure import ALIGNMENT
from models.names import (
    HORIZONS,
    MCSE,
    MODEL_M0,
    MODEL_M1,
    MODEL_M2,
    MODEL_M3,
    MODEL_MIXTURE,
    PMF,
    STATES,
    TARGET_STATE,
)
from models.outcome.rule import yearly_codes
from models.snapshot.value import Snapshot
from models.weighting.status import Status

SHAPE = (len(HORIZONS), len(STATES))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Told:
    """One model's probabilities of the states.

    Attributes
    ----------
    mean : ndarray, shape (horizon, state)
    noise : ndarray, shape (block, horizon, state)
        Its squares, summed over blocks, are the Monte Carlo variance; no block at all when the mean is exact.
    status : Status
    """

    mean: np.ndarray
    noise: np.ndarray
    status: Status


def models_told(evidence: Evidence, library: Library, assumptions: Assumptions) -> Mapping[str, Told]:
    """Every model of a library under a setting, by model id: the parts of `models.forecast.results.make_forecast`."""
    weights = reweight(library, assumptions)
    noise = weighted_noise(library.probabilities, weights, library)
    told = {
        MODEL_M0: outside_view(evidence, assumptions),
        MODEL_M1: _told(weights.values @ library.probabilities, noise, weights.status),
    }
    if library.members is not None:
        told[MODEL_M2] = _answered(library.members.answer_ordered(assumptions))
        told[MODEL_M3] = _answered(library.members.answer_regimes(assumptions))
    return told


def outside_view(evidence: Evidence, assumptions: Assumptions) -> Told:
    """M0, which is exact."""
    codes = yearly_codes(evidence.events, ALIGNMENT.first_year, evidence.as_of.year)
    hazard = calm_hazard(assumptions.values["rupture_hazard"])
    mean = BaseRate.from_history(codes, hazard=hazard).forecast(int(codes[-1])).state
    return Told(mean=mean, noise=np.zeros((0, *SHAPE)), status=Status.EXACT)


def published(snapshot: Snapshot) -> Told:
    """The mixture as the snapshot's table has it; the errors of different year-ends count as independent."""
    found = {kind: np.full(SHAPE, np.nan) for kind in (PMF, MCSE)}
    for model, _, target, horizon, _, kind, outcome, value in snapshot.results:
        if (model, target) == (MODEL_MIXTURE, TARGET_STATE) and kind in found:
            found[kind][HORIZONS.index(horizon), STATES.index(outcome)] = value
    if np.isnan(found[PMF]).any():
        raise SnapshotError("the snapshot lacks a probability of the published mixture; export it again")
    noise = np.zeros((len(HORIZONS), *SHAPE))
    for index in range(len(HORIZONS)):
        noise[index, index] = np.nan_to_num(found[MCSE][index])
    return Told(mean=found[PMF], noise=noise, status=Status(snapshot.reliability.status))


def resolved(side: Side, year: int) -> np.ndarray | None:
    """The state in which a past year-end stood by a side's own ledger, as a certainty (state,); None when annulled or
    when no ledger is at hand.
    """
    if side.evidence is None:
        return None
    code = int(yearly_codes(side.evidence.events, year, year)[0])
    return None if code < 0 else np.eye(len(STATES))[code]


def _answered(answer: Answer) -> Told:
    """Draws that needed no weights are still draws, as `models.forecast.opinions.answered_opinion` has it."""
    return _told(answer.mean, answer.noise, Status.worst(Status.GOOD, answer.weights.status))


def _told(mean: np.ndarray, noise: np.ndarray, weights: Status) -> Told:
    """From outcomes side by side, of which the first four of each horizon are the states."""
    status = graded(weights, np.sqrt(np.square(noise).sum(axis=0)))
    return Told(mean=_states(mean), noise=_states(noise), status=status)


def _states(flat: np.ndarray) -> np.ndarray:
    return flat.reshape(*flat.shape[:-1], len(HORIZONS), -1)[..., : len(STATES)]
