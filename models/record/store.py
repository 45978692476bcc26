"""The record of saved forecasts: opened, added to at its end, listed and read. Nothing in it is ever changed.

Every entry names the digest of the one before, so that an altered, removed or inserted entry breaks the chain. What the
chain can't show is when something was saved (that is the saving machine's clock) and whether the newest entries were
cut off: for both, note the head's digest somewhere else (`python -m models record head`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Self

from sqlalchemy import Connection, select

from data.digest import Fields, sha256
from models.errors import RecordError
from models.record import answering, chain, contents
from models.record.bodies import body_text, default_of, forecast_body, read_entry
from models.record.clocks import DOUBT
from models.record.contents import Packed
from models.record.entries import (
    FORECAST,
    LIVE,
    NOTHING,
    REMARK,
    RESOLUTION,
    Damage,
    Draft,
    Kind,
    Published,
    Remark,
    SavedForecast,
    require_remark,
)
from models.record.entry_checks import require_reasons, require_typed
from models.record.resolutions import Resolution, ResolutionDraft
from models.record.rows import Rows
from models.record.tables import ENTRY, ENTRY_COLUMNS, entry_of
from models.record.verification import Progress, damages
from models.snapshot.value import Snapshot
from models.storage.disk import Files

if TYPE_CHECKING:
    from models.forecast.results import Forecast

SHORTEST_PREFIX = 6
"""Hexadecimal digits that name an entry: two of a thousand forecasts share six in one record of thirty."""
_PREFIX = re.compile(rf"[0-9a-f]{{{SHORTEST_PREFIX},64}}")

type Clock = Callable[[], datetime]


class Record(Rows):
    """An open record; threads may share it. Use `Record.open` in a ``with`` statement, or `close` it.

    Parameters
    ----------
    url : str, optional
        `models.record.database.record_url` says what it can be.
    clock : callable
        Gives the time of a save, with its zone.
    """

    def __init__(self, url: str | None, clock: Clock) -> None:
        super().__init__(url)
        self._clock = clock

    @classmethod
    def open(cls, url: str | None = None, clock: Clock = lambda: datetime.now(UTC)) -> Self:
        """Open a record; make it if there is none, bring an older one up to date.

        Raises
        ------
        RecordError
        """
        return cls(url, clock)

    def save(
        self, draft: Draft, snapshot: Snapshot, inputs: Files = NOTHING, default: Forecast | None = None
    ) -> SavedForecast:
        """Add a forecast; once this returns, it is on the disk.

        Parameters
        ----------
        draft : Draft
        snapshot : Snapshot
        inputs : Mapping[str, bytes]
            The bytes behind ``snapshot.inputs``; nothing for a light snapshot.
        default : Forecast, optional
            Under the default assumptions, on the same evidence and library: what the forecast is scored beside. A
            snapshot at the defaults is its own.

        Returns
        -------
        SavedForecast
            The newest entry if it says just the same and was saved less than a minute ago: a second click.

        Raises
        ------
        RecordError
            A moved assumption has no reason, the parent is unknown, the inputs or the default are not the snapshot's,
            it would be live by a clock that its evidence contradicts, or the database refuses.
        """
        require_reasons(snapshot.assumptions.changed, snapshot.assumptions.reasons, require_typed)
        _require_inputs(snapshot, inputs)
        document = snapshot.json
        body = forecast_body(draft, snapshot.document, _default(snapshot, default)) | {"snapshot": sha256(document)}
        addressed = {sha256(content): content for content in (document, *inputs.values())}
        with self.reading() as connection:
            missing = contents.absent(connection, addressed)
        packed = {address: contents.pack(addressed[address]) for address in missing}
        return self._append(FORECAST, body, draft.parent, packed)

    def remark(self, subject: str, author: str, text: str, name: str = "") -> Remark:
        """Say something about a saved forecast (by its entry's digest), or give it another `name` to be shown under.

        Raises
        ------
        RecordError
            The subject is no saved forecast, or the remark says nothing.
        """
        require_remark(subject, author, text, name, require_typed)
        return self._append(REMARK, {"subject": subject, "author": author, "text": text, "name": name}, subject)

    def resolve(self, draft: ResolutionDraft) -> Resolution:
        """Write down how a question ended by the rule, or that a person objects. An earlier resolution stays in the
        record; the newest one counts.

        Raises
        ------
        RecordError
            A person answers, or the rule would overrule a person: only `settle_dispute` does that.
        """
        return self._answer(draft, answering.require_rule_or_objection)

    def settle_dispute(self, draft: ResolutionDraft) -> Resolution:
        """Write down a person's answer to a disputed question. Scores follow it, so that a page offers this only to who
        has signed in: where the program does not know who somebody is, it needs whoever may use the command line.

        Raises
        ------
        RecordError
            The question is not disputed, or it is no person's answer.
        """
        return self._answer(draft, answering.require_settlement)

    def forecasts(self, kind: Kind | None = None) -> tuple[SavedForecast, ...]:
        """Saved forecasts, the newest first; one whose time of saving is doubted counts as a hindcast."""
        return tuple(saved for saved in reversed(self._values(FORECAST)) if kind in (None, saved.counts_as))

    def remarks(self, subject: str | None = None) -> tuple[Remark, ...]:
        """Remarks, the oldest first; all, or those on one forecast (by its entry's digest)."""
        return tuple(remark for remark in self._values(REMARK) if subject in (None, remark.subject))

    def resolutions(self) -> tuple[Resolution, ...]:
        """Resolutions, the oldest first; the last one of a question counts."""
        return self._values(RESOLUTION)

    def verify(self, progress: Progress | None = None) -> tuple[Damage, ...]:
        """Everything in the record that is not as it was saved, by entry and place; nothing when all is whole.

        Parameters
        ----------
        progress : callable, optional
            Told how many of how many entries have been read.
        """
        return damages(self, progress)

    def find(self, prefix: str) -> SavedForecast:
        """The saved forecast whose digest begins so.

        Raises
        ------
        RecordError
            Fewer than six digits, no such forecast, or more than one.
        """
        if not _PREFIX.fullmatch(prefix):
            raise RecordError(
                f"got the entry {prefix[:80]!r}, expected at least {SHORTEST_PREFIX} of its digits (0-9 and a-f)"
            )
        chosen = select(*ENTRY_COLUMNS).where(ENTRY.c.type == FORECAST, ENTRY.c.digest.startswith(prefix)).limit(2)
        with self.reading() as connection:
            rows = connection.execute(chosen).all()
        if len(rows) != 1:
            count = "more than one forecast" if rows else "no forecast"
            raise RecordError(
                f"got {count} whose digest begins with {prefix}, expected one; `python -m models record list` shows all"
            )
        return read_entry(entry_of(rows[0]), self.doubted())

    def _append(self, kind: str, body: Fields, subject: str = "", packed: Mapping[str, Packed] = NOTHING):
        with self.writing() as connection:
            if subject:
                chain.require_forecast(connection, subject)
            return self._added(connection, kind, body, packed)

    def _answer(self, draft: ResolutionDraft, allow: Callable[[ResolutionDraft, Resolution | None], None]):
        with self.writing() as connection:
            allow(draft, answering.newest_answer(connection, draft))
            return self._added(connection, RESOLUTION, asdict(draft))

    def _added(self, connection: Connection, kind: str, body: Fields, packed: Mapping[str, Packed] = NOTHING):
        head = chain.newest(connection)
        entry = chain.next_entry(head, kind, self._clock(), body_text(body))
        value = read_entry(entry)  # what could not be read again is not written
        _require_possible(value)
        if entry is not head:
            chain.add(connection, entry, packed)
        return replace(value, doubt=DOUBT) if entry.sequence in chain.doubted(connection) else value

    def _values(self, kind: str) -> tuple[Any, ...]:
        chosen = select(*ENTRY_COLUMNS).where(ENTRY.c.type == kind).order_by(ENTRY.c.sequence)
        with self.reading() as connection:
            rows = connection.execute(chosen).all()
        doubted = self.doubted()
        return tuple(read_entry(entry_of(row), doubted) for row in rows)


def _require_possible(value: SavedForecast | Remark | Resolution) -> None:
    """A live forecast needs a clock that its own evidence does not contradict; the clock can be set right."""
    if isinstance(value, SavedForecast) and value.kind == LIVE and value.time_doubt:
        raise RecordError(
            f"this computer's clock shows {value.saved_at:%Y-%m-%d} (UTC), but the forecast's evidence reaches "
            f"{value.reference_date}; set the clock right and save again, or save it as a hindcast"
        )


def _require_inputs(snapshot: Snapshot, inputs: Files) -> None:
    got = {name: sha256(content) for name, content in inputs.items()}
    if got != dict(snapshot.inputs):
        odd = sorted(name for name in got.keys() | snapshot.inputs.keys() if got.get(name) != snapshot.inputs.get(name))
        raise RecordError(
            f"got inputs that are not the snapshot's ({', '.join(odd)[:120]}), expected the bytes that it names; "
            "build the snapshot and save it with the same inputs"
        )


def _default(snapshot: Snapshot, default: Forecast | None) -> Published:
    """What the mixture says at the default assumptions: the snapshot itself when nothing in it was moved."""
    if default is None:
        return NOTHING if snapshot.assumptions.changed else default_of(snapshot.table)
    pairs = {
        "evidence": (default.evidence_digest, snapshot.evidence.digest),
        "library": (default.library_key, snapshot.library.key),
        "reference date": (str(default.reference_date), str(snapshot.reference_date)),
        "changed assumptions": (", ".join(default.assumptions.changed), ""),
    }
    for name, (got, expected) in pairs.items():
        if got != expected:
            raise RecordError(
                f"the default forecast: got {name} {got[:40]!r}, expected {expected[:40]!r}; make it again"
            )
    return default_of(default.table)
