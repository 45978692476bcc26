"""What answers look like, as JSON Schema: a snapshot's own schema, and the few shapes that are no snapshot."""

import json
from functools import cache

from data.digest import Fields
from models.names import STATES, TARGET_STATE
from models.record.entries import HINDCAST, LIVE
from models.snapshot import document

DIGEST: Fields = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
CHANCE: Fields = {"type": "number", "minimum": 0, "maximum": 1}
MAYBE: Fields = {"type": ["number", "null"]}
DAY: Fields = {"type": "string", "format": "date"}
TEXT: Fields = {"type": "string"}
COUNT: Fields = {"type": "integer", "minimum": 0}


def shape(required: Fields, **more: object) -> Fields:
    """An object with these members at least."""
    return {"type": "object", "required": list(required), "properties": dict(required), **more}


def rows(of: Fields) -> Fields:
    """A list of something."""
    return {"type": "array", "items": of}


def named(name: str) -> Fields:
    """A schema of this description by its name."""
    return {"$ref": f"#/components/schemas/{name}"}


@cache
def schemas() -> Fields:
    """All of them by name."""
    return {
        "Snapshot": _snapshot(),
        "Signposts": _signposts(),
        "Evidence": shape(
            {"as_of": DAY, "events": rows(shape({"id": TEXT, "summary": TEXT})), "claims": rows(shape({"id": TEXT}))}
        ),
        "Entry": _entry(),
        "EntryWithRemarks": shape({"forecast": named("Entry"), "remarks": rows(shape({"author": TEXT, "text": TEXT}))}),
        "Resolution": shape({"sequence": COUNT, "digest": DIGEST, "question": TEXT, "subject": TEXT, "status": TEXT}),
        "Head": shape({"entries": COUNT, "head": DIGEST}, additionalProperties=False),
        "Scores": shape({name: rows({"type": "object"}) for name in ("counts", "scores", "year_means")}),
        "Index": shape({"title": TEXT, "addresses": rows(TEXT)}),
        "Problem": shape({"title": TEXT, "status": COUNT, "detail": TEXT, "problems": rows(TEXT)}),
    }


def _snapshot() -> Fields:
    """The schema that snapshots are checked with, its references as they stand here."""
    text = document.SCHEMA_FILE.read_text(encoding="utf-8")
    whole = json.loads(text.replace('"#/$defs/', '"#/components/schemas/Snapshot/$defs/'))
    return {name: value for name, value in whole.items() if name != "$schema"}


def _signposts() -> Fields:
    row = {"id": TEXT, "question": TEXT, "deadline": DAY, "chance": CHANCE, "low": MAYBE, "high": MAYBE, "given": MAYBE}
    asked = shape({"pins": rows(TEXT), "acts": rows(TEXT), "chance": CHANCE, "status": TEXT})
    state = shape({"target_end_date": DAY, "outcome": TEXT, "before": CHANCE, "given": MAYBE})
    settled = shape({"id": TEXT, "status": TEXT})
    members = {"reference_date": DAY, "year": COUNT, "list": DIGEST, "asked": asked, "signposts": rows(shape(row))}
    return shape({**members, "states": rows(state), "settled": rows(settled)})


def _entry() -> Fields:
    members = {"sequence": COUNT, "digest": DIGEST, "previous": DIGEST, "saved_at": TEXT, "name": TEXT, "author": TEXT}
    kind = {"kind": {"enum": [LIVE, HINDCAST]}, "reference_date": DAY, "changed": rows(TEXT), "assumptions": DIGEST}
    four = {"type": "array", "items": CHANCE, "minItems": len(STATES), "maxItems": len(STATES)}
    published = {"type": "object", "additionalProperties": shape({TARGET_STATE: rows(four)})}
    return shape({**members, **kind, "published": published})
