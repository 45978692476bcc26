"""One server's refit worker, and the thread that gives it jobs, one at a time, and sees to it that they end."""

import logging
import os
import secrets
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from dashboard.refits import lease
from models.errors import FitError
from models.refits.queue import ENDED, Job, Queue
from models.refits.request import Request, refits_folder

type Command = Callable[[Path], list[str]]

TICK_SECONDS = 0.1
"""How often a running job is looked at; with the grace below a stubborn worker is gone within a second."""
GRACE_SECONDS = 0.5
"""A worker looks every 0.2 seconds whether it shall stop."""
COMPILING = "compiling"
UNINTERRUPTED = (COMPILING, "simulating", "storing")
"""Phases that a stopped job may finish, unseen: all take less time than a new worker needs to compile, which the next
job would have to wait for."""
TROUBLE_SECONDS = 1.0
"""Between two attempts while the disk is full or the folder locked away."""
FIRST_WORDS = "Starting; compiling the model takes up to two minutes the first time."
_LOG_TAIL = 400
LOG = logging.getLogger(__name__)


def worker_log(home: Path, name: str) -> Path:
    """What a worker writes to; held by it as long as it lives."""
    return refits_folder(home) / "workers" / f"{name}.log"


class Worker:
    """A worker process and its log, which is its lease."""

    def __init__(self, home: Path, command: Command) -> None:
        self.name, self.answered = secrets.token_hex(6), False
        self._log = worker_log(home, self.name)
        held = lease.take(self._log)
        try:
            self._process = subprocess.Popen(
                command(home), stdin=subprocess.PIPE, stdout=held, stderr=subprocess.STDOUT, start_new_session=True
            )
        finally:
            os.close(held)
        self.pid = self._process.pid

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self._process.poll() is None

    def send(self, line: str) -> None:
        """Hand over a request; whether the worker still listens shows in `alive`."""
        with suppress(OSError):
            self._process.stdin.write(line.encode() + b"\n")
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
    """Gives the jobs of one server to its worker, and follows each to its end.

    Parameters
    ----------
    queue : Queue
    server : str
        Name of the server's lease.
    command : callable
        Makes the worker's command line from the folder.
    timeout : float
        Seconds after which a job, and the worker with it, is stopped.
    """

    def __init__(self, queue: Queue, server: str, command: Command, timeout: float) -> None:
        self._queue, self._server, self._command, self._timeout = queue, server, command, timeout
        self._worker: Worker | None = None
        self._sent, self._deadline, self._stop_by = "", 0.0, 0.0
        self._something, self._closing, self._trouble = threading.Event(), False, ""
        self._thread = threading.Thread(target=self._loop, daemon=True, name=f"refits-{server}")
        self._thread.start()

    def wake(self) -> None:
        """Look at the queue now."""
        self._something.set()

    def close(self) -> None:
        """End the thread and the worker, whatever it does."""
        self._closing = True
        self._something.set()
        self._thread.join()
        if self._worker:
            self._worker.kill()

    def _loop(self) -> None:
        while not self._closing:
            try:
                pause = self._step()
                self._trouble = ""
            except BaseException as error:  # whatever it was, others wait: once more, and in the log
                pause = TROUBLE_SECONDS
                self._log_trouble(error)
            self._something.wait(pause)
            self._something.clear()

    def _log_trouble(self, error: BaseException) -> None:
        """One log entry for a trouble that lasts, such as a full disk."""
        if repr(error) != self._trouble:
            LOG.error("Refits are held up; trying again every %g s.", TROUBLE_SECONDS, exc_info=error)
        self._trouble = repr(error)

    def _step(self) -> float | None:
        """Do what there is to do, and return how long it may wait; None while there is nothing."""
        if self._sent and self._over(self._sent):
            self._sent = ""
        job = None if self._sent else self._queue.next(self._server)
        if job:
            self._send(job)
        return TICK_SECONDS if self._sent or job else None

    def _over(self, job_id: str) -> bool:
        """Follow the job that was sent, and return whether the worker is done with it."""
        alive = self._worker.alive  # asked first: a worker that answers and dies has answered
        job = self._queue.job(job_id)
        if job and job.phase == ENDED:
            self._worker.answered = True
            return True
        reason = self._fault(job_id, job, alive)
        if reason:
            self._queue.tell(job_id, ENDED, state="failed", message=reason)
            self._worker.kill()
        return bool(reason)

    def _fault(self, job_id: str, job: Job | None, alive: bool) -> str:
        """Why the worker cannot go on; after a job that was stopped it may still compile, to be warm for the next."""
        if not alive:
            return self._worker.last_words(job_id)
        if time.monotonic() > self._deadline:
            return f"The worker was stopped after {self._timeout:g} seconds without an answer."
        if job and (job.live or job.phase in UNINTERRUPTED):
            self._stop_by = 0.0
            return ""
        self._stop_by = self._stop_by or time.monotonic() + GRACE_SECONDS
        return "It did not stop when asked." if time.monotonic() > self._stop_by else ""

    def _warm(self) -> Worker:
        """The worker, started if none runs."""
        if self._worker is None or not self._worker.alive:
            self._worker = Worker(self._queue.home, self._command)
        return self._worker

    def _send(self, job: Job) -> None:
        try:
            Request.from_json(job.request)
            worker = self._warm()
        except (OSError, FitError) as error:
            message = f"The refit could not start ({error}); start it again."
            self._queue.tell(job.id, ENDED, state="failed", message=message)
            return
        phase = "" if worker.answered else COMPILING
        if self._queue.claim(job, worker=worker.name, pid=worker.pid, phase=phase, message=FIRST_WORDS):
            self._sent, self._deadline, self._stop_by = job.id, time.monotonic() + self._timeout, 0.0
            worker.send(job.request)


def kill_group(pid: int) -> None:
    """End a process and its children at once; one that has ended already is no error."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
