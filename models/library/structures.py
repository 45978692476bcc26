"""Which structure of each model a study or a stored fit answers to, and which knobs it was made with."""

from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType

from data.types import Claim
from models.assumptions.knobs import GLOBAL_KNOBS, GLOBAL_KNOBS_1, Knobs, knobs
from models.base_rate.chain import BASE_RATE_DIGEST
from models.errors import StaleFitError
from models.measures.structure import ALIGNMENT, PART_OF_YEAR, digest_at, inside_year
from models.names import MODEL_M0, MODEL_M1, MODEL_M2, MODEL_M3
from models.ordered.law import ORDERED
from models.outcome.rule import RULE_1, OutcomeRule
from models.regimes.law import REGIMES

STRUCTURE_DIGESTS = MappingProxyType(
    {
        MODEL_M0: BASE_RATE_DIGEST,
        MODEL_M1: ALIGNMENT.digest,
        MODEL_M2: ORDERED.digest,
        MODEL_M3: REGIMES.digest,
    }
)
"""Digest of each model's constants, by model id, as they act from a 31 December."""


def structures_at(as_of: date) -> Mapping[str, str]:
    """Digest of each model's constants, by model id, as they act from a day."""
    return MappingProxyType({model: digest_at(own, as_of) for model, own in STRUCTURE_DIGESTS.items()})


def whole_year(structure: str) -> str:
    """Digest of a model's constants as they act from a 31 December, whichever day they act from."""
    return next((own for own in STRUCTURE_DIGESTS.values() if inside_year(own) == structure), structure)


FORMER_STRUCTURES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        MODEL_M1: {"19643f2f9665a15b9adb4b53ff10f11bcb7bdb0fe29968a37d0390ff73f377a8": "m1-1"},
        MODEL_M2: {"b1d287ea69e43857b2eeb55ca31e627c361ca70e98649c755b76a329220af387": "m2-1"},
        MODEL_M3: {"697020869fa3461fa88c09c6c415c01bf9d1afed0818ce4eb8ae5be38c73a725": "m3-1"},
    }
)
"""Structures of published forecasts, by model id: digest to version. Their draws can still be read and re-weighted."""


FORMER_STAY_STRENGTH = 10.0
"""Pseudo-years behind a regime's life in structure m3-1."""


def stay_strength_of(structure: str) -> float:
    """Pseudo-years behind a regime's life in the structure of M3 that draws answer to, by its digest."""
    present = structure in (REGIMES.digest, inside_year(REGIMES.digest))
    return REGIMES.stay_strength if present else FORMER_STAY_STRENGTH


def structure_version(model_id: str, structure: str) -> str:
    """Name of a structure that this program can read draws of, by its digest.

    Raises
    ------
    StaleFitError
        It is neither the present one nor one of those before it.
    """
    names = {MODEL_M0: "m0-1", MODEL_M1: ALIGNMENT.version, MODEL_M2: ORDERED.version, MODEL_M3: REGIMES.version}
    own, part = STRUCTURE_DIGESTS[model_id], f"{names[model_id]}.{PART_OF_YEAR.version}"
    known = {**FORMER_STRUCTURES.get(model_id, {}), own: names[model_id], inside_year(own): part}
    if structure not in known:
        told = ", ".join(f"{version} ({digest[:12]})" for digest, version in known.items())
        raise StaleFitError(
            f"got draws of {model_id} with the structure {structure[:12]}, expected one of {told}; "
            "use a program that knows it"
        )
    return known[structure]


def knobs_behind(rule: OutcomeRule, claims: Iterable[Claim]) -> Knobs:
    """The knobs with the bounds and defaults of the time when forecasts were made under a rule.

    What a default was decides which values of a stored setting count as moved, and where some priors start.
    """
    return knobs(claims, GLOBAL_KNOBS_1 if rule == RULE_1 else GLOBAL_KNOBS)
