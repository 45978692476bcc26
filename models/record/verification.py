"""Is the record as it was saved? Every entry and content is read again, and what differs is named by its place."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Protocol

from data.digest import Fields, canonical_json
from data.errors import ConjunctionError
from models.errors import RecordError
from models.record.bodies import Value, entry_digest, facts_of, read_body
from models.record.contents import Packed, unpack
from models.record.entries import FORECAST, GENESIS, GUARDS, Damage, Entry, Remark, SavedForecast
from models.snapshot.older import upgraded
from models.storage.strict_json import read_strict_json

SHOWN = 160
MEND = "whoever reaches the database can change rows: `python -m models record guard` puts the guards back"
MULTILINE = frozenset({"note", "text", "reasons"})
_FAULTS = (ConjunctionError, ValueError, TypeError, LookupError, AttributeError, RecursionError)

type Progress = Callable[[int, int], None]


class Source(Protocol):
    """A record in a database or in a file."""

    @property
    def head(self) -> tuple[int, str]: ...

    def entries(self, after: int = 0, up_to: int | None = None) -> Iterator[Entry]: ...

    def addresses(self) -> tuple[str, ...]: ...

    def packed(self, address: str) -> Packed: ...

    def faults(self) -> tuple[str, ...]: ...

    def unguarded(self) -> tuple[str, ...]: ...


def damages(source: Source, progress: Progress | None = None) -> tuple[Damage, ...]:
    """Everything that is not as it was saved, in the order of the chain.

    Entries that others add meanwhile are left for the next time. That the newest entries were cut off, no record can
    see from inside: compare its head with one that was noted elsewhere.
    """
    try:
        faults = tuple(Damage(sequence=0, place="the file", what=what[:SHOWN]) for what in source.faults())
        open_gates = (Damage(sequence=0, place=GUARDS, what=f"{what}; {MEND}"[:SHOWN]) for what in source.unguarded())
        faults += tuple(open_gates)
        return faults + tuple(_Reader(source, progress or (lambda *_: None)).damages())
    except RecordError as error:  # the database itself can't be read on
        return (Damage(sequence=0, place="the file", what=str(error)),)


def holds(source: Source, digest: str) -> bool:
    """Does the chain have this entry, by its whole digest or the beginning of it? A head that was noted must be in."""
    return any(str(entry.digest).startswith(digest) for entry in source.entries())


class _Reader:
    """One walk along the chain: what came before, and which contents were met."""

    def __init__(self, source: Source, progress: Progress) -> None:
        self.source, self.progress = source, progress
        # before the head: every content listed here came with an entry at or before it
        self.addresses = frozenset(source.addresses())
        self.last, self.digest = 0, GENESIS
        self.forecasts: set[str] = set()
        self.checked: dict[str, str] = {}

    def damages(self) -> Iterator[Damage]:
        total, whole = self.source.head[0], True
        for done, entry in enumerate(self.source.entries(up_to=total), 1):
            damages = tuple(self.of_entry(entry))
            yield from damages
            whole = whole and not damages
            self.progress(done, total)
        if not whole:
            return  # which contents a damaged or missing entry named, nobody knows
        for address in sorted(self.addresses - self.checked.keys()):
            yield Damage(sequence=0, place=f"content {address[:12]}", what="no entry names it, expected one that does")

    def of_entry(self, entry: Entry) -> Iterator[Damage]:
        at = entry.sequence
        if at != self.last + 1:
            yield Damage(sequence=self.last + 1, place="the chain", what=f"missing; the next entry is {at}")
        elif entry.previous != self.digest:
            yield Damage(sequence=at, place="previous", what="it does not name the digest of the entry before")
        self.last, self.digest = at, entry.digest
        try:
            if entry_digest(entry) != entry.digest:
                raise RecordError("its digest is not that of its content: a field was altered")
            value = self.value(entry)
        except _FAULTS as error:
            yield Damage(sequence=at, place="the entry", what=str(error)[:SHOWN])
            value = None
        yield from (Damage(sequence=at, place=place, what=what) for place, what in self.of_value(value))
        if entry.type == FORECAST:
            self.forecasts.add(entry.digest)

    def value(self, entry: Entry) -> Value:
        body = read_strict_json(entry.body.encode(), "the entry's body", multiline=MULTILINE)
        if canonical_json(body) != entry.body.encode():
            raise RecordError("its body is not written in the one canonical way")
        return read_body(entry, body)

    def of_value(self, value: Value | None) -> Iterator[tuple[str, str]]:
        if isinstance(value, Remark) and value.subject not in self.forecasts:
            yield "subject", "it names no forecast that was saved before it"
        if isinstance(value, SavedForecast):
            if value.parent and value.parent not in self.forecasts:
                yield "parent", "it names no forecast that was saved before it"
            yield from self.of_forecast(value)

    def of_forecast(self, saved: SavedForecast) -> Iterator[tuple[str, str]]:
        for name, address in saved.inputs.items():
            if wrong := self.of_content(address):
                yield f"input {name}", wrong
        try:
            content = unpack(self.source.packed(saved.snapshot))
            yield from _disagreements(saved, facts_of(_document(content)))
        except _FAULTS as error:
            yield "snapshot", str(error)[:SHOWN]
        self.checked.setdefault(saved.snapshot, "")

    def of_content(self, address: str) -> str:
        """What is wrong with a content, or nothing; each is read once."""
        if address not in self.checked:
            try:
                unpack(self.source.packed(address))
                self.checked[address] = ""
            except RecordError as error:
                self.checked[address] = str(error)[:SHOWN]
        return self.checked[address]


def _document(content: bytes) -> Fields:
    """Read loosely: the chain vouches for its bytes here, and whoever opens the snapshot reads it strictly."""
    return upgraded(json.loads(content))


def _disagreements(saved: SavedForecast, facts: Fields) -> Iterator[tuple[str, str]]:
    """Where the entry says another thing than its snapshot."""
    for name, expected in facts.items():
        if canonical_json(getattr(saved, name)) != canonical_json(expected):
            yield name, "it is not what the stored snapshot says"
    own = {model: saved.published.get(model) for model in saved.default}
    if not saved.changed and canonical_json(saved.default) != canonical_json(own):
        yield "default", "nothing was moved, yet it is not what the forecast says"
