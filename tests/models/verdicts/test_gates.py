"""Priors that say nonsense before any evidence is read must be seen to, under the setting that the reader chose."""

from collections.abc import Mapping

from data.types import Evidence
from models.assumptions.setting import Assumptions
from models.fits.certificate import Check
from models.names import MODEL_M0, MODEL_M2
from models.verdicts.gates import quick_gates, regimes_gate


def failed(gates: Mapping[str, tuple[Check, ...]], model: str) -> list[str]:
    return [check.name for check in gates[model] if not check.passed]


def test_default_priors_pass_and_read_alike(real_evidence: Evidence, default_assumptions: Assumptions) -> None:
    gates = quick_gates(real_evidence, default_assumptions)
    assert not failed(gates, MODEL_M0)
    assert not failed(gates, MODEL_M2)
    checks = [check for several in gates.values() for check in several]
    assert all(check.name.startswith("prior: ") for check in checks)
    assert all(check.meaning[0] == check.meaning[0].upper() and check.meaning.endswith(".") for check in checks)


def test_an_outside_view_of_frequent_ruptures_fails_the_base_rate_alone(
    real_evidence: Evidence, default_assumptions: Assumptions
) -> None:
    extreme = default_assumptions.replace({"rupture_hazard": default_assumptions.knobs["rupture_hazard"].high})
    gates = quick_gates(real_evidence, extreme)
    assert any("rupture" in name for name in failed(gates, MODEL_M0))
    assert not failed(gates, MODEL_M2)


def test_regimes_pass_at_their_default_stickiness(real_evidence: Evidence, default_assumptions: Assumptions) -> None:
    assert all(check.passed for check in regimes_gate(real_evidence, default_assumptions.values["stickiness"]))
