"""A snapshot holds what was published, the same from every direction, and nothing of the machine that made it."""

import csv
import io
import json
import math
import platform
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from data.types import Evidence
from models.assumptions.setting import Assumptions
from models.errors import SnapshotError, StorageError
from models.fits.certificate import Check, Diagnostics
from models.forecast.results import make_forecast
from models.library.library import Library
from models.library.pool import part_of, pooled, provenance_of
from models.library.reweighting import reweight, support_mcse
from models.measures.drivers import driver_table
from models.names import MODEL_M2, MODEL_M3
from models.rounding import PUBLISHED
from models.snapshot.archive import read_snapshot, snapshot_bytes
from models.snapshot.document import read_document
from models.snapshot.value import Snapshot, build_snapshot, restore_assumptions
from models.weighting.weights import Weights
from tests.support.values.factories import library_of, synthetic_fit, synthetic_library, synthetic_snapshot

CHARTS = {"states.png": b"\x89PNG picture", "states.svg": b"<svg/>"}
VALUES = {"C01": 1.8, "persistence": 0.8, "outside_view_weight": 0.3}
REASONS = {"C01": "=HYPERLINK(…), really\nand a second line", "C09": "left at its default, still a reason"}


@pytest.fixture(scope="module")
def library(evidence: Evidence) -> Library:
    return synthetic_library(evidence)


@pytest.fixture(scope="module")
def snapshot(evidence: Evidence, library: Library) -> Snapshot:
    return synthetic_snapshot(evidence, library, VALUES, REASONS)


def test_zip_and_bare_document_read_back_to_the_same_value(snapshot: Snapshot) -> None:
    assert read_snapshot(snapshot_bytes(snapshot, CHARTS)) == snapshot
    assert read_snapshot(snapshot.json) == snapshot
    assert read_document(snapshot.json).digest == snapshot.digest


def test_the_same_forecast_gives_the_same_bytes(evidence: Evidence, snapshot: Snapshot) -> None:
    again = synthetic_snapshot(evidence, synthetic_library(evidence), dict(reversed(VALUES.items())), REASONS)
    reversed_charts = dict(reversed(CHARTS.items()))
    assert snapshot_bytes(again, reversed_charts) == snapshot_bytes(snapshot, CHARTS)


def test_what_is_read_exports_the_same_bytes_again(snapshot: Snapshot) -> None:
    content = snapshot_bytes(snapshot, CHARTS)
    assert snapshot_bytes(read_snapshot(content), CHARTS) == content


def test_table_document_and_csv_hold_the_forecast_to_the_last_bit(
    evidence: Evidence, library: Library, snapshot: Snapshot
) -> None:
    assumptions = Assumptions.defaults(evidence.claims).replace(VALUES)
    table = make_forecast(evidence, library, assumptions).table
    with zipfile.ZipFile(io.BytesIO(snapshot_bytes(snapshot, {}))) as archive:
        rows = list(csv.DictReader(io.StringIO(archive.read("forecast.csv").decode())))
        document = json.loads(archive.read("snapshot.json"))
    published = table["value"].to_numpy()
    np.testing.assert_array_equal([float(row["value"]) for row in rows], published)
    np.testing.assert_array_equal([row["value"] for row in document["results"]], published)
    np.testing.assert_array_equal(snapshot.table["value"].to_numpy(), published)
    for column in table.columns[:-1]:
        texts = [str(value) for value in table[column]]
        assert [row[column] for row in rows] == texts, column
        assert [str(row[column]) for row in document["results"]] == texts, column


def test_settings_come_back_with_their_reasons(evidence: Evidence, snapshot: Snapshot) -> None:
    found, problems = restore_assumptions(read_snapshot(snapshot.json), evidence.claims)
    assert found == Assumptions.defaults(evidence.claims).replace(VALUES, REASONS)
    assert set(found.changed) == set(snapshot.assumptions.changed) == set(VALUES)
    assert problems == ()


def test_settings_of_another_program_version_are_repaired_and_told(evidence: Evidence, snapshot: Snapshot) -> None:
    record = snapshot.assumptions
    values = {key: value for key, value in record.values.items() if key != "C02"} | {"C01": 99.0, "C77": 1.0}
    old = replace(snapshot, assumptions=replace(record, values=values, reasons={"C77": "gone", "C01": "kept"}))
    found, problems = restore_assumptions(old, evidence.claims)
    defaults = Assumptions.defaults(evidence.claims)
    assert found.values["C01"] == defaults.knobs["C01"].high
    assert found.values["C02"] == defaults.values["C02"]
    assert dict(found.reasons) == {"C01": "kept"}
    assert len(problems) == 3
    for word in ("C77", "99", "C02"):
        assert any(word in problem for problem in problems)


def test_nothing_of_the_machine_or_the_moment_is_inside(snapshot: Snapshot) -> None:
    content = snapshot_bytes(snapshot, CHARTS)
    for word in (str(Path.home()), str(Path.cwd()), platform.platform()):
        assert word.encode() not in content, word
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        infos = archive.infolist()
    assert {info.date_time for info in infos} == {(1980, 1, 1, 0, 0, 0)}
    assert [info.filename for info in infos] == sorted(info.filename for info in infos)
    assert {info.compress_type for info in infos} == {zipfile.ZIP_STORED}
    assert {info.external_attr >> 16 for info in infos} == {0o100644}


def test_it_says_what_was_seen_assumed_and_computed(evidence: Evidence, library: Library, snapshot: Snapshot) -> None:
    assert set(snapshot.evidence.events) == {event.id for event in evidence.events}
    assert set(snapshot.evidence.indicators) == set(evidence.indicators)
    assert snapshot.evidence.digest == evidence.digest
    assert (snapshot.library.key, snapshot.library.parent) == (library.key, "")
    base, *others = [(one.name, one.fit_key, one.seed) for one in snapshot.library.anchors]
    assert base == ("base", library.base.fit_key, library.base.seed)
    assert others == [(name, fit.key, fit.seed) for name, fit in library.members.fits.items()]
    assert others[0][0] == MODEL_M2
    assert all(name.startswith(MODEL_M3) for name, _, _ in others[1:])
    assert snapshot.library.packages == library.provenance.versions
    assert snapshot.packages["python"] == platform.python_version()
    assert snapshot.reliability.draws == snapshot.library.draws == 400
    assert snapshot.reliability.pareto_k is not None
    assert sum(snapshot.model_weights.values()) == pytest.approx(1.0, abs=1e-12)


def test_it_names_every_fit_and_the_checks_nearest_to_failing(evidence: Evidence, library: Library) -> None:
    checks = [Check(name="R-hat", passed=True, value=v, threshold="at most 1.01", meaning="x") for v in (1.004, 1.009)]
    fits = [synthetic_fit(evidence), synthetic_fit(evidence, seed=7)]
    knobs, drivers = Assumptions.defaults(evidence.claims).knobs, driver_table(evidence)
    parts = [
        part_of(name, replace(fit, diagnostics=Diagnostics(checks=(check,))), drivers, knobs)
        for name, fit, check in zip(("base", "C01 high"), fits, checks, strict=True)
    ]
    both = pooled(parts, provenance_of(fits[0], parent=library.key), [0.0, 0.3])
    snapshot = synthetic_snapshot(evidence, both, VALUES)
    assert [(one.name, one.fit_key, one.seed) for one in snapshot.library.anchors] == [
        ("base", fits[0].key, 20241231),
        ("C01 high", fits[1].key, 7),
    ]
    assert (snapshot.library.key, snapshot.library.parent, snapshot.library.draws) == (both.key, library.key, 800)
    assert [check.value for check in snapshot.diagnostics] == [1.009]
    assert read_snapshot(snapshot_bytes(snapshot, CHARTS)) == snapshot


def test_it_says_how_well_the_record_supports_the_setting(
    evidence: Evidence, library: Library, snapshot: Snapshot
) -> None:
    weights = reweight(library, Assumptions.defaults(evidence.claims).replace(VALUES))
    found = snapshot.reliability
    expected = (weights.log_support, support_mcse(weights, library))
    assert (found.log_support, found.log_support_mcse) == tuple(round(one, PUBLISHED.reliability) for one in expected)
    assert found.log_support != 0
    assert found.log_support_mcse > 0
    plain = synthetic_snapshot(evidence, library).reliability
    assert (plain.weights, plain.log_support, plain.log_support_mcse) == ("exact", 0.0, 0.0)


def test_one_changed_row_changes_its_own_digest_only(evidence: Evidence, snapshot: Snapshot) -> None:
    changed = replace(evidence.events[7], summary="Another sentence.")
    events = [changed if event.id == changed.id else event for event in evidence.events]
    other = replace_events(evidence, events)
    now = synthetic_snapshot(other, synthetic_library(other)).evidence
    differing = {name for name, digest in snapshot.evidence.events.items() if now.events[name] != digest}
    assert differing == {changed.id}
    assert now.indicators == snapshot.evidence.indicators
    assert now.digest != snapshot.evidence.digest


def replace_events(evidence: Evidence, events: list) -> Evidence:
    return replace(evidence, events=tuple(events))


def test_what_json_cannot_say_survives(evidence: Evidence) -> None:
    failed = Check(name="R-hat", passed=False, value=math.nan, threshold="at most 1.01", meaning="No answer.")
    broken = library_of(evidence, replace(synthetic_fit(evidence), diagnostics=Diagnostics(checks=(failed,))))
    assumptions = Assumptions.defaults(evidence.claims)
    forecast = make_forecast(evidence, broken, assumptions)
    heavy = Weights(values=forecast.weights.values, pareto_k=math.inf, ess=1.5, status="poor")
    snapshot = build_snapshot(evidence, broken, replace(forecast, weights=heavy), assumptions)
    found = read_snapshot(snapshot.json)
    assert b"NaN" not in snapshot.json
    assert b"Infinity" not in snapshot.json
    assert math.isnan(found.diagnostics[0].value)
    assert found.reliability.pareto_k == math.inf
    assert found.json == snapshot.json


def test_empty_reasons_are_left_out(evidence: Evidence, library: Library) -> None:
    assert dict(synthetic_snapshot(evidence, library, {}, {"C01": "  ", "C02": "x"}).assumptions.reasons) == {
        "C02": "x"
    }


@pytest.mark.parametrize("reason", ["left\u202eright", "null\x00byte", "bell\x07", "\ud800", "mark\ufeff"])
def test_a_reason_that_could_mislead_is_refused_before_it_is_written(
    evidence: Evidence, library: Library, reason: str
) -> None:
    with pytest.raises(StorageError, match="the reason for C01 holds the invisible character"):
        synthetic_snapshot(evidence, library, {}, {"C01": reason})


def test_parts_that_do_not_belong_together_are_refused(evidence: Evidence, library: Library) -> None:
    defaults = Assumptions.defaults(evidence.claims)
    moved = defaults.replace(VALUES)
    forecast = make_forecast(evidence, library, defaults)
    with pytest.raises(SnapshotError, match=r"got assumptions .* expected"):
        build_snapshot(evidence, library, forecast, moved)
    with pytest.raises(SnapshotError, match="got library"):
        build_snapshot(evidence, synthetic_library(evidence, seed=7), forecast, defaults)
    with pytest.raises(SnapshotError, match="got evidence"):
        build_snapshot(replace_events(evidence, list(evidence.events[1:])), library, forecast, defaults)


@pytest.mark.parametrize("value", [math.nan, -0.1, 1.5])
def test_a_number_that_is_no_probability_is_never_published(evidence: Evidence, library: Library, value: float) -> None:
    defaults = Assumptions.defaults(evidence.claims)
    forecast = make_forecast(evidence, library, defaults)
    table = forecast.table.copy()
    table.loc[3, "value"] = value
    with pytest.raises(SnapshotError, match="probability"):
        build_snapshot(evidence, library, replace(forecast, table=table), defaults)
