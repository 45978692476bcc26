"""The models' structures: their digests name every stored fit, and follow every constant."""

from dataclasses import fields, is_dataclass, replace

import pytest

from models.library.structures import FORMER_STRUCTURES, STRUCTURE_DIGESTS, stay_strength_of
from models.measures.structure import ALIGNMENT
from models.names import MODEL_M0, MODEL_M1, MODEL_M2, MODEL_M3
from models.ordered.law import ORDERED
from models.regimes.law import REGIMES, RegimePrior


def test_the_digests_are_those_of_the_stored_fits() -> None:
    """Whoever changes one on purpose raises the structure's version and fits again."""
    assert dict(STRUCTURE_DIGESTS) == {
        MODEL_M0: "11b1209a2760e2ffe8fd54476479b443aa643aafd8228813747d36f8cac50b88",
        MODEL_M1: "ac28d570a3b7a5375ad8ff26df7a283e04ed68b257d999df298384754a7b0889",
        MODEL_M2: "b1d287ea69e43857b2eeb55ca31e627c361ca70e98649c755b76a329220af387",
        MODEL_M3: "91c91835d8c14cd2db543c614e137e4531f6e16964f0dd27ff14f229ee642397",
    }


def variants(structure: object) -> dict[str, object]:
    """The structure with one constant changed, by the constant's name."""
    changed = {}
    for field in fields(structure):
        value = getattr(structure, field.name)
        if is_dataclass(value):
            changed |= {f"{field.name}.{n}": replace(structure, **{field.name: v}) for n, v in variants(value).items()}
        else:
            other = f"{value}+" if isinstance(value, str) else value * 2 if isinstance(value, tuple) else value + 1
            changed[field.name] = replace(structure, **{field.name: other})
    return changed


@pytest.mark.parametrize("structure", [ALIGNMENT, ORDERED, REGIMES], ids=["M1", "M2", "M3"])
def test_every_constant_makes_another_model(structure) -> None:
    found = {name: variant.digest for name, variant in variants(structure).items()}
    assert structure.digest not in found.values()
    assert len(set(found.values())) == len(found)


def test_draws_of_the_first_hidden_regimes_keep_its_pseudo_years() -> None:
    (first,) = FORMER_STRUCTURES[MODEL_M3]
    assert (stay_strength_of(first), stay_strength_of(REGIMES.digest)) == (10.0, 16.0)
    assert RegimePrior(stickiness=0.8, strength=10.0).stay_counts() == pytest.approx((8.0, 2.0), abs=1e-12)
