"""Refit jobs as files: records that are replaced in one step, and what the worker left beside them.

The disk is the only truth. Whoever changes a record holds the folder's lock; reading needs none.
"""

import json
import logging
import os
import shutil
import stat
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, suppress
from dataclasses import asdict, replace
from pathlib import Path

from dashboard.refits import lease
from dashboard.refits.job import UNKNOWN_KEY, Job, State
from models.errors import FitError
from models.refits.request import (
    FIT_FILES,
    JOB_ID,
    KEY,
    NOT_JSON,
    OUTCOME,
    PROGRESS,
    REQUEST,
    STOP,
    Outcome,
    Request,
    fit_folder,
    is_text,
    job_folder,
)
from models.storage.disk import told, write_atomically

LOG = logging.getLogger(__name__)
RECORD = "job.json"
KEPT_JOBS = 20
KEPT_FITS = 40
"""About two megabytes each."""
KEPT_WORKERS = 5
"""Logs of workers that ended, for whoever wonders why."""
MAX_BYTES = 2**20
"""Of a record, request, outcome or the end of a progress file: a thousand times what a refit writes."""
FIRST_WORDS = "Starting; compiling the model takes up to two minutes the first time."


class JobFiles:
    """The folder of jobs, fits and leases, shared by all servers that were given it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._logged: set[tuple[str, str]] = set()

    def locked(self) -> AbstractContextManager[None]:
        """Keep every other server and thread from changing records inside the block."""
        return lease.locked(self.folder / "lock")

    def read(self, job_id: str) -> Job | None:
        """Read a record; None when there is none, a failed job that says why where it cannot be read."""
        if not JOB_ID.fullmatch(job_id):
            return None
        try:
            return self._parsed(job_id)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except (OSError, FitError) as error:
            return self._unreadable(job_id, getattr(error, "strerror", None) or str(error))

    def readable(self, job_id: str) -> bool:
        """Whether a record is there that some server wrote."""
        with suppress(OSError, FitError):
            return bool(self._parsed(job_id))
        return False

    def request(self, job: Job) -> bytes:
        """The line that asks the worker for a job, and for no other one.

        Raises
        ------
        FitError, OSError
            There is none.
        """
        content = _content(job_folder(self.folder, job.id) / REQUEST)
        request = Request.from_json(content)
        if (request.id, request.key) != (job.id, job.key):
            raise FitError(f"got the request of refit {request.id}, expected that of {job.id}")
        return request.to_json().encode()

    def jobs(self) -> list[Job]:
        """Every record, oldest first."""
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
            text = _content(job_folder(self.folder, job_id) / PROGRESS, last=True).decode(errors="replace")
            for line in reversed(text.splitlines()):
                with suppress(*NOT_JSON):
                    report = json.loads(line)
                    if is_text(report["phase"]) and is_text(report["message"]):
                        return report["phase"], min(1.0, max(0.0, float(report["done"]))), report["message"]
        return None

    def outcome(self, job_id: str) -> Outcome | None:
        """Read how the worker says that it ended; None when it has not said so."""
        with suppress(OSError, FitError):
            return Outcome.from_json(_content(job_folder(self.folder, job_id) / OUTCOME))
        return None

    def ask_to_stop(self, job_id: str) -> None:
        """Leave the wish where the worker looks several times a second."""
        wish = job_folder(self.folder, job_id) / STOP
        with told(wish, "written"):
            wish.touch()

    def asked_to_stop(self, job_id: str) -> bool:
        """Whether that wish was left."""
        return os.path.lexists(job_folder(self.folder, job_id) / STOP)

    def result(self, key: str) -> Path | None:
        """Return the folder of a finished fit that answers `key`."""
        folder = fit_folder(self.folder, key)
        with suppress(OSError):  # a folder that this user may not look into holds nothing for them
            if KEY.fullmatch(key) and all((folder / name).is_file() for name in FIT_FILES):
                return folder
        return None

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
        for path in (*jobs, *self._unfinished(), *fits[:-KEPT_FITS], *workers[:-KEPT_WORKERS]):
            shutil.rmtree(path, ignore_errors=True)
        for path in (self.folder / "servers").glob("*"):
            if not lease.held(path):
                with suppress(OSError):  # a stranger's folder among them must not stop a refit
                    path.unlink(missing_ok=True)

    def _attended(self, job: Job) -> bool:
        return lease.held(self.server_lease(job.server)) or self.worker_lives(job.worker)

    def _unfinished(self) -> Iterator[Path]:
        """Job folders without a record: a server died while it made them (making one happens under the lock)."""
        named = (path for path in (self.folder / "jobs").glob("*") if JOB_ID.fullmatch(path.name))
        return (path for path in named if self.read(path.name) is None)

    def _parsed(self, job_id: str) -> Job:
        return Job.from_json(_content(job_folder(self.folder, job_id) / RECORD), job_id)

    def _unreadable(self, job_id: str, reason: str) -> Job:
        """A job whose record makes no sense: nobody's, ended, and logged once; its files stay for whoever wonders."""
        if (job_id, reason) not in self._logged:
            self._logged.add((job_id, reason))
            LOG.warning("The record of refit %s cannot be read and was set aside: %s", job_id, reason)
        folder, key, asked = job_folder(self.folder, job_id), UNKNOWN_KEY, 0.0
        with suppress(OSError, FitError):
            key = Request.from_json(_content(folder / REQUEST)).key
        with suppress(OSError):
            asked = (folder / RECORD).lstat().st_mtime
        return Job.unreadable(job_id, key, asked, reason)


def _content(path: Path, last: bool = False) -> bytes:
    """A file's bytes; nothing that is no file (a pipe would never end), and no more than a refit can have written.

    Parameters
    ----------
    path : Path
    last : bool
        Of a longer file, its end; else it is refused.
    """
    about = path.stat()
    if not stat.S_ISREG(about.st_mode):
        raise FitError(f"got {path.name} that is no file")
    if about.st_size > MAX_BYTES and not last:
        raise FitError(f"got {path.name} of {about.st_size} bytes, expected at most {MAX_BYTES}")
    with path.open("rb") as stream:
        stream.seek(max(0, about.st_size - MAX_BYTES))
        return stream.read(MAX_BYTES)


def _oldest_first(folder: Path) -> list[Path]:
    def age(path: Path) -> float:
        with suppress(OSError):
            return path.stat().st_mtime
        return 0.0

    paths: Iterable[Path] = folder.glob("*")
    return sorted(paths, key=age)
