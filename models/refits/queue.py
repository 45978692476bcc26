"""Refits as rows of one SQLite table, changed in transactions: servers and workers may die at any moment.

As the record, it keeps SQLite's rollback journal: a whole file between changes, also on a network drive. Every
transaction has a connection of its own, so that threads and processes are alike, and a file that was moved away is not
written to unseen.
"""

import json
import sqlite3
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict, replace
from operator import itemgetter
from pathlib import Path
from typing import Literal, Self

from data.digest import Fields
from data.values import frozen
from models.errors import FitError
from models.refits.request import refits_folder
from models.storage.home import HOME_VARIABLE

type State = Literal["waiting", "running", "done", "rejected", "failed", "cancelled", "superseded"]

LIVE = frozenset({"waiting", "running"})
ENDED = "ended"
"""The phase of a job that its worker is done with."""
OWNED_BY = "/"
"""In the name of an owner between a person and one of their sessions: the person takes turns, all sessions together."""
UNKNOWN_KEY = "0" * 64
"""Stands for the question of a job of which nobody can read any more what was asked."""
RECENT_SECONDS = 600.0
"""How long a refit that began counts against its owner: forty refits."""
WAIT_SECONDS = 10.0
"""For whoever changes the table meanwhile; a change takes milliseconds."""
ASK_SECONDS = 0.002
"""Between two looks whether the table is free."""
APPLICATION_ID = 0x434A5101
"""In the header of the file ("CJQ", first layout), so that nobody else's database is taken for a queue."""
_SMALLEST = 512
"""Bytes of a database: SQLite would take anything shorter for an empty one and write over it."""
_SCHEMA = """
CREATE TABLE jobs (
    id TEXT PRIMARY KEY, key TEXT NOT NULL, request TEXT NOT NULL, state TEXT NOT NULL, owners TEXT NOT NULL,
    priority INTEGER NOT NULL, asked REAL NOT NULL, started REAL NOT NULL, server TEXT NOT NULL, worker TEXT NOT NULL,
    pid INTEGER NOT NULL, phase TEXT NOT NULL, done REAL NOT NULL, message TEXT NOT NULL
) STRICT
"""


@frozen
class Job:
    """One refit as it stands.

    Attributes
    ----------
    id : str
        Twelve hexadecimal digits; stands in the page's address.
    key : str
        What was asked; equal questions share one job.
    state : {"waiting", "running", "done", "rejected", "failed", "cancelled", "superseded"}
        Rejected: it ended, but its draws may not be shown.
    message : str
        One sentence for the page: the phase while running, the reason afterwards.
    asked, started : float
        Seconds since 1970; `started` is 0 until the worker has it.
    request : str
        `models.refits.request.Request` as a line.
    owners : tuple of str
        Who asked: browser sessions, or users.
    priority : int
        Lower numbers come first.
    server, worker : str
        Names of the leases of the server that answers for it and of the worker that runs it.
    pid : int
        Process group of that worker; means something only while its lease is held.
    phase : str
        What the worker last said that it does.
    done : float
        Share done, 0 to 1.
    place : int
        Place in the queue while waiting, 1 is next; else 0.
    """

    id: str
    key: str
    state: State
    message: str
    asked: float = 0.0
    request: str = ""
    owners: tuple[str, ...] = ()
    priority: int = 0
    server: str = ""
    started: float = 0.0
    worker: str = ""
    pid: int = 0
    phase: str = ""
    done: float = 0.0
    place: int = 0

    @property
    def live(self) -> bool:
        """Whether it waits or runs."""
        return self.state in LIVE

    @property
    def people(self) -> frozenset[str]:
        """Who asked, each once, by however many sessions."""
        return frozenset(owner.partition(OWNED_BY)[0] for owner in self.owners)

    @classmethod
    def unreadable(cls, job_id: str, reason: str) -> Self:
        """What to say of a job that cannot be read."""
        return cls(id=job_id, key=UNKNOWN_KEY, state="failed", message=reason)


class Table:
    """The jobs inside one transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def jobs(self, condition: str = "TRUE", *values: object) -> list[Job]:
        """Every job that meets a condition of SQL, the oldest first."""
        rows = self._connection.execute(f"SELECT * FROM jobs WHERE {condition} ORDER BY asked, id", values)
        try:
            return [Job(**{**row, "owners": tuple(json.loads(row["owners"]))}) for row in rows]
        except ValueError as error:
            raise sqlite3.DataError(f"a row is damaged ({error})") from error

    def job(self, job_id: str) -> Job | None:
        """The job of that name."""
        return next(iter(self.jobs("id = ?", job_id)), None)

    def waiting(self, server: str) -> list[Job]:
        """What waits for the worker of a server, the next first.

        Lower priority numbers go before higher ones; then whoever had fewest refits of late, where each job counts as
        if those before it had begun, so that people take turns; then the newest, because whoever asked last is still
        looking.
        """
        begun = self.jobs("state = 'running' OR started > ?", time.time() - RECENT_SECONDS)
        turns = Counter(person for job in begun for person in job.people)
        line = []
        for job in sorted(self.jobs("state = 'waiting' AND server = ?", server), key=lambda job: -job.asked):
            line.append((job.priority, min((turns[person] for person in job.people), default=0), job))
            turns.update(job.people)
        return [job for *_, job in sorted(line, key=itemgetter(0, 1))]

    def add(self, job: Job) -> None:
        """Add a job."""
        row = self._row(**asdict(job))
        del row["place"]
        marks = ", ".join("?" * len(row))
        self._connection.execute(f"INSERT INTO jobs ({', '.join(row)}) VALUES ({marks})", [*row.values()])

    def change(self, job: Job, **fields: object) -> Job:
        """Change fields of a job and return it as it is then."""
        names = ", ".join(f"{name} = ?" for name in fields)
        self._connection.execute(f"UPDATE jobs SET {names} WHERE id = ?", [*self._row(**fields).values(), job.id])
        return replace(job, **fields)

    def forget(self, job: Job) -> None:
        """Remove a job."""
        self._connection.execute("DELETE FROM jobs WHERE id = ?", [job.id])

    @staticmethod
    def _row(**fields: object) -> Fields:
        """Values as columns hold them; a message may quote the name of a file that no page can show."""
        if "owners" in fields:
            fields["owners"] = json.dumps(fields["owners"])
        return {
            name: text.encode(errors="replace").decode() if isinstance(text, str) else text
            for name, text in fields.items()
        }


class Queue:
    """The refits of all servers that were given one folder.

    Every method raises `FitError` where the file cannot be read or written, or is not a queue of this version; such a
    file is left as it is.

    Parameters
    ----------
    home : Path
        Nothing is written there before the first change.
    """

    def __init__(self, home: Path) -> None:
        self.home, self.path = home, refits_folder(home) / "queue.db"

    @contextmanager
    def changing(self, begin: str = "BEGIN IMMEDIATE") -> Iterator[Table]:
        """A transaction that no other process or thread is in; at the end of the block all of it stands, or nothing."""
        try:
            self._prepare()
            with closing(sqlite3.connect(self.path, timeout=WAIT_SECONDS, isolation_level=None)) as connection:
                connection.row_factory = sqlite3.Row
                connection.execute("PRAGMA synchronous = NORMAL")
                _begin(connection, begin)
                self._require_ours(connection)
                yield Table(connection)
                connection.execute("COMMIT")
        except sqlite3.Error as error:
            raise self._unusable(str(error)) from error

    def job(self, job_id: str) -> Job | None:
        """A job as the page shows it: a waiting one with its place."""
        if not self._size:
            return None
        with self.changing("BEGIN") as table:
            job = table.job(job_id)
            if job is None or job.state != "waiting":
                return job
            place = 1 + [other.id for other in table.waiting(job.server)].index(job_id)
        message = "Waiting for the running refit." if place == 1 else f"Waiting: {place - 1} others come first."
        return replace(job, place=place, message=message)

    def next(self, server: str) -> Job | None:
        """What comes next for the worker of a server."""
        with self.changing("BEGIN") as table:
            return next(iter(table.waiting(server)), None)

    def claim(self, job: Job, **fields: object) -> bool:
        """Set a job running, if it still waits for the same server."""
        with self.changing() as table:
            free = table.jobs("id = ? AND state = 'waiting' AND server = ?", job.id, job.server)
            if free:
                table.change(job, state="running", started=time.time(), **fields)
        return bool(free)

    def tell(self, job_id: str, phase: str, **fields: object) -> None:
        """Say what the worker does. The other fields change only while the job lives: what was stopped stays so."""
        with self.changing() as table:
            job = table.job(job_id)
            if job:
                table.change(job, phase=phase, **(fields if job.live else {}))

    @property
    def _size(self) -> int:
        """Bytes of the file; asked of the folder, since opening and closing the file would drop SQLite's locks."""
        with suppress(OSError):
            return self.path.stat().st_size
        return 0

    def _prepare(self) -> None:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise self._unusable(str(error)) from error
        if 0 < self._size < _SMALLEST:
            raise self._unusable("file is not a database")

    def _require_ours(self, connection: sqlite3.Connection) -> None:
        """Make the table in a new file; refuse a file of another program or of another version of this one."""
        mark = connection.execute("PRAGMA application_id").fetchone()[0]
        if mark == APPLICATION_ID:
            return
        if mark or connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            raise self._unusable("it is no queue of refits that this version of the program wrote")
        connection.execute(_SCHEMA)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")

    def _unusable(self, reason: str) -> FitError:
        return FitError(
            f"the queue of refits cannot be used: {self.path}: {reason}; free some disk space, move the file away, or "
            f"set {HOME_VARIABLE} to another folder"
        )


def _begin(connection: sqlite3.Connection, begin: str) -> None:
    """Wait for the table with even chances: SQLite asks ever more rarely, so that newcomers overtake who waits."""
    end = time.monotonic() + WAIT_SECONDS
    connection.execute("PRAGMA busy_timeout = 0")
    while True:
        try:
            connection.execute(begin)
            break
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > end:
                raise
        time.sleep(ASK_SECONDS)
    connection.execute(f"PRAGMA busy_timeout = {WAIT_SECONDS * 1000:.0f}")
