"""What a forecast could see, row by row: a short digest of each, so that a later reader can name what changed."""

from collections.abc import Mapping
from dataclasses import asdict
from functools import lru_cache
from types import MappingProxyType

from data.digest import Fields, digest
from data.types import Event, Evidence, Indicator
from models.snapshot.parts import SeenEvidence

SHORT_DIGEST = 16
"""Hexadecimal digits that name one row: 64 bits, far beyond an accidental collision among some thousand rows."""


@lru_cache(maxsize=4)
def seen_evidence(evidence: Evidence) -> SeenEvidence:
    """What a forecast on this evidence could see."""
    return SeenEvidence(
        as_of=evidence.as_of,
        known_on=evidence.known_on,
        digest=evidence.digest,
        events=_row_digests({event.id: _event_row(event) for event in evidence.events}),
        indicators=_row_digests({name: _indicator_row(one) for name, one in evidence.indicators.items()}),
        claims=_row_digests({claim.id: asdict(claim) for claim in evidence.claims}),
    )


def _event_row(event: Event) -> Fields:
    """What the first edition did not know is left out where it says nothing, as in `Evidence.document`: a row that is
    still the same keeps its digest."""
    row = asdict(event)
    return row if event.second_source else {name: row[name] for name in row if name != "second_source"}


def _indicator_row(indicator: Indicator) -> Fields:
    row = asdict(indicator)
    for seen in row["observations"]:
        if seen["known_from"] == seen["period_end"]:
            del seen["known_from"]
    return row


def _row_digests(rows: Fields) -> Mapping[str, str]:
    return MappingProxyType({name: digest(row)[:SHORT_DIGEST] for name, row in sorted(rows.items())})
