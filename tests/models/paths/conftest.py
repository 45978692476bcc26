"""A small fit from inside a year, and what the answers rest on."""

from datetime import date

import pytest

from data.load import load_evidence
from models.assumptions.setting import Assumptions
from models.paths.answers import PathBasis
from tests.support.values.factories import synthetic_fit, synthetic_library


@pytest.fixture(scope="session")
def basis() -> PathBasis:
    evidence = load_evidence(date(2026, 10, 8))
    return PathBasis.of(evidence, synthetic_library(evidence, samples=400), synthetic_fit(evidence, samples=400))


@pytest.fixture(scope="session")
def defaults(basis: PathBasis) -> Assumptions:
    return Assumptions.defaults(basis.evidence.claims)
