"""One new entry at the end of the chain, inside the writer's transaction; the second click of one save adds nothing."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, select

from models.errors import RecordError
from models.record import contents
from models.record.bodies import chained
from models.record.contents import Packed
from models.record.entries import FORECAST, GENESIS, Entry
from models.record.tables import ENTRY, ENTRY_COLUMNS, entry_of

SKEW = timedelta(minutes=10)
"""Machines of a team may differ by this: an entry is then dated as the one before. A clock further behind is wrong."""
REPEAT = timedelta(minutes=1)
"""The same words within this time of the newest entry are a second click, or the retry of a save that had arrived."""


def newest(connection: Connection) -> Entry | None:
    """The end of the chain; None in an empty record."""
    row = connection.execute(select(*ENTRY_COLUMNS).order_by(ENTRY.c.sequence.desc()).limit(1)).one_or_none()
    return entry_of(row) if row else None


def next_entry(head: Entry | None, kind: str, moment: datetime, body: str) -> Entry:
    """The entry after this head: the head itself when it says the same and was saved less than a minute ago.

    Time never runs backwards along the chain, so that a clock set back cannot make a forecast look older than what was
    saved before it.

    Raises
    ------
    RecordError
        The clock stands before the newest entry.
    """
    if head is None:
        return chained(1, GENESIS, kind, moment, body)
    since = moment.astimezone(UTC) - _saved(head)
    if since < -SKEW:
        raise RecordError(
            f"this computer's clock shows {moment.astimezone(UTC):%Y-%m-%d %H:%M} (UTC), but the newest entry was "
            f"saved at {_saved(head):%Y-%m-%d %H:%M}; set the clock right and save again"
        )
    if (head.type, head.body) == (kind, body) and since < REPEAT:
        return head
    return chained(head.sequence + 1, head.digest, kind, max(moment.astimezone(UTC), _saved(head)), body)


def add(connection: Connection, entry: Entry, packed: Mapping[str, Packed]) -> None:
    """Write an entry and the contents that it needs."""
    contents.store(connection, packed)
    connection.execute(ENTRY.insert().values(**asdict(entry)))


def require_forecast(connection: Connection, digest: str) -> None:
    """Refuse to build on an entry that isn't a saved forecast.

    Raises
    ------
    RecordError
    """
    chosen = select(ENTRY.c.sequence).where(ENTRY.c.digest == digest, ENTRY.c.type == FORECAST)
    if connection.execute(chosen).one_or_none() is None:
        raise RecordError(
            f"got {digest[:12]}, which is no saved forecast of this record; `python -m models record list` shows them"
        )


def _saved(entry: Entry) -> datetime:
    try:
        return datetime.fromisoformat(entry.saved_at).astimezone(UTC)
    except ValueError as error:
        raise RecordError("the newest entry was altered; run `python -m models record verify`") from error
