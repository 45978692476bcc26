"""The names on the outputs are an interface: schema, code and docs/schema.md say the same."""

import json
import re
from dataclasses import fields
from itertools import product
from pathlib import Path

import jsonschema
import pytest

from data.load import load_evidence
from models import names
from models.assumptions.setting import Assumptions
from models.fits.certificate import Check
from models.forecast.results import make_forecast
from models.outcome.rule import RULE
from models.snapshot.archive import REQUIRED
from models.snapshot.document import schema_bytes
from models.snapshot.parts import Reliability, SeenEvidence, UsedAssumptions, UsedFit, UsedLibrary
from models.snapshot.seen import SHORT_DIGEST
from models.snapshot.value import READER_PACKAGES, SCHEMA_VERSION, Snapshot, build_snapshot
from tests.support.values.factories import synthetic_library
from tests.support.values.year_end import YEAR_END

PAGE = (Path(__file__).parents[1] / "docs" / "schema.md").read_text(encoding="utf-8")
RECORDS = {
    "evidence": SeenEvidence,
    "library": UsedLibrary,
    "anchors": UsedFit,
    "assumptions": UsedAssumptions,
    "diagnostics": Check,
    "reliability": Reliability,
}


@pytest.fixture(scope="module")
def schema() -> dict:
    return json.loads(schema_bytes())


@pytest.fixture(scope="module")
def document() -> dict:
    evidence = load_evidence(YEAR_END)
    assumptions = Assumptions.defaults(evidence.claims).replace({"C01": 1.8}, {"C01": "sanctions bite"})
    library = synthetic_library(evidence)
    snapshot = build_snapshot(evidence, library, make_forecast(evidence, library, assumptions), assumptions)
    return json.loads(snapshot.json)


def documented(heading: str) -> list[str]:
    """Names in the first column of the table whose head starts with `heading`."""
    table = PAGE.split(f"| {heading} |")[1].split("\n\n")[0]
    return [match for line in table.splitlines()[2:] for match in re.findall(r"^\| `([^`]+)`", line)]


def part(schema: dict, name: str) -> dict:
    schema_part = {**schema["properties"], "anchors": schema["properties"]["library"]["properties"]["anchors"]}[name]
    return schema_part["items"] if schema_part.get("type") == "array" else schema_part


def test_the_schema_is_a_valid_schema(schema: dict) -> None:
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["properties"]["schema_version"] == {"description": "Version of this schema.", "const": SCHEMA_VERSION}


def test_a_snapshot_validates_and_one_with_another_probability_does_not(schema: dict, document: dict) -> None:
    validator = jsonschema.Draft202012Validator(schema)
    assert validator.is_valid(document)
    first, *others = document["results"]
    (fault,) = validator.iter_errors(document | {"results": [first | {"value": 1.5}, *others]})
    assert list(fault.path) == ["results", 0, "value"]
    quantile = next(row for row in document["results"] if row["output_type"] == names.QUANTILE)
    for value, valid in ((-9.9, True), (10.5, False)):
        assert validator.is_valid(document | {"results": [quantile | {"value": value}]}) == valid


@pytest.mark.parametrize("name", ["rule", *RECORDS, "results"])
def test_every_object_names_all_its_fields_and_allows_no_others(schema: dict, name: str) -> None:
    described = schema["$defs"]["version"] if name == "rule" else part(schema, name)
    assert described["additionalProperties"] is False
    assert sorted(described["required"]) == sorted(described["properties"])
    assert schema["additionalProperties"] is False
    assert sorted(schema["required"]) == sorted(schema["properties"])


def test_fields_of_the_code_are_those_of_the_schema(schema: dict, document: dict) -> None:
    assert set(schema["properties"]) == {"schema_version"} | {field.name for field in fields(Snapshot)} == set(document)
    for name, record in RECORDS.items():
        assert set(part(schema, name)["properties"]) == {field.name for field in fields(record)}, name
    assert tuple(part(schema, "results")["properties"]) == names.TABLE_COLUMNS
    assert schema["$defs"]["short_digest"]["maxLength"] == SHORT_DIGEST


def test_the_page_documents_every_field_and_nothing_else(schema: dict) -> None:
    assert documented("field") == list(schema["properties"])
    for name in RECORDS:
        assert documented(f"field of `{name}`") == list(part(schema, name)["properties"]), name
    assert documented("column") == list(names.TABLE_COLUMNS)
    assert documented("target") == [*names.TARGETS, *names.YEAR_TARGETS]
    assert documented("output type") == [names.PMF, names.MCSE, names.INTERVAL, names.QUANTILE]
    assert set(documented("member")) == REQUIRED | {"charts/", "inputs/"}


def test_names_that_others_rely_on_are_the_published_ones() -> None:
    """Changing one breaks everybody's stored snapshots: raise the schema version and write a reader for the old one."""
    assert names.TABLE_COLUMNS == (
        "model_id",
        "reference_date",
        "target",
        "horizon",
        "target_end_date",
        "output_type",
        "output_type_id",
        "value",
    )
    assert names.STATES == ("rupture", "strain", "transactional", "deeper")
    assert names.TARGETS == ("state_at_year_end", "rupture_by_year_end", "deeper_by_year_end")
    assert names.YEAR_TARGETS == ("year_mean", "year_mean_class")
    assert names.YEAR_WORDS == ("worse", "about_as_before", "better")
    assert names.QUANTILE_LEVELS == (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)
    assert names.MODELS == (
        "mixture",
        "m0_base_rate",
        "m1_latent_alignment",
        "m2_ordered_regression",
        "m3_hidden_regimes",
    )
    assert names.HORIZONS == (1, 2, 3, 4, 5)


def test_the_page_lists_models_and_outcomes(document: dict) -> None:
    for word in {row["model_id"] for row in document["results"]} | {*names.STATES, *names.YEAR_WORDS}:
        assert f"`{word}`" in PAGE, word
    assert ", ".join(f"{level:g}" for level in names.QUANTILE_LEVELS) in PAGE
    assert f"by more than {RULE.word_cuts[1]:g}" in PAGE


def test_the_table_answers_every_question_for_every_model(document: dict) -> None:
    answered = {(row["model_id"], row["target"], row["horizon"]) for row in document["results"]}
    simulating = (names.MODEL_MIXTURE, names.MODEL_M1, names.MODEL_M3)
    asked = [*product(names.MODELS, names.TARGETS), *product(simulating, names.YEAR_TARGETS)]
    assert answered == {(model, target, h) for model, target in asked for h in names.HORIZONS}
    outcomes = {
        (row["target"], row["output_type"], row["output_type_id"]) for row in document["results"] if row["horizon"] == 1
    }
    yes = [(target, kind, f"yes{tail}") for target in names.TARGETS[1:] for kind, tail in kinds()]
    states = [(names.TARGET_STATE, kind, f"{state}{tail}") for state in names.STATES for kind, tail in kinds()]
    means = [(names.TARGET_YEAR_MEAN, "quantile", f"{level:g}") for level in names.QUANTILE_LEVELS]
    words = [(names.TARGET_YEAR_WORD, kind, word) for word in names.YEAR_WORDS for kind in ("pmf", "mcse")]
    assert outcomes == {*yes, *states, *means, *words, *((target, "pmf", "no") for target in names.TARGETS[1:])}


def kinds() -> list[tuple[str, str]]:
    return [("pmf", ""), ("mcse", ""), ("interval", ":0.05"), ("interval", ":0.95")]


def test_versions_of_both_processes_are_recorded(document: dict) -> None:
    assert set(document["packages"]) == {"python", *READER_PACKAGES}
    assert {"python", "pymc", "numpy"} <= set(document["library"]["packages"])
