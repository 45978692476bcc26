"""The data package: current, true to the files, and valid by the standard's own tool."""

import json
import shutil

import frictionless
import pytest

from data.package import DESCRIPTOR, descriptor
from data.receipts import DATA_FOLDER, load_receipts


@pytest.fixture(scope="module")
def committed():
    return json.loads((DATA_FOLDER / DESCRIPTOR).read_bytes())


def test_the_committed_descriptor_is_that_of_the_files(committed):
    assert committed == descriptor(), "run `python -m models export evidence --out data/datapackage.json --force`"


def test_every_table_of_the_receipts_is_described(committed):
    tables = {receipt.file for receipt in load_receipts() if receipt.file.endswith(".csv")} | {"sources.csv"}
    assert {resource["path"] for resource in committed["resources"]} == tables
    by_path = {resource["path"]: resource for resource in committed["resources"]}
    for receipt in load_receipts():
        if receipt.file in by_path:
            resource = by_path[receipt.file]
            assert resource["hash"] == f"sha256:{receipt.sha256}"
            assert resource["licenses"][0]["title"] == receipt.licence
            assert tuple(field["name"] for field in resource["schema"]["fields"]) == receipt.columns


def test_frictionless_finds_no_error():
    report = frictionless.validate(str(DATA_FOLDER / DESCRIPTOR))
    assert report.valid, report.flatten(["rowNumber", "fieldName", "type", "message"])


def test_frictionless_sees_a_changed_cell(tmp_path, committed):
    names = ("claims.csv",)
    for name in names:
        shutil.copy(DATA_FOLDER / name, tmp_path / name)
    kept = [resource for resource in committed["resources"] if resource["path"] in names]
    (tmp_path / DESCRIPTOR).write_text(json.dumps({**committed, "resources": kept}))
    text = (tmp_path / "claims.csv").read_text(encoding="utf-8")
    (tmp_path / "claims.csv").write_text(text.replace(",moderate,", ",mighty,", 1), encoding="utf-8")
    report = frictionless.validate(str(tmp_path / DESCRIPTOR))
    assert {"constraint-error", "hash-count"} <= {error[0] for error in report.flatten(["type"])}


def test_a_licence_of_others_is_never_called_mit(committed):
    named = {resource["path"]: resource["licenses"][0]["name"] for resource in committed["resources"]}
    assert named["events.csv"] == "MIT"
    assert named["indicators/un_agreement_all_votes.csv"] == "other-at"
    assert named["indicators/gdp_current_usd.csv"] == "CC-BY-4.0"
