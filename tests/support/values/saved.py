"""Saved forecasts and resolutions made of nothing but what a score needs."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache

import numpy as np

from data.days import horizons_from
from data.types import Event, Source
from models.names import HORIZONS, MODEL_M0, MODEL_MIXTURE, STATES, TARGET_DEEPER, TARGET_RUPTURE, TARGET_STATE
from models.outcome.rule import RULE
from models.record.entries import LIVE, SavedForecast
from models.record.resolutions import Resolution, ResolutionDraft
from models.snapshot.document import read_document
from models.snapshot.value import Snapshot
from models.track.replay import ARCHIVE, read_archive

EVEN = (0.25, 0.25, 0.25, 0.25)


@cache
def archived(*years: int) -> Mapping[int, Snapshot]:
    """Some year-ends of the replay's archive, or all; a document takes a seventh of a second."""
    if not years:
        return read_archive()
    with zipfile.ZipFile(ARCHIVE) as archive:
        return {year: read_document(archive.read(f"{year}.json")) for year in years}


def digest_of(*parts: object) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def published(
    chances: Sequence[float], rupture: float = 0.1, deeper: float = 0.5, horizons: Sequence[int] = HORIZONS
) -> Mapping[str, tuple]:
    """The same chances at every horizon."""
    return {
        TARGET_STATE: tuple(tuple(chances) for _ in horizons),
        TARGET_RUPTURE: (rupture,) * len(horizons),
        TARGET_DEEPER: (deeper,) * len(horizons),
    }


def saved_within(sequence: int, day: date, ours: Sequence[float] = EVEN, **fields: object) -> SavedForecast:
    """A forecast from a day within a year, saved a day later unless told otherwise: six horizons."""
    six = published(ours, horizons=horizons_from(day))
    given = {
        "reference_date": day,
        "saved_at": datetime(day.year, day.month, day.day, 12, tzinfo=UTC) + timedelta(days=1),
        "evidence": digest_of("evidence", day),
        "library": digest_of("library", day),
        "published": {MODEL_MIXTURE: six, MODEL_M0: six},
    }
    alone = saved(sequence, day.year, ours, default=None, **{**given, **fields})
    return replace(alone, default={MODEL_MIXTURE: six})


def saved(
    sequence: int,
    origin: int,
    ours: Sequence[float] = EVEN,
    base: Sequence[float] = EVEN,
    default: Sequence[float] | None = EVEN,
    **fields: object,
) -> SavedForecast:
    """A forecast from the end of `origin`, saved a day later unless told otherwise."""
    given = {
        "sequence": sequence,
        "digest": digest_of("entry", sequence),
        "previous": digest_of("entry", sequence - 1),
        "saved_at": datetime(origin + 1, 1, 1, 12, tzinfo=UTC),
        "name": f"Forecast {sequence}",
        "author": "Ada",
        "note": "",
        "kind": LIVE,
        "parent": "",
        "snapshot": digest_of("snapshot", sequence),
        "inputs": {},
        "reference_date": date(origin, 12, 31),
        "evidence": digest_of("evidence", origin),
        "library": digest_of("library", origin),
        "rule": RULE.digest,
        "model": digest_of("model"),
        "assumptions": digest_of("assumptions", tuple(ours)),
        "changed": (),
        "reasons": {},
        "status": "good",
        "published": {MODEL_MIXTURE: published(ours), MODEL_M0: published(base)},
        "default": {MODEL_MIXTURE: published(default)} if default else {},
    }
    return SavedForecast(**{**given, **fields})


def resolved(sequence: int, year: int, outcome: str, **fields: object) -> Resolution:
    """A year-end answered by rule."""
    given = {
        "sequence": sequence,
        "digest": digest_of("entry", sequence),
        "previous": digest_of("entry", sequence - 1),
        "saved_at": datetime(year + 1, 1, 2, tzinfo=UTC),
        "question": "state",
        "subject": str(year),
        "status": "resolved",
        "outcome": outcome,
        "note": "By rule.",
        "author": "rule",
        "rule": RULE.digest,
        "evidence": digest_of("evidence", year),
        "as_of": date(year, 12, 31),
        "events": (),
    }
    return Resolution(**{**given, **fields})


def random_chances(rng: np.random.Generator) -> tuple[float, ...]:
    return tuple(float(share) for share in rng.dirichlet(np.ones(len(STATES))))


def make_event(event_id: str, **fields: object) -> Event:
    """A row of the ledger, dated by its id."""
    given = {
        "date": date.fromisoformat(event_id[1:11]),
        "date_precision": "day",
        "initiator": "both",
        "target": "both",
        "domain": "security",
        "mechanism": "balancing_us",
        "event_type": "joint_patrol",
        "direction": "cooperation",
        "intensity": 1,
        "summary": "Something happened.",
        "source_kind": "read",
        "confidence": "high",
        **fields,
    }
    if given["intensity"] < 0:
        given["direction"] = "conflict"
    source = Source(title="A page", url="https://example.org/page", kind=given["source_kind"])
    return Event(id=event_id, source=source, **given)


def answer(**changes: object) -> ResolutionDraft:
    fields = {
        "question": "state",
        "subject": "2025",
        "status": "resolved",
        "outcome": "strain",
        "note": "By the rule.",
        "author": "rule",
        "rule": "a" * 64,
        "evidence": "b" * 64,
        "as_of": date(2026, 1, 31),
        "events": ("E1",),
    }
    return ResolutionDraft(**(fields | changes))
