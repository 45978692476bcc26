"""Priors that say nonsense before any record is read must be seen to, under the setting that the reader chose."""

import pytest

from dashboard.checks.gates import quick_gates
from models.assumptions.setting import Assumptions
from models.names import MODEL_M0, MODEL_M2


@pytest.fixture(scope="module")
def defaults(evidence):
    return Assumptions.defaults(evidence.claims)


def failed(gates, model: str) -> list[str]:
    return [check.name for check in gates[model] if not check.passed]


def test_default_priors_pass_and_read_alike(evidence, defaults):
    gates = quick_gates(evidence, defaults)
    assert not failed(gates, MODEL_M0)
    assert not failed(gates, MODEL_M2)
    assert all(check.name.startswith("prior: ") for checks in gates.values() for check in checks)


def test_an_outside_view_of_frequent_ruptures_fails_the_base_rate_alone(evidence, defaults):
    extreme = defaults.replace({"rupture_hazard": defaults.knobs["rupture_hazard"].high})
    gates = quick_gates(evidence, extreme)
    assert any("rupture" in name for name in failed(gates, MODEL_M0))
    assert not failed(gates, MODEL_M2)
