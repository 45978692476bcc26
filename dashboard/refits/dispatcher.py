"""One server's refit worker, and the thread that gives it jobs, one at a time, and records how they end."""

import logging
import os
import secrets
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from dashboard.refits import lease
from dashboard.refits.files import JobFiles
from dashboard.refits.job import Job, State
from models.errors import FitError

type Command = Callable[[Path], list[str]]

TICK_SECONDS = 0.1
"""How often a running job is looked at; with the grace below a stubborn worker is gone within a second."""
GRACE_SECONDS = 0.5
"""A worker looks every 0.2 seconds whether it shall stop."""
UNINTERRUPTED = ("compiling", "simulating", "storing")
"""Phases that a stopped job may finish, unseen: all take less time than a new worker needs to compile, which the next
job would have to wait for."""
TROUBLE_SECONDS = 1.0
"""Between two attempts while the disk is full or the folder locked away."""
_LOG_TAIL = 400
LOG = logging.getLogger(__name__)


class Worker:
    """A worker process, its lease and its log."""

    def __init__(self, files: JobFiles, command: Command) -> None:
        self.name, self.answered = secrets.token_hex(6), False
        folder = files.worker_folder(self.name)
        held = lease.take(folder / "lease")
        try:
            with (folder / "log.txt").open("wb") as log:
                self._process = subprocess.Popen(
                    command(files.folder),
                    stdin=subprocess.PIPE,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                    pass_fds=[held],
                )
        finally:
            os.close(held)
        self._log, self.pid = folder / "log.txt", self._process.pid

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self._process.poll() is None

    def send(self, line: bytes) -> None:
        """Hand over a request; whether the worker still listens shows in `alive`."""
        with suppress(OSError):
            self._process.stdin.write(line + b"\n")
            self._process.stdin.flush()

    def kill(self) -> None:
        """End the process and its children at once."""
        if self.alive:  # else the number may be a stranger's by now
            kill_group(self.pid)
        self._process.wait()
        with suppress(OSError):
            self._process.stdin.close()

    def last_words(self, job_id: str) -> str:
        """What a dead worker wrote about a job before it ended."""
        code = self._process.returncode
        with suppress(OSError):
            said = self._log.read_text(encoding="utf-8", errors="replace").rpartition(f"refit {job_id}\n")[2].strip()
            if said:
                return f"The worker failed: {said.splitlines()[-1][-_LOG_TAIL:]}"
        if code < 0:
            name = signal.strsignal(-code) or "unknown"
            return f"The worker was ended by signal {-code} ({name}); memory may have run out. Start it again."
        return f"The worker ended with code {code} and said nothing; run `python -m models fit` to see why."


class Dispatcher:
    """Gives the newest waiting job of one server to its worker, and follows it to its end.

    Parameters
    ----------
    files : JobFiles
    server : str
        Name of the server's lease.
    command : callable
        Makes the worker's command line from the folder.
    timeout : float
        Seconds after which a job, and the worker with it, is stopped.
    """

    def __init__(self, files: JobFiles, server: str, command: Command, timeout: float) -> None:
        self._files, self._server, self._command, self._timeout = files, server, command, timeout
        self._worker: Worker | None = None
        self._sent: Job | None = None
        self._deadline, self._stop_by = 0.0, 0.0
        self._untold: dict[str, tuple[Job, State, str]] = {}
        self._something, self._closing, self._trouble = threading.Event(), False, ""
        self._reviving = threading.Lock()
        self._thread = self._started()

    def wake(self) -> None:
        """Look at the queue now; a thread that died is replaced by one that goes on where it stopped."""
        with self._reviving:
            if not (self._thread.is_alive() or self._closing):
                LOG.error("The thread that hands out refits had died; another one goes on.")
                self._thread = self._started()
        self._something.set()

    def warm(self) -> None:
        """Start the worker if none runs. Needs the folder's lock.

        Raises
        ------
        OSError
            It cannot be started.
        """
        if self._worker is None or not self._worker.alive:
            self._worker = Worker(self._files, self._command)

    def close(self) -> None:
        """End the thread and the worker, whatever it does."""
        self._closing = True
        self._something.set()
        self._thread.join()
        if self._worker:
            self._worker.kill()

    def _started(self) -> threading.Thread:
        thread = threading.Thread(target=self._loop, daemon=True, name=f"refits-{self._server}")
        thread.start()
        return thread

    def _loop(self) -> None:
        while not self._closing:
            pause: float | None = TICK_SECONDS
            try:
                with self._files.locked():
                    pause = self._step()
                if not self._untold:
                    self._trouble = ""
            except Exception as error:  # whatever it was, others wait: once more, and in the log
                pause = TROUBLE_SECONDS
                self._tell_trouble(error)
            self._something.wait(pause)
            self._something.clear()

    def _tell_trouble(self, error: Exception) -> None:
        """One log entry for a trouble that lasts, such as a full disk."""
        if repr(error) != self._trouble:
            LOG.error("Refits are held up; trying again every %g s.", TROUBLE_SECONDS, exc_info=error)
        self._trouble = repr(error)

    def _step(self) -> float | None:
        """Do what there is to do, and tell how long it may wait; None while there is nothing."""
        if self._sent and self._ended(self._sent):
            self._sent = None
        if not self._sent:
            self._send_newest()
        self._tell()
        if self._sent:
            return TICK_SECONDS
        return TROUBLE_SECONDS if self._untold else None

    def _ended(self, job: Job) -> bool:
        """Follow the job that was sent, and tell whether the worker is done with it."""
        try:
            return self._followed(job)
        except Exception as error:  # this job's files are beyond help; the next one deserves its turn
            LOG.exception("Refit %s could not be followed", job.id)
            self._worker.kill()
            self._conclude(job, "failed", f"The refit could not be followed ({_named(error)}); start it again.")
            return True

    def _followed(self, job: Job) -> bool:
        alive = self._worker.alive  # asked first: a worker that writes an outcome and dies has answered
        outcome = self._files.outcome(job.id)
        if outcome:
            self._conclude(job, outcome.state, outcome.message)
            self._worker.answered = True
            return True
        if not alive:
            self._conclude(job, "failed", self._worker.last_words(job.id))
            self._worker.kill()
            return True
        if time.monotonic() > self._deadline:
            self._worker.kill()
            self._conclude(job, "failed", f"The worker was stopped after {self._timeout:g} seconds without an answer.")
            return True
        return self._disobeyed(job)

    def _disobeyed(self, job: Job) -> bool:
        """Kill a worker that goes on sampling after it was asked to stop; one that compiles may go on, to be warm."""
        report = self._files.progress(job.id)
        cold = report is None and not self._worker.answered
        if not self._files.asked_to_stop(job.id) or cold or (report and report[0] in UNINTERRUPTED):
            self._stop_by = 0.0
            return False
        self._stop_by = self._stop_by or time.monotonic() + GRACE_SECONDS
        if time.monotonic() < self._stop_by:
            return False
        self._worker.kill()
        self._conclude(job, "cancelled", "Stopped on request; the numbers are as before.")
        return True

    def _conclude(self, job: Job, state: State, message: str) -> None:
        """Have an end told as soon as the disk lets us; the worker is free at once."""
        self._untold[job.id] = (job, state, message)

    def _tell(self) -> None:
        for job, state, message in tuple(self._untold.values()):
            try:
                self._record(job, state, message)
            except OSError as error:
                self._tell_trouble(error)
                continue
            del self._untold[job.id]

    def _record(self, job: Job, state: State, message: str) -> None:
        """Write an end, unless somebody wrote one before; over a record that was damaged meanwhile, from memory."""
        now = self._files.read(job.id)
        if now and (now.live or not self._files.readable(job.id)):
            self._files.end(now if now.live else job, state, message)

    def _send_newest(self) -> None:
        waiting = [job for job in self._files.waiting(self._server) if job.id not in self._untold]
        if not waiting:
            return
        job = waiting[-1]
        try:
            self._send(job)
        except Exception as error:
            self._sent = None
            self._conclude(job, "failed", f"The refit could not start ({_named(error)}); start it again.")
            if not isinstance(error, OSError | FitError):
                LOG.exception("Refit %s could not start", job.id)
            self._something.set()

    def _send(self, job: Job) -> None:
        line = self._files.request(job)
        self.warm()
        worker = self._worker
        running = replace(job, state="running", started=time.time(), worker=worker.name, pid=worker.pid)
        self._sent = self._files.write(running)
        self._deadline, self._stop_by = time.monotonic() + self._timeout, 0.0
        worker.send(line)


def _named(error: Exception) -> str:
    return str(error) or type(error).__name__


def kill_group(pid: int) -> None:
    """End a process and its children at once; one that has ended already is no error."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
