"""Which models the published mixture listens to, and how much."""

from collections.abc import Mapping
from types import MappingProxyType

from models.errors import AssumptionError
from models.names import MODEL_M0, MODEL_M1, MODEL_M2, MODEL_M3

WEIGHT_KNOBS = MappingProxyType(
    {
        MODEL_M0: "outside_view_weight",
        MODEL_M1: "alignment_weight",
        MODEL_M2: "ordered_weight",
        MODEL_M3: "regimes_weight",
    }
)
"""The knob behind each member's weight."""


def shares(values: Mapping[str, float]) -> Mapping[str, float]:
    """Share of each member in the mixture, by model id: their relative weights, scaled to add up to one.

    Parameters
    ----------
    values : Mapping[str, float]
        Knob values; a weight of 0 switches its model off.

    Raises
    ------
    AssumptionError
        Every model is switched off.
    """
    weights = {model: values[knob] for model, knob in WEIGHT_KNOBS.items()}
    total = sum(weights.values())
    if not total > 0:
        raise AssumptionError(
            "got a weight of 0 for every model, expected at least one above 0; switch one of the four models on"
        )
    return MappingProxyType({model: weight / total for model, weight in weights.items()})
