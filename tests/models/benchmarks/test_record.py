"""The benchmark of the record measures what it says; how long it takes is nobody's claim here."""

import pytest

from data.load import load_evidence
from models.benchmarks import record
from tests.support.values.factories import synthetic_library
from tests.support.values.year_end import YEAR_END


@pytest.mark.parametrize(("quick", "count"), [(True, 2), (False, 3)])
def test_every_measure_names_its_record(monkeypatch: pytest.MonkeyPatch, quick: bool, count: int) -> None:
    monkeypatch.setattr(record, "committed_library", lambda evidence: synthetic_library(evidence, samples=40))
    monkeypatch.setattr(record, "FEW", 2)
    monkeypatch.setattr(record, "FORECASTS", 3)
    rows = record.measure(load_evidence(YEAR_END), quick=quick)
    assert [unit for _, _, unit, _ in rows] == ["ms", "s", "s", "kB"]
    assert all(value > 0 and note.startswith(f"{count} forecasts") for _, value, _, note in rows)
