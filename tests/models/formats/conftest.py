"""Three small forecasts that the tests of formats write: the default, a changed setting, and one from 2019."""

from datetime import date

import pytest

from data.load import load_evidence
from models.outcome.rule import resolve_history
from tests.support.values.factories import synthetic_library, synthetic_snapshot


@pytest.fixture(scope="session")
def library(real_evidence):
    return synthetic_library(real_evidence, samples=40)


@pytest.fixture(scope="session")
def default(real_evidence, library):
    return synthetic_snapshot(real_evidence, library)


@pytest.fixture(scope="session")
def changed(real_evidence, library):
    return synthetic_snapshot(real_evidence, library, {"C01": 1.8}, {"C01": "=1+1"})


@pytest.fixture(scope="session")
def old():
    evidence = load_evidence(date(2019, 12, 31))
    return synthetic_snapshot(evidence, synthetic_library(evidence, samples=40))


@pytest.fixture(scope="session")
def resolutions(real_evidence):
    return resolve_history(real_evidence.events, 1950, 2024)
