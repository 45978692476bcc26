"""One server's refit worker, and the thread that gives it jobs, one at a time, and records how they end."""

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

from dashboard import lease
from dashboard.job_files import JobFiles
from models.refit_request import REQUEST, job_folder

type Command = Callable[[Path], list[str]]

TICK_SECONDS = 0.1
"""How often a running job is looked at; with the grace below a stubborn worker is gone within a second."""
GRACE_SECONDS = 0.5
"""A worker looks every 0.2 seconds whether it shall stop."""
UNINTERRUPTED = ("compiling", "simulating", "storing")
"""Phases that a stopped job may finish, unseen: all take less time than a new worker needs to compile, which the next
job would have to wait for."""
_LOG_TAIL = 400


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
        self._sent, self._deadline, self._stop_by = "", 0.0, 0.0
        self._something, self._closing = threading.Event(), False
        self._thread = threading.Thread(target=self._loop, daemon=True, name=f"refits-{server}")
        self._thread.start()

    def wake(self) -> None:
        """Look at the queue now."""
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
        self.wake()
        self._thread.join()
        if self._worker:
            self._worker.kill()

    def _loop(self) -> None:
        while not self._closing:
            busy = True
            with suppress(OSError), self._files.locked():  # a full disk: once more at the next tick
                busy = self._step()
            self._something.wait(TICK_SECONDS if busy else None)
            self._something.clear()

    def _step(self) -> bool:
        if self._sent and self._ended():
            self._sent = ""
        if not self._sent:
            self._send_newest()
        return bool(self._sent)

    def _ended(self) -> bool:
        """Follow the job that was sent, and tell whether the worker is done with it."""
        alive = self._worker.alive  # asked first: a worker that writes an outcome and dies has answered
        outcome = self._files.outcome(self._sent)
        if outcome:
            self._record(outcome.state, outcome.message)
            self._worker.answered = True
            return True
        if not alive:
            self._record("failed", self._worker.last_words(self._sent))
            self._worker.kill()
            return True
        if time.monotonic() > self._deadline:
            self._worker.kill()
            self._record("failed", f"The worker was stopped after {self._timeout:g} seconds without an answer.")
            return True
        return self._disobeyed()

    def _record(self, state: str, message: str) -> None:
        job = self._files.read(self._sent)
        if job and job.state == "running":
            self._files.end(job, state, message)

    def _disobeyed(self) -> bool:
        """Kill a worker that goes on sampling after it was asked to stop; one that compiles may go on, to be warm."""
        report = self._files.progress(self._sent)
        cold = report is None and not self._worker.answered
        if not self._files.asked_to_stop(self._sent) or cold or (report and report[0] in UNINTERRUPTED):
            self._stop_by = 0.0
            return False
        self._stop_by = self._stop_by or time.monotonic() + GRACE_SECONDS
        if time.monotonic() < self._stop_by:
            return False
        self._worker.kill()
        self._record("cancelled", "Stopped on request; the numbers are as before.")
        return True

    def _send_newest(self) -> None:
        waiting = self._files.waiting(self._server)
        if not waiting:
            return
        job = waiting[-1]
        try:
            self.warm()
        except OSError as error:
            self._files.end(job, "failed", f"The refit could not start ({error}); free some memory or disk space.")
            self.wake()
            return
        worker = self._worker
        self._files.write(replace(job, state="running", started=time.time(), worker=worker.name, pid=worker.pid))
        self._sent, self._deadline, self._stop_by = job.id, time.monotonic() + self._timeout, 0.0
        worker.send((job_folder(self._files.folder, job.id) / REQUEST).read_bytes())


def kill_group(pid: int) -> None:
    """End a process and its children at once; one that has ended already is no error."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
