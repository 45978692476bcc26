"""The evidence as a data package: a descriptor of every file, column and licence, as Frictionless tools read it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from data import vocabulary
from data.csv.rows import read_rows
from data.digest import Fields, file_digest
from data.load import EVENTS_FILE, UPDATES_FOLDER
from data.readings import SEARCHES
from data.receipts import DATA_FOLDER, RECEIPT_COLUMNS, RECEIPTS_FILE, Receipt, load_receipts

DESCRIPTOR = "datapackage.json"
NAME, TITLE = "conjunction-evidence", "Evidence on the China-Russia space relationship since 1950"
_MIT = ("MIT", "https://opensource.org/license/mit")
LICENCES: Mapping[str, tuple[str, str]] = {
    "MIT": _MIT,
    "This project's own": _MIT,
    "Facts collected for this project, released under its MIT licence": _MIT,
    "CC BY 4.0": ("CC-BY-4.0", "https://creativecommons.org/licenses/by/4.0/"),
    "Work of the US government, public domain": ("other-pd", ""),
}
"""How a licence text begins, and the word that tools know for it; any other goes by `OTHER` and keeps its own words."""
OTHER = "other-at"
EVENT_FIELDS: Mapping[str, Fields] = {
    "id": {"required": True, "unique": True},
    "date": {"required": True},
    "date_precision": {"required": True, "enum": list(vocabulary.PRECISIONS)},
    "initiator": {"required": True, "enum": list(vocabulary.ACTORS)},
    "target": {"required": True, "enum": list(vocabulary.ACTORS)},
    "domain": {"required": True, "enum": list(vocabulary.DOMAINS)},
    "mechanism": {"required": True, "enum": list(vocabulary.MECHANISMS)},
    "event_type": {"required": True, "pattern": "[a-z][a-z0-9_]*"},
    "direction": {"required": True, "enum": list(vocabulary.DIRECTIONS)},
    "intensity": {"required": True, "minimum": -vocabulary.INTENSITY_LIMIT, "maximum": vocabulary.INTENSITY_LIMIT},
    "summary": {"required": True},
    "source_kind": {"required": True, "enum": list(vocabulary.EVENT_SOURCE_KINDS)},
    "confidence": {"required": True, "enum": list(vocabulary.CONFIDENCES)},
}
CONSTRAINTS: Mapping[str, Mapping[str, Fields]] = {
    "events.csv": EVENT_FIELDS,
    "events_reserve.csv": EVENT_FIELDS,
    "claims.csv": {
        "id": {"required": True, "unique": True},
        "side": {"required": True, "enum": list(vocabulary.SIDES)},
        "mechanism": {"required": True, "enum": list(vocabulary.CLAIM_MECHANISMS)},
        "strength": {"required": True, "enum": list(vocabulary.STRENGTHS)},
    },
    "readings.csv": {
        "id": {"required": True, "unique": True},
        "search": {"required": True, "enum": list(SEARCHES)},
    },
    "second_sources.csv": {name: {"required": True} for name in ("id", "source_title", "source_url", "supports")},
    "editions.csv": {name: {"required": True} for name in ("searched_until", "as_of", "note")},
    "indicators.csv": {"name": {"required": True, "unique": True}, "column": {"required": True}},
    "publication_lags.csv": {
        "file": {"required": True, "unique": True},
        "months_after": {"required": True, "minimum": 0},
        "why": {"required": True},
    },
    RECEIPTS_FILE: {name: {"required": True} for name in ("file", "title", "licence", "sha256")},
}
KEYS: Mapping[str, str] = {
    "events.csv": "id",
    "events_reserve.csv": "id",
    "claims.csv": "id",
    "readings.csv": "id",
    "editions.csv": "searched_until",
    "indicators.csv": "name",
    "publication_lags.csv": "file",
    RECEIPTS_FILE: "file",
}
_WHOLE = re.compile(r"[+-]?\d+")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def descriptor_bytes(folder: Path | None = None) -> bytes:
    """`descriptor` as the file datapackage.json holds it."""
    return (json.dumps(descriptor(folder), indent=1, ensure_ascii=False, allow_nan=False) + "\n").encode()


def descriptor(folder: Path | None = None) -> Fields:
    """The data package of a data folder: resources with paths, digests, fields, constraints, sources and licences.

    The types of columns are read from the cells: whole numbers, numbers, days, or texts.

    Raises
    ------
    EvidenceError
        A file is missing or broken.
    """
    folder = folder or DATA_FOLDER
    receipts = load_receipts(folder)
    tables = [receipt for receipt in receipts if receipt.file.endswith(".csv")]
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": NAME,
        "title": TITLE,
        "description": "Dated event ledger, yearly indicators with their receipts, and the claims of an essay.",
        "licenses": [
            {"name": "MIT", "title": "The project's own facts and wording; each resource names its own terms"}
        ],
        "resources": [_resource(folder, receipt) for receipt in tables] + [_receipts_resource(folder)],
    }


def _resource(folder: Path, receipt: Receipt) -> Fields:
    breaks = f" Definition breaks: {'; '.join(receipt.definition_breaks)}." if receipt.definition_breaks else ""
    said = f"{receipt.caveats}{breaks}".strip()
    source = {"title": receipt.source} | ({"path": receipt.url} if receipt.url else {})
    return {
        **_file(folder, receipt.file),
        "title": receipt.title,
        "description": f"Unit: {receipt.unit}. Period: {receipt.period}. {said}".strip(),
        "sources": [source],
        "licenses": [_licence(receipt.licence)],
        "citation": receipt.citation,
        "schema": _schema(folder, receipt.file, receipt.columns),
    }


def _receipts_resource(folder: Path) -> Fields:
    return {
        **_file(folder, RECEIPTS_FILE),
        "title": "Receipts: where every file comes from, on which terms, and the digest of its bytes",
        "licenses": [_licence("MIT")],
        "schema": _schema(folder, RECEIPTS_FILE, RECEIPT_COLUMNS),
    }


def _file(folder: Path, file: str) -> Fields:
    return {
        "name": file.removesuffix(".csv").replace("/", "-").replace("_", "-").lower(),
        "path": file,
        "type": "table",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": (folder / file).stat().st_size,
        "hash": f"sha256:{file_digest(folder / file)}",
    }


def _licence(text: str) -> dict[str, str]:
    name, path = next((licence for start, licence in LICENCES.items() if text.startswith(start)), (OTHER, ""))
    return {"name": name, "title": text} | ({"path": path} if path else {})


def _schema(folder: Path, file: str, columns: Sequence[str]) -> Fields:
    rows = read_rows(folder, file, columns)
    kind = EVENTS_FILE if file.startswith(f"{UPDATES_FOLDER}/") else file
    constraints = CONSTRAINTS.get(kind, {})
    schema: dict[str, object] = {
        "fields": [_field(name, [row.text(name) for row in rows], constraints.get(name, {})) for name in columns],
        "missingValues": [""],
    }
    if kind in KEYS:
        schema["primaryKey"] = [KEYS[kind]]
    return schema


def _field(name: str, cells: Sequence[str], constraints: Fields) -> Fields:
    return {"name": name, "type": _kind(cells)} | ({"constraints": dict(constraints)} if constraints else {})


def _kind(cells: Sequence[str]) -> str:
    filled = [cell for cell in cells if cell]
    if not filled:
        return "string"
    for kind, shape in (("integer", _WHOLE), ("number", _NUMBER)):
        if all(map(shape.fullmatch, filled)):
            return kind
    return "date" if all(map(_is_day, filled)) else "string"


def _is_day(cell: str) -> bool:
    if not _DAY.fullmatch(cell):
        return False
    try:
        date.fromisoformat(cell)
    except ValueError:
        return False
    return True
