"""Which shares the mixture is published with: those written down before any score, until learned ones beat them."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from data.values import frozen
from models.backtest.controls import AS_RECORDED
from models.backtest.mixture import PRIOR_SHARES
from models.backtest.outcomes import P
from models.backtest.scores import grid, normalised
from models.names import MEMBERS, MODEL_M2, STATES
from models.scores.rules import realised_probability
from models.scores.stacking import compare_stack, stack, stack_interval

WHOLE_PAST = tuple(model for model in MEMBERS if model != MODEL_M2)
"""Members with a hindcast from every origin. Ordered regression has too few to be learned beside them."""
MOST_ORDERED = PRIOR_SHARES[MODEL_M2]
PUBLICATION_MINIMUM = 20
"""Origins that stacking weights must rest on before they may be published (docs/decisions/0006)."""
PREQUENTIAL_MINIMUM = 5
"""Origins before the honest test of stacking learns weights."""


@frozen
class Weighting:
    """The shares to publish, and why.

    Attributes
    ----------
    shares : Mapping[str, float]
        Relative weight of each member.
    learned : bool
        Whether they were learned from the past.
    reason : str
        One sentence with the numbers that decided.
    """

    shares: Mapping[str, float]
    learned: bool
    reason: str


def densities(scores: pd.DataFrame, models: Sequence[str] = MEMBERS) -> tuple[np.ndarray, list[int]]:
    """What each model gave to what happened, (origin, horizon, model), over the origins that all share."""
    plain = scores[scores["variant"] == AS_RECORDED]
    by_model = {model: plain[plain["model_id"] == model] for model in models}
    origins = sorted(set.intersection(*(set(rows["origin"]) for rows in by_model.values())))
    layers = []
    for rows in by_model.values():
        codes = np.array([STATES.index(state) for state in rows["observed"]])
        given = rows.assign(given=realised_probability(normalised(rows[P].to_numpy()), codes))
        layers.append(grid(given, "given", origins))
    return np.stack(layers, axis=-1), origins


def stack_tables(scores: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Stacking weights with intervals, and how stacked, equal and single models scored.

    Ordered regression is weighed beside all others over its own origins; what it leaves is shared by the others as
    they would be weighed without it over all of theirs.

    Returns
    -------
    weights : DataFrame
        ``model_id, weight, low, high, origins, enough`` (from `PUBLICATION_MINIMUM` origins on), ``prior``.
    compared : DataFrame
        `models.scores.stacking.compare_stack` of `WHOLE_PAST`; ``published`` are the prior shares.
    """
    every, late = densities(scores)
    whole, origins = densities(scores, WHOLE_PAST)
    ordered = MEMBERS.index(MODEL_M2)
    share, rest = stack(every)[ordered], 1 - stack(every)[ordered]
    found = dict(zip(WHOLE_PAST, rest * np.c_[stack(whole), stack_interval(whole)], strict=True))
    found[MODEL_M2] = np.array([share, *stack_interval(every)[ordered]])
    rows = [
        {"model_id": model, **dict(zip(("weight", "low", "high"), map(float, found[model]), strict=True))}
        for model in MEMBERS
    ]
    counts = [len(late) if model == MODEL_M2 else len(origins) for model in MEMBERS]
    weights = pd.DataFrame(rows).assign(origins=counts, enough=[count >= PUBLICATION_MINIMUM for count in counts])
    prior = [PRIOR_SHARES[model] for model in WHOLE_PAST]
    table = weights.assign(prior=[PRIOR_SHARES[model] for model in MEMBERS])
    return table, compare_stack(whole, WHOLE_PAST, prior, PREQUENTIAL_MINIMUM)


def published_weights(weights: pd.DataFrame, stacked: pd.DataFrame) -> Weighting:
    """The written rule (docs/decisions/0016): learned shares replace the prior ones only when weights that were learned
    origin by origin, from targets already known, beat them by a log score whose whole interval lies below zero.

    Parameters
    ----------
    weights, stacked : DataFrame
        `stack_tables`.
    """
    learned = dict(zip(weights["model_id"], weights["weight"], strict=True))
    ordered = min(MOST_ORDERED, learned[MODEL_M2])
    row = _learned_row(stacked)
    numbers = f"{row['versus_published']:+.3f} nats ({_end(row, 'low')} to {_end(row, 'high')})"
    enough = bool(weights.loc[weights["model_id"] != MODEL_M2, "enough"].all())
    if enough and row["versus_published_high"] < 0:
        others = sum(learned[model] for model in WHOLE_PAST)
        shares = {model: (1 - ordered) * learned[model] / others for model in WHOLE_PAST}
        reason = f"Weights learned origin by origin beat the prior shares by log score, {numbers}: they replace them."
        return Weighting(shares={**shares, MODEL_M2: ordered}, learned=True, reason=reason)
    reason = (
        f"Weights learned origin by origin against the prior shares, by log score: {numbers}. The interval does not "
        "lie below zero, so the prior shares stay."
    )
    return Weighting(shares={**PRIOR_SHARES, MODEL_M2: ordered}, learned=False, reason=reason)


def _learned_row(stacked: pd.DataFrame) -> pd.Series:
    return stacked.set_index("forecaster").loc["stack_learned"]


def _end(row: pd.Series, name: str) -> str:
    value = row[f"versus_published_{name}"]
    return "unknown" if pd.isna(value) else f"{value:+.3f}"
