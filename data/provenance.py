"""Provenance: does every file have its receipt, every receipt its file, and every number its source."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from data.claim import Claim
from data.csv.hints import is_clutter
from data.csv.rows import read_header, read_rows
from data.digest import file_digest
from data.editions.edition import newest_edition
from data.errors import EvidenceError
from data.load import READINGS_FILE, load_claims, load_events, load_evidence
from data.readings import known_ids, load_readings
from data.receipts import DATA_FOLDER, RECEIPT_COLUMNS, RECEIPTS_FILE, Receipt, load_receipts
from data.series import load_registry
from data.unused import LATER, PENDING, later_warning, tallies
from data.values import frozen
from data.vocabulary import ESSAY_PARAGRAPHS, MECHANISMS

_EXTRA_FILES = ("codebook.md",)


@frozen
class ProvenanceFinding:
    """The outcome of one check of one file.

    Attributes
    ----------
    file : str
        Path relative to the data folder.
    check : str
        Short name of the check.
    detail : str
        What was found; for a failed check, what to do.
    notice : bool
        Nothing is wrong, and still a person must read it.
    """

    file: str
    check: str
    passed: bool
    detail: str
    notice: bool = False


def check_provenance(folder: Path | None = None) -> tuple[ProvenanceFinding, ...]:
    """Check every file of a data folder against its receipt, and the rows against one another.

    Returns
    -------
    tuple of ProvenanceFinding
        All findings, passed and failed; a broken file is a failed finding, never an exception.
    """
    folder = folder or DATA_FOLDER
    try:
        receipts = load_receipts(folder)
    except EvidenceError as error:
        return (_finding(RECEIPTS_FILE, "receipts can be read", str(error)),)
    findings = [_finding(RECEIPTS_FILE, "receipts can be read", "", f"{len(receipts)} receipts")]
    findings += _listing_findings(folder, receipts)
    for receipt in receipts:
        if (folder / receipt.file).is_file():
            findings += _file_findings(folder, receipt)
    for check in (_loading, _events_have_pages, _rows_are_read, _claims_point_somewhere, _everything_counts):
        findings += _guarded(check, folder)
    return tuple(findings)


def write_receipts(folder: Path | None = None) -> tuple[str, ...]:
    """Write the present SHA-256 of every file into sources.csv.

    Returns
    -------
    tuple of str
        Files whose digest changed.

    Raises
    ------
    EvidenceError
        A file has no receipt, a receipt has no file, or the evidence does not load: correct that first.
    """
    folder = folder or DATA_FOLDER
    broken = [finding for finding in _listing_findings(folder, load_receipts(folder)) if not finding.passed]
    if broken:
        raise EvidenceError("\n".join(f"{finding.file}: {finding.detail}" for finding in broken))
    load_evidence(date.max, include_unverified=True, include_reserve=True, folder=folder)
    load_readings(folder)
    cells = [row.cells for row in read_rows(folder, RECEIPTS_FILE, RECEIPT_COLUMNS)]
    now = {row["file"]: file_digest(folder / row["file"]) for row in cells}
    changed = tuple(row["file"] for row in cells if row["sha256"] != now[row["file"]])
    if changed:
        _replace(folder / RECEIPTS_FILE, [row | {"sha256": now[row["file"]]} for row in cells])
    return changed


def _listing_findings(folder: Path, receipts: tuple[Receipt, ...]) -> list[ProvenanceFinding]:
    present = {path.relative_to(folder).as_posix() for path in folder.rglob("*.csv")} - {RECEIPTS_FILE}
    present = {file for file in present if not is_clutter(file)}
    present |= {name for name in _EXTRA_FILES if (folder / name).is_file()}
    listed = {receipt.file for receipt in receipts}
    unlisted = "file without a receipt: add a row to sources.csv, or remove the file"
    absent = "receipt without a file: restore the file, or remove its row from sources.csv"
    findings = [_finding(file, "has a receipt", "" if file in listed else unlisted) for file in sorted(present)]
    return findings + [
        _finding(file, "is on disk", "" if (folder / file).is_file() else absent) for file in sorted(listed)
    ]


def _file_findings(folder: Path, receipt: Receipt) -> Iterator[ProvenanceFinding]:
    digest = file_digest(folder / receipt.file)
    wrong = (
        f"got SHA-256 {digest[:12]}..., expected {receipt.sha256[:12] or 'none'}...: "
        "see what changed, then write the receipts again"
    )
    yield _finding(receipt.file, "SHA-256", "" if digest == receipt.sha256 else wrong, digest)
    if receipt.file.endswith(".csv"):
        yield from _guarded(lambda place: _columns_match(place, receipt), folder, receipt.file)


def _columns_match(folder: Path, receipt: Receipt) -> Iterator[ProvenanceFinding]:
    header = read_header(folder, receipt.file)
    wrong = f"got {' '.join(header)}, expected {' '.join(receipt.columns)}"
    yield _finding(receipt.file, "columns", "" if tuple(header) == receipt.columns else wrong)
    labelled = any(column.endswith("source_kind") for column in header) or receipt.source_kind
    if receipt.file.startswith("indicators/"):
        missing = "" if labelled else "no source_kind column and none in the receipt: say how far the source was seen"
        yield _finding(receipt.file, "source labels", missing)


def _loading(folder: Path) -> Iterator[ProvenanceFinding]:
    evidence = load_evidence(date.max, include_unverified=True, include_reserve=True, folder=folder)
    counts = f"{len(evidence.events)} events, {len(evidence.claims)} claims, {len(evidence.indicators)} indicators"
    yield _finding("events.csv", "loads", "", counts)


def _events_have_pages(folder: Path) -> Iterator[ProvenanceFinding]:
    events = load_events(folder, include_reserve=True)
    bare = [event.id for event in events if event.verified and not (event.source.title and event.source.url)]
    wrong = f"no title or address, though marked read: {', '.join(bare[:10])}" if bare else ""
    unverified = sum(not event.verified for event in events)
    yield _finding("events.csv", "every event has its page", wrong, f"{len(events)} events, {unverified} unverified")


def _everything_counts(folder: Path) -> Iterator[ProvenanceFinding]:
    edition = newest_edition(folder)
    for tally in tallies(folder):
        later = [row for row in tally.unused if row.reason == LATER]
        pending = any(row.reason == PENDING for row in tally.unused)
        detail = f"{tally.summary}. {later_warning(later, edition, len(later))}" if later else tally.summary
        notice = bool(later) or pending
        yield ProvenanceFinding(file=tally.file, check="rows used", passed=True, detail=detail, notice=notice)


def _rows_are_read(folder: Path) -> Iterator[ProvenanceFinding]:
    readings, written = load_readings(folder), known_ids(folder)
    once = sum(reading.read_once for reading in readings)
    bare = len(set(written) - {reading.id for reading in readings})
    detail = f"{len(readings)} rows with a reading, {len(readings) - once} read twice, {once} read once; {bare} without"
    yield _finding(READINGS_FILE, "every reading has its row", "", detail)


def _claims_point_somewhere(folder: Path) -> Iterator[ProvenanceFinding]:
    names = {series.name for series in load_registry(folder)}
    names |= {Path(receipt.file).stem for receipt in load_receipts(folder)}
    names |= {f"ledger:{mechanism}" for mechanism in MECHANISMS}
    for claim in load_claims(folder):
        yield _finding("claims.csv", f"claim {claim.id}", _claim_fault(claim, names), f"paragraph {claim.paragraph}")


def _claim_fault(claim: Claim, names: set[str]) -> str:
    headings = [number for number in claim.paragraphs if number not in ESSAY_PARAGRAPHS]
    strangers = [name for name in claim.indicators if name not in names]
    faults = [f"paragraph {number} is not a paragraph of the essay" for number in headings]
    faults += [f"{name!r} is not an indicator, table or ledger mechanism" for name in strangers]
    return "; ".join(faults)


def _guarded(
    check: Callable[[Path], Iterator[ProvenanceFinding]], folder: Path, file: str = "events.csv"
) -> list[ProvenanceFinding]:
    try:
        return list(check(folder))
    except EvidenceError as error:
        where = error.problems[0].file if error.problems else file
        return [_finding(where or file, "can be read", str(error))]


def _finding(file: str, check: str, fault: str, detail: str = "") -> ProvenanceFinding:
    return ProvenanceFinding(file=file, check=check, passed=not fault, detail=fault or detail)


def _replace(path: Path, rows: list[dict[str, str]]) -> None:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    draft = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        draft.write_text(text.getvalue(), encoding="utf-8", newline="")
        draft.replace(path)  # all or nothing: a full disk leaves the old receipts
    finally:
        draft.unlink(missing_ok=True)
