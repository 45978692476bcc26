"""Refit jobs as files: records that are replaced in one step, and what the worker left beside them.

The disk is the only truth. Whoever changes a record holds the folder's lock; reading needs none.
"""

import json
import shutil
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Literal, get_args

from dashboard import lease
from models.errors import FitError
from models.files import told, write_atomically
from models.refit_request import FIT_FILES, JOB_ID, KEY, OUTCOME, PROGRESS, STOP, Outcome, fit_folder, job_folder

type State = Literal["waiting", "running", "done", "rejected", "failed", "cancelled", "superseded"]

LIVE = frozenset({"waiting", "running"})
RECORD = "job.json"
KEPT_JOBS = 20
KEPT_FITS = 40
"""About two megabytes each."""
KEPT_WORKERS = 5
"""Logs of workers that ended, for whoever wonders why."""
FIRST_WORDS = "Starting; compiling the model takes up to two minutes the first time."


@dataclass(frozen=True, slots=True, kw_only=True)
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
    done : float
        Share done, 0 to 1.
    message : str
        One sentence for the page: the phase while running, the reason afterwards.
    asked, started : float
        Seconds since 1970; `started` is 0 until the worker has it.
    place : int
        Place in the queue while waiting, 1 is next; else 0.
    owners : tuple of str
        Who asked (browser sessions).
    server, worker : str
        Names of the leases of the server that answers for it and of the worker that runs it.
    pid : int
        Process group of that worker; means something only while its lease is held.
    """

    id: str
    key: str
    state: State
    done: float
    message: str
    asked: float
    server: str
    owners: tuple[str, ...] = ()
    started: float = 0.0
    place: int = 0
    worker: str = ""
    pid: int = 0

    def __post_init__(self) -> None:
        if self.state not in get_args(State.__value__) or not KEY.fullmatch(self.key):
            raise FitError(f"got a job {self.state!r} for {self.key[:20]!r}, expected a known state and 64 digits")
        object.__setattr__(self, "owners", tuple(self.owners))

    @property
    def live(self) -> bool:
        """Whether it waits or runs."""
        return self.state in LIVE


class JobFiles:
    """The folder of jobs, fits and leases, shared by all servers that were given it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def locked(self) -> AbstractContextManager[None]:
        """Keep every other server and thread from changing records inside the block."""
        return lease.locked(self.folder / "lock")

    def read(self, job_id: str) -> Job | None:
        """Read a record; None when there is none that can be read."""
        if not JOB_ID.fullmatch(job_id):
            return None
        try:
            return Job(**json.loads((job_folder(self.folder, job_id) / RECORD).read_bytes()))
        except (OSError, ValueError, TypeError, AttributeError, FitError):
            return None

    def jobs(self) -> list[Job]:
        """Every readable record, oldest first."""
        names = (path.name for path in (self.folder / "jobs").glob("*"))
        found = (self.read(name) for name in names)
        return sorted((job for job in found if job), key=lambda job: (job.asked, job.id))

    def write(self, job: Job) -> Job:
        """Replace a record."""
        write_atomically(job_folder(self.folder, job.id) / RECORD, json.dumps(asdict(job)).encode())
        return job

    def end(self, job: Job, state: State, message: str) -> Job:
        """Write how a job ended."""
        done = 1.0 if state == "done" else self.shown(job).done
        return self.write(replace(job, state=state, message=message, done=done))

    def shown(self, job: Job) -> Job:
        """Add the progress of a running job and the place of a waiting one."""
        if job.state == "running":
            found = self.progress(job.id)
            return replace(job, done=found[1], message=found[2]) if found else replace(job, message=FIRST_WORDS)
        if job.state != "waiting":
            return job
        ahead = sum(other.asked > job.asked for other in self.waiting(job.server))
        told = "Waiting for the running refit." if not ahead else f"Waiting: {ahead} newer refits come first."
        return replace(job, place=ahead + 1, message=told)

    def waiting(self, server: str) -> list[Job]:
        """What waits for the worker of a server, oldest first."""
        return [job for job in self.jobs() if job.state == "waiting" and job.server == server]

    def progress(self, job_id: str) -> tuple[str, float, str] | None:
        """Phase, share done and sentence of the last whole line; one that is still being written is skipped."""
        with suppress(OSError):
            text = (job_folder(self.folder, job_id) / PROGRESS).read_text(encoding="utf-8", errors="replace")
            for line in reversed(text.splitlines()):
                with suppress(ValueError, KeyError, TypeError):
                    report = json.loads(line)
                    return str(report["phase"]), min(1.0, max(0.0, float(report["done"]))), str(report["message"])
        return None

    def outcome(self, job_id: str) -> Outcome | None:
        """Read how the worker says that it ended; None when it has not said so."""
        with suppress(OSError, FitError):
            return Outcome.from_json((job_folder(self.folder, job_id) / OUTCOME).read_bytes())
        return None

    def ask_to_stop(self, job_id: str) -> None:
        """Leave the wish where the worker looks several times a second."""
        wish = job_folder(self.folder, job_id) / STOP
        with told(wish, "written"):
            wish.touch()

    def asked_to_stop(self, job_id: str) -> bool:
        """Whether that wish was left."""
        return (job_folder(self.folder, job_id) / STOP).exists()

    def result(self, key: str) -> Path | None:
        """Return the folder of a finished fit that answers `key`."""
        folder = fit_folder(self.folder, key)
        whole = KEY.fullmatch(key) and all((folder / name).is_file() for name in FIT_FILES)
        return folder if whole else None

    def server_lease(self, name: str) -> Path:
        """The file that a server holds while it lives."""
        return self.folder / "servers" / name

    def worker_folder(self, name: str) -> Path:
        """Where a worker's lease and log stand."""
        return self.folder / "workers" / name

    def worker_lives(self, name: str) -> bool:
        """Whether that worker's process runs."""
        return bool(name) and lease.held(self.worker_folder(name) / "lease")

    def prune(self) -> None:
        """Forget the oldest ended jobs and fits, and the traces of dead servers and workers; never what lives."""
        ended = [job for job in self.jobs() if not (job.live and self._attended(job))]
        workers = [path for path in _oldest_first(self.folder / "workers") if not lease.held(path / "lease")]
        fits = _oldest_first(self.folder / "fits")
        jobs = [job_folder(self.folder, job.id) for job in ended[:-KEPT_JOBS]]
        for path in (*jobs, *self._unreadable(), *fits[:-KEPT_FITS], *workers[:-KEPT_WORKERS]):
            shutil.rmtree(path, ignore_errors=True)
        for path in (self.folder / "servers").glob("*"):
            if not lease.held(path):
                path.unlink(missing_ok=True)

    def _attended(self, job: Job) -> bool:
        return lease.held(self.server_lease(job.server)) or self.worker_lives(job.worker)

    def _unreadable(self) -> Iterator[Path]:
        """Job folders without a record: a server died while it made them (making one happens under the lock)."""
        named = (path for path in (self.folder / "jobs").glob("*") if JOB_ID.fullmatch(path.name))
        return (path for path in named if self.read(path.name) is None)


def _oldest_first(folder: Path) -> list[Path]:
    def age(path: Path) -> float:
        with suppress(OSError):
            return path.stat().st_mtime
        return 0.0

    paths: Iterable[Path] = folder.glob("*")
    return sorted(paths, key=age)
