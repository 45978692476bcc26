"""Many jobs, each done once: on all cores of this machine or on a Dask cluster, whatever was killed in between."""

import contextlib
import json
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor, as_completed
from multiprocessing import get_context, parent_process
from pathlib import Path
from typing import Protocol

from data.digest import Fields
from data.values import frozen
from models.errors import FitError
from models.storage.disk import explained, write_atomically

type OnDone[Task] = Callable[[Task, int, int], None]


class Keyed(Protocol):
    """A job in plain values that travel to another process or machine; its key says what is asked."""

    @property
    def key(self) -> str:
        """Digest of everything that decides the result."""


class Shelf[Task, Made, Result](Protocol):
    """Where results wait, so that a run that was stopped goes on where it was."""

    def read(self, task: Task) -> Result | None:
        """The stored result, or None where there is none that can be read."""

    def write(self, task: Task, result: Made) -> None:
        """Store what the work returned."""


def require_evidence(got: str, expected: str) -> None:
    """Refuse to work on other evidence, by its digest, than a task asks about.

    Raises
    ------
    FitError
    """
    if got != expected:
        raise FitError(f"this worker reads evidence {got[:12]}, expected {expected[:12]}; give it the same data")


@frozen
class JsonShelf:
    """Results that are JSON values, a file each, named by the task's key."""

    folder: Path

    def read(self, task: Keyed) -> Fields | None:
        """The stored result; a damaged file counts as none."""
        with contextlib.suppress(OSError, ValueError):
            return json.loads((self.folder / f"{task.key}.json").read_bytes())
        return None

    def write(self, task: Keyed, result: Fields) -> None:
        """Store a result.

        Raises
        ------
        FileError
        """
        with explained(self.folder, "made"):
            self.folder.mkdir(parents=True, exist_ok=True)
        write_atomically(self.folder / f"{task.key}.json", json.dumps(result, allow_nan=False).encode())


def run_all[Task, Made, Result](
    tasks: Sequence[Task],
    shelf: Shelf[Task, Made, Result],
    executor: Executor,
    work: Callable[[Task], Made],
    on_done: OnDone[Task],
) -> list[Result]:
    """Do what is not on the shelf yet and read all, in the order of the tasks.

    Parameters
    ----------
    on_done : callable
        Told the task, how many are done and how many there are.

    Raises
    ------
    FitError
        A worker process died. Whatever `work` raises comes through; what ended before stays on the shelf.
    FileError
    """
    missing = [task for task in tasks if shelf.read(task) is None]
    done = len(tasks) - len(missing)
    futures: dict[Future, Task] = {executor.submit(work, task): task for task in missing}
    try:
        for future in as_completed(futures):
            shelf.write(futures[future], future.result())
            done += 1
            on_done(futures[future], done, len(tasks))
    except BrokenExecutor as error:
        raise FitError(
            "a worker process died, expected a fit (is there too little memory?); run the same command again with "
            "fewer processes: finished fits are kept"
        ) from error
    finally:
        for future in futures:
            future.cancel()
    return [shelf.read(task) for task in tasks]


@contextlib.contextmanager
def workers(scheduler: str | None = None, processes: int | None = None) -> Iterator[Executor]:
    """Processes of this machine, one a core by default, or those of a Dask cluster.

    Parameters
    ----------
    scheduler : str, optional
        Address of a running Dask scheduler, such as ``tcp://host:8786``; its workers must have this project installed.

    Raises
    ------
    FitError
        No such scheduler, no Dask to reach it with, or no process to work in.
    """
    if scheduler:
        with _dask_client(scheduler) as client:
            yield client.get_executor()
        return
    count = (os.cpu_count() or 1) if processes is None else processes
    if count < 1:
        raise FitError(f"got {count} processes, expected at least 1; leave the number out for one a core")
    pool = ProcessPoolExecutor(count, mp_context=get_context("spawn"), initializer=_end_with_parent)
    try:
        yield pool
    except BaseException:
        for process in list((pool._processes or {}).values()):
            process.kill()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def _end_with_parent() -> None:
    """Make a worker process end when whoever started it is killed (it would wait for work for ever), and leave Ctrl-C
    to the parent."""

    def watch() -> None:
        parent_process().join()
        os._exit(1)

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=watch, daemon=True).start()


def _dask_client(scheduler: str):
    try:
        from distributed import Client
    except ImportError as error:
        raise FitError(
            "got a scheduler's address but no Dask to reach it with; run `pip install distributed`, or leave the "
            "address out to work on this machine"
        ) from error
    try:
        return Client(scheduler)
    except (OSError, ValueError) as error:
        raise FitError(
            f"no Dask scheduler answers at {scheduler} ({error}); expected an address such as tcp://host:8786; correct "
            "it or leave it out"
        ) from error
