"""Settings of the models' weights."""

from collections.abc import Mapping

from models.assumptions.shares import WEIGHT_KNOBS


def only(model_id: str) -> Mapping[str, float]:
    """Weights that leave one model on."""
    return {knob: float(model == model_id) for model, knob in WEIGHT_KNOBS.items()}
