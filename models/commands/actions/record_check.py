"""`python -m models record verify|guard|head`: is the record as it was saved, and can it be altered?

SQLAlchemy is loaded only once one of the actions runs.
"""

from __future__ import annotations

import argparse
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from models.commands.options.line import answer, note
from models.errors import RecordError
from models.storage.disk import read_limited

if TYPE_CHECKING:
    from models.record.store import Record

VERIFY = """\
Read every entry and every stored document again and name each one that is not as it was saved (exit code 1 then).

What this shows: the order of the entries, and that nothing in them was altered. What it cannot show from inside: when
something was saved (that is the clock of the machine that saved it), and that the newest entries were cut off. For
both, publish or note the head's digest elsewhere (`record head`) and give it here as --head, or keep the page's feed
(/feed/record.atom) and give it as --feed: the check fails if the record no longer holds what it names.
"""
PROGRESS_STEP = 100
SHOWN = 20
"""Entries named in a sentence."""


def run_verify(args: argparse.Namespace) -> int:
    """Check the whole record."""
    from models.record.store import SHORTEST_PREFIX
    from models.record.verification import holds

    if args.head and len(args.head) < SHORTEST_PREFIX:
        raise RecordError(f"got --head {args.head!r}, expected at least {SHORTEST_PREFIX} digits of the noted digest")
    noted = [*([args.head] if args.head else []), *_heads_of(args.feed)]
    with opened(args) as record:
        sequence, head = record.head
        damages = record.verify(progress)
        lost = [digest for digest in noted if not holds(record, digest)]
        missing = _missing(record, args.against)
        doubted = _reservations(record)
    values = {
        "entries": sequence,
        "head": head,
        "damages": [{name: getattr(damage, name) for name in ("sequence", "place", "what")} for damage in damages],
        "holds_head": not lost,
        "missing": missing,
        "doubted": doubted,
    }
    told = [f"The noted head {digest[:64]} is not in this record: entries were cut off or replaced." for digest in lost]
    text = "\n".join([*map(str, damages), *missing, *told])
    answer(args, values, text or f"Nothing was altered. Entries: {sequence}, head: {head}")
    return 1 if lost or damages or missing else 0


def _heads_of(feed: Path | None) -> tuple[str, ...]:
    """The entries that a kept feed names."""
    from models.record.kept.feed import MAX_FEED_BYTES, heads_in

    return heads_in(read_limited(feed, MAX_FEED_BYTES)) if feed else ()


def _missing(record: Record, copy: Path | None) -> list[str]:
    """What the record lacks of what was seen here, and of a copy."""
    from models.record.file import RecordFile
    from models.record.kept.heads import Heads, behind
    from models.storage.home import home

    told = [Heads(home()).check(record)]
    if copy:
        with RecordFile(copy) as source:
            told.append(behind(record, source))
    return [sentence for sentence in dict.fromkeys(told) if sentence]


def _reservations(record: Record) -> list[int]:
    """Tell what is no damage and yet worth knowing; entries whose time of saving is doubted."""
    if record.exposed:
        note("Everyone on this machine can read the record's file; if that is not meant: chmod o= on it.")
    doubted: list[int] = []
    with suppress(RecordError):  # the damages say why it can't be read
        doubted = sorted(record.doubted())
    if doubted:
        listed = ", ".join(map(str, doubted[:SHOWN])) + (", ..." if len(doubted) > SHOWN else "")
        note(f"Times of saving that contradict those of other entries, and so do not count as live: entries {listed}.")
    return doubted


def run_guard(args: argparse.Namespace) -> int:
    """Put the guards back."""
    with opened(args) as record:
        before = record.unguarded()
        record.guard()
        left = record.unguarded()
    print("\n".join(left) or (f"Put back: {'; '.join(before)}" if before else "Every guard stands."))
    return 1 if left else 0


def run_head(args: argparse.Namespace) -> int:
    """Print the head; remember it as the one that was last seen, where that is asked."""
    from models.record.kept.heads import Heads
    from models.storage.home import home

    with opened(args) as record:
        sequence, head = record.head
        if args.accept:
            Heads(home()).accept(record)
    print(f"{sequence} {head}")
    return 0


def opened(args: argparse.Namespace) -> Record:
    """The record that was asked for."""
    from models.record.store import Record

    return Record.open(args.record)


def progress(done: int, total: int) -> None:
    """Tell how many of how many are read, now and then."""
    if done % PROGRESS_STEP == 0 or (done == total and total > PROGRESS_STEP):
        note(f"{done} of {total}")
