"""Named settings of all knobs at once."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from models.assumptions.knobs import BASELINE_CLAIM, HISTORY_CLAIM, Knob
from models.assumptions.shares import STACKED, WEIGHT_KNOBS, only, weights_of
from models.names import MODEL_M0


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """A named reading of the relationship: the knobs it moves away from their defaults."""

    key: str
    label: str
    description: str
    values: Mapping[str, float]


def presets(knobs: Mapping[str, Knob]) -> Mapping[str, Preset]:
    """The presets, by key, in page order.

    "Stronger" means one prior standard deviation beyond the default; "off" means an odds ratio of 1.
    """
    claims = [prior for prior in knobs.values() if prior.group == "claim" and prior.key != BASELINE_CLAIM]
    mechanisms = [prior for prior in claims if prior.key != HISTORY_CLAIM]
    pull = [prior for prior in mechanisms if prior.direction > 0]
    push = [prior for prior in mechanisms if prior.direction < 0]
    history = knobs[HISTORY_CLAIM]

    def stronger(prior: Knob) -> float:
        return prior.snap(math.exp(math.log(prior.default) + prior.sd))

    listed = (
        Preset(key="essay", label="The essay's reading", description="Every knob at its default.", values={}),
        Preset(
            key="outside_view",
            label="Pure outside view",
            description="No claim counts: only base rates of rupture and of staying put.",
            values={**{prior.key: 1.0 for prior in claims}, "driver_strength": 0.1, **only(MODEL_M0)},
        ),
        Preset(
            key="sceptic",
            label="Sceptic of the axis",
            description="Fault lines one standard deviation stronger; reasons to cooperate switched off.",
            values={**{prior.key: stronger(prior) for prior in push}, **{prior.key: 1.0 for prior in pull}},
        ),
        Preset(
            key="believer",
            label="Believer in the axis",
            description="Reasons to cooperate one standard deviation stronger; fault lines switched off.",
            values={**{prior.key: stronger(prior) for prior in pull}, **{prior.key: 1.0 for prior in push}},
        ),
        Preset(
            key="history_repeats",
            label="History repeats",
            description="The 1960 break is the model for today: a sudden break is likelier, moods last less long.",
            values={HISTORY_CLAIM: stronger(history), "rupture_hazard": 0.05, "persistence": 0.65},
        ),
        Preset(
            key="equal_weights",
            label="Equal weights",
            description="The essay's reading, every model counting the same.",
            values=weights_of(dict.fromkeys(WEIGHT_KNOBS, 0.5)),
        ),
        Preset(
            key="stacked",
            label="Weights of the past",
            description="The essay's reading with the weights that would have forecast twenty past year-ends best. "
            "They know those outcomes, and rest mostly on one model.",
            values=weights_of(STACKED),
        ),
    )
    return MappingProxyType({preset.key: preset for preset in listed})
