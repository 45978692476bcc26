"""Documents of older versions: read as what they say, compared with today's, and refused when they are not whole."""

import json
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest

from data.types import Evidence
from models.assumptions.knobs import knobs
from models.change.compare import compare
from models.errors import SnapshotError
from models.library.library import Library
from models.library.structures import structure_version
from models.names import MODEL_M1
from models.snapshot.archive import read_snapshot, snapshot_bytes
from models.snapshot.document import read_document
from models.snapshot.older import upgraded
from models.snapshot.parts import UsedFit
from models.snapshot.value import SCHEMA_VERSION, Snapshot
from tests.support.values.factories import synthetic_library, synthetic_snapshot
from tests.support.values.small_snapshots import COMMITTED, members_of

pytestmark = pytest.mark.machine

DEFAULTS = {
    "C01": 1.6,
    "C02": 1.4,
    "C03": 1.4,
    "C04": 1.4,
    "C05": 1.25,
    "C06": 1.25,
    "C07": 1.4,
    "C08": 1.6,
    "C09": 1.25,
    "C10": 1.4,
    "C11": 1.25,
    "C12": 1.1,
    "C13": 2.2,
    "C14": 0.5,
    "confidence": 1.0,
    "driver_strength": 0.4,
    "outside_view_weight": 0.42,
    "persistence": 0.73,
    "rupture_hazard": 0.024,
    "volatility": 0.6,
}
QUESTION = {
    "model_id": "mixture",
    "reference_date": "2024-12-31",
    "target": "rupture_by_year_end",
    "horizon": 1,
    "target_end_date": "2025-12-31",
}
VERSION_1: Mapping[str, Any] = {
    "schema_version": 1,
    "reference_date": "2024-12-31",
    "evidence": {
        "as_of": "2024-12-31",
        "digest": "aeb06d397038a928910e722fa401bc92083b9aa7f542e86aafeee3f163730195",
        "events": {"E1950-02-14-alliance": "7a43c089a53b5a96"},
        "indicators": {"active_satellites_snapshots.leo_chn": "a82d01a345c46678"},
        "claims": {"C01": "eacd45916f0eddde"},
    },
    "rule": {"version": "rule-1", "digest": "d28ac40afaefa85837a25b59f34aceee6ad82410fa5e6cdb3bc1b325712b8655"},
    "model": {"version": "m1-1", "digest": "19643f2f9665a15b9adb4b53ff10f11bcb7bdb0fe29968a37d0390ff73f377a8"},
    "fit": {
        "key": "897c5ae68dff6705bb48c1025d23c9a30dc8dfc336d6a23b3ca9f4d437fa603f",
        "seed": 20241231,
        "settings": {"chains": 4, "draws": 100, "tune": 0},
        "assumptions": DEFAULTS,
        "packages": {"numpy": "2.0.0", "pymc": "6.0.0", "python": "3.13.0"},
    },
    "assumptions": {
        "digest": "ae8c2132550f8c79b957d2ab9cdbbb2293b6a28ccd43b0f9d50560812ab05fd4",
        "values": {**DEFAULTS, "C01": 1.8},
        "changed": ["C01"],
        "reasons": {"C01": "sanctions bite"},
    },
    "seeds": {"base_rate_intervals": 20241231, "fit": 20241231},
    "packages": {"conjunction": "0.1.0", "numpy": "2.5.5", "python": "3.13.0"},
    "diagnostics": [
        {
            "name": "rhat",
            "passed": True,
            "value": 1.001,
            "threshold": "<= 1.01",
            "meaning": "Chains that disagree have not converged.",
        }
    ],
    "reliability": {
        "status": "fair",
        "weights": "fair",
        "pareto_k": -0.0768591547690647,
        "ess": 357.94527577081766,
        "draws": 400,
    },
    "model_weights": {"m0_base_rate": 0.42, "m1_latent_alignment": 0.5800000000000001},
    "results": [
        {**QUESTION, "output_type": "pmf", "output_type_id": "yes", "value": 0.019886076312128513},
        {**QUESTION, "output_type": "pmf", "output_type_id": "no", "value": 0.9801139236878715},
        {**QUESTION, "output_type": "mcse", "output_type_id": "yes", "value": 0.0004494419971139694},
        {**QUESTION, "output_type": "interval", "output_type_id": "yes:0.05", "value": 0.00390625},
        {**QUESTION, "output_type": "interval", "output_type_id": "yes:0.95", "value": 0.04766558872663495},
    ],
}
"""As the program of version 1 exported it on the synthetic fit of these tests, with fewer rows."""


def encoded(document: Mapping[str, Any]) -> bytes:
    return json.dumps(document).encode()


@pytest.fixture(scope="module")
def library(evidence: Evidence) -> Library:
    return synthetic_library(evidence)


@pytest.fixture(scope="module")
def old() -> Snapshot:
    return read_document(encoded(VERSION_1))


def of_this_fit(library: Library) -> dict[str, Any]:
    """The old document as if exported today, on the fit of this library: the record and the rule may have changed."""
    made, document = library.provenance, deepcopy(dict(VERSION_1))
    document["fit"]["key"] = library.base.fit_key
    document["rule"] = {"version": made.rule.version, "digest": made.rule_digest}
    document["model"] = {"version": structure_version(MODEL_M1, made.model_digest), "digest": made.model_digest}
    return document


def test_its_fit_becomes_a_library_of_one(old: Snapshot, library: Library) -> None:
    """The key is that of the library which the same fit gives today."""
    fit = VERSION_1["fit"]
    assert old.library.anchors == (UsedFit(name="base", fit_key=fit["key"], seed=20241231),)
    assert old.library.draws == old.reliability.draws == 400
    assert old.library.packages == fit["packages"]
    assert old.library.parent == ""
    assert read_document(encoded(of_this_fit(library))).library.key == library.key


def test_the_rest_is_what_it_said_and_nothing_is_made_up(old: Snapshot) -> None:
    found = json.loads(old.json)
    same = VERSION_1.keys() - {"schema_version", "fit", "seeds", "reliability"}
    assert {name: found[name] for name in same} == {name: VERSION_1[name] for name in same}
    assert old.evidence.known_on == old.evidence.as_of
    assert found["seeds"] == {"base_rate_intervals": 20241231}
    support = {"log_support": None, "log_support_mcse": None}
    assert found["reliability"] == {**VERSION_1["reliability"], **support}
    assert (old.reliability.log_support, old.reliability.log_support_mcse) == (None, None)


def test_what_was_read_can_be_written_and_read_again(old: Snapshot) -> None:
    assert json.loads(old.json)["schema_version"] == 3
    assert read_document(old.json) == old
    assert read_snapshot(snapshot_bytes(old, {})) == old


def test_upgrading_changes_neither_its_argument_nor_a_present_document(old: Snapshot) -> None:
    before = deepcopy(dict(VERSION_1))
    upgraded(VERSION_1)
    assert before == VERSION_1
    present = replace(old, schema_version=SCHEMA_VERSION).document
    assert upgraded(present) == present


def test_a_document_of_version_3_keeps_its_bytes_and_its_digest(evidence: Evidence, library: Library) -> None:
    """Its digest may stand in a newspaper."""
    now = synthetic_snapshot(evidence, replace(library, simulated=None))
    assert now.tone is None
    third = replace(
        now,
        schema_version=3,
        evidence=replace(now.evidence, known_on=now.evidence.as_of),
        assumptions=replace(now.assumptions, defaults={}),
    )
    assert "known_on" not in json.loads(third.json)["evidence"]
    found = read_document(third.json)
    assert found == third
    assert (found.json, found.digest) == (third.json, third.digest)
    assert found.digest != now.digest


def test_a_document_of_version_4_keeps_its_bytes_and_its_digest() -> None:
    content = members_of(COMMITTED.read_bytes())["snapshot.json"]
    found = read_document(content)
    assert (found.schema_version, found.json, dict(found.assumptions.defaults)) == (4, content, {})
    document = json.loads(content)
    document["assumptions"]["defaults"] = document["assumptions"]["values"]
    with pytest.raises(SnapshotError, match="at assumptions > defaults: got some, expected none in version 4"):
        read_document(encoded(document))


def test_it_is_compared_with_the_present(evidence: Evidence, library: Library) -> None:
    """The same fit and settings: the way of weighing and the models beside M1 differ, and it says so."""
    document = of_this_fit(library)
    document["results"] = [{**row, "horizon": 2, "target_end_date": "2026-12-31"} for row in document["results"]]
    old = read_document(encoded(document))
    now = synthetic_snapshot(evidence, library, {"C01": 1.8}, {"C01": "sanctions bite"})
    result = compare(old, now)
    assert set(result.rows["output_type_id"]) == {"yes", "no"}
    kinds = {change.kind for change in result.changes}
    assert "weighting" in kinds
    assert not kinds & {"seed", "reason", "outcome rule", "model", "diagnostics"}
    moved = [change for change in result.changes if change.kind == "assumption"]
    other = {key for key, knob in knobs(evidence.claims).items() if DEFAULTS.get(key) != knob.default}
    assert {one.name for one in moved} <= other, "only knobs that version 1 lacked, or whose default was another"
    assert "The weighting was that of version 1 and is that of version 2." in result.explanation
    assert "Nothing that the snapshots record" not in "\n".join(result.explanation)
    assert "weighting" not in {change.kind for change in compare(old, old).changes}


def test_where_nothing_was_weighted_the_weighting_is_no_cause(evidence: Evidence, library: Library) -> None:
    plain = of_this_fit(library)
    plain["reliability"] |= {"status": "exact", "weights": "exact", "pareto_k": None}
    result = compare(read_document(encoded(plain)), synthetic_snapshot(evidence, library))
    assert "weighting" not in {change.kind for change in result.changes}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"fit": None}, "at fit: got 'None', expected an object"),
        ({"fit": []}, "at fit"),
        ({"seeds": 3}, "at seeds"),
        ({"reliability": "good"}, "at reliability"),
        ({"fit": {**VERSION_1["fit"], "command": "rm"}}, r"at fit: got other fields than version 1 has \(command\)"),
        ({"fit": {"key": "0" * 64}}, "at fit: got other fields"),
        ({"fit": {**VERSION_1["fit"], "key": "0" * 63}}, "library > anchors > 0 > fit_key"),
        ({"fit": {**VERSION_1["fit"], "packages": {"numpy": "rm -rf"}}}, "library > packages > numpy"),
        ({"reliability": {"status": "good"}}, "at library > draws"),
        ({"author": "x"}, "author"),
        ({"schema_version": 2}, "'library' is a required property"),
    ],
)
def test_a_document_of_version_1_that_is_not_whole_is_refused(change: dict[str, Any], message: str) -> None:
    with pytest.raises(SnapshotError, match=message) as caught:
        read_document(encoded({**VERSION_1, **change}))
    assert len(str(caught.value)) < 500
