"""Verification: honest files pass on every Python, and whatever was changed is named."""

import dataclasses
import hashlib
import io
import json
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from data.digest import canonical_json
from models.__main__ import main
from models.assumptions import knobs as module
from models.assumptions.knobs import knobs
from models.assumptions.setting import Assumptions
from models.commands.actions.verify import own_inputs
from models.errors import SnapshotError
from models.forecast.results import make_forecast
from models.rounding import PUBLISHED, TEN_DECIMALS, Rounding
from models.snapshot.archive import read_archive, snapshot_bytes
from models.snapshot.document import read_document
from models.snapshot.inputs import read_inputs
from models.snapshot.numbers import compared_table
from models.snapshot.value import Snapshot, build_snapshot
from models.snapshot.verify import Verification, verify
from tests.support.hostile.arrays import all_plain, zipped
from tests.support.hostile.zips import sealed, signed
from tests.support.values.factories import library_of, synthetic_fit
from tests.support.values.former import FORMER
from tests.support.values.small_snapshots import COMMITTED, members_of

WHOLE = COMMITTED.read_bytes()
FILES = members_of(WHOLE)
SHARE = "outside_view_weight"


def wrong(found: Verification) -> dict[str, str]:
    return {check.name: check.detail for check in found.checks if not check.passed}


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    return read_archive(WHOLE).snapshot


@pytest.mark.machine
def test_a_snapshot_made_on_the_oldest_python_is_verified_by_this_one(snapshot: Snapshot) -> None:
    """If this fails because rule, models or evidence changed: run `python -m tests.support.values.small_snapshots` on
    3.12."""
    found = verify(WHOLE)
    assert wrong(found) == {}
    assert found.passed
    assert snapshot.packages["python"].startswith("3.12.")
    assert numbers_of(found).startswith("All 845 published numbers come out the same")


def numbers_of(found: Verification) -> str:
    return next(check.detail for check in found.checks if check.name == "numbers")


def forged(change: Callable[[dict], None], content: bytes = WHOLE) -> Verification:
    """The snapshot with its document changed and everything else made to fit."""
    archive = read_archive(content)
    document = json.loads(archive.snapshot.json)
    change(document)
    return verify(snapshot_bytes(read_document(canonical_json(document)), {}, archive.inputs))


def moved(units: int, decimals: int) -> Callable[[dict], None]:
    """Add so many units of the last decimal to one number."""

    def change(document: dict) -> None:
        rows = (one for one in document["results"] if one["output_type"] == "mcse")
        row = next(one for one in rows if one["model_id"] == "m3_hidden_regimes")
        row["value"] = round(row["value"] + units * 10**-decimals, decimals)

    return change


@pytest.fixture(scope="module")
def present(snapshot: Snapshot) -> bytes:
    """The same forecast as this program exports it."""
    inputs = read_archive(WHOLE).inputs
    evidence, library = read_inputs(inputs)
    setting = Assumptions(knobs=knobs(evidence.claims), values=snapshot.assumptions.values)
    return snapshot_bytes(
        build_snapshot(evidence, library, make_forecast(evidence, library, setting), setting, inputs), {}, inputs
    )


def test_every_published_number_is_compared(present: bytes) -> None:
    """One number moved by one unit of its last decimal, everything sealed again: found, and named."""
    details = wrong(forged(moved(1, PUBLISHED.decimals), present))
    assert details.keys() == {"numbers"}
    assert "1 of 845 numbers differ, most of all m3_hidden_regimes" in details["numbers"]


@pytest.mark.machine
def test_an_older_snapshot_may_be_one_unit_off_and_it_is_told_how_often() -> None:
    """What another processor rounded the other way at the tenth decimal: counted; two units are no rounding."""
    older = FORMER.read_bytes()
    before, one_unit = verify(older), forged(moved(1, TEN_DECIMALS.decimals), older)
    assert one_unit.passed
    told = re.search(r"; (\d+) of them within one unit of decimal 10", numbers_of(one_unit))
    already = re.search(r"; (\d+) of them", numbers_of(before))
    assert int(told[1]) == 1 + int(already[1] if already else 0)
    two = wrong(forged(moved(2, TEN_DECIMALS.decimals), older))
    assert "1 of 650 numbers differ, most of all m3_hidden_regimes" in two["numbers"]


def test_a_number_on_the_edge_of_its_last_decimal_may_fall_to_either_side(present: bytes) -> None:
    """Published numbers from inputs that put one on an edge: what lies on its other side is counted, not wrong."""
    table = read_archive(present).snapshot.table
    exact = table["value"].to_numpy(dtype=float)
    row = int(table.index[(table["output_type"] == "mcse") & (table["model_id"] == "m3_hidden_regimes")][0])
    on_edge = exact.copy()
    on_edge[row] = exact[row] + (0.5 - 1e-4) * 10**-PUBLISHED.decimals
    other_side = table.assign(value=np.where(np.arange(len(table)) == row, exact + 10**-PUBLISHED.decimals, exact))
    found = compared_table(other_side, table, on_edge, PUBLISHED)
    assert found.passed
    assert "; 1 of them on the edge of the last decimal" in found.detail
    assert not compared_table(other_side, table, exact, PUBLISHED).passed


def test_every_forged_part_of_the_answer_is_named() -> None:
    def change(document: dict) -> None:
        document["reliability"].update(ess=document["reliability"]["ess"] + 1e-4, status="exact")
        weights = document["model_weights"]
        weights.update(m0_base_rate=weights["m1_latent_alignment"], m1_latent_alignment=weights["m0_base_rate"])
        document["assumptions"].update(digest="0" * 64, changed=["C01"])
        document["diagnostics"][0].update(value=1.0)
        document["seeds"].update(base_rate_intervals=1)

    found = forged(change)
    assert found.outcome == "failed"
    names = {"reliability", "model weights", "assumptions", "assumptions: changed", "diagnostics", "seeds"}
    assert wrong(found).keys() == names
    assert "status, ess" in wrong(found)["reliability"]


def test_every_forged_part_of_what_was_seen_is_named() -> None:
    def change(document: dict) -> None:
        document["evidence"]["events"].popitem()
        document["evidence"]["claims"].update(C01="0" * 16)
        document["library"].update(key="0" * 64, parent="1" * 64)
        document["library"]["packages"].update(pymc="1.0")
        document["rule"].update(version="rule-9")
        document["model"].update(version="m1-9")
        document["library"]["anchors"][-1].update(fit_key="0" * 64)

    details = wrong(forged(change))
    library = {f"library: {name}" for name in ("key", "parent", "packages", "anchors")}
    assert details.keys() == {"evidence: events", "evidence: claims", "rule version", "model version", *library}
    assert "C01" in details["evidence: claims"]
    assert "pymc" in details["library: packages"]


def test_another_setting_gives_other_numbers() -> None:
    details = wrong(forged(lambda document: document["assumptions"]["values"].update(C01=1.7)))
    assert {"numbers", "assumptions"} <= details.keys()


def test_files_written_otherwise_are_named(present: bytes) -> None:
    files = members_of(present)
    change = {
        "README.txt": files["README.txt"] + b"x",
        "snapshot_schema.json": b"{}",
        "snapshot.json": json.dumps(json.loads(files["snapshot.json"])).encode(),
    }
    assert wrong(verify(signed({**files, **change}))).keys() == change.keys()


@pytest.fixture
def other_share(monkeypatch: pytest.MonkeyPatch) -> float:
    """What the base rate's share is by default, as if a later program had made it another."""
    before = module.global_knobs
    default = next(knob.default for knob in before() if knob.key == SHARE)

    def later(*file: str) -> tuple[module.Knob, ...]:
        moved = {True: default + 0.1}
        return tuple(replace(knob, default=moved.get(knob.key == SHARE, knob.default)) for knob in before(*file))

    monkeypatch.setattr(module, "global_knobs", later)
    return default + 0.1


def test_a_snapshot_made_under_other_defaults_is_verified(present: bytes, other_share: float) -> None:
    """What was moved then is not what would be moved now; the numbers follow from the values alone."""
    found = verify(present)
    assert knobs(read_inputs(read_archive(present).inputs)[0].claims)[SHARE].default == other_share
    assert wrong(found) == {}
    details = {check.name: check.detail for check in found.checks}
    assert f"{SHARE} {other_share - 0.1:g} (now {other_share:g})" in details["assumptions: changed"]


@pytest.mark.usefixtures("other_share")
def test_an_older_file_that_does_not_say_its_defaults_is_left_undecided() -> None:
    found = verify(WHOLE)
    assert (found.outcome, list(wrong(found))) == ("undecided", ["assumptions: changed"])
    assert f"By the defaults of today {SHARE} would be told otherwise" in wrong(found)["assumptions: changed"]


def test_defaults_cannot_be_made_up(present: bytes) -> None:
    """A moved value told as unmoved: the stored defaults say otherwise, or are not those of the evidence's claims."""
    moved = json.loads(read_archive(present).snapshot.json)["assumptions"]["changed"]
    assert moved

    def hidden(document: dict) -> None:
        document["assumptions"].update(changed=[])

    def made_up(document: dict) -> None:
        hidden(document)
        document["assumptions"]["defaults"] = document["assumptions"]["values"]

    assert wrong(forged(hidden, present)).keys() == {"assumptions: changed"}
    assert "C01 are not those of its own evidence" in wrong(forged(made_up, present))["assumptions: changed"]


def test_draws_of_other_numbers_are_found_by_computing() -> None:
    """The certificate, the digests and MANIFEST all fit: only the numbers tell."""
    name = "inputs/library.npz"
    with np.load(io.BytesIO(FILES[name])) as stored:
        arrays = {one: stored[one] for one in stored.files}
    arrays["counts"] = arrays["counts"][:, ::-1]
    files = {**FILES, name: zipped(all_plain(arrays))}
    meta = json.loads(files["inputs/library.json"]) | {"draws_digest": hashlib.sha256(files[name]).hexdigest()}
    del meta["digest"]
    meta["digest"] = hashlib.sha256(canonical_json(meta)).hexdigest()
    files["inputs/library.json"] = json.dumps(meta).encode()
    assert "numbers" in wrong(verify(sealed(files)))


@pytest.mark.parametrize(("place", "value"), [("rule", "0" * 64), ("model", "1" * 64)])
def test_another_rule_or_model_leaves_it_undecided_and_says_which(place: str, value: str) -> None:
    document = json.loads(FILES["snapshot.json"])
    document[place]["digest"] = value
    found = verify(canonical_json(document))
    assert found.outcome == "undecided"
    assert value[:12] in " ".join(wrong(found).values())
    assert "numbers" in wrong(found)


def test_the_zip_is_opened_once_and_every_text_parsed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading is the work of `read_archive`: what it found goes on as a value, and nobody looks at the bytes again."""
    verify(WHOLE)  # schemas are parsed once a process
    opened, parsed = [], []
    opening, parsing = zipfile.ZipFile.__init__, json.loads

    def noted_opening(archive: zipfile.ZipFile, file: io.BytesIO, mode: str = "r", *rest: object) -> None:
        opened.append(file.getvalue() if mode == "r" else b"")
        opening(archive, file, mode, *rest)

    def noted_parsing(text: str | bytes, **hooks: object) -> object:
        parsed.append(text.encode() if isinstance(text, str) else text)
        return parsing(text, **hooks)

    monkeypatch.setattr(zipfile.ZipFile, "__init__", noted_opening)
    monkeypatch.setattr(json, "loads", noted_parsing)
    assert verify(WHOLE).passed
    zips = [WHOLE, *(content for name, content in FILES.items() if name.endswith(".npz"))]
    texts = [FILES[name] for name in FILES if name.endswith(".json") and name != "snapshot_schema.json"]
    assert sorted(filter(None, opened)) == sorted(zips)
    assert sorted(parsed) == sorted(texts)


def test_a_light_snapshot_is_computed_from_this_programs_own_or_left_undecided(snapshot: Snapshot) -> None:
    light = snapshot_bytes(dataclasses.replace(snapshot, inputs={}), {})
    assert wrong(verify(light)).keys() == {"inputs"}
    evidence, library = read_inputs(read_archive(WHOLE).inputs)
    assert verify(light, lambda _: (evidence, library)).passed
    other = library_of(evidence, synthetic_fit(evidence, samples=40, seed=5)).joined_by(library.members)
    found = verify(light, lambda _: (evidence, other))
    assert found.outcome == "undecided"
    assert "library: key" in wrong(found)


def test_the_programs_own_evidence_is_named_when_it_is_another(snapshot: Snapshot) -> None:
    seen = dataclasses.replace(snapshot.evidence, digest="0" * 64)
    with pytest.raises(SnapshotError, match="got evidence 000000000000, this program's is"):
        own_inputs(dataclasses.replace(snapshot, evidence=seen, inputs={}))


@pytest.mark.parametrize(
    ("rounding", "published", "exact", "same"),
    [
        (PUBLISHED, 0.123457, 0.1234565, True),
        (PUBLISHED, 0.123457, 0.1234565 - 4e-9, True),
        (PUBLISHED, 0.123456, 0.1234565 + 4e-9, True),
        (PUBLISHED, 0.123457, 0.1234565 - 2e-8, False),
        (PUBLISHED, 0.123457, 0.123456, False),
        (TEN_DECIMALS, 0.1234567891, 0.1234567890, True),
        (TEN_DECIMALS, 0.1234567891, 0.12345678894, False),
        (TEN_DECIMALS, 0.1234567892, 0.1234567890, False),
    ],
)
def test_only_a_number_on_the_edge_may_be_rounded_the_other_way(
    rounding: Rounding, published: float, exact: float, same: bool
) -> None:
    again = np.round(exact, rounding.decimals)
    assert bool(rounding.explains(published, again, exact, rounding.decimals)) is same


@pytest.mark.parametrize(("content", "code"), [(WHOLE, 0), (FILES["snapshot.json"], 2), (WHOLE[:-5000], 2)])
def test_the_command_line_says_it_with_its_exit_code(
    content: bytes, code: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_bytes(content)
    assert main(["snapshot", "verify", str(tmp_path / "file")]) == code
    told = capsys.readouterr()
    assert ("VERIFIED: every published number" in told.out) == (code == 0)
    if content == FILES["snapshot.json"]:
        assert "got library" in told.out


def test_a_forged_file_fails_on_the_command_line(
    present: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_bytes(signed({**members_of(present), "README.txt": b"trust me"}))
    assert main(["snapshot", "verify", str(tmp_path / "file"), "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["outcome"] == "failed"
    assert [check["name"] for check in told["checks"] if check["passed"] is False] == ["README.txt"]


@pytest.mark.slow
def test_a_refit_agrees_within_four_standard_errors(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["snapshot", "export", "--light", "--out", str(tmp_path / "a.zip")]) == 0
    capsys.readouterr()
    assert main(["snapshot", "verify", str(tmp_path / "a.zip"), "--refit", "--json"]) == 0
    refit = json.loads(capsys.readouterr().out)["refit"]
    assert refit["agrees"]
    assert len(refit["rows"]) == 150
    assert refit["failed_checks"] == []
