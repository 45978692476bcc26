"""A small fit from inside a year, and what the answers rest on."""

from datetime import date

import pytest

from data.load import load_evidence
from models.assumptions.setting import Assumptions
from models.paths.answers import PathBasis
from tests.support.values.factories import synthetic_fit, synthetic_library


def small_basis(as_of: date, samples: int) -> PathBasis:
    """On synthetic fits of all models."""
    evidence = load_evidence(as_of)
    library = synthetic_library(evidence, samples=samples)
    return PathBasis.of(evidence, library, synthetic_fit(evidence, samples=samples))


@pytest.fixture(scope="session")
def basis() -> PathBasis:
    return small_basis(date(2026, 10, 8), samples=400)


@pytest.fixture(scope="session")
def defaults(basis: PathBasis) -> Assumptions:
    return Assumptions.defaults(basis.evidence.claims)
