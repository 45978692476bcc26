"""A forecast from a day within a year, from stored draws of that day to every form that it is kept in."""

from datetime import date

import numpy as np
import pytest

from data.load import load_evidence
from data.types import Evidence
from models.assumptions.setting import Assumptions
from models.change.movers import rows_that_moved
from models.change.side import Side
from models.change.split import split
from models.errors import SnapshotError
from models.forecast.results import make_forecast
from models.formats.netcdf import draws_tree
from models.library.library import Library
from models.measures.readings import read_ledger
from models.names import HORIZONS
from models.record.entries import LIVE, Draft
from models.record.store import Record
from models.snapshot.archive import read_archive, snapshot_bytes
from models.snapshot.inputs import inputs_of, read_inputs
from models.snapshot.value import Snapshot, build_snapshot
from models.snapshot.verify import former_parts, verify
from models.storage.disk import Files
from tests.support.programs.records import record
from tests.support.values.factories import synthetic_fit, synthetic_library, synthetic_snapshot

__all__ = ["record"]

DAY, BEFORE, SAMPLES = date(2025, 10, 8), date(2024, 12, 31), 80
SIX = (0, *HORIZONS)


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    return load_evidence(DAY)


@pytest.fixture(scope="module")
def library(evidence: Evidence) -> Library:
    return synthetic_library(evidence, samples=SAMPLES)


@pytest.fixture(scope="module")
def inputs(evidence: Evidence, library: Library) -> Files:
    return inputs_of(evidence, library)


@pytest.fixture(scope="module")
def snapshot(evidence: Evidence, library: Library, inputs: Files) -> Snapshot:
    setting = Assumptions.defaults(evidence.claims)
    return build_snapshot(evidence, library, make_forecast(evidence, library, setting), setting, inputs)


def test_it_is_verified_from_its_own_inputs(snapshot: Snapshot, inputs: Files) -> None:
    found = verify(snapshot_bytes(snapshot, {}, inputs))
    assert [check for check in found.checks if not check.passed] == []
    assert set(found.snapshot.table["horizon"]) == set(SIX)
    assert former_parts(snapshot) == ""  # how the models go on from within a year is not a former structure


def test_draws_of_a_year_end_are_not_those_of_a_day_within_a_year(inputs: Files) -> None:
    """Thirty rows of shares where there must be thirty-six."""
    old = load_evidence(BEFORE)
    other = inputs_of(old, synthetic_library(old, samples=SAMPLES))
    assert read_inputs(other)[1].probabilities.shape[1] == 30
    assert read_inputs(inputs)[1].probabilities.shape[1] == 36
    mixed = {**inputs, "library.json": other["library.json"], "library.npz": other["library.npz"]}
    with pytest.raises(SnapshotError, match="the reference date 2024-12-31"):
        read_inputs(mixed)


def test_it_is_saved_with_six_horizons(snapshot: Snapshot, inputs: Files, record: Record) -> None:
    saved = record.save(Draft(name="Nowcast", author="Ada"), snapshot, inputs)
    assert (saved.horizons, saved.counts_as) == (SIX, LIVE)
    assert record.forecasts() == (saved,)
    assert read_archive(snapshot_bytes(snapshot, {}, inputs)).snapshot.table.equals(snapshot.table)


def test_it_is_compared_with_the_year_end_before_it(evidence: Evidence, library: Library, snapshot: Snapshot) -> None:
    before = load_evidence(BEFORE)
    draws = synthetic_library(before, samples=SAMPLES)
    old = Side(snapshot=synthetic_snapshot(before, draws), evidence=before, library=draws)
    new = Side(snapshot=snapshot, evidence=evidence, library=library)
    parts = split(old, new, "date")
    assert parts.game.changed == ("data",)  # the models are the same, and go on from within a year
    assert "The 281 days from 2024-12-31 to 2025-10-08 are part of the data's" in parts.notes[0]
    shared = parts.table.drop_duplicates("target_end_date")
    assert list(zip(shared["target_end_date"].str[:4], shared["horizon"], strict=True)) == [
        (str(DAY.year + h), h) for h in range(5)
    ]
    assert split(old, new, "horizon").game.changed == ("data", "time")


def test_the_rows_that_moved_it_most_are_named(evidence: Evidence, library: Library, snapshot: Snapshot) -> None:
    without = evidence.events[-4:]
    fewer = Evidence(
        as_of=evidence.as_of,
        events=evidence.events[:-4],
        claims=evidence.claims,
        indicators=evidence.indicators,
        known_on=evidence.known_on,
    )
    draws = synthetic_library(fewer, samples=SAMPLES)
    old = Side(snapshot=synthetic_snapshot(fewer, draws), evidence=fewer, library=draws)
    new = Side(snapshot=snapshot, evidence=evidence, library=library)
    moved = rows_that_moved(old, new, synthetic_fit(evidence, samples=SAMPLES))
    assert {event.id for event in without if not event.is_context} >= set(moved.single["name"]) != set()
    assert set(moved.table["horizon"]) == set(SIX)
    assert moved.silent == ()


def test_its_draws_are_written_with_a_year_that_has_no_label_yet(evidence: Evidence, library: Library) -> None:
    fit = synthetic_fit(evidence, samples=SAMPLES)
    tree = draws_tree(evidence, library, make_forecast(evidence, library, Assumptions.defaults(evidence.claims)), fit)
    codes = tree["observed_data"]["state_code"]
    assert codes.sizes["year"] == read_ledger(evidence).years.size
    assert int(codes.sel(year=DAY.year)) == -1
    assert int(codes.sel(year=DAY.year - 1)) >= 0
    future = tree["predictions"]["future_alignment"]
    assert tuple(future["horizon"].to_numpy()) == SIX
    np.testing.assert_array_equal(future.sel(horizon=0).to_numpy().ravel(), fit.alignment[:, -1].to_numpy())
    assert tree["library"]["probability"].sizes["horizon"] == len(SIX)
