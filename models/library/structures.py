"""Which structure of each model a study or a stored fit answers to."""

from types import MappingProxyType

from models.base_rate.chain import BASE_RATE_DIGEST
from models.measures.structure import ALIGNMENT
from models.names import MODEL_M0, MODEL_M1, MODEL_M2, MODEL_M3
from models.ordered.law import ORDERED
from models.regimes.law import REGIMES

STRUCTURE_DIGESTS = MappingProxyType(
    {
        MODEL_M0: BASE_RATE_DIGEST,
        MODEL_M1: ALIGNMENT.digest,
        MODEL_M2: ORDERED.digest,
        MODEL_M3: REGIMES.digest,
    }
)
"""Digest of each model's constants, by model id."""
