"""The record as a page holds it: nothing is written past the gate of roles, nor where there is no room left."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from sqlalchemy import Connection

from dashboard.roles import gate
from models.errors import RecordError
from models.record.kept.heads import Heads
from models.record.store import Record
from models.storage.home import home

QUOTA_VARIABLE = "CONJUNCTION_RECORD_MB"
QUOTA_MEGABYTES = 10_000
"""Some ten thousand forecasts with all that they were computed from; far more than a desk saves in years."""
FREE_MEGABYTES = 200
"""Of the disk, that a page leaves alone: the next save's journal, the refits and the system itself need some."""
MEGABYTE = 2**20


class PageRecord(Record):
    """An open record for the page."""

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction for adding, inside an action that has passed the gate.

        Raises
        ------
        RoleError
            None has.
        RecordError
            There is no room, or the record lost entries that were seen before.
        """
        gate.require_passing()
        self._require_room()
        if lost := Heads(home()).check(self):  # an entry after a cut would keep the copy from being brought back
            raise RecordError(lost)
        with super().writing() as connection:
            yield connection

    def _require_room(self) -> None:
        quota = quota_megabytes()
        if (used := self.size) >= quota * MEGABYTE:
            raise RecordError(
                f"got a record of {used // MEGABYTE} MB, expected less than {quota}; ask whoever runs this page to "
                f"raise {QUOTA_VARIABLE}, or to begin a new record"
            )
        if self.folder is None:
            return
        with suppress(OSError):  # a disk that does not say how full it is says so when it is written to
            free = shutil.disk_usage(self.folder).free
            if free < FREE_MEGABYTES * MEGABYTE:
                raise RecordError(
                    f"got a disk with {free // MEGABYTE} MB left, expected at least {FREE_MEGABYTES}; free some space "
                    "and save again"
                )


def quota_megabytes() -> int:
    """How large the record may become by what pages save.

    Raises
    ------
    RecordError
    """
    word = os.environ.get(QUOTA_VARIABLE, str(QUOTA_MEGABYTES))
    if not (word.isascii() and word.isdecimal() and int(word)):
        raise RecordError(f"got {QUOTA_VARIABLE}={word[:20]!r}, expected a whole number of megabytes")
    return int(word)
