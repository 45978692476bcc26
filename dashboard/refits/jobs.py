"""Refits for the page: ask, watch, cancel, find the result. No Streamlit, no PyMC: only processes and one table.

One warm worker a server answers one job at a time. All that must outlive a page or a server is a row of the queue,
under the name that the page's address carries.
"""

import os
import secrets
import shutil
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from dashboard.refits import lease
from dashboard.refits.dispatcher import Command, Dispatcher, kill_group, worker_log
from models.errors import FitError
from models.refits.queue import Job, Queue, State, Table
from models.refits.request import JOB_ID, KEY, Expected, Request, fit_folder, is_whole, refits_folder

TIMEOUT_SECONDS = 900.0
"""A cold compilation takes up to two minutes and a fit under twenty seconds, three of them under a minute; a slow
laptop may need five times that."""
MAX_WAITING = 8
"""At fifteen seconds a refit the last in the queue waits two minutes; longer than that nobody watches a bar."""
KEPT_JOBS = 20
STOPPED = "Stopped on request; the numbers are as before."
KEPT_FITS = 40
"""About two megabytes each."""
KEPT_LOGS = 5
"""Of workers that ended, for whoever wonders why."""


def worker_command(folder: Path) -> list[str]:
    """The command line of the worker; it imports PyMC, this process never does."""
    return [sys.executable, "-m", "models", "worker", "--home", str(folder)]


class Refits:
    """The refits of one server.

    Several servers may share a folder: each has its own worker and answers for its own jobs, and any of them takes over
    what a dead one left when somebody asks for it. Nothing is written or started before the first `start`.

    Parameters
    ----------
    folder : Path
        Where the queue, results and logs are kept.
    command : callable, optional
        Makes the worker's command line from the folder; tests give a fast one.
    timeout : float
        Seconds after which a job is stopped.
    """

    def __init__(self, folder: Path, command: Command = worker_command, timeout: float = TIMEOUT_SECONDS) -> None:
        self._queue, self._command, self._timeout = Queue(folder), command, timeout
        self._server, self._lease = secrets.token_hex(6), -1
        self._dispatcher: Dispatcher | None = None
        self._opening = threading.Lock()

    def start(
        self,
        key: str,
        values: Mapping[str, float],
        owner: str = "",
        expected: Sequence[Expected] = (),
        priority: int = 0,
    ) -> Job:
        """Ask for a refit, or join the job that answers `key` already; the owner's other jobs are superseded.

        Parameters
        ----------
        key : str
            Digest of the question, 64 hexadecimal digits.
        values : Mapping[str, float]
            Knob values.
        owner : str
            Who asks, such as a browser session. What others also asked for goes on.
        expected : sequence of Expected
            What re-weighting said; a contradiction is settled by a third run.
        priority : int
            Lower numbers come first.

        Raises
        ------
        FitError
            The request is malformed, or the folder cannot be written.
        """
        request = Request(id=secrets.token_hex(6), key=key, values=values, expected=tuple(expected))
        new = Job(
            id=request.id,
            key=key,
            request=request.to_json(),
            state="waiting",
            message="Waiting for the worker.",
            asked=time.time(),
            server=self._server,
            owners=(owner,),
            priority=priority,
        )
        dispatcher = self._opened()
        with self._queue.changing() as table:
            self._prune(table)
            same = self._same(table, key)
            self._leave(table, owner, same.id if same else "")
            job = _joined(table, same, owner, priority) if same else self._queued(table, new)
        dispatcher.wake()
        return self._queue.job(job.id)

    def cancel(self, job_id: str) -> Job | None:
        """Stop a waiting or running job for everyone who asked for it; an ended one stays as it is.

        Raises
        ------
        FitError
            The folder cannot be written.
        """
        job = self.status(job_id)
        if job is None or not job.live:
            return job
        with self._queue.changing() as table:
            job = table.job(job_id)
            if job and job.live:
                job = self._stop(table, job, "cancelled", STOPPED)
        if self._dispatcher:
            self._dispatcher.wake()
        return job

    def leave(self, job_id: str, owner: str) -> None:
        """Take an owner off a job; one that nobody else asked for ends.

        Raises
        ------
        FitError
            The folder cannot be written.
        """
        if JOB_ID.fullmatch(job_id):
            with self._queue.changing() as table:
                if (job := table.job(job_id)) and job.live and owner in job.owners:
                    self._without(table, job, owner, "cancelled", STOPPED)
            if self._dispatcher:
                self._dispatcher.wake()

    def status(self, job_id: str) -> Job | None:
        """Read where a refit stands; None when no such refit is known.

        What a dead server left is looked after: a waiting job is queued here, a running one has ended with its worker.
        """
        if not JOB_ID.fullmatch(job_id):
            return None
        try:
            job = self._queue.job(job_id) or self._former(job_id)
        except FitError as error:
            return Job.unreadable(job_id, f"Nothing is known of it: {error}.")
        if job and job.live and not self._is_attended(job):
            with suppress(FitError):  # of a folder that cannot be written, say what can be read
                dispatcher = self._opened()
                with self._queue.changing() as table:
                    self._looked_after(table, table.job(job_id) or job)
                dispatcher.wake()
                return self._queue.job(job_id)
        return job

    def result(self, key: str) -> Path | None:
        """Return the folder of an accepted fit that answers `key`; it appears whole or not at all."""
        folder = fit_folder(self._queue.home, key)
        return folder if KEY.fullmatch(key) and is_whole(folder) else None

    def close(self) -> None:
        """End the worker and give up what it does; a server that merely dies lets it finish."""
        if self._dispatcher:
            self._dispatcher.close()
            os.close(self._lease)
            self._dispatcher, self._lease = None, -1

    def _opened(self) -> Dispatcher:
        """The dispatcher, made at the first need together with the lease that shows that this server lives."""
        if not lease.SUPPORTED:
            raise FitError("refits on the page need Linux, macOS or WSL; use `python -m models fit --out FOLDER` here")
        with self._opening:
            if self._dispatcher is None:
                try:
                    with self._queue.changing():  # nobody prunes between a lease's making and its lock
                        if self._lease < 0:  # else an earlier change took it and could not be committed
                            self._lease = lease.take(self._server_lease(self._server))
                except OSError as error:
                    raise FitError(f"the refit could not start ({error}); free some disk space") from error
                self._dispatcher = Dispatcher(self._queue, self._server, self._command, self._timeout)
            return self._dispatcher

    def _server_lease(self, name: str) -> Path:
        return refits_folder(self._queue.home) / "servers" / name

    def _is_attended(self, job: Job) -> bool:
        return job.server == self._server or lease.held(self._server_lease(job.server))

    def _worker_lives(self, job: Job) -> bool:
        return lease.held(worker_log(self._queue.home, job.worker))

    def _former(self, job_id: str) -> Job | None:
        """A refit that a former version of this program kept as files."""
        file = Path("jobs", job_id, "job.json")
        if not os.path.lexists(self._queue.home / file):
            return None
        reason = f"A former version of this program kept it in {file}, which was left alone. Start the refit again."
        return Job.unreadable(job_id, reason)

    def _looked_after(self, table: Table, job: Job) -> Job:
        """A job as it is once the end of its server is taken into account."""
        if not job.live or self._is_attended(job):
            return job
        if job.state == "waiting":
            return table.change(job, server=self._server)
        if not self._worker_lives(job):
            return self._stop(table, job, "failed", "The server and its worker stopped while it ran; start it again.")
        if time.time() < job.started + self._timeout:
            return job
        return self._stop(table, job, "failed", f"The worker was stopped after {self._timeout:g} seconds.")

    def _same(self, table: Table, key: str) -> Job | None:
        """The job that answers a question already: waiting, running, or accepted with a fit that can be used."""
        jobs = [self._looked_after(table, job) for job in table.jobs("key = ?", key)]
        live = next((job for job in jobs if job.live), None)
        return live or next((job for job in reversed(jobs) if job.state == "done" and self._is_usable(key)), None)

    def _is_usable(self, key: str) -> bool:
        from models.fits.alignment_fit import load_fit

        folder = self.result(key)
        try:
            return folder is not None and load_fit(folder).diagnostics.passed
        except FitError:
            return False

    def _leave(self, table: Table, owner: str, but: str) -> None:
        """Take an owner off every live job except one; a job that nobody else asked for ends."""
        for job in table.jobs():
            if job.live and owner in job.owners and job.id != but:
                self._without(table, job, owner, "superseded", "A newer refit was asked for.")

    def _without(self, table: Table, job: Job, owner: str, *end: str) -> None:
        """A job without one of its owners; without its last, its end."""
        others = tuple(name for name in job.owners if name != owner)
        if others:
            table.change(job, owners=others)
        else:
            self._stop(table, job, *end)

    def _queued(self, table: Table, job: Job) -> Job:
        """Put a job into this server's line; where that is full, its end makes room."""
        table.add(job)
        for last in table.waiting(self._server)[MAX_WAITING:]:
            self._stop(table, last, "superseded", f"More than {MAX_WAITING} refits were waiting; the last made room.")
        return job

    def _stop(self, table: Table, job: Job, state: State, message: str) -> Job:
        """End a job; the dispatcher of its server sees to it that the worker obeys, an orphaned worker is ended."""
        if job.state == "running" and not self._is_attended(job) and self._worker_lives(job):
            kill_group(job.pid)
        return table.change(job, state=state, message=message)

    def _prune(self, table: Table) -> None:
        """Forget the oldest ended jobs and fits, and the traces of dead servers and workers; never what lives."""
        jobs, folder = table.jobs(), refits_folder(self._queue.home)
        living = {job.id for job in jobs if job.live and (self._is_attended(job) or self._worker_lives(job))}
        for job in [job for job in jobs if job.id not in living][:-KEPT_JOBS]:
            table.forget(job)
        logs, servers = (_unheld(folder / name) for name in ("workers", "servers"))
        unfinished = [path for path in _oldest_first(folder / "made") if path.name not in living]
        for path in (*_oldest_first(self._queue.home / "fits")[:-KEPT_FITS], *unfinished):
            shutil.rmtree(path, ignore_errors=True)
        for path in (*logs[:-KEPT_LOGS], *servers):
            with suppress(OSError):  # a stranger's folder among them must not stop a refit
                path.unlink(missing_ok=True)


def _joined(table: Table, job: Job, owner: str, priority: int) -> Job:
    """Add an owner to a job; asked for again, a waiting one is the newest."""
    if not job.live:
        return job
    asked = time.time() if job.state == "waiting" else job.asked
    owners = tuple(dict.fromkeys([*job.owners, owner]))
    return table.change(job, owners=owners, asked=asked, priority=min(priority, job.priority))


def _unheld(folder: Path) -> list[Path]:
    return [path for path in _oldest_first(folder) if not lease.held(path)]


def _oldest_first(folder: Path) -> list[Path]:
    def age(path: Path) -> float:
        with suppress(OSError):
            return path.stat().st_mtime
        return 0.0

    return sorted(folder.glob("*"), key=age)
