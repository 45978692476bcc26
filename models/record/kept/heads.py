"""Heads that were seen: what tells that a record lost its newest entries, or all of them.

A chain cannot show that its end was cut off. Somebody must remember its head elsewhere: this program does so in a
folder of its own, a backup holds one, and a feed, a mail or a changelog may. Whoever can change both the record and the
folder is not found out by the folder.
"""

import hashlib
import json
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import URL, select

from data.errors import ConjunctionError
from data.values import frozen
from models.errors import RecordError
from models.record.entry_checks import require_digests
from models.record.faults import shown
from models.record.tables import ENTRY
from models.storage import disk

if TYPE_CHECKING:
    from models.record.file import RecordFile
    from models.record.rows import Rows

FOLDER = "record_heads"
MOST_BYTES = 1000


@frozen
class Head:
    """The end of a chain as it was once.

    Attributes
    ----------
    sequence : int
        How many entries there were.
    digest : str
        Of the newest one.
    """

    sequence: int
    digest: str

    def __post_init__(self) -> None:
        if not (isinstance(self.sequence, int) and self.sequence > 0):
            raise RecordError(f"a remembered head: got the number {self.sequence!r}, expected one from 1 on")
        require_digests("a remembered head", self.digest)


def holds(record: "Rows", head: Head) -> bool:
    """Whether a record still has an entry, in its place."""
    with record.reading() as connection:
        wanted = select(ENTRY.c.digest).where(ENTRY.c.sequence == head.sequence)
        return connection.execute(wanted).scalar_one_or_none() == head.digest


def behind(record: "Rows", copy: "RecordFile") -> str:
    """What a record lacks of an exported copy, in a sentence; empty where it has all of it.

    Raises
    ------
    RecordError
        The copy cannot be read.
    """
    sequence, digest = copy.head
    return (
        "" if not sequence or holds(record, Head(sequence=sequence, digest=digest)) else lost_sentence(record, sequence)
    )


def lost_sentence(record: "Rows", sequence: int) -> str:
    """That a record lacks what it had."""
    now = record.head[0]
    return (
        f"entry {sequence} of the record {shown(record.url)} was seen before and is not in it now, which has "
        f"{now} entries: its end was cut off, or another database stands in its place. Bring it back from a copy "
        "(`python -m models record import FILE`, docs/security.md), or, if this was meant, say so with "
        "`python -m models record head --accept`"
    )


class Heads:
    """The newest head of each record that this user's programs have seen.

    Parameters
    ----------
    home : Path
        Nothing is written there before the first head.
    """

    def __init__(self, home: Path) -> None:
        self._folder = home / FOLDER

    def file(self, url: URL) -> Path:
        """Where the head of a record is remembered, under a name that tells no password."""
        return self._folder / f"{hashlib.sha256(url.render_as_string().encode()).hexdigest()[:24]}.json"

    def last(self, url: URL) -> Head | None:
        """The head that was remembered; None before any.

        Raises
        ------
        RecordError
            The file is damaged.
        """
        file = self.file(url)
        if not file.is_file():
            return None
        try:
            return Head(**json.loads(disk.read_limited(file, MOST_BYTES)))
        except (ConjunctionError, ValueError, TypeError) as error:
            raise RecordError(
                f"{FOLDER}/{file.name}: got no remembered head ({str(error)[:80]}), expected one; check the record "
                "against a backup (docs/security.md), then `python -m models record head --accept`"
            ) from None

    def check(self, record: "Rows") -> str:
        """What the record has lost since its head was last seen, in a sentence; empty where it is whole, and its newest
        head is remembered then.

        Raises
        ------
        RecordError
        """
        last = self.last(record.url)
        if last is not None and not holds(record, last):
            return lost_sentence(record, last.sequence)
        self.accept(record, last)
        return ""

    def accept(self, record: "Rows", last: Head | None = None) -> None:
        """Remember a record's head, whatever it was before; a folder that cannot be written to remembers nothing."""
        sequence, digest = record.head
        if not sequence:
            self.file(record.url).unlink(missing_ok=True)
        elif last is None or last.digest != digest:
            with suppress(ConjunctionError, OSError):
                self._folder.mkdir(parents=True, exist_ok=True)
                content = json.dumps({"sequence": sequence, "digest": digest}).encode()
                disk.write_atomically(self.file(record.url), content)
