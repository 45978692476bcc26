"""Documents of older versions as ones of the present version, with what they lacked left empty."""

from data.digest import Fields, digest
from models.errors import SnapshotError
from models.library.library import BASE
from models.names import YEAR_TARGETS
from models.snapshot.value import SCHEMA_VERSION
from models.storage.zips import SHOWN

FIT_FIELDS_1 = frozenset({"key", "seed", "settings", "assumptions", "packages"})
"""Of the single fit that a snapshot of version 1 was made from."""


def upgraded(document: Fields) -> Fields:
    """A document of an older version as one of the present version; the present one as it is.

    Version 5 said nothing of signposts; version 4 did not say what the defaults were; version 3 nothing of the years'
    own means, nor when the evidence was known; version 2 held no inputs, and of the structures M1's alone. What is
    wrong inside is left for the schema to find.

    Raises
    ------
    SnapshotError
        A document of version 1 whose parts are not those of version 1.
    """
    if document["schema_version"] == SCHEMA_VERSION:
        return dict(document)
    require("signposts" not in document, "signposts", "some", f"none in version {document['schema_version']}")
    document = {**document, "signposts": None}
    if document["schema_version"] == 5:
        return {**document, "schema_version": SCHEMA_VERSION}
    older = {**_without_defaults(document), "schema_version": SCHEMA_VERSION}
    if document["schema_version"] == 4:
        return older
    _require_no_years(document)
    require("tone" not in document, "tone", "one", f"none in version {document['schema_version']}")
    older |= {"evidence": _known_at_once(document.get("evidence")), "tone": None}
    if document["schema_version"] == 3:
        return older
    for name in ("inputs", "structures"):
        require(name not in document, name, "some", f"none in version {document['schema_version']}")
    if document["schema_version"] == 1:
        older = _from_first(older)
    return {**older, "inputs": {}, "structures": {}}


def _without_defaults(document: Fields) -> Fields:
    """Assumptions of before version 5 do not say what their defaults were."""
    assumptions = document.get("assumptions")
    if not isinstance(assumptions, dict):
        return dict(document)
    require(
        "defaults" not in assumptions, "assumptions > defaults", "some", f"none in version {document['schema_version']}"
    )
    return {**document, "assumptions": {**assumptions, "defaults": {}}}


def _known_at_once(evidence: object) -> object:
    """Evidence of before version 4 had one day for both: what happened by then was known then."""
    if not isinstance(evidence, dict) or "as_of" not in evidence or "known_on" in evidence:
        return evidence
    return {**evidence, "known_on": evidence["as_of"]}


def _require_no_years(document: Fields) -> None:
    """A table of before version 4 has none of its rows: they would be another's."""
    rows = document.get("results")
    targets = {str(row.get("target")) for row in rows if isinstance(row, dict)} if isinstance(rows, list) else set()
    later = sorted(targets & set(YEAR_TARGETS))
    require(not later, "results", f"the target {later[:1]}", f"none in version {document['schema_version']}")


def _from_first(document: Fields) -> Fields:
    """Version 1 read one fit: it becomes a library of that fit alone, whose key says the same as that of
    `models.library.pool.single`. It recorded no support."""
    fit, reliability, seeds = (document.get(name) for name in ("fit", "reliability", "seeds"))
    for name, part in {"fit": fit, "reliability": reliability, "seeds": seeds}.items():
        require(isinstance(part, dict), name, f"{str(part)[:SHOWN]!r}", "an object, as version 1 has it")
    require(fit.keys() == FIT_FIELDS_1, "fit", f"other fields than version 1 has ({_odd(fit)})", "those of version 1")
    draws = reliability.get("draws")
    library = {
        "key": digest([[fit["key"], draws]]),
        "parent": "",
        "draws": draws,
        "packages": fit["packages"],
        "anchors": [{"name": BASE, "fit_key": fit["key"], "seed": fit["seed"]}],
    }
    return {name: value for name, value in document.items() if name != "fit"} | {
        "library": library,
        "reliability": {**reliability, "log_support": None, "log_support_mcse": None},
        "seeds": {name: seed for name, seed in seeds.items() if name != "fit"},
    }


def _odd(fit: Fields) -> str:
    return "".join(sorted(fit.keys() ^ FIT_FIELDS_1)[:1])[:SHOWN]


def require(true: bool, place: str, got: str, expected: str) -> None:
    """Refuse a document that is not so.

    Raises
    ------
    SnapshotError
    """
    if not true:
        raise SnapshotError(f"the snapshot at {place}: got {got}, expected {expected}; export it again")
