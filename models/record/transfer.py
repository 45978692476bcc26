"""The whole record out into one file and in from one: for a backup, a move to another database, or another person."""

import hashlib
import zipfile
from pathlib import Path
from typing import BinaryIO

from data.values import frozen
from models.errors import RecordError
from models.record import chain
from models.record.bodies import entry_digest, read_entry
from models.record.contents import Packed, absent, unpack
from models.record.entries import FORECAST, GENESIS, Entry, SavedForecast
from models.record.file import ENTRIES, FOLDER, MANIFEST, MAX_MEMBERS, RecordFile, line
from models.record.store import Record
from models.record.verification import Progress, damages
from models.storage.disk import create_private, replacing, wait_for_disk
from models.storage.zips import declaration, listed


@frozen
class Transfer:
    """What an import adds, or would add.

    Attributes
    ----------
    present, added : int
        Entries that the record has, and that come after them.
    forecasts : tuple of SavedForecast
        Among the added ones, the oldest first.
    head : str
        Digest of the newest entry afterwards.
    """

    present: int
    added: int
    forecasts: tuple[SavedForecast, ...]
    head: str


def export_record(record: Record, path: Path, progress: Progress | None = None) -> tuple[int, str]:
    """Write all entries and contents to one zip, which only this user can read; the same record gives the same bytes.

    Returns
    -------
    tuple of (int, str)
        Sequence and digest of the newest entry in the file.

    Raises
    ------
    RecordError
        An entry or a content is not as it was saved; nothing is written then.
    FileError
    """
    last, head = record.head
    with replacing(path) as partial, create_private(partial) as stream:
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
            addresses, entries = _write_entries(record, archive, last)
            if len(addresses) > MAX_MEMBERS - 2:
                raise RecordError(f"got {len(addresses)} contents, expected at most {MAX_MEMBERS - 2} in one file")
            sums = {ENTRIES: entries}
            for done, address in enumerate(sorted(addresses), 1):
                packed = _checked(record, address)
                archive.writestr(declaration(FOLDER + address), packed.content)
                sums[FOLDER + address] = packed.packed
                if progress:
                    progress(done, len(addresses))
            archive.writestr(declaration(MANIFEST), listed(sums))
        wait_for_disk(stream)
    return last, head


def planned(record: Record, source: RecordFile, progress: Progress | None = None) -> Transfer:
    """What an import of this file would add; nothing changes.

    Raises
    ------
    RecordError
        Something in the file is not as it was saved, or it does not go on from this record's entries.
    """
    faults = damages(source, progress)
    if faults:
        raise RecordError(f"the file is not whole: {faults[0]} ({len(faults)} faults in all); export the record again")
    last, head = record.head
    if last:
        same = next(source.entries(last - 1, last), None)
        if same is None or same.digest != head:
            raise RecordError(
                f"the file does not go on from this record, whose newest entry is {last} ({head[:12]}): "
                "import it into an empty one (--record NEW.db)"
            )
    added = tuple(value for value in map(_forecast, source.entries(last)) if value)
    return Transfer(present=last, added=source.head[0] - last, forecasts=added, head=source.head[1])


def import_record(record: Record, file: Path | BinaryIO, progress: Progress | None = None) -> Transfer:
    """Add the entries of an exported record to an empty one, or to one that the file's chain begins with.

    All of it is added or nothing.

    Raises
    ------
    RecordError
        As `planned`; or somebody saved to this record in the meantime.
    """
    with RecordFile(file) as source:
        plan = planned(record, source, progress)
        with record.writing() as connection:
            head = chain.newest(connection)
            if (head.sequence if head else 0) != plan.present:
                raise RecordError("somebody saved to this record meanwhile, so nothing was imported; import again")
            written: set[str] = set()
            for entry in source.entries(plan.present):
                missing = absent(connection, _addresses(entry) - written)
                chain.add(connection, entry, {address: _checked(source, address) for address in missing})
                written.update(missing)
    return plan


def _write_entries(record: Record, archive: zipfile.ZipFile, last: int) -> tuple[set[str], str]:
    """Write entries.jsonl; the contents that the entries name, and the SHA-256 of what was written."""
    addresses: set[str] = set()
    written, previous = hashlib.sha256(), GENESIS
    with archive.open(declaration(ENTRIES), "w") as stream:
        for expected, entry in enumerate(record.entries(up_to=last), 1):
            if (entry.sequence, entry.previous) != (expected, previous):
                raise RecordError(
                    f"the chain is broken at entry {expected}; run `python -m models record verify`, and bring the "
                    "record back from an earlier export"
                )
            addresses |= _addresses(entry)
            content = line(entry)
            stream.write(content)
            written.update(content)
            previous = entry_digest(entry)
    return addresses, written.hexdigest()


def _addresses(entry: Entry) -> set[str]:
    value = read_entry(entry)
    return {value.snapshot, *value.inputs.values()} if isinstance(value, SavedForecast) else set()


def _checked(source: RecordFile | Record, address: str) -> Packed:
    packed = source.packed(address)
    unpack(packed)
    return packed


def _forecast(entry: Entry) -> SavedForecast | None:
    value = read_entry(entry) if entry.type == FORECAST else None
    return value if isinstance(value, SavedForecast) else None
