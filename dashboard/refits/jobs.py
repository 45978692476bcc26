"""Refits for the page: ask, watch, cancel, find the result. No Streamlit, no PyMC: only processes and files.

One warm worker a server answers one job at a time; the newest waiting job comes next, because whoever asked last is
still looking. All that must outlive a page or a server stands on disk, under the name that the page's address carries.
"""

import os
import secrets
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from dashboard.refits import lease
from dashboard.refits.dispatcher import Command, Dispatcher, kill_group
from dashboard.refits.files import JobFiles
from dashboard.refits.job import Job
from models.errors import FitError
from models.refits.request import REQUEST, Expected, Request, job_folder
from models.storage.disk import write_atomically
from models.storage.home import HOME_VARIABLE

TIMEOUT_SECONDS = 900.0
"""A cold compilation takes up to two minutes and a fit under twenty seconds, three of them under a minute; a slow
laptop may need five times that."""
MAX_WAITING = 8
"""At fifteen seconds a refit the last in the queue waits two minutes; longer than that nobody watches a bar."""


def worker_command(folder: Path) -> list[str]:
    """The command line of the worker; it imports PyMC, this process never does."""
    return [sys.executable, "-m", "models", "worker", "--home", str(folder)]


class Refits:
    """The refits of one server.

    Several servers may share a folder: each has its own worker and answers for its own jobs, and any of them takes over
    what a dead one left when somebody asks for it. Nothing is written or started before the first `start` or `prepare`.

    Parameters
    ----------
    folder : Path
        Where jobs, results and logs are kept.
    command : callable, optional
        Makes the worker's command line from the folder; tests give a fast one.
    timeout : float
        Seconds after which a job is stopped.
    """

    def __init__(self, folder: Path, command: Command = worker_command, timeout: float = TIMEOUT_SECONDS) -> None:
        self._files, self._command, self._timeout = JobFiles(folder), command, timeout
        self._server, self._lease = secrets.token_hex(6), -1
        self._dispatcher: Dispatcher | None = None
        self._opening = threading.Lock()

    def prepare(self) -> None:
        """Start the worker, so that the first refit need not wait for it to compile.

        Raises
        ------
        FitError
            The worker could not be started or the folder not be written.
        """
        try:
            dispatcher = self._opened()
            with self._files.locked():
                dispatcher.warm()
        except OSError as error:
            raise _no_start(error) from error

    def start(self, key: str, values: Mapping[str, float], owner: str = "", expected: Sequence[Expected] = ()) -> Job:
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

        Raises
        ------
        FitError
            The request is malformed, or the folder cannot be written.
        """
        request = Request(id=secrets.token_hex(6), key=key, values=values, expected=tuple(expected))
        try:
            dispatcher = self._opened()
            with self._files.locked():
                self._files.prune()
                same = self._same(key)
                self._leave(owner, same.id if same else "")
                job = self._joined(same, owner) if same else self._queued(request, owner)
        except OSError as error:
            raise _no_start(error) from error
        dispatcher.wake()
        return self._files.shown(job)

    def cancel(self, job_id: str) -> Job | None:
        """Stop a waiting or running job for everyone who asked for it; an ended one stays as it is.

        Raises
        ------
        FileError
            The folder cannot be written.
        """
        job = self.status(job_id)
        if job is None or not job.live:
            return job
        with self._files.locked():
            job = self._looked_after(job_id)
            if job is not None and job.live:
                job = self._stop(job, "cancelled", "Stopped on request; the numbers are as before.")
        if self._dispatcher:
            self._dispatcher.wake()
        return job

    def status(self, job_id: str) -> Job | None:
        """Read where a refit stands; None when no such refit is known.

        What a dead server left is looked after: a waiting job is queued here, a running one recorded as what became of
        it.
        """
        job = self._files.read(job_id)
        if job and job.live and job.server == self._server and self._dispatcher:
            self._dispatcher.wake()
        if job is None or not job.live or self._is_attended(job):
            return self._files.shown(job) if job else None
        with suppress(OSError):  # of a folder that cannot be written, say what can be read
            dispatcher = self._opened()
            with self._files.locked():
                job = self._looked_after(job_id)
            dispatcher.wake()
        return self._files.shown(job) if job else None

    def result(self, key: str) -> Path | None:
        """Return the folder of an accepted fit that answers `key`; it appears whole or not at all."""
        return self._files.result(key)

    def close(self) -> None:
        """End the worker and give up what it does; a server that merely dies lets it finish."""
        if self._dispatcher:
            self._dispatcher.close()
            os.close(self._lease)
            self._dispatcher = None

    def _opened(self) -> Dispatcher:
        """The dispatcher, made at the first need together with the lease that shows that this server lives."""
        if not lease.SUPPORTED:
            raise FitError("refits on the page need Linux, macOS or WSL; use `python -m models fit --out FOLDER` here")
        with self._opening:
            if self._dispatcher is None:
                with self._files.locked():
                    self._lease = lease.take(self._files.server_lease(self._server))
                self._dispatcher = Dispatcher(self._files, self._server, self._command, self._timeout)
            return self._dispatcher

    def _is_attended(self, job: Job) -> bool:
        return job.server == self._server or lease.held(self._files.server_lease(job.server))

    def _looked_after(self, job_id: str) -> Job | None:
        """A job as it is once the end of its server is taken into account. Needs the lock, as all below."""
        job = self._files.read(job_id)
        if job is None or not job.live or self._is_attended(job):
            return job
        if job.state == "waiting":
            return self._files.write(replace(job, server=self._server))
        lives = self._files.worker_lives(job.worker)  # asked first: a worker writes its outcome, then ends
        outcome = self._files.outcome(job.id)
        if outcome:
            return self._files.end(job, outcome.state, outcome.message)
        if lives and time.time() < job.started + self._timeout:
            return job
        if lives:
            return self._stop(job, "failed", f"The worker was stopped after {self._timeout:g} seconds.")
        return self._files.end(job, "failed", "The server and its worker stopped while it ran; start it again.")

    def _same(self, key: str) -> Job | None:
        """The job that answers a question already: waiting, running, or accepted with a fit that can be used."""
        jobs = [job for job in self._files.jobs() if job.key == key]
        live: list[Job] = []
        for job in (job for job in jobs if job.live):
            with suppress(OSError):  # one that cannot be looked after answers nobody
                live += filter(None, [self._looked_after(job.id)])
        if any(job.live for job in live):
            return next(job for job in live if job.live)
        accepted = [job for job in [*jobs, *live] if job.state == "done"]
        return accepted[-1] if accepted and self._is_usable(key) else None

    def _is_usable(self, key: str) -> bool:
        from models.fits.alignment_fit import load_fit

        folder = self._files.result(key)
        try:
            return folder is not None and load_fit(folder).diagnostics.passed
        except FitError:
            return False

    def _leave(self, owner: str, but: str) -> None:
        """Take an owner off every live job except one; a job that nobody else asked for ends."""
        for job in self._files.jobs():
            if job.live and owner in job.owners and job.id != but:
                others = tuple(name for name in job.owners if name != owner)
                with suppress(OSError):  # an older one that cannot be written must not stop the newer one
                    if others:
                        self._files.write(replace(job, owners=others))
                    else:
                        self._stop(job, "superseded", "A newer refit was asked for.")

    def _joined(self, job: Job, owner: str) -> Job:
        if not job.live:
            return job
        asked = time.time() if job.state == "waiting" else job.asked  # asked for again: it is the newest
        return self._files.write(replace(job, owners=tuple(dict.fromkeys([*job.owners, owner])), asked=asked))

    def _queued(self, request: Request, owner: str) -> Job:
        waiting = self._files.waiting(self._server)
        for oldest in waiting[: max(0, len(waiting) - MAX_WAITING + 1)]:
            with suppress(OSError):
                self._stop(oldest, "superseded", f"More than {MAX_WAITING} refits were waiting; the oldest made room.")
        folder = job_folder(self._files.folder, request.id)
        folder.mkdir(parents=True)
        write_atomically(folder / REQUEST, request.to_json().encode())
        job = Job(
            id=request.id,
            key=request.key,
            state="waiting",
            done=0.0,
            message="Waiting for the worker.",
            asked=time.time(),
            server=self._server,
            owners=(owner,),
        )
        return self._files.write(job)

    def _stop(self, job: Job, state: str, message: str) -> Job:
        """End a job; the dispatcher of its server sees to it that the worker obeys, an orphaned worker is ended."""
        outcome = self._files.outcome(job.id)
        if outcome:  # it ended a moment ago
            return self._files.end(job, outcome.state, outcome.message)
        if job.state == "running":
            self._files.ask_to_stop(job.id)
            if not self._is_attended(job) and self._files.worker_lives(job.worker):
                kill_group(job.pid)
        return self._files.end(job, state, message)


def _no_start(error: OSError) -> FitError:
    return FitError(f"the refit could not start ({error}); free some disk space or set {HOME_VARIABLE}")
