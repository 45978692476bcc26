"""One compiled model for the whole session: compiling is what costs."""

import importlib
from types import ModuleType

import pytest

from data.types import Evidence
from models.assumptions.setting import Assumptions
from models.sampling.fit_alignment import CompiledAlignment


@pytest.fixture(scope="session")
def default_assumptions(real_evidence: Evidence) -> Assumptions:
    return Assumptions.defaults(real_evidence.claims)


@pytest.fixture(scope="session")
def compiled_model(real_evidence: Evidence, default_assumptions: Assumptions) -> CompiledAlignment:
    return CompiledAlignment.of(real_evidence, default_assumptions)


@pytest.fixture(scope="session")
def scoringrules() -> ModuleType:
    """Scores by another hand. Imported late: it compiles while it is imported, three seconds of every worker."""
    return importlib.import_module("scoringrules")
