"""`record published`: the project's own forecasts, listed and every byte of them checked."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from models.commands.options.line import Parsers, add_json, answer, command

if TYPE_CHECKING:
    from models.record.listing import Listing

PUBLISHED = """\
The project's own forecasts lie in docs/record of the repository. They are listed here, the newest first, after every
entry and document was read again, the chain of digests followed, and each head that docs/changelog.md names found in
it. Nothing is asked of the network. An altered file is refused, with where it differs.
"""


def add_published(group: Parsers) -> None:
    """Add the action."""
    parser = command(
        group, "published", "list and check the project's own forecasts", run_published, description=PUBLISHED
    )
    add_json(parser, "forecasts and head")


def run_published(args: argparse.Namespace) -> int:
    """List and check."""
    from models.answers.saved import published
    from models.record.listing import forecast_line

    listing = published_listing()
    count, head = listing.head
    lines = [forecast_line(saved, listing.names[saved.digest]) for saved in listing.forecasts]
    whole = f"Nothing was altered. Entries: {count}, head: {head}" if count else "Nothing has been published yet."
    return answer(args, published(listing), "\n".join([*lines, whole]))


def published_listing() -> Listing:
    """What the project has published, verified.

    Raises
    ------
    RecordError
    """
    from models.published.place import ProjectRecord
    from models.record.listing import read_listing

    with ProjectRecord().read() as opened:
        return read_listing(opened, opened.head)
