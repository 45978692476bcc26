"""From a file of rows and a day to all that would change: nothing is written but to a folder for the time."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from data.digest import file_digest
from data.editions.edition import Edition, newest_edition
from data.errors import EvidenceError, Problem, UpdateError
from data.event import Event
from data.evidence import Evidence
from data.load import load_events, load_evidence
from data.readings import load_readings
from data.receipts import load_receipts
from data.update.differences import near_rows
from data.update.found import Found, read_found
from data.update.parts import LATER, UNVERIFIED, Revision, Uncounted, Update
from data.update.staged import contents, copy_evidence, stage


def plan_update(
    folder: Path, file: Path | None, searched_until: date, *, revise: bool = False, note: str = ""
) -> Update:
    """What it would change to put the rows of a file into the evidence, searched to a day.

    Parameters
    ----------
    folder : Path
        The data folder. It stays as it is.
    file : Path or None
        Rows in the ledger's columns; None where nothing was found, which is news too.
    searched_until : date
        Last day that the ledger was searched for; it becomes the reference date.
    revise : bool
        Whether rows may get another content, and rows may join days that an earlier edition was searched for.
    note : str
        What the edition brought, for the list of editions; by default how many rows.

    Raises
    ------
    EvidenceError
        Whatever is wrong with the day, the file, its rows, or the evidence as it stands: all of it at once.
    UpdateError
        There is no room to try the update in.
    """
    before = newest_edition(folder)
    found = read_found(folder, file, searched_until, before, revise=revise)
    _require_receipts(folder)
    added = tuple(sorted((one.event for one in found if one.held is None), key=lambda one: (one.date, one.id)))
    revisions = tuple(Revision(before=one.held[1], after=one.event) for one in found if one.held and not one.is_held)
    edition = Edition(
        searched_until=searched_until, as_of=searched_until, note=note or _note(before, len(added), len(revisions))
    )
    evidence, files, based_on = _tried(folder, found, edition)
    former = load_evidence(folder=folder)
    return Update(
        before=before,
        edition=edition,
        added=added,
        uncounted=tuple(_uncounted(added, searched_until)),
        waiting=_waiting(former, evidence, found),
        figures=_figures(evidence) - _figures(former),
        held=tuple(one.event for one in found if one.is_held),
        near=tuple(near_rows(added, load_events(folder, include_reserve=True))),
        revisions=revisions,
        past=tuple(event for event in added if event.latest_date <= before.searched_until),
        evidence_digest=evidence.digest,
        files=files,
        based_on=based_on,
    )


def _tried(
    folder: Path, found: tuple[Found, ...], edition: Edition
) -> tuple[Evidence, dict[str, bytes | None], dict[str, str | None]]:
    """The evidence as it would be, and the files that differ: new contents, and digests of the present ones."""
    try:
        with TemporaryDirectory(prefix="conjunction-") as place:
            staged = Path(place) / "data"
            copy_evidence(folder, staged)
            stage(staged, [one.row for one in found if not one.is_held], edition)
            load_readings(staged)
            evidence = load_evidence(folder=staged)
            changes = list(contents(folder, staged))
    except OSError as error:
        raise UpdateError(
            f"the update could not be tried in a folder for the time ({error.strerror or error}); nothing has changed; "
            "make room, then try again"
        ) from error
    files = {name: after for name, _, after in changes}
    return evidence, files, {name: before and hashlib.sha256(before).hexdigest() for name, before, _ in changes}


def _require_receipts(folder: Path) -> None:
    """An update writes new receipts, and must not do so for a file that somebody changed unseen."""
    problems = [
        Problem(
            file=receipt.file,
            column="",
            detail="got other bytes than its receipt says, expected the same; see what changed, then "
            "`python -m models evidence check --write-receipts`",
        )
        for receipt in load_receipts(folder)
        if (folder / receipt.file).is_file() and file_digest(folder / receipt.file) != receipt.sha256
    ]
    if problems:
        raise EvidenceError.of(problems)


def _uncounted(added: tuple[Event, ...], searched_until: date) -> Iterator[Uncounted]:
    for event in added:
        if not event.verified:
            yield Uncounted(event=event, reason=UNVERIFIED)
        elif event.latest_date > searched_until:
            yield Uncounted(event=event, reason=LATER)


def _waiting(former: Evidence, evidence: Evidence, found: tuple[Found, ...]) -> tuple[Event, ...]:
    """What counts from now on by its date alone: neither found now nor given another content."""
    known = {event.id for event in former.events} | {one.event.id for one in found if not one.is_held}
    return tuple(event for event in evidence.events if event.id not in known)


def _figures(evidence: Evidence) -> int:
    return sum(len(indicator.observations) for indicator in evidence.indicators.values())


def _note(before: Edition, added: int, revised: int) -> str:
    rows = "1 row" if added == 1 else f"{added} rows"
    changed = f", {revised} revised" if revised else ""
    return f"Update: {rows} found since {before.searched_until}{changed}"
