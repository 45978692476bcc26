"""Refits in a worker process: start, progress, cancel, result on disk. No Streamlit, no PyMC: only processes, files.

One refit runs at a time on a server and a newer request supersedes an older one: a fit keeps every core busy, and
whoever moved on does not wait for the old answer. Everything that must outlive a page or a server stands on disk,
under the name that the page's address carries.
"""

import json
import os
import re
import secrets
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Literal

import platformdirs

from models.errors import FitError

type State = Literal["running", "done", "failed", "cancelled", "superseded"]
type Command = Callable[[Path, Path, Path], list[str]]

HOME_VARIABLE = "CONJUNCTION_HOME"
TIMEOUT_SECONDS = 900.0
"""A cold compilation takes up to two minutes and a fit under twenty seconds; a slow laptop may need five times that."""
GRACE_SECONDS = 0.4
"""Time to stop politely; with the kill that follows a cancel stays within a second."""
KEPT_JOBS = 20
KEPT_FITS = 40
"""About two megabytes each."""
JOB_ID = re.compile(r"[0-9a-f]{12}")
FIT_FILES = ("fit.json", "draws.npz")
_LOG_TAIL = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One refit as it stands.

    Attributes
    ----------
    id : str
        Twelve hexadecimal digits; stands in the page's address.
    key : str
        What was asked; equal questions share one result.
    done : float
        Share done, 0 to 1.
    message : str
        One sentence for the page: the phase while running, the reason afterwards.
    started : float
        Seconds since 1970.
    """

    id: str
    key: str
    state: State
    done: float
    message: str
    started: float
    pid: int


def home() -> Path:
    """Folder of this user's refits: ``$CONJUNCTION_HOME``, or the platform's cache folder."""
    return Path(os.environ.get(HOME_VARIABLE) or platformdirs.user_cache_dir("conjunction"))


def fit_command(assumptions: Path, out: Path, progress: Path) -> list[str]:
    """The command line that fits; it imports PyMC, this process never does."""
    files = ["--assumptions-file", str(assumptions), "--out", str(out), "--progress", str(progress)]
    return [sys.executable, "-m", "models", "fit", *files]


class Refits:
    """The refits of one server.

    Parameters
    ----------
    folder : Path
        Where jobs and results are kept.
    command : callable, optional
        Makes the worker's command from the files of assumptions, result and progress; tests give a fast one.
    timeout : float
        Seconds after which a worker is stopped.
    """

    def __init__(self, folder: Path, command: Command = fit_command, timeout: float = TIMEOUT_SECONDS) -> None:
        self._folder, self._command, self._timeout = folder, command, timeout
        self._lock = threading.RLock()
        self._processes: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, key: str, values: Mapping[str, float]) -> Job:
        """Start a refit, or return the one that is answering `key` already; any other running one is superseded.

        Raises
        ------
        FitError
            The worker could not be started or its folder not be written.
        """
        with self._lock:
            for job in self._running():
                if job.key == key:
                    return job
                self._stop(job, "superseded", "A newer refit was asked for.")
            self._prune()
            try:
                return self._launch(key, values)
            except OSError as error:
                raise FitError(
                    f"the refit could not start ({error}); free some disk space or set {HOME_VARIABLE}"
                ) from error

    def cancel(self, job_id: str) -> Job | None:
        """Stop a running refit within a second; a finished one stays as it is."""
        with self._lock:
            job = self.status(job_id)
            if job is None or job.state != "running":
                return job
            return self._stop(job, "cancelled", "Stopped on request; the numbers are as before.")

    def status(self, job_id: str) -> Job | None:
        """Read where a refit stands, also one that another server started; None when no such refit is known."""
        with self._lock:
            job = self._read(job_id)
            if job is None or job.state != "running":
                return job
            process = self._processes.get(job_id)
            if process.poll() is not None if process else not _is_ours(job):
                return self._conclude(job, process.returncode if process else None)
            return self._with_progress(job)

    def result(self, key: str) -> Path | None:
        """Return the folder of a finished fit that answers `key`."""
        folder = self._folder / "fits" / key
        return folder if all((folder / name).is_file() for name in FIT_FILES) else None

    def _launch(self, key: str, values: Mapping[str, float]) -> Job:
        job_id = secrets.token_hex(6)
        folder = self._job_folder(job_id)
        folder.mkdir(parents=True)
        (folder / "assumptions.json").write_text(json.dumps({"values": dict(values)}, sort_keys=True))
        command = self._command(folder / "assumptions.json", folder / "fit", folder / "progress.jsonl")
        with (folder / "log.txt").open("wb") as log:
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
            )
        self._processes[job_id] = process
        message = "Starting the worker."
        job = Job(id=job_id, key=key, state="running", done=0.0, message=message, started=time.time(), pid=process.pid)
        self._write(job)
        threading.Thread(target=self._watch, args=(job, process), daemon=True, name=f"refit-{job_id}").start()
        return job

    def _watch(self, job: Job, process: subprocess.Popen[bytes]) -> None:
        """Wait for one worker in a thread of its own, so that its end is recorded whether or not a page looks."""
        try:
            process.wait(self._timeout)
        except subprocess.TimeoutExpired:
            with self._lock:
                now = self.status(job.id)
                if now and now.state == "running":
                    self._stop(
                        now, "failed", f"The worker was stopped after {self._timeout:g} seconds without an answer."
                    )
            return
        self.status(job.id)

    def _conclude(self, job: Job, code: int | None) -> Job:
        """Record how a worker that has ended turned out, and keep its fit."""
        made = self._job_folder(job.id) / "fit"
        if all((made / name).is_file() for name in FIT_FILES) and code in (0, None):
            target = self._folder / "fits" / job.key
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.rmtree(target, ignore_errors=True)
            made.rename(target)
            return self._write(replace(job, state="done", done=1.0, message="The refit is ready."))
        reason = "The server stopped while it ran; start it again." if code is None else self._last_words(job.id, code)
        return self._write(replace(job, state="failed", message=reason))

    def _last_words(self, job_id: str, code: int) -> str:
        with suppress(OSError):
            lines = (self._job_folder(job_id) / "log.txt").read_text(errors="replace").strip().splitlines()
            if lines:
                return f"The worker failed: {lines[-1][-_LOG_TAIL:]}"
        return f"The worker ended with code {code} and said nothing; run `python -m models fit` to see why."

    def _stop(self, job: Job, state: State, message: str) -> Job:
        stopped = self._write(replace(self._with_progress(job), state=state, message=message))
        process = self._processes.pop(job.id, None)
        _kill(job.pid, process)
        shutil.rmtree(self._job_folder(job.id) / "fit", ignore_errors=True)
        return stopped

    def _running(self) -> list[Job]:
        known = (self.status(path.name) for path in self._jobs())
        return [job for job in known if job and job.state == "running"]

    def _jobs(self) -> list[Path]:
        return _oldest_first(path for path in (self._folder / "jobs").glob("*") if JOB_ID.fullmatch(path.name))

    def _prune(self) -> None:
        fits = _oldest_first((self._folder / "fits").glob("*"))
        for path in (*self._jobs()[:-KEPT_JOBS], *fits[:-KEPT_FITS]):
            shutil.rmtree(path, ignore_errors=True)

    def _job_folder(self, job_id: str) -> Path:
        return self._folder / "jobs" / job_id

    def _read(self, job_id: str) -> Job | None:
        if not JOB_ID.fullmatch(job_id):
            return None
        try:
            return Job(**json.loads((self._job_folder(job_id) / "job.json").read_bytes()))
        except (OSError, ValueError, TypeError):
            return None

    def _write(self, job: Job) -> Job:
        path = self._job_folder(job.id) / "job.json"
        partial = path.with_suffix(".partial")
        partial.write_text(json.dumps(asdict(job)))
        partial.replace(path)
        return job

    def _with_progress(self, job: Job) -> Job:
        """Add the last whole line of the worker's report; a line that is still being written is skipped."""
        with suppress(OSError):
            for line in reversed((self._job_folder(job.id) / "progress.jsonl").read_text().splitlines()):
                with suppress(ValueError, KeyError, TypeError):
                    report = json.loads(line)
                    return replace(job, done=min(1.0, max(0.0, float(report["done"]))), message=str(report["message"]))
        return job


def _oldest_first(paths) -> list[Path]:
    return sorted(paths, key=lambda path: path.stat().st_mtime)


def _is_ours(job: Job) -> bool:
    """Whether the process of a job that another server started still runs and is no stranger under its number."""
    try:
        return job.id.encode() in Path(f"/proc/{job.pid}/cmdline").read_bytes()
    except OSError:
        return False


def _kill(pid: int, process: subprocess.Popen[bytes] | None) -> None:
    """Stop a worker and its children: ask, wait `GRACE_SECONDS`, insist."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, 15)
    deadline = time.monotonic() + GRACE_SECONDS
    while process and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.02)
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, 9)
    if process:
        process.wait()
