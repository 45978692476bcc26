"""Where the project's own forecasts lie: an exported record in docs/record, read whole and replaced by one rename."""

import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from data.values import frozen
from models.errors import RecordError
from models.published.changelog import noted_heads, with_lines
from models.record.file import MAX_FILE_BYTES, RecordFile
from models.record.listing import SHOWN, read_listing
from models.record.store import Clock, Record
from models.record.transfer import export_record, import_record
from models.record.verification import damages
from models.storage.disk import explained, read_limited, write_atomically

DOCS = Path(__file__).parents[2] / "docs"
FOLDER, FILE_NAME, CHANGELOG = "record", "forecasts.zip", "changelog.md"
SHOWN_PLACE = f"docs/{FOLDER}/{FILE_NAME}"
MAX_CHANGELOG_BYTES = 2**22
LOCK_SECONDS = 5.0
"""One publication takes a second or two; a longer wait means that another one hangs."""
RESTORE = f"bring it back with `git checkout -- docs/{FOLDER} docs/{CHANGELOG}`"


@frozen
class ProjectRecord:
    """The record in the repository. It is only ever added to, and refused when anything in it is not as it was saved.

    Attributes
    ----------
    docs : Path
        Folder of ``record/forecasts.zip`` and ``changelog.md``.
    clock : callable
        Gives the time of a publication, with its zone.
    """

    docs: Path = DOCS
    clock: Clock = lambda: datetime.now(UTC)

    @property
    def file(self) -> Path:
        """The exported record."""
        return self.docs / FOLDER / FILE_NAME

    @property
    def changelog(self) -> Path:
        """Where each publication leaves a line."""
        return self.docs / CHANGELOG

    def read(self) -> RecordFile:
        """The record as it stands in memory, verified; threads may share it.

        Raises
        ------
        RecordError
            It is missing, damaged, or lacks an entry that the changelog names; the message says what to do.
        FileError
        """
        changelog = self._changelog()  # before the record, which is written first: every head named here is in there
        return _verified(self._bytes(), changelog)

    @contextmanager
    def adding(self, *, keep: bool = True) -> Iterator[Record]:
        """The record, open for adding; when the block ends well, the new one takes the old one's place by one rename,
        and every forecast that the changelog does not name gets its line there.

        A kill at any moment leaves the old or the new record. One between the two files leaves a line to be written,
        which the next block does.

        Parameters
        ----------
        keep : bool
            Without it nothing is written: a rehearsal.

        Raises
        ------
        RecordError
            As `read`, or another process is adding.
        FileError
        """
        with self._locked(), tempfile.TemporaryDirectory() as folder:
            changelog, before = self._changelog(), self._bytes()
            _verified(before, changelog)
            with Record.open(str(Path(folder) / "record.db"), self.clock) as record:
                import_record(record, io.BytesIO(before))
                yield record
                if keep:
                    self._replace(record, before, changelog, Path(folder) / FILE_NAME)

    def _replace(self, record: Record, before: bytes, changelog: str, whole: Path) -> None:
        export_record(record, whole)
        lines = with_lines(changelog, read_listing(record, record.head).forecasts)
        content = whole.read_bytes()
        if content != before:
            write_atomically(self.file, content)
        if lines != changelog:
            write_atomically(self.changelog, lines.encode())

    def _bytes(self) -> bytes:
        if not self.file.exists():
            raise RecordError(f"{SHOWN_PLACE} is missing; {RESTORE}")
        return read_limited(self.file, MAX_FILE_BYTES)

    def _changelog(self) -> str:
        return read_limited(self.changelog, MAX_CHANGELOG_BYTES).decode()

    @contextmanager
    def _locked(self) -> Iterator[None]:
        lock = FileLock(self.file.with_name(".lock"), timeout=LOCK_SECONDS)
        with explained(self.file, "locked"):
            try:
                lock.acquire()
            except Timeout:  # an OSError too, and no fault of the disk
                raise RecordError(
                    f"another process is adding to {SHOWN_PLACE}; wait until it has ended and publish again"
                ) from None
        try:
            yield
        finally:
            lock.release()


def _verified(content: bytes, changelog: str) -> RecordFile:
    try:
        opened = RecordFile(io.BytesIO(content))
    except RecordError as error:
        raise RecordError(f"{SHOWN_PLACE} is not as it was published ({error}); {RESTORE}") from error
    faults = [*map(str, damages(opened)), *_lost(opened, changelog)]
    if faults:
        more = f" and {len(faults) - SHOWN} more" if len(faults) > SHOWN else ""
        raise RecordError(f"{SHOWN_PLACE} is not as it was published: {'; '.join(faults[:SHOWN])}{more}; {RESTORE}")
    return opened


def _lost(opened: RecordFile, changelog: str) -> Iterator[str]:
    """Entries that the changelog names and the chain no longer has."""
    have = {entry.digest for entry in opened.entries()}
    for head in noted_heads(changelog):
        if head not in have:
            yield f"the changelog names the entry {head[:12]}, which was cut off or replaced"
