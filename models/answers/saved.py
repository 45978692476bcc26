"""Saved forecasts as programs get them: a list, one entry with what was said about it, and the head of the chain."""

from collections.abc import Sequence

from data.digest import Fields
from models.record.bodies import plain
from models.record.entries import SavedForecast
from models.record.listing import Filter, Listing


def chosen(listing: Listing, wanted: Filter) -> tuple[SavedForecast, ...]:
    """The forecasts that a filter lets through, the newest first."""
    return tuple(
        saved
        for saved in listing.forecasts
        if wanted.matches(saved, listing.names[saved.digest], listing.remarks.get(saved.digest, ()))
    )


def rows(listing: Listing, forecasts: Sequence[SavedForecast]) -> list[Fields]:
    """Forecasts with the name that each is shown under."""
    return [plain(saved) | {"shown_name": listing.names[saved.digest]} for saved in forecasts]


def entry(listing: Listing, saved: SavedForecast) -> Fields:
    """One forecast and what was said about it."""
    remarks = [plain(remark) for remark in listing.remarks.get(saved.digest, ())]
    return {"forecast": plain(saved), "remarks": remarks}


def published(listing: Listing) -> Fields:
    """A whole record: its head, its forecasts and its resolutions."""
    count, head = listing.head
    return {
        "entries": count,
        "head": head,
        "forecasts": rows(listing, listing.forecasts),
        "resolutions": [plain(resolution) for resolution in listing.resolutions],
    }
