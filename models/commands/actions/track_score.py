"""`track score`: how good saved forecasts were, live ones and hindcasts apart, and what settled signposts taught."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from models.commands.options.line import answer, note
from models.errors import RecordError

if TYPE_CHECKING:
    from models.record.contents import Documents
    from models.record.listing import Listing
    from models.record.store import Record


def run_score(args: argparse.Namespace) -> int:
    """Print mean scores, live forecasts and hindcasts apart."""
    from models.answers.scores import scores

    with _opened(args) as (opened, listing):
        values, lines = scores(opened, listing, args.context.today(), note)
    return answer(args, values, "\n".join(lines))


@contextmanager
def _opened(args: argparse.Namespace) -> Iterator[tuple[Documents, Listing]]:
    """The record that was asked for."""
    from models.record.listing import read_listing
    from models.record.store import Record

    if args.published and args.record:
        raise RecordError("got --record and --published, which name two records; give one of them")
    if args.published:
        from models.published.place import ProjectRecord

        with ProjectRecord().read() as opened:
            yield opened, read_listing(opened, opened.head)
        return
    with Record.open(args.record) as record:
        yield record, whole(record)


def whole(record: Record) -> Listing:
    """What the record holds, of which nothing may be missing.

    Raises
    ------
    RecordError
    """
    from models.record.listing import read_listing

    listing = read_listing(record, record.head)
    listing.require_whole()
    return listing
