"""Snapshots to save, and an empty record of each kind of database."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest

from data.load import load_evidence
from models.assumptions.setting import Assumptions
from models.forecast.results import Forecast, make_forecast
from models.record.store import Record
from models.snapshot.value import Snapshot
from tests.support.programs.postgres import postgres
from tests.support.values.factories import synthetic_library, synthetic_snapshot
from tests.support.values.year_end import YEAR_END

__all__ = ["postgres"]


@pytest.fixture(scope="session")
def plain_snapshot() -> Snapshot:
    evidence = load_evidence(YEAR_END)
    return synthetic_snapshot(evidence, synthetic_library(evidence))


@pytest.fixture(scope="session")
def moved_snapshot() -> Snapshot:
    evidence = load_evidence(YEAR_END)
    return synthetic_snapshot(evidence, synthetic_library(evidence), {"C01": 1.8}, {"C01": "sanctions bite"})


@pytest.fixture(scope="session")
def default_forecast() -> Forecast:
    evidence = load_evidence(YEAR_END)
    return make_forecast(evidence, synthetic_library(evidence), Assumptions.defaults(evidence.claims))


@pytest.fixture(scope="session")
def short_snapshot(moved_snapshot: Snapshot) -> Snapshot:
    """The same without intervals and errors: a sixth of the document, for tests that read it hundreds of times."""
    results = tuple(row for row in moved_snapshot.results if row[5] in ("pmf", "quantile"))
    evidence = replace(moved_snapshot.evidence, events=MappingProxyType({}), indicators=MappingProxyType({}))
    return replace(moved_snapshot, results=results, evidence=evidence)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where an empty record can be made."""
    if request.param == "sqlite":
        return str(tmp_path / "record.db")
    return request.getfixturevalue("postgres").new_database()


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    """An empty record in a file."""
    with Record.open(str(tmp_path / "record.db")) as opened:
        yield opened
