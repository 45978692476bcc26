"""A refit worker that fits nothing: it speaks the protocol of `models.refits.worker` and behaves as a test asks.

Run as a program: ``fake_worker.py HOME BEHAVIOUR [LETTER=BEHAVIOUR ...]``; a key's first letter may choose another one.
"""

import json
import os
import shutil
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from models.errors import FitError
from models.refits.queue import ENDED, Queue
from models.refits.request import Request, fit_folder, job_folder

WAIT_SECONDS = 20.0
"""Far above the tenth of a second that this worker needs: reached only when something hangs."""
STARTS, GO, STORED = "starts", "go", "stored"
"""In the home: a line for every worker that started; what a waiting worker waits for; a fit to hand out."""


def fake_command(behaviour: str = "fit", **letters: str) -> Callable[[Path], list[str]]:
    """A command for `Refits`: one behaviour for all, others for keys by their first letter."""
    others = [f"{letter}={other}" for letter, other in letters.items()]
    return lambda home: [sys.executable, __file__, str(home), behaviour, *others]


def until(condition: Callable[[], object]) -> None:
    """Wait until something holds."""
    end = time.monotonic() + WAIT_SECONDS
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def finished(runner, job_id: str):
    """Wait for the end of a refit and return it."""
    until(lambda: not runner.status(job_id).live)
    return runner.status(job_id)


def sampling(runner, job_id: str):
    """Wait until the worker has begun and return the job."""
    until(lambda: runner.status(job_id).done > 0)
    return runner.status(job_id)


def starts(home: Path) -> list[int]:
    """Process ids of the workers that were started on a folder."""
    return [int(line) for line in (home / STARTS).read_text().split()]


def alive(pid: int) -> bool:
    """Tell whether a process runs (a child that has ended but was not waited for does not)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


class Fake:
    """One request, behaved as asked."""

    def __init__(self, home: Path, request: Request) -> None:
        self.home, self.request, self.queue = home, request, Queue(home)

    @property
    def stopped(self) -> bool:
        with suppress(FitError):
            job = self.queue.job(self.request.id)
            return job is None or not job.live
        return False

    def end(self, state: str, message: str) -> None:
        self.queue.tell(self.request.id, ENDED, state=state, message=message, done=1.0 if state == "done" else 0.4)

    def fit(self) -> None:
        folder, target = job_folder(self.home, self.request.id) / "fit", fit_folder(self.home, self.request.key)
        if (self.home / STORED).is_dir():
            shutil.copytree(self.home / STORED, folder)
        else:
            folder.mkdir(parents=True)
            (folder / "fit.json").write_text(json.dumps(dict(self.request.values)))
            (folder / "draws.npz").write_bytes(b"draws")
        target.parent.mkdir(exist_ok=True)
        shutil.rmtree(target, ignore_errors=True)
        folder.rename(target)
        self.end("done", "The refit is ready.")

    def wait(self) -> None:
        """Sample until asked to stop, or until the test says go."""
        while not (self.home / GO).exists():
            if self.stopped:
                self.end("cancelled", "Stopped.")
                return
            time.sleep(0.02)
        self.fit()

    def behave(self, behaviour: str) -> None:
        if behaviour == "compile":
            until((self.home / GO).exists)
            return self.end("cancelled", "Stopped.") if self.stopped else self.wait()
        self.queue.tell(self.request.id, "sampling", done=0.4, message="Sampling: 40 % of draws.")
        if behaviour == "stubborn":
            time.sleep(600)
        elif behaviour == "die":
            os.kill(os.getpid(), 9)
        elif behaviour == "fail":
            sys.exit("the sampler failed: got NaN")
        elif behaviour == "silent":
            sys.exit(0)
        elif behaviour == "reject":
            self.end("rejected", "R-hat is 1.2, expected at most 1.01.")
        elif behaviour == "answer and die":
            self.fit()
            os.kill(os.getpid(), 11)
        else:
            self.wait() if behaviour == "wait" else self.fit()
        return None


def main(home: Path, behaviour: str, *others: str) -> None:
    with (home / STARTS).open("a") as stream:
        stream.write(f"{os.getpid()}\n")
    letters = dict(other.split("=") for other in others)
    for line in iter(sys.stdin.readline, ""):
        request = Request.from_json(line)
        print(f"refit {request.id}", flush=True)
        Fake(home, request).behave(letters.get(request.key[0], behaviour))


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
