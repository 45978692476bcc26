"""What each knob can do: the forecast with one knob at either end of its range, the others as they are."""

import contextlib
from collections.abc import Mapping

import numpy as np
import pandas as pd

from data.types import Evidence
from data.values import frozen
from models.assumptions.setting import Assumptions
from models.errors import AssumptionError
from models.fits.probabilities import by_horizon
from models.forecast.results import make_forecast
from models.library.library import Library
from models.library.reweighting import reweight
from models.names import MODEL_M1, MODEL_M2, MODEL_MIXTURE, PMF, STATES
from models.weighting.status import Status

type Cell = tuple[str, int, str]
"""Target, horizon and outcome of a probability."""


@frozen
class KnobEnds:
    """The mixture's probabilities at both ends of one knob.

    Attributes
    ----------
    low, high : Mapping of (target, horizon, outcome) to float
        Probabilities (0-1) with the knob at its lowest and at its highest value.
    status : Status
        The worse of the two: how far the ends can be trusted without a refit.
    """

    key: str
    label: str
    low: Mapping[Cell, float]
    high: Mapping[Cell, float]
    status: Status


def knob_ends(evidence: Evidence, library: Library, assumptions: Assumptions) -> tuple[KnobEnds, ...]:
    """Move every knob to both ends, one at a time, in page order."""
    moved = []
    for key, knob in assumptions.knobs.items():
        ends = [make_forecast(evidence, library, _moved(assumptions, key, end)) for end in (knob.low, knob.high)]
        low, high = (_mixture(end.table) for end in ends)
        status = Status.worst(*(end.status for end in ends))
        moved.append(KnobEnds(key=key, label=knob.label, low=low, high=high, status=status))
    return tuple(moved)


def claim_ends(library: Library, assumptions: Assumptions, claim: str) -> Mapping[str, np.ndarray]:
    """What the models that read claims say with one claim at either end of its range; the others do not move.

    Returns
    -------
    Mapping of str to ndarray, shape (end, horizon, state)
        Chances by model id; means only, without errors or ranges.
    """
    knob, members = assumptions.knobs[claim], library.members
    ends = [assumptions.replace({claim: end}) for end in (knob.low, knob.high)]
    found = {MODEL_M1: [reweight(library, end).values @ library.probabilities for end in ends]}
    if members is not None:
        found[MODEL_M2] = [members.answer_ordered(end).mean for end in ends]
    return {model: np.stack([by_horizon(mean)[:, : len(STATES)] for mean in means]) for model, means in found.items()}


def claim_reach(ends: Mapping[str, np.ndarray], shares: Mapping[str, float]) -> float:
    """How far one claim can move the mixture: the largest change (0-1) of a chance of any state from end to end.

    Parameters
    ----------
    ends : Mapping of str to ndarray
        `claim_ends`.
    shares : Mapping of str to float
        Each model's share of the mixture.
    """
    moves = [shares.get(model, 0.0) * (values[1] - values[0]) for model, values in ends.items()]
    return float(np.abs(sum(moves)).max())


def _moved(assumptions: Assumptions, key: str, end: float) -> Assumptions:
    """One knob at an end; the weight of the only model that is on stays, since it cannot be switched off."""
    with contextlib.suppress(AssumptionError):
        return assumptions.replace({key: end})
    return assumptions


def effects_table(ends: tuple[KnobEnds, ...], target: str, horizon: int, outcome: str) -> pd.DataFrame:
    """One probability at both ends of every knob: columns key, label, low, high, status."""
    cell = (target, horizon, outcome)
    rows = [(end.key, end.label, end.low[cell], end.high[cell], end.status) for end in ends]
    return pd.DataFrame(rows, columns=["key", "label", "low", "high", "status"])


def _mixture(table: pd.DataFrame) -> dict[Cell, float]:
    rows = table[(table["model_id"] == MODEL_MIXTURE) & (table["output_type"] == PMF)]
    cells = zip(rows["target"], rows["horizon"], rows["output_type_id"], strict=True)
    return dict(zip(cells, rows["value"], strict=True))
