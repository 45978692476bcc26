"""A snapshot of the former version: it opens, keeps its digest, and is computed again under its own rule and knobs."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from data.digest import canonical_json
from models.__main__ import main
from models.assumptions.setting import Assumptions
from models.errors import OutcomeError, SnapshotError, StaleFitError
from models.forecast.results import make_forecast
from models.library.library import Library
from models.library.structures import FORMER_STRUCTURES, STRUCTURE_DIGESTS, knobs_behind, structure_version
from models.measures.drivers import drivers_behind, frozen_scaling
from models.names import MODEL_M1, MODEL_M3
from models.outcome.rule import RULE, RULE_1, RULE_2
from models.record.entries import Draft
from models.record.store import Record
from models.snapshot.archive import snapshot_bytes
from models.snapshot.document import read_document
from models.snapshot.inputs import read_inputs
from models.snapshot.value import build_snapshot, restore_assumptions
from models.snapshot.verify import Verification, verify
from models.track.beside import default_beside
from tests.support.programs.commands import failed
from tests.support.values.former import FORMER, former_archive, former_side, present_side

DIGEST = "e6250766c452"
"""That the former version printed."""


def undecided(found: Verification) -> dict[str, str]:
    return {check.name: check.detail for check in found.checks if check.passed is not True}


def altered(*path: str, value: str) -> bytes:
    """The bare document with one value changed."""
    document = json.loads(former_archive().snapshot.json)
    part = document
    for key in path[:-1]:
        part = part[key]
    part[path[-1]] = value
    return canonical_json({**document, "inputs": {}})


@pytest.mark.machine
def test_it_is_verified_under_its_own_rule() -> None:
    found = verify(FORMER.read_bytes())
    assert undecided(found) == {}
    assert found.passed
    details = {check.name: check.detail for check in found.checks}
    assert details["outcome rule"].endswith("Asked under rule-1, computed again under it.")
    assert details["numbers"].startswith("All 650 published numbers come out the same")
    assert found.snapshot.digest.startswith(DIGEST)


def test_it_is_of_the_former_rule_and_structures() -> None:
    snapshot = former_archive().snapshot
    assert (snapshot.rule.version, snapshot.rule.digest) == ("rule-1", RULE_1.digest)
    for model, known in FORMER_STRUCTURES.items():
        assert snapshot.structures[model] in known
    assert snapshot.model.digest != STRUCTURE_DIGESTS[MODEL_M1]
    assert RULE == RULE_2 != RULE_1


def test_its_defaults_are_those_of_its_time() -> None:
    """What was at its default then is not told as moved because the default has moved since."""
    evidence, library = read_inputs(former_archive().inputs)
    knobs = knobs_behind(library.provenance.rule, evidence.claims)
    assert (knobs["driver_strength"].default, knobs["ordered_weight"].default) == (0.4, 0.25)
    assert former_archive().snapshot.assumptions.changed == ("C01", "stickiness")
    beside = default_beside(former_side({"C01": 1.8}))
    assert beside is not None
    assert beside.assumptions.is_default
    assert beside.assumptions.values["driver_strength"] == 0.4
    restored, problems = restore_assumptions(former_archive().snapshot, evidence.claims)
    assert restored.values["driver_strength"] == 0.4  # as it was, among the present knobs
    assert problems == ()


def test_drivers_are_measured_as_they_were() -> None:
    former, present = ({one.claim: one.measure for one in drivers_behind(rule)} for rule in (RULE_1, RULE_2))
    assert {claim for claim in former if former[claim] is not present[claim]} == {"C08"}
    assert frozen_scaling(RULE_1).mean["C08"] != frozen_scaling(RULE_2).mean["C08"]


def test_it_can_be_saved_and_the_record_still_verifies(tmp_path: Path) -> None:
    archive = former_archive()
    with Record.open(str(tmp_path / "record.db")) as record:
        record.save(Draft(name="Former", author="Ada"), archive.snapshot, archive.inputs)
        assert record.verify() == ()
        (saved,) = record.forecasts()
        assert saved.rule == RULE_1.digest
        assert record.head[0] == 1


@pytest.mark.parametrize(
    ("path", "named"),
    [(("rule", "digest"), "outcome rule"), (("model", "digest"), "model"), (("structures", MODEL_M3), "structure of")],
)
def test_a_rule_or_structure_that_nobody_knows_is_named_with_the_known_ones(path: tuple[str, ...], named: str) -> None:
    found = verify(altered(*path, value="0" * 64))
    assert found.outcome == "undecided"
    told = " ".join(undecided(found).values())
    assert f"The {named}" in told
    assert "expected one of" in told
    assert "does not know the rule or a model" in undecided(found)["numbers"]


def test_draws_under_an_unknown_rule_or_structure_make_no_forecast() -> None:
    evidence, library = read_inputs(former_archive().inputs)
    setting = Assumptions(knobs=knobs_behind(RULE_1, evidence.claims))
    for field, error, named in (
        ("rule_digest", OutcomeError, "outcome rule"),
        ("model_digest", StaleFitError, "struct"),
    ):
        other: Library = replace(library, provenance=replace(library.provenance, **{field: "0" * 64}))
        with pytest.raises(error, match=rf"got .*{named}.* expected one of"):
            make_forecast(evidence, other, setting)


def test_fits_of_two_rules_are_not_joined() -> None:
    former, present = former_side().library, present_side().library
    with pytest.raises(StaleFitError, match="got fits under rule-1 beside a library under rule-2"):
        present.joined_by(former.members)


def test_a_structure_is_named_by_its_digest() -> None:
    for model, known in FORMER_STRUCTURES.items():
        for digest, version in known.items():
            assert structure_version(model, digest) == version
    with pytest.raises(StaleFitError, match="got draws of m1_latent_alignment with the structure 0000"):
        structure_version(MODEL_M1, "0" * 64)


def test_a_former_document_is_written_as_it_was_read() -> None:
    archive = former_archive()
    assert archive.files["snapshot.json"] == archive.snapshot.json
    again = snapshot_bytes(archive.snapshot, {}, archive.inputs)
    assert verify(again).passed
    assert read_document(archive.snapshot.json) == archive.snapshot


def test_a_forecast_of_other_draws_is_no_snapshot_of_these() -> None:
    side = former_side()
    forecast = make_forecast(side.evidence, side.library, side.assumptions)
    with pytest.raises(SnapshotError, match="got evidence"):
        build_snapshot(present_side().evidence, side.library, forecast, side.assumptions)


def test_it_is_not_sampled_again(capsys: pytest.CaptureFixture[str]) -> None:
    told = failed(capsys, ["snapshot", "verify", str(FORMER), "--refit"])
    assert "got a snapshot made with rule-1, m1-1" in told
    assert "not sampled again; use the version that wrote it" in told


def test_a_light_one_says_what_it_lacks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    light = replace(former_archive().snapshot, inputs={})
    (tmp_path / "light.json").write_bytes(light.json)
    assert main(["snapshot", "verify", str(tmp_path / "light.json")]) == 2
    assert "use the version that wrote the file, or a snapshot with its inputs" in capsys.readouterr().out
