"""From typed values to the rows of the chain and back: canonical JSON, one digest, and what a forecast publishes."""

import json
from collections.abc import Container, Iterable, Mapping
from dataclasses import asdict, fields, replace
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import Any

import pandas as pd

from data.days import horizons_from
from data.digest import Fields, canonical_json, digest
from models.errors import RecordError
from models.names import (
    MODEL_M0,
    MODEL_MIXTURE,
    PMF,
    QUANTILE,
    QUANTILE_LEVELS,
    STATES,
    TABLE_COLUMNS,
    TARGET_DEEPER,
    TARGET_RUPTURE,
    TARGET_STATE,
    TARGET_YEAR_MEAN,
    TARGET_YEAR_WORD,
    YEAR_WORDS,
)
from models.record.clocks import DOUBT
from models.record.entries import (
    FORECAST,
    NOTHING,
    REMARK,
    RESOLUTION,
    Draft,
    Entry,
    Place,
    Published,
    Remark,
    SavedForecast,
)
from models.record.entry_checks import SIGNPOST_FIELDS
from models.record.resolutions import Resolution

type Value = SavedForecast | Remark | Resolution

CLASSES: Mapping[str, type[Value]] = MappingProxyType({FORECAST: SavedForecast, REMARK: Remark, RESOLUTION: Resolution})
_PLACE = frozenset(field.name for field in fields(Place))
_DATES = frozenset({"reference_date", "as_of"})
LATER = frozenset({"tone", "signposts"})
"""Fields that entries of before 2026-11-28 do not have."""
_YES = "yes"
BESIDE = (MODEL_MIXTURE, MODEL_M0)
"""Models of the default forecast that are kept beside every saved one."""


def chained(sequence: int, previous: str, kind: str, moment: datetime, body: str) -> Entry:
    """The next row of the chain, its digest computed."""
    saved_at = moment.astimezone(UTC).isoformat(timespec="microseconds")
    rest = {"sequence": sequence, "previous": previous, "type": kind, "saved_at": saved_at, "body": body}
    return Entry(digest=digest(rest), **rest)


def entry_digest(entry: Entry) -> str:
    """What the entry's digest must be: SHA-256 of the canonical JSON of its other five fields, the body as it stands.

    Raises
    ------
    ValueError, TypeError
        A field that no saved entry can have: bytes, or text that is not Unicode.
    """
    return digest({name: value for name, value in asdict(entry).items() if name != "digest"})


def body_text(body: Fields) -> str:
    """A body as it is stored."""
    return canonical_json(body).decode()


def read_entry(entry: Entry, doubted: Container[int] = ()) -> Value:
    """The typed value of a row whose digest holds.

    Parameters
    ----------
    doubted : container of int
        Sequences of the entries whose time of saving contradicts that of others.

    Raises
    ------
    RecordError
        The row was altered, or is not an entry that this program knows.
    """
    try:
        if entry.digest != entry_digest(entry):
            raise RecordError("its digest does not fit its content")
        value = read_body(entry, json.loads(entry.body))
        return replace(value, doubt=DOUBT) if entry.sequence in doubted else value
    except (RecordError, ValueError, TypeError, AttributeError, LookupError, RecursionError) as error:
        raise RecordError(
            f"entry {str(entry.sequence)[:20]} of the record is not as it was saved ({str(error)[:200]}); "
            "run `python -m models record verify`, and bring the record back from an export"
        ) from error


def read_body(entry: Entry, body: Fields) -> Value:
    """The typed value of a row and its parsed body; what is wrong in it is raised as it comes."""
    if entry.type not in CLASSES:
        raise RecordError(f"got an entry of type {str(entry.type)[:40]!r}, expected one of {', '.join(CLASSES)}")
    kind = CLASSES[entry.type]
    expected = {field.name for field in fields(kind)} - _PLACE
    if body.keys() - expected or expected - body.keys() - LATER:
        raise RecordError(
            f"got other fields than expected: {', '.join(sorted(map(str, body.keys() ^ expected)))}"[:200]
        )
    place = {name: getattr(entry, name) for name in ("sequence", "digest", "previous")}
    moment = datetime.fromisoformat(entry.saved_at)
    return kind(**place, saved_at=moment, **{name: _frozen(name, value) for name, value in body.items()})


def forecast_body(draft: Draft, document: Fields, default: Published) -> Fields:
    """What a saved forecast says, beside its place in the chain and the digest of its document.

    Parameters
    ----------
    document : Mapping
        The snapshot's document, of the present version.
    """
    return {**asdict(draft), **facts_of(document), "default": default}


def facts_of(document: Fields) -> Fields:
    """What the entry repeats of its snapshot: digests, date, moved assumptions and their reasons, status, chances,
    tone."""
    assumptions = document["assumptions"]
    rows = (tuple(row[column] for column in TABLE_COLUMNS) for row in document["results"])
    return {
        "inputs": document["inputs"],
        "reference_date": document["reference_date"],
        "evidence": document["evidence"]["digest"],
        "library": document["library"]["key"],
        "rule": document["rule"]["digest"],
        "model": document["model"]["digest"],
        "assumptions": assumptions["digest"],
        "changed": assumptions["changed"],
        "reasons": assumptions["reasons"],
        "status": document["reliability"]["status"],
        "published": published_of(rows),
        "tone": document.get("tone"),
        "signposts": signposts_of(document),
    }


def signposts_of(document: Fields) -> Fields:
    """What a document says of each open signpost, as far as it is scored."""
    said = document.get("signposts") or {"chances": ()}
    return {row["id"]: {name: row[name] for name in sorted(SIGNPOST_FIELDS)} for row in said["chances"]}


def published_of(rows: Iterable[tuple[Any, ...]]) -> Published:
    """The chances of a results table, and its quantiles of the years' own means, by model, target and horizon.

    Parameters
    ----------
    rows : iterable of tuple
        In the order of `models.names.TABLE_COLUMNS`.

    Raises
    ------
    RecordError
        The table lacks one of them.
    """
    said = [row for row in rows if row[5] in (PMF, QUANTILE)]
    chance = {(model, target, h, outcome): float(value) for model, _, target, h, _, _, outcome, value in said}
    horizons = horizons_from(date.fromisoformat(str(said[0][1]))) if said else ()
    models = dict.fromkeys(model for model, *_ in chance)
    try:
        return MappingProxyType({model: _of_model(chance, model, horizons) for model in models})
    except KeyError as error:
        raise RecordError(f"the results table lacks {error}; make the forecast again and save that") from error


def default_of(table: pd.DataFrame) -> Published:
    """The mixture and the base rate, as `SavedForecast.default` keeps them: what every forecast is scored beside."""
    kept = table.loc[table["model_id"].isin(BESIDE), list(TABLE_COLUMNS)]
    return published_of(kept.itertuples(index=False, name=None))


def _of_model(chance: Mapping[tuple, float], model: str, horizons: tuple[int, ...]) -> Mapping[str, tuple]:
    states = tuple(tuple(chance[model, TARGET_STATE, h, state] for state in STATES) for h in horizons)
    yes = {
        target: tuple(chance[model, target, h, _YES] for h in horizons) for target in (TARGET_RUPTURE, TARGET_DEEPER)
    }
    return MappingProxyType({TARGET_STATE: states, **yes, **_years(chance, model, horizons)})


def _years(chance: Mapping[tuple, float], model: str, horizons: tuple[int, ...]) -> Mapping[str, tuple]:
    """Of a model that says something of the years' own means; nothing of the others."""
    parts = {TARGET_YEAR_MEAN: [f"{level:g}" for level in QUANTILE_LEVELS], TARGET_YEAR_WORD: YEAR_WORDS}
    if (model, TARGET_YEAR_MEAN, horizons[0], parts[TARGET_YEAR_MEAN][0]) not in chance:
        return NOTHING
    return {
        target: tuple(tuple(chance[model, target, h, part] for part in named) for h in horizons)
        for target, named in parts.items()
    }


def _frozen(name: str, value: Any) -> Any:
    if name in _DATES:
        return date.fromisoformat(value)
    return _read_only(value)


def _read_only(value: Any) -> Any:
    if isinstance(value, dict):
        return MappingProxyType({key: _read_only(item) for key, item in value.items()}) if value else NOTHING
    return tuple(map(_read_only, value)) if isinstance(value, list) else value


def plain(value: Value) -> Fields:
    """An entry as JSON values, for programs."""
    return json.loads(canonical_json({field.name: _dated(getattr(value, field.name)) for field in fields(value)}))


def _dated(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value
