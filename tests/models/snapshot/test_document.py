"""snapshot.json from a stranger: every way in which it can be wrong has a message, and nothing wrong is taken."""

import json
from collections.abc import Callable
from contextlib import suppress
from copy import deepcopy
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from data.load import load_evidence
from models.errors import SnapshotError, StorageError
from models.snapshot.document import read_document
from models.snapshot.value import SCHEMA_VERSION, Snapshot
from tests.support.values.factories import synthetic_library, synthetic_snapshot, within_year
from tests.support.values.year_end import YEAR_END

type Change = Callable[[dict[str, Any]], object]


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    evidence = load_evidence(YEAR_END)
    return synthetic_snapshot(evidence, synthetic_library(evidence), {"C01": 1.8}, {"C01": "sanctions bite"})


def edited(snapshot: Snapshot, change: Change) -> bytes:
    document = deepcopy(json.loads(snapshot.json))
    change(document)
    return json.dumps(document).encode()


def put(*path: Any) -> Change:
    """Set the value at a path: the last item is the value."""
    *keys, last, value = path

    def change(document: dict[str, Any]) -> None:
        for key in keys:
            document = document[key]
        document[last] = value

    return change


def drop(*path: Any) -> Change:
    *keys, last = path

    def change(document: dict[str, Any]) -> None:
        for key in keys:
            document = document[key]
        del document[last]

    return change


def test_an_unchanged_document_is_read(snapshot: Snapshot) -> None:
    assert read_document(edited(snapshot, lambda _: None)) == snapshot


WRONG: dict[str, tuple[Change, str]] = {
    "newer schema": (put("schema_version", SCHEMA_VERSION + 1), "made by a newer version.*upgrade"),
    "newer schema with unknown fields": (lambda d: d.update(schema_version=9, author="x"), "newer version"),
    "schema version as text": (put("schema_version", "1"), "got schema_version '1'"),
    "schema version as truth": (put("schema_version", True), "schema_version"),
    "schema version below one": (put("schema_version", 0), "schema_version"),
    "no schema version": (drop("schema_version"), "got schema_version 'None'"),
    "unknown field": (put("author", "x"), "at the top level.*author.*unexpected"),
    "unknown field inside": (put("library", "command", "rm"), "at library.*command.*unexpected"),
    "missing field": (drop("rule"), "'rule' is a required property"),
    "missing inside": (drop("results", 3, "value"), "results > 3.*'value' is a required"),
    "wrong type": (put("assumptions", "values", "C01", "1.8"), "assumptions > values > C01.*not of type 'number'"),
    "truth for a number": (put("reliability", "ess", True), "reliability > ess"),
    "list for an object": (put("evidence", []), "at evidence"),
    "null": (put("results", None), "at results"),
    "empty table": (put("results", []), "at results"),
    "too many rows": (lambda d: d.update(results=d["results"] * 7), "at results.*long"),
    "probability above one": (put("results", 0, "value", 1.0000001), "results > 0 > value.*maximum"),
    "probability below zero": (put("results", 0, "value", -1e-9), "results > 0 > value.*minimum"),
    "sum that is not one": (lambda d: scale(d, 0.999), "got a sum of"),
    "row twice": (lambda d: d["results"].append(d["results"][0]), "got two rows for"),
    "formula for a name": (put("results", 0, "model_id", "=1+1"), "does not match"),
    "path for a name": (put("results", 0, "output_type_id", "../../etc/passwd"), "does not match"),
    "name with a line feed": (put("results", 0, "model_id", "mixture\n"), "invisible character"),
    "quantiles that cross": (lambda d: put("value", 9.9)(quantile(d, "0.5")), "got quantiles that cross"),
    "quantile beyond the scale": (lambda d: put("value", 10.1)(quantile(d, "0.95")), "value.*maximum"),
    "quantile of a chance": (lambda d: put("target", "year_mean_class")(quantile(d, "0.5")), "got a quantile '0.5' of"),
    "quantile of an outcome": (lambda d: put("output_type_id", "median")(quantile(d, "0.5")), "quantiles by level"),
    "level of a chance": (put("results", 0, "output_type_id", "0.5"), "got a pmf '0.5' of"),
    "years in an older document": (
        lambda d: (d.update(schema_version=3), drop("assumptions", "defaults")(d), drop("signposts")(d)),
        r"the target \['year_mean'\], expected none in version 3",
    ),
    "defaults in an older document": (
        lambda d: (d.update(schema_version=4), drop("signposts")(d)),
        "assumptions > defaults: got some, expected none",
    ),
    "signposts in an older document": (put("schema_version", 5), "signposts: got some, expected none in version 5"),
    "default of an unknown knob": (put("assumptions", "defaults", "C99", 1.0), "assumptions > defaults: got another"),
    "known before it happened": (put("evidence", "known_on", "2020-12-31"), "evidence > known_on"),
    "unknown output type": (put("results", 0, "output_type", "sample"), "not one of"),
    "horizon as a fraction": (put("results", 0, "horizon", 1.5), "not of type 'integer'"),
    "day that does not exist": (put("reference_date", "2024-02-30"), "reference_date.*day of the calendar"),
    "day in another form": (put("reference_date", "31.12.2024"), "does not match"),
    "other reference date in a row": (put("results", 0, "reference_date", "2023-12-31"), "reference date 2023-12-31"),
    "evidence of another day": (put("evidence", "as_of", "2023-12-31"), "evidence > as_of"),
    "end of another calendar": (put("results", 0, "target_end_date", "2025-13-01"), "target_end_date"),
    "short digest": (put("evidence", "digest", "abc"), "evidence > digest"),
    "digest in capitals": (lambda d: d["library"].update(key=d["library"]["key"].upper()), "library > key"),
    "weights that do not sum to one": (put("model_weights", {"m0_base_rate": 0.5}), "model_weights: got a sum of 0.5"),
    "reason for an unknown knob": (put("assumptions", "reasons", {"C99": "x"}), "assumptions > reasons.*C99"),
    "change of an unknown knob": (put("assumptions", "changed", ["C99"]), "assumptions > changed.*C99"),
    "reason with a direction mark": (put("assumptions", "reasons", {"C01": "a\u202eb"}), "invisible character"),
    "reason that is no text": (put("assumptions", "reasons", {"C01": {"x": 1}}), "not of type 'string'"),
    "endless reason": (put("assumptions", "reasons", {"C01": "x" * 2001}), "too long"),
    "event with an odd id": (put("evidence", "events", {"../x": "0" * 16}), "does not match"),
    "negative seed": (put("library", "anchors", 0, "seed", -1), "library > anchors > 0 > seed"),
    "huge seed": (put("library", "anchors", 0, "seed", 10**19), "library > anchors > 0 > seed"),
    "no fit": (put("library", "anchors", []), "library > anchors"),
    "unknown field of a fit": (put("library", "anchors", 0, "path", "x"), "library > anchors > 0.*path.*unexpected"),
    "path for a fit": (put("library", "anchors", 0, "name", "../x"), "library > anchors > 0 > name"),
    "short parent": (put("library", "parent", "abc"), "library > parent"),
    "no draws": (put("library", "draws", 0), "library > draws"),
    "draws that disagree": (put("library", "draws", 399), "reliability > draws: got 400, expected 399"),
    "endless support": (put("reliability", "log_support", "infinite"), "reliability > log_support"),
    "negative error of a support": (put("reliability", "log_support_mcse", -0.1), "reliability > log_support_mcse"),
    "infinite ess as a word": (put("reliability", "ess", "infinite"), "reliability > ess"),
    "unknown status": (put("reliability", "status", "perfect"), "not one of"),
}


def quantile(document: dict[str, Any], level: str) -> dict[str, Any]:
    """The first row of a quantile at a level."""
    return next(row for row in document["results"] if row["output_type_id"] == level)


def scale(document: dict[str, Any], factor: float) -> None:
    for row in document["results"]:
        row["value"] *= factor


@pytest.mark.parametrize(("change", "message"), WRONG.values(), ids=WRONG.keys())
def test_every_fault_has_its_message(snapshot: Snapshot, change: Change, message: str) -> None:
    with pytest.raises(StorageError, match=f"(?s){message}") as caught:
        read_document(edited(snapshot, change))
    assert len(str(caught.value)) < 500, "a hostile value must not fill the page"


def test_a_cut_document_is_never_taken(snapshot: Snapshot) -> None:
    whole = snapshot.json.rstrip()
    for cut in np.random.default_rng(3).integers(0, len(whole), 60):
        with pytest.raises(StorageError):
            read_document(whole[: int(cut)])


def test_a_changed_byte_is_an_error_or_a_document_that_still_holds(snapshot: Snapshot) -> None:
    """A bare document has no checksum; whatever survives the checks must still be a whole, valid snapshot."""
    rng = np.random.default_rng(4)
    for position in rng.integers(0, len(snapshot.json), 40):
        content = bytearray(snapshot.json)
        content[position] = int(rng.integers(0, 256))
        with suppress(StorageError):
            found = read_document(bytes(content))
            assert read_document(found.json) == found


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("horizon", True),
        ("horizon", 51),
        ("value", True),
        ("value", -0.1),
        ("output_type", "sample"),
        ("target", ["x"]),
    ],
)
def test_one_odd_cell_among_hundreds_is_named_with_its_row(snapshot: Snapshot, column: str, cell: object) -> None:
    row = len(snapshot.results) - 1
    with pytest.raises(SnapshotError, match=f"results > {row} > {column}"):
        read_document(edited(snapshot, put("results", row, column, cell)))


def test_a_document_may_count_from_within_a_year(snapshot: Snapshot) -> None:
    within = within_year(snapshot, date(2026, 10, 8))
    assert read_document(within.json) == within
    assert set(within.table["horizon"]) == {0, 1, 2, 3, 4, 5}
    from_the_end = replace(within, reference_date=date(2026, 12, 31), evidence=snapshot.evidence)
    rows = tuple((row[0], "2026-12-31", *row[2:]) for row in within.results)
    seen = replace(snapshot.evidence, as_of=date(2026, 12, 31), known_on=date(2026, 12, 31))
    with pytest.raises(SnapshotError, match="results > horizon: got 0 from 2026-12-31, expected 1 or more"):
        read_document(replace(from_the_end, evidence=seen, results=rows).json)


def test_a_row_is_about_the_year_end_that_its_horizon_names(snapshot: Snapshot) -> None:
    with pytest.raises(SnapshotError, match="expected the end of 2026"):
        read_document(edited(snapshot, put("results", 0, "target_end_date", "2027-12-31")))


def test_a_whole_number_may_be_written_with_a_point(snapshot: Snapshot) -> None:
    assert read_document(edited(snapshot, put("results", 0, "horizon", 1.0))) == snapshot
