"""From the bytes of snapshot.json to a `Snapshot`, believing nothing: schema, then what a schema cannot say."""

import json
import math
from collections import defaultdict
from dataclasses import replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

import jsonschema

from data.days import horizons_from, is_year_end
from data.digest import Fields
from models.errors import SnapshotError
from models.fits.certificate import Check
from models.names import PMF, QUANTILE, TABLE_COLUMNS, TARGET_YEAR_MEAN
from models.snapshot.inputs import EVIDENCE, place_of, require_input_names
from models.snapshot.older import require, upgraded
from models.snapshot.parts import Reliability, SeenEvidence, UsedAssumptions, UsedFit, UsedLibrary, Version
from models.snapshot.signposts import read_signposts, require_whole
from models.snapshot.value import DEFAULTS_SINCE, INFINITE, SCHEMA_VERSION, SIGNPOSTS_SINCE, Snapshot, in_range
from models.storage.strict_json import read_strict_json
from models.storage.zips import SHOWN

SCHEMA_FILE = Path(__file__).with_name("snapshot_schema.json")
SUM_TOLERANCE = 1e-9
"""Probabilities of one question sum to 1 within this: far above rounding (1e-15), far below anything shown."""
OLDEST_WRITTEN = 3
"""Documents of older versions are written as of this one; those of it as they were."""
MAX_ROWS = 5000
"""Of the results table, as in the schema."""


def schema_bytes() -> bytes:
    """The published schema, as it stands in the repository and in every zip."""
    return SCHEMA_FILE.read_bytes()


def read_document(content: bytes) -> Snapshot:
    """Read snapshot.json, of this version or of an older one.

    Raises
    ------
    StorageError
        Not JSON, of a newer schema, of another shape, or contradicting itself.
    """
    return snapshot_of(parsed(content))


def parsed(content: bytes) -> Fields:
    """The JSON of snapshot.json, of a version that this program knows; what is in it, nobody has looked at yet.

    Raises
    ------
    StorageError
    """
    document = read_strict_json(content, "the snapshot", multiline=frozenset({"reasons"}))
    _require_known_version(document.get("schema_version"))
    return document


def snapshot_of(document: Fields) -> Snapshot:
    """The snapshot that a parsed document holds.

    Raises
    ------
    SnapshotError
        Of another shape, or contradicting itself.
    """
    version = max(document["schema_version"], OLDEST_WRITTEN)
    document = upgraded(document)
    _require_schema(document)
    snapshot = replace(_assemble(document), schema_version=version)
    _require_consistent(snapshot)
    return snapshot


@lru_cache(maxsize=1)
def _validator() -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(json.loads(schema_bytes()))


def _require_known_version(version: object) -> None:
    if type(version) is not int or version < 1:
        raise SnapshotError(
            f"the snapshot: got schema_version {str(version)[:SHOWN]!r}, expected the number {SCHEMA_VERSION}; "
            "give a file that this program exported"
        )
    if version > SCHEMA_VERSION:
        raise SnapshotError(
            f"the snapshot was made by a newer version of this program (schema {version}, this one reads up to "
            f"{SCHEMA_VERSION}); upgrade and read it again"
        )


def _require_schema(document: Fields) -> None:
    """Name the first thing that breaks the schema; looking for all would let a hostile file take its time."""
    error = next(_validator().iter_errors({**document, "results": _told_apart(document.get("results"))}), None)
    if error is None:
        return
    error = next(_validator().iter_errors(document), error)  # once more with every row, for the place
    place = place_of(error)
    raise SnapshotError(
        f"the snapshot at {place}: {_shortened(error.message)} (rule: {error.validator}); "
        "export it again, or compare it with docs/schema.md"
    )


def _told_apart(results: object) -> object:
    """Some rows in which every cell of the table stands, each at least once; the rows as they are where any is odd.

    The schema judges cells one by one, and values by their type besides, so that these are valid exactly when all are:
    a tenth of the work.
    """
    columns = set(TABLE_COLUMNS)
    if not isinstance(results, list) or not 0 < len(results) <= MAX_ROWS:
        return results
    if not all(isinstance(row, dict) and row.keys() == columns and _fits(row) for row in results):
        return results
    seen: set[tuple[str, type, object]] = set()
    kept = []
    for row in results:
        cells = [(name, type(cell), cell) for name, cell in row.items() if name != "value"]
        if any(isinstance(cell, dict | list) for *_, cell in cells):
            return results
        if not seen.issuperset(cells):
            seen.update(cells)
            kept.append(row)
    return kept


def _fits(row: Fields) -> bool:
    return type(row["value"]) in (int, float) and in_range(row["output_type"], row["value"])


def _shortened(message: str) -> str:
    """Keep both ends: the library's messages start with the value, which can be a megabyte, and end with the rule."""
    return message if len(message) <= 2 * SHOWN else f"{message[:SHOWN]} … {message[-SHOWN:]}"


def _assemble(document: Fields) -> Snapshot:
    evidence, assumptions, library = document["evidence"], document["assumptions"], document["library"]
    anchors = tuple(UsedFit(**fit) for fit in library["anchors"])
    return Snapshot(
        reference_date=_day(document["reference_date"], "reference_date"),
        evidence=SeenEvidence(**_frozen(evidence) | _days(evidence)),
        rule=Version(**document["rule"]),
        model=Version(**document["model"]),
        library=UsedLibrary(**_frozen(library) | {"anchors": anchors}),
        assumptions=UsedAssumptions(**_frozen(assumptions) | {"changed": tuple(assumptions["changed"])}),
        structures=MappingProxyType(document["structures"]),
        inputs=MappingProxyType(document["inputs"]),
        seeds=MappingProxyType(document["seeds"]),
        packages=MappingProxyType(document["packages"]),
        diagnostics=tuple(_check(check) for check in document["diagnostics"]),
        reliability=Reliability(**_with_infinity(document["reliability"])),
        model_weights=MappingProxyType(document["model_weights"]),
        tone=document["tone"],
        signposts=read_signposts(document["signposts"]),
        results=tuple(tuple(row[column] for column in TABLE_COLUMNS) for row in document["results"]),
    )


def _frozen(part: Fields) -> Fields:
    return {name: MappingProxyType(value) if isinstance(value, dict) else value for name, value in part.items()}


def _days(evidence: Fields) -> Fields:
    return {name: _day(evidence[name], f"evidence > {name}") for name in ("as_of", "known_on")}


def _check(part: Fields) -> Check:
    return Check(**part | {"value": math.nan if part["value"] is None else part["value"]})


def _with_infinity(part: Fields) -> Fields:
    return {**part, "pareto_k": math.inf if part["pareto_k"] == INFINITE else part["pareto_k"]}


def _day(text: str, place: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise SnapshotError(f"the snapshot at {place}: got {text!r}, expected a day of the calendar") from error


def _require_consistent(snapshot: Snapshot) -> None:
    """What a schema cannot say: dates that agree, keys that exist, every number once, sums of one."""
    keys = snapshot.assumptions.values.keys()
    for name in ("changed", "reasons"):
        unknown = sorted(set(getattr(snapshot.assumptions, name)) - keys)
        require(not unknown, f"assumptions > {name}", f"got the knob {unknown[:1]}", "one that has a value")
    defaults = snapshot.assumptions.defaults.keys()
    odd = sorted(defaults ^ (keys if snapshot.schema_version >= DEFAULTS_SINCE else set()))
    require(not odd, "assumptions > defaults", f"another list of knobs (see {odd[:1]})", "one for each value")
    reference = snapshot.reference_date
    require(snapshot.evidence.as_of == reference, "evidence > as_of", str(snapshot.evidence.as_of), str(reference))
    known = snapshot.evidence.known_on
    require(known >= reference, "evidence > known_on", str(known), f"{reference} or later")
    total = sum(snapshot.model_weights.values())
    require(abs(total - 1) <= SUM_TOLERANCE, "model_weights", f"a sum of {total:.10g}", "1")
    if snapshot.inputs:
        require_input_names(snapshot.inputs)
        got = snapshot.inputs[EVIDENCE]
        require(got == snapshot.evidence.digest, f"inputs > {EVIDENCE}", got[:12], "the evidence's digest")
    draws = snapshot.library.draws, snapshot.reliability.draws
    require(draws[0] == draws[1], "reliability > draws", str(draws[1]), f"{draws[0]} as in the library")
    if snapshot.signposts is not None:
        since = snapshot.schema_version >= SIGNPOSTS_SINCE
        require(since, "signposts", "some", f"none in version {snapshot.schema_version}")
        require_whole(snapshot.signposts, reference)
    _require_table(snapshot)


def _require_table(snapshot: Snapshot) -> None:
    seen: set[tuple[object, ...]] = set()
    sums: dict[tuple[object, ...], float] = defaultdict(float)
    quantiles: dict[tuple[object, ...], list[tuple[float, float]]] = defaultdict(list)
    for row in snapshot.results:
        named = dict(zip(TABLE_COLUMNS, row, strict=True))
        got = named["reference_date"]
        require(got == snapshot.reference_date.isoformat(), "results", f"reference date {got}", "the snapshot's own")
        _require_day(named, snapshot.reference_date)
        require(row[:-1] not in seen, "results", f"two rows for {row[:-1]}", "one")
        seen.add(row[:-1])
        if named["output_type"] == PMF:
            sums[row[:5]] += float(named["value"])
        _require_years(named)
        if named["output_type"] == QUANTILE:
            quantiles[row[:5]].append((float(named["output_type_id"]), float(named["value"])))
    for question, total in sums.items():
        require(abs(total - 1) <= SUM_TOLERANCE, "results", f"a sum of {total:.10g} for {question}", "1")
    require((snapshot.tone is None) != bool(quantiles), "tone", str(snapshot.tone), "one where there are quantiles")
    for question, answer in quantiles.items():
        values = [value for _, value in sorted(answer)]
        require(values == sorted(values), "results", f"quantiles that cross for {question}", "none that fall")


def _require_day(row: Fields, reference: date) -> None:
    """The day that a row is about is a year-end that had not come: of the year that has begun at the earliest."""
    end, horizon = _day(str(row["target_end_date"]), "results > target_end_date"), int(row["horizon"])
    first = horizons_from(reference)[0]
    require(horizon >= first, "results > horizon", f"{horizon} from {reference}", f"{first} or more")
    year = reference.year + horizon
    right = is_year_end(end) and end.year == year
    require(right, "results > target_end_date", f"{end} {horizon} years after {reference.year}", f"the end of {year}")


def _require_years(row: Fields) -> None:
    """Quantiles are of a year's own mean and it has nothing else; they are told by their level."""
    kind, target, identifier = row["output_type"], row["target"], str(row["output_type_id"])
    right = (kind == QUANTILE) == (target == TARGET_YEAR_MEAN) == identifier.startswith("0.")
    require(right, "results", f"a {kind} {identifier!r} of {target}", "quantiles by level, of a year's mean alone")
