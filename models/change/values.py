"""Forecasts of the four states between two snapshots, with the noise of their draws."""

from collections.abc import Mapping

import numpy as np

from data.days import horizons_from
from data.types import Evidence
from data.values import frozen
from models.change.side import Side
from models.errors import SnapshotError
from models.fits.probabilities import states
from models.library.answer import Answer
from models.names import (
    MCSE,
    MODEL_MIXTURE,
    PMF,
    STATES,
    TARGET_STATE,
)
from models.outcome.rule import OutcomeRule, rule_of, yearly_codes
from models.snapshot.value import Snapshot
from models.weighting.status import Status


@frozen(eq=False)
class Value:
    """What a mixture of answers forecasts.

    Attributes
    ----------
    mean : ndarray, shape (row, state)
        A row is a horizon or a year-end.
    noise : Mapping of ndarray, shape (block, row, state)
        By the draws that the blocks are of: those of two values are added up under the same name. Squares, summed over
        blocks, are the Monte Carlo variance.
    status : Status
    """

    mean: np.ndarray
    noise: Mapping[object, np.ndarray]
    status: Status


def mixed(answers: Mapping[str, Answer], weights: Mapping[str, float], library: object) -> Value:
    """The models' mixture at every horizon, its noise by `library` and model."""
    shares = {model: share for model, share in weights.items() if share > 0}
    return Value(
        mean=sum(share * states(answers[model].mean) for model, share in shares.items()),
        noise={(library, model): share * states(answers[model].noise) for model, share in shares.items()},
        status=Status.worst(*(answers[model].status for model in shares)),
    )


def published(snapshot: Snapshot, name: object, model_id: str = MODEL_MIXTURE) -> Value:
    """A model, or the mixture, as the snapshot's table has it; the errors of different year-ends count as
    independent."""
    horizons = horizons_from(snapshot.reference_date)
    columns = {kind: np.full((len(horizons), len(STATES)), np.nan) for kind in (PMF, MCSE)}
    for model, _, target, horizon, _, kind, outcome, value in snapshot.results:
        if (model, target) == (model_id, TARGET_STATE) and kind in columns:
            columns[kind][horizons.index(horizon), STATES.index(outcome)] = value
    if np.isnan(columns[PMF]).any():
        raise SnapshotError(f"the snapshot lacks a probability of its {model_id}; export it again")
    noise = np.eye(len(horizons))[..., None] * np.nan_to_num(columns[MCSE])
    return Value(mean=columns[PMF], noise={name: noise}, status=Status(snapshot.reliability.status))


def resolved(side: Side, year: int) -> np.ndarray | None:
    """The state in which a past year-end stood by a side's own ledger and rule, as a certainty (state,); None when
    annulled or when no ledger is at hand.
    """
    return None if side.evidence is None else labelled(side.evidence, year, rule_of(side.snapshot.rule.digest))


def labelled(evidence: Evidence, year: int, rule: OutcomeRule) -> np.ndarray | None:
    """The state of a past year-end under a rule, as a certainty (state,); None when annulled."""
    code = int(yearly_codes(evidence.events, year, year, rule)[0])
    return None if code < 0 else np.eye(len(STATES))[code]
