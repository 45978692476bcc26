"""The project's own forecasts in words: whose, where they lie, that they are whole. Pure."""

from types import MappingProxyType

from models.published.owners import OWN, PROJECT

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
NOTHING_PUBLISHED = "The project has published no forecast yet."


def published_sentence(place: str, count: int, forecasts: int) -> str:
    """Where the project's forecasts lie, and that they are whole: what is not is never opened."""
    entries = f"{count} entr{'y' if count == 1 else 'ies'}"
    return f"The project’s forecasts: {place}. {entries}, {forecasts} of them forecasts, all verified."
