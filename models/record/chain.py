"""One new entry at the end of the chain, inside the writer's transaction; the second click of one save adds nothing."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, select

from models.errors import RecordError
from models.record import contents
from models.record.bodies import chained
from models.record.clocks import contradicted
from models.record.contents import Packed
from models.record.entries import FORECAST, GENESIS, Entry
from models.record.tables import ENTRY, ENTRY_COLUMNS, entry_of

SKEW = timedelta(minutes=10)
"""Machines of a team may differ by this: an entry is then dated as the one before. Further apart, one is wrong."""
REPEAT = timedelta(minutes=1)
"""The same words within this time of the newest entry are a second click, or the retry of a save that had arrived."""


def newest(connection: Connection) -> Entry | None:
    """The end of the chain; None in an empty record."""
    row = connection.execute(select(*ENTRY_COLUMNS).order_by(ENTRY.c.sequence.desc()).limit(1)).one_or_none()
    return entry_of(row) if row else None


def doubted(connection: Connection) -> frozenset[int]:
    """Entries whose time of saving contradicts that of others, by sequence."""
    times = select(ENTRY.c.sequence, ENTRY.c.saved_at).order_by(ENTRY.c.sequence)
    return contradicted((row.sequence, row.saved_at) for row in connection.execute(times))


def next_entry(head: Entry | None, kind: str, moment: datetime, body: str) -> Entry:
    """The entry after this head: the head itself when it says the same and was saved less than a minute ago.

    It is dated by the clock of the machine that saves, even if that lies before the newest entry: the fault may be that
    entry's, and nobody could save again before its time came. `models.record.clocks` says whose time is doubted then.
    """
    if head is None:
        return chained(1, GENESIS, kind, moment, body)
    since = moment.astimezone(UTC) - _saved(head)
    near = since >= -SKEW
    if near and since < REPEAT and (head.type, head.body) == (kind, body):
        return head
    dated = max(moment.astimezone(UTC), _saved(head)) if near else moment
    return chained(head.sequence + 1, head.digest, kind, dated, body)


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
