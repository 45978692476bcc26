"""Inputs that travel with a snapshot: they come back to the last digit, and nothing else is taken."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from data.types import Evidence
from models.assumptions.setting import Assumptions
from models.errors import SnapshotError, StorageError
from models.fits.dated import dated
from models.forecast.results import make_forecast
from models.library.files import committed_library
from models.library.library import Library
from models.snapshot import inputs as snapshot_inputs
from models.snapshot.archive import read_archive, snapshot_bytes
from models.snapshot.inputs import ALL_NAMES, inputs_of, read_inputs
from models.snapshot.value import build_snapshot
from tests.support.values.small_snapshots import small_library


@pytest.fixture(scope="module")
def library(real_evidence: Evidence) -> Library:
    return small_library(real_evidence)


@pytest.fixture(scope="module")
def files(real_evidence: Evidence, library: Library) -> Mapping[str, bytes]:
    return inputs_of(real_evidence, library)


@pytest.mark.parametrize("values", [{}, {"C01": 1.3, "C14": 1.5}, {"stickiness": 0.9, "confidence": 1.6}])
def test_what_was_stored_gives_the_same_numbers_to_the_last_bit(
    files: Mapping[str, bytes],
    real_evidence: Evidence,
    library: Library,
    default_assumptions: Assumptions,
    values: dict[str, float],
) -> None:
    """A fit's draws have double precision, stored ones single: what is published has to follow from the stored ones."""
    evidence, again = read_inputs(files)
    assert evidence == real_evidence
    setting = default_assumptions.replace(values)
    tables = [make_forecast(real_evidence, one, setting, None).table for one in (library, again)]
    pd.testing.assert_frame_equal(*tables, check_exact=True)
    assert inputs_of(evidence, again) == files


def test_the_evidences_file_has_the_evidences_digest(files: Mapping[str, bytes], real_evidence: Evidence) -> None:
    assert hashlib.sha256(files["evidence.json"]).hexdigest() == real_evidence.digest
    assert tuple(files) == ALL_NAMES


def test_files_of_the_repository_travel_as_they_are(real_evidence: Evidence, monkeypatch: pytest.MonkeyPatch) -> None:
    """Compressors differ between machines; made anew, the same draws would get other digests there."""
    monkeypatch.setattr(snapshot_inputs, "packed_arrays", lambda _: pytest.fail("arrays were compressed"))
    found = inputs_of(real_evidence, committed_library(real_evidence))
    beside = {"fit.json", "draws.npz", "checked.json"}
    for file in dated(real_evidence.as_of).iterdir():
        assert file.name in beside or found[file.name] == file.read_bytes(), file.name


def test_a_library_alone_is_a_whole_set(files: Mapping[str, bytes]) -> None:
    alone = {name: files[name] for name in ("evidence.json", "library.json", "library.npz")}
    assert read_inputs(alone)[1].members is None


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"evidence.json": None}, "differs in 'evidence.json'"),
        ({"library.npz": None}, "differs in 'library.npz'"),
        ({"m2_ordered_regression.npz": None}, "differs in 'm2_ordered_regression.npz'"),
        ({"run.py": b"print()"}, "differs in 'run.py'"),
        ({"m2_ordered_regression.npz": None, "m2_ordered_regression.json": None}, "fits of one model"),
        ({"evidence.json": b"{}"}, "expected the fields"),
        ({"library.npz": b"PK\x03\x04"}, "not those that it certifies"),
        ({"library.json": b'{"format": 2}'}, "breaks the rule 'required'"),
    ],
)
def test_what_is_no_whole_set_is_refused(
    files: Mapping[str, bytes], change: dict[str, bytes | None], message: str
) -> None:
    changed = {name: data for name, data in {**files, **change}.items() if data is not None}
    with pytest.raises(StorageError, match=message):
        read_inputs(changed)


def test_evidence_in_another_form_is_refused(files: Mapping[str, bytes]) -> None:
    with pytest.raises(SnapshotError, match="another form"):
        read_inputs({**files, "evidence.json": files["evidence.json"] + b"\n"})


def test_draws_on_other_evidence_are_refused(
    files: Mapping[str, bytes], real_evidence: Evidence, library: Library
) -> None:
    other = inputs_of(replace(real_evidence, events=real_evidence.events[:-1]), library)
    with pytest.raises(SnapshotError, match="made on another evidence"):
        read_inputs({**files, "evidence.json": other["evidence.json"]})


def test_a_pool_that_would_take_too_much_memory_is_refused(
    files: Mapping[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshot_inputs, "MAX_WORK", 79)
    with pytest.raises(SnapshotError, match="80 draws of 1 fits, expected a product up to 79"):
        read_inputs(files)


def test_inputs_of_another_snapshot_are_neither_written_nor_read(
    files: Mapping[str, bytes], real_evidence: Evidence, library: Library, default_assumptions: Assumptions
) -> None:
    forecast = make_forecast(real_evidence, library, default_assumptions)
    snapshot = build_snapshot(real_evidence, library, forecast, default_assumptions, files)
    with pytest.raises(SnapshotError, match=r"inputs/evidence.json: got content with SHA-256 nothing"):
        snapshot_bytes(snapshot, {})
    with pytest.raises(SnapshotError, match=r"inputs/library.json: got content with SHA-256"):
        snapshot_bytes(snapshot, {}, {**files, "library.json": b"{}"})
    content = snapshot_bytes(snapshot, {}, files)
    for read, inputs in ((read_archive(content), files), (read_archive(snapshot.json), {})):
        assert (read.snapshot, read.inputs) == (snapshot, inputs)


def test_published_numbers_follow_from_single_precision(library: Library) -> None:
    for name in ("push", "crossproduct", "volatility"):
        values = getattr(library.draws, name)
        np.testing.assert_array_equal(values, values.astype(np.float32).astype(np.float64))
    for fit in library.members.fits.values():
        np.testing.assert_array_equal(fit.forecast.state, fit.forecast.state.astype(np.float32).astype(np.float64))
