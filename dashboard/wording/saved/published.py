"""The project's own forecasts in words: whose, where they lie, that they are whole. Pure."""

from types import MappingProxyType

from dashboard.wording.labels import date_text
from dashboard.wording.record import choice
from dashboard.wording.saved.course import day_of
from models.outcome.rule import RULE
from models.published.owners import OWN, PROJECT
from models.record.entries import LIVE, SavedForecast
from models.text.visible import isolated

OWNERS = MappingProxyType({OWN: "Saved here", PROJECT: "The project’s"})
"""Whose record: this server's own, or the one in the repository."""
PUBLISHED_MEANING = (
    "The project’s own forecasts lie in the repository, in `docs/record`. Nothing on this page can change them. They "
    "were verified when they were read: every entry and document, the chain of digests, and each digest that the "
    "changelog names. `python -m models record published` does the same without the page. Digest of the newest entry:"
)
READ_ONLY = "Published by the project. It stands in the repository and cannot be changed or remarked on here."
READ_ONLY_TRACK = (
    "Forecasts that the project published; they are resolved when the evidence is brought up to date, and nothing on "
    "this page adds to them."
)
STARTING_VIEW = "The starting view"
NOTHING_PUBLISHED = "The project has published no forecast yet."


def compared_name(owner: str, saved: SavedForecast, name: str) -> str:
    """A saved forecast in a list to compare from; a published starting view is called that, with its day."""
    if owner != PROJECT:
        return choice(saved, name)
    if saved.changed or saved.counts_as != LIVE or saved.rule != RULE.digest:
        return f"{OWNERS[PROJECT]} · {choice(saved, name)}"
    return f"{STARTING_VIEW}, as published on {date_text(day_of(saved.saved_at))} · {isolated(name)}"


def published_sentence(place: str, count: int, forecasts: int) -> str:
    """Where the project's forecasts lie, and that they are whole: what is not is never opened."""
    entries = f"{count} entr{'y' if count == 1 else 'ies'}"
    return f"The project’s forecasts: {place}. {entries}, {forecasts} of them forecasts, all verified."
