"""Words for the models side by side: where they differ, what each weighs, and what equal weights would say. Pure."""

from collections.abc import Mapping, Sequence

import pandas as pd

from dashboard.wording.chances import percent, points
from dashboard.wording.labels import MODEL_LABELS, STATE_LABELS, STATE_SHORT, joined
from dashboard.wording.table import Reading, readings
from models.assumptions.knobs import CLAIM_MODELS
from models.names import MODELS, STATES

DISAGREEMENT = 0.10
"""Difference between models at which the page warns (the models' brief: 10 points)."""


def present(table: pd.DataFrame) -> tuple[str, ...]:
    """Models that the table holds, the mixture first."""
    held = set(table["model_id"])
    return tuple(model for model in MODELS if model in held)


def models_sentence(table: pd.DataFrame, horizon: int) -> str:
    """Where the models differ most, and which two."""
    low, high = _widest(table, horizon)
    mixed = next(reading for reading in readings(table, horizon=horizon) if reading.outcome == low[1].outcome)
    gap = points(high[1].probability - low[1].probability, max(low[1].mcse, high[1].mcse)).lstrip("+")
    return (
        f"Widest apart on {STATE_SHORT[low[1].outcome].lower()}, by {gap}: {_named(low)}, {_named(high)}, "
        f"mixture {mixed.chance.percent}."
    )


def _named(said: tuple[str, Reading]) -> str:
    model, reading = said
    return f"{MODEL_LABELS[model].partition(' (')[0].lower()} {reading.chance.percent}"


def models_disagree(table: pd.DataFrame, horizon: int) -> bool:
    """Whether the page should warn that two models differ by more than ten points on some state."""
    low, high = _widest(table, horizon)
    return high[1].probability - low[1].probability > DISAGREEMENT


def _widest(table: pd.DataFrame, horizon: int) -> tuple[tuple[str, Reading], tuple[str, Reading]]:
    """The two models, with their readings, that lie furthest apart on any state."""
    by_model = {model: readings(table, model=model, horizon=horizon) for model in present(table)[1:]}
    pairs = []
    for code in range(len(STATES)):
        ranked = sorted(
            ((model, states[code]) for model, states in by_model.items()), key=lambda pair: pair[1].probability
        )
        pairs.append((ranked[0], ranked[-1]))
    return max(pairs, key=lambda pair: pair[1][1].probability - pair[0][1].probability)


def equal_sentence(table: pd.DataFrame, horizon: int) -> str:
    """The four states if every model counted the same."""
    by_model = [readings(table, model=model, horizon=horizon) for model in present(table)[1:]]
    means = {
        state: sum(states[code].probability for states in by_model) / len(by_model) for code, state in enumerate(STATES)
    }
    error = max(reading.mcse for states in by_model for reading in states)
    chances = joined([f"{STATE_LABELS[state].lower()} {percent(means[state], error)}" for state in reversed(STATES)])
    return f"With equal weights: {chances}."


def shares_sentence(shares: Mapping[str, float]) -> str:
    """Each model's share of the mixture; a model that is switched off is named as such."""
    weights = (f"{MODEL_LABELS[model]} {f'{100 * share:.0f} %' if share else 'off'}" for model, share in shares.items())
    return f"Weights: {', '.join(weights)}."


def members_sentence(shaky: Sequence[str]) -> str:
    """What to make of models whose stored draws reach a setting only just, where no refit is on offer."""
    names = joined([MODEL_LABELS[model] for model in shaky])
    verb = "reaches" if len(shaky) == 1 else "reach"
    return (
        f"{names} {verb} this setting only just: read that part as a direction, switch it off by its weight, or move "
        "the assumption a little towards its default."
    )


def same_answers(first: pd.DataFrame, second: pd.DataFrame) -> bool:
    """Whether two results tables show the same chance of every state at every year-end, as they are rounded here."""
    pairs = zip(readings(first), readings(second), strict=True)
    return all(one.chance.percent == other.chance.percent for one, other in pairs)


def reads_reasons(shares: Mapping[str, float]) -> bool:
    """Whether any model with a share reads the essay's drivers."""
    return any(shares.get(model, 0) > 0 for model in CLAIM_MODELS)
