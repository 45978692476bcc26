"""A stored fit: the same after a round trip, refused when damaged, mixed, stale or of a format that is not ours."""

import json
import math
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from data.load import load_evidence
from data.types import Evidence
from models.errors import MissingFitError, StaleFitError
from models.fits import alignment_fit, certificate
from models.fits.alignment_fit import AlignmentFit, base_case, load_fit, save_fit
from models.fits.certificate import Check, Diagnostics
from models.measures.structure import AlignmentStructure
from models.outcome.rule import OutcomeRule
from models.storage import disk
from tests.support.values.factories import synthetic_fit

FILES = ("fit.json", "draws.npz")


@pytest.fixture(scope="module")
def fit(evidence: Evidence) -> AlignmentFit:
    return synthetic_fit(evidence, samples=40)


@pytest.fixture
def folder(fit: AlignmentFit, tmp_path: Path) -> Path:
    save_fit(fit, tmp_path / "stored")
    return tmp_path / "stored"


def arrays(fit: AlignmentFit) -> dict[str, xr.DataArray]:
    tables = {"parameters": fit.parameters, "probabilities": fit.probabilities}
    named = {f"{holder}.{name}": table[name] for holder, table in tables.items() for name in table.data_vars}
    return named | {"alignment": fit.alignment, "future_alignment": fit.future_alignment}


def edit(folder: Path, change: Callable[[dict[str, object]], object], *, signed: bool = True) -> None:
    """Change the certificate, and by default sign the change as the program would."""
    path = folder / "fit.json"
    certificate = json.loads(path.read_text())
    change(certificate)
    if signed:
        certificate["key"] = AlignmentFit.key_of(certificate)
    path.write_text(json.dumps(certificate))


def test_a_round_trip_keeps_every_array_to_the_last_bit(fit: AlignmentFit, folder: Path) -> None:
    found, before = arrays(load_fit(folder)), arrays(fit)
    assert found.keys() == before.keys()
    assert len(found) >= 12
    for name, array in before.items():
        assert found[name].dims == array.dims, name
        assert found[name].dtype == array.dtype, name
        np.testing.assert_array_equal(found[name].to_numpy(), array.to_numpy(), err_msg=name)
        assert set(found[name].coords) == set(array.coords), name
        for dim in array.coords:
            np.testing.assert_array_equal(found[name].coords[dim], array.coords[dim].to_numpy(), err_msg=name)
    np.testing.assert_array_equal(load_fit(folder).chain, fit.chain)
    assert load_fit(folder).chain.dtype == fit.chain.dtype


def test_a_round_trip_keeps_the_certificate_and_the_key(fit: AlignmentFit, folder: Path) -> None:
    found = load_fit(folder)
    assert found.key == fit.key
    assert found.certificate == fit.certificate
    assert found.diagnostics == fit.diagnostics
    assert found.reference_date == date(2025, 12, 31)
    assert json.loads((folder / "fit.json").read_text())["key"] == fit.key


def test_saving_twice_gives_the_same_bytes_and_leaves_nothing_else(
    fit: AlignmentFit, folder: Path, tmp_path: Path
) -> None:
    save_fit(load_fit(folder), tmp_path / "again" / "deeper")
    for name in FILES:
        assert (tmp_path / "again" / "deeper" / name).read_bytes() == (folder / name).read_bytes()
    save_fit(fit, folder)
    assert sorted(path.name for path in folder.iterdir()) == sorted(FILES)


def test_the_stored_files_hold_no_python_objects(folder: Path) -> None:
    with np.load(folder / "draws.npz", allow_pickle=False) as stored:
        assert all(stored[name].dtype.kind in "iufU" for name in stored.files)


@pytest.mark.parametrize(
    "change",
    [
        {"evidence_digest": "0" * 64},
        {"rule_digest": "0" * 64},
        {"model_digest": "0" * 64},
        {"reference_date": date(2023, 12, 31)},
        {"assumptions_values": {"C01": 1.0}},
        {"seed": 1},
        {"settings": {"draws": 2}},
    ],
    ids=lambda change: next(iter(change)),
)
def test_the_key_names_what_was_asked(fit: AlignmentFit, change: dict[str, object]) -> None:
    assert replace(fit, **change).key != fit.key


def test_the_key_does_not_name_how_it_turned_out(fit: AlignmentFit) -> None:
    failed = Check(name="rhat", passed=False, value=1.3, threshold="at most 1.01", meaning="Chains disagree.")
    other = replace(fit, diagnostics=Diagnostics(checks=(failed,)), versions={"numpy": "9"})
    assert other.key == fit.key
    assert (fit.diagnostics.passed, other.diagnostics.passed) == (True, False)
    assert other.diagnostics.failures == (failed,)


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_a_check_that_could_not_be_computed_can_be_stored(fit: AlignmentFit, tmp_path: Path, value: float) -> None:
    lost = Check(name="rhat", passed=False, value=value, threshold="at most 1.01", meaning="Chains disagree.")
    save_fit(replace(fit, diagnostics=Diagnostics(checks=(lost,))), tmp_path)
    (found,) = load_fit(tmp_path).diagnostics.checks
    assert math.isnan(found.value)
    assert not found.passed


def test_every_array_is_read_only(folder: Path, fit: AlignmentFit) -> None:
    for one in (fit, load_fit(folder)):
        for name, array in arrays(one).items():
            with pytest.raises(ValueError, match="read-only"):
                array.to_numpy()[0] = 0
            assert not array.to_numpy().flags.writeable, name
        with pytest.raises(ValueError, match="read-only"):
            one.chain[0] = 1
        for mapping in (one.assumptions_values, one.settings, one.versions):
            with pytest.raises(TypeError):
                mapping["x"] = 1


def test_fits_are_told_apart_without_comparing_arrays(fit: AlignmentFit, folder: Path) -> None:
    assert fit == fit
    assert fit != load_fit(folder)
    assert len({fit, fit}) == 1


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(MissingFitError, match=f"no {name}.*python -m models fit"):
        load_fit(folder)


def test_a_missing_folder_is_a_missing_fit(evidence: Evidence, tmp_path: Path) -> None:
    with pytest.raises(MissingFitError, match=r"fit\.json"):
        base_case(evidence, tmp_path / "nowhere")


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("kept", [0.0, 0.3, 0.999])
def test_a_truncated_file_is_damaged(folder: Path, name: str, kept: float) -> None:
    content = (folder / name).read_bytes()
    (folder / name).write_bytes(content[: int(kept * (len(content) - 1))])
    with pytest.raises(StaleFitError, match=r"damaged.*rebuild"):
        load_fit(folder)


@pytest.mark.parametrize("place", [0.05, 0.35, 0.65, 0.95])
def test_one_flipped_bit_in_the_draws_is_damage(folder: Path, place: float) -> None:
    content = bytearray((folder / "draws.npz").read_bytes())
    content[int(place * len(content))] ^= 1
    (folder / "draws.npz").write_bytes(content)
    with pytest.raises(StaleFitError, match="damaged"):
        load_fit(folder)


@pytest.mark.parametrize("text", ["[]", "3", "null", "{}", '"fit"', "{", "\xff", "NaN", '{"format": 2}', "[" * 99_999])
def test_a_certificate_that_is_none_is_damage(folder: Path, text: str) -> None:
    (folder / "fit.json").write_bytes(text.encode("latin-1"))
    with pytest.raises(StaleFitError, match="damaged"):
        load_fit(folder)


@pytest.mark.parametrize("field", ["seed", "versions", "diagnostics", "reference_date", "draws_digest", "key"])
def test_a_certificate_without_a_field_is_damage(folder: Path, field: str) -> None:
    edit(folder, lambda certificate: certificate.pop(field), signed=False)
    with pytest.raises(StaleFitError, match="damaged"):
        load_fit(folder)


def test_a_certificate_changed_by_hand_is_refused(folder: Path) -> None:
    edit(folder, lambda certificate: certificate.update(evidence_digest="0" * 64), signed=False)
    with pytest.raises(StaleFitError, match="changed by hand"):
        load_fit(folder)
    edit(folder, lambda certificate: certificate.update(evidence_digest="0" * 64))
    assert load_fit(folder).evidence_digest == "0" * 64


@pytest.mark.parametrize("number", [0, 1, 99])
def test_another_format_is_told_before_anything_else_is_read(folder: Path, number: int) -> None:
    edit(folder, lambda certificate: certificate.update(format=number))
    (folder / "draws.npz").write_bytes(b"a layout of the future")
    with pytest.raises(StaleFitError, match=f"got fit format {number}, expected 2"):
        load_fit(folder)


def test_a_huge_file_is_refused_unread(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alignment_fit, "MAX_FIT_BYTES", 1000)
    with pytest.raises(StaleFitError, match="larger than 1000 bytes"):
        load_fit(folder)


def test_draws_of_one_fit_never_pass_under_the_certificate_of_another(
    evidence: Evidence, folder: Path, tmp_path: Path
) -> None:
    save_fit(synthetic_fit(evidence, samples=40, seed=7), tmp_path / "other")
    shutil.copy(tmp_path / "other" / "draws.npz", folder / "draws.npz")
    with pytest.raises(StaleFitError, match="not those that it certifies"):
        load_fit(folder)


@pytest.mark.parametrize("renames", [0, 1])
def test_a_kill_while_saving_leaves_the_old_fit_or_a_refusal(
    evidence: Evidence, fit: AlignmentFit, folder: Path, monkeypatch: pytest.MonkeyPatch, renames: int
) -> None:
    """Killed before the first rename the old fit stands; killed between the two renames, nothing wrong is read."""
    done: list[Path] = []
    rename = Path.replace

    def dying(self: Path, target: Path) -> Path:
        if len(done) == renames:
            raise KeyboardInterrupt
        done.append(target)
        return rename(self, target)

    monkeypatch.setattr(Path, "replace", dying)
    with pytest.raises(KeyboardInterrupt):
        save_fit(synthetic_fit(evidence, samples=40, seed=7), folder)
    assert sorted(path.name for path in folder.iterdir()) == sorted(FILES)
    if renames == 0:
        assert load_fit(folder).key == fit.key
    else:
        with pytest.raises(StaleFitError, match="certifies"):
            load_fit(folder)


@pytest.mark.parametrize("full_at", FILES)
def test_a_full_disk_leaves_the_old_fit_whole(
    evidence: Evidence, fit: AlignmentFit, folder: Path, monkeypatch: pytest.MonkeyPatch, full_at: str
) -> None:
    write = disk._write_through

    def full(path: Path, content: bytes) -> None:
        if full_at in path.name:
            path.write_bytes(content[: len(content) // 2])
            raise OSError(28, "No space left on device")
        write(path, content)

    monkeypatch.setattr(disk, "_write_through", full)
    with pytest.raises(OSError, match="No space left"):
        save_fit(synthetic_fit(evidence, samples=40, seed=7), folder)
    assert sorted(path.name for path in folder.iterdir()) == sorted(FILES)
    assert load_fit(folder).key == fit.key


def test_a_fit_answers_only_to_its_own_evidence_rule_and_model(
    evidence: Evidence, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert base_case(evidence, folder).evidence_digest == evidence.digest
    earlier = evidence.visible(date(2023, 12, 31))
    with pytest.raises(StaleFitError, match="another evidence;"):
        base_case(earlier, folder)
    monkeypatch.setattr(certificate, "RULE", OutcomeRule(version="rule-other"))
    with pytest.raises(StaleFitError, match="another rule;"):
        base_case(evidence, folder)
    monkeypatch.setattr(alignment_fit, "ALIGNMENT", AlignmentStructure(version="m1-other"))
    with pytest.raises(StaleFitError, match="another evidence and rule and model;"):
        base_case(earlier, folder)


def test_a_fit_from_inside_a_year_comes_back_with_six_horizons_and_five_years_of_its_path(tmp_path):
    fit = synthetic_fit(load_evidence(date(2025, 6, 30)), samples=40)
    save_fit(fit, tmp_path)
    found = load_fit(tmp_path)
    assert found.key == fit.key
    assert found.probabilities["horizon"].to_numpy().tolist() == [0, 1, 2, 3, 4, 5]
    assert found.future_alignment["horizon"].to_numpy().tolist() == [1, 2, 3, 4, 5]
    np.testing.assert_array_equal(found.future_alignment.to_numpy(), fit.future_alignment.to_numpy())
