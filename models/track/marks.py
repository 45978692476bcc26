"""Live or hindcast: whether a saved forecast was made before the day of a target, and which day that is."""

from datetime import UTC, date, datetime

from data.days import horizons_from, year_end
from models.names import TARGET_DEEPER, TARGET_RUPTURE
from models.record.entries import HINDCAST, LIVE, Kind, SavedForecast

REPLAYED_BY = "replay"
"""Author of the hindcasts that replaying history saves."""


def is_replay(saved: SavedForecast) -> bool:
    """Whether a forecast was saved by replaying history, and by no person."""
    return saved.author == REPLAYED_BY and saved.kind == HINDCAST


def mark(saved: SavedForecast, target_end_date: date) -> Kind:
    """Was this forecast made before the target's day? Everything that was not is a hindcast.

    A mark belongs to a forecast and a target: a forecast saved in 2026 is live for 2027 and a hindcast for 2025. For a
    window give its `first_day`.
    """
    return mark_of(saved.counts_as, saved.saved_at, target_end_date)


def mark_of(kind: Kind, saved_at: datetime, target_end_date: date) -> Kind:
    """The same of a kind and a time of saving that are believed."""
    return LIVE if kind == LIVE and saved_at.astimezone(UTC).date() < target_end_date else HINDCAST


def first_day(reference_date: date, target: str, target_end_date: date) -> date:
    """The day before which a forecast must be saved to be live for a target: its own, or the first year-end that a
    window asks about, which may have answered it."""
    first = year_end(reference_date, horizons_from(reference_date)[0])
    return first if target in (TARGET_RUPTURE, TARGET_DEEPER) else target_end_date
