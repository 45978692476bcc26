"""The evidence as it would be, in a folder of its own: what goes into the files, and that all of it loads."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path

from data.csv.hints import is_clutter
from data.csv.rows import Row, read_header, read_rows
from data.csv.unchanged import SUFFIXES
from data.editions.edition import EDITION_COLUMNS, EDITIONS_FILE, Edition
from data.errors import EvidenceError
from data.event import EVENT_COLUMNS
from data.load import EVENTS_FILE, READINGS_FILE, UPDATES_FOLDER
from data.package import DESCRIPTOR, descriptor_bytes
from data.provenance import check_provenance, write_receipts
from data.readings import CODED, READING_COLUMNS, UPDATE
from data.receipts import RECEIPT_COLUMNS, RECEIPTS_FILE

type Cells = dict[str, str]
KEPT_SUFFIXES = (*SUFFIXES, ".md")


def copy_evidence(folder: Path, into: Path) -> None:
    """Copy the files of the evidence, and nothing else, to a folder that does not exist yet."""
    for path in _files(folder):
        target = into / path.relative_to(folder)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)


def stage(into: Path, rows: Sequence[Row], edition: Edition) -> None:
    """Put rows and an edition into a copy of the evidence: ledger, readings, editions, receipts, descriptor.

    Parameters
    ----------
    rows : sequence of Row
        In the ledger's columns; one whose id is held takes that row's place.

    Raises
    ------
    EvidenceError
        What came of it does not load, or a check of `data.provenance` fails.
    """
    new = {row.text("id"): {column: row.text(column) for column in EVENT_COLUMNS} for row in rows}
    _into_ledger(into, new)
    _into_readings(into, new)
    _rewrite(into, EDITIONS_FILE, EDITION_COLUMNS, lambda cells: [*cells, _edition_cells(edition)])
    gone = _out_of_pending(into, new)
    _into_receipts(into, gone)
    write_receipts(into)
    if (into / DESCRIPTOR).is_file():
        (into / DESCRIPTOR).write_bytes(descriptor_bytes(into))
    if faults := [f"{one.file}: {one.check}. {one.detail}" for one in check_provenance(into) if not one.passed]:
        raise EvidenceError("\n".join(faults))


def contents(folder: Path, staged: Path) -> Iterator[tuple[str, bytes | None, bytes | None]]:
    """Path, former and new bytes of every file that differs; None where there is no file."""
    names = {path.relative_to(root).as_posix() for root in (folder, staged) for path in _files(root)}
    for name in sorted(names):
        before, after = (_bytes(root / name) for root in (folder, staged))
        if before != after:
            yield name, before, after


def _into_ledger(into: Path, new: Mapping[str, Cells]) -> None:
    def grown(cells: list[Cells]) -> list[Cells]:
        kept = [one for one in cells if one["id"].strip() not in new]
        return sorted([*kept, *new.values()], key=lambda one: (one["date"].strip(), one["id"].strip()))

    _rewrite(into, EVENTS_FILE, EVENT_COLUMNS, grown)


def _into_readings(into: Path, new: Mapping[str, Cells]) -> None:
    """Rows that nobody has coded a second time stand there with their own coding, and are shown as read once."""

    def grown(cells: list[Cells]) -> list[Cells]:
        known = {one["id"].strip() for one in cells}
        blank = dict.fromkeys(READING_COLUMNS, "")
        return cells + [
            blank | {"id": name, "search": UPDATE} | {f"{column}_1": row[column] for column in CODED}
            for name, row in new.items()
            if name not in known
        ]

    _rewrite(into, READINGS_FILE, READING_COLUMNS, grown)


def _out_of_pending(into: Path, new: Mapping[str, Cells]) -> set[str]:
    """Take rows that joined the ledger out of the pending updates; the files of which nothing is left, removed."""
    gone = set()
    for path in sorted((into / UPDATES_FOLDER).glob("*.csv")):
        file = path.relative_to(into).as_posix()
        cells = _cells(into, file, EVENT_COLUMNS)
        left = [one for one in cells if one["id"].strip() not in new]
        if not left:
            path.unlink()
            gone.add(file)
        elif left != cells:
            _rewrite(into, file, EVENT_COLUMNS, lambda _, left=left: left)
    return gone


def _into_receipts(into: Path, gone: Collection[str]) -> None:
    periods = {
        file: _span([cells[column] for cells in _cells(into, file, columns)])
        for file, column, columns in (
            (EVENTS_FILE, "date", EVENT_COLUMNS),
            (EDITIONS_FILE, "searched_until", EDITION_COLUMNS),
        )
    }
    _rewrite(
        into,
        RECEIPTS_FILE,
        RECEIPT_COLUMNS,
        lambda cells: [
            one | {"period": periods.get(one["file"], one["period"])} for one in cells if one["file"] not in gone
        ],
    )


def _edition_cells(edition: Edition) -> Cells:
    return {
        "searched_until": edition.searched_until.isoformat(),
        "as_of": edition.as_of.isoformat(),
        "note": edition.note,
    }


def _span(days: Sequence[str]) -> str:
    return f"{days[0]} to {days[-1]}"


def _cells(folder: Path, file: str, columns: Sequence[str]) -> list[Cells]:
    return [row.cells for row in read_rows(folder, file, columns)]


def _rewrite(folder: Path, file: str, columns: Sequence[str], change: Callable[[list[Cells]], list[Cells]]) -> None:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, read_header(folder, file), lineterminator="\n")
    writer.writeheader()
    writer.writerows(change(_cells(folder, file, columns)))
    (folder / file).write_text(text.getvalue(), encoding="utf-8", newline="")


def _files(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and path.suffix in KEPT_SUFFIXES and not is_clutter(name):
            yield path


def _bytes(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None
