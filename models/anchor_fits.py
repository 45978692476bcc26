"""Fit the anchors: on all cores of this machine or on a Dask cluster, each once, whatever was killed in between."""

import contextlib
import os
import signal
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from functools import lru_cache
from multiprocessing import get_context, parent_process
from pathlib import Path

from data.digest import digest
from data.load import load_evidence
from data.types import Evidence
from models.anchors import Design
from models.assumptions import Assumptions
from models.errors import FitError, SamplerError
from models.files import told, write_together
from models.outcome import RULE
from models.posterior import Fit, fit_files, load_fit
from models.structure import STRUCTURE

SAMPLER: Mapping[str, float] = {"chains": 4, "tune": 600, "draws": 800, "target_accept": 0.95}
STRICTER: Mapping[str, float] = {"chains": 4, "tune": 2000, "draws": 3000, "target_accept": 0.99}
"""What a fit that failed its checks is tried with, once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnchorTask:
    """One fit to make, in plain values that travel to another process or machine.

    Attributes
    ----------
    settings : tuple of Mapping
        Sampler settings of the first attempt and of those that follow a failed check.
    """

    name: str
    values: Mapping[str, float]
    seed: int
    evidence_digest: str
    as_of: str
    settings: tuple[Mapping[str, float], ...] = (SAMPLER, STRICTER)

    @property
    def key(self) -> str:
        """Name of the task's folder: what is asked, whichever attempt succeeds."""
        asked = {"values": dict(self.values), "seed": self.seed, "settings": [dict(one) for one in self.settings]}
        return digest({**asked, "evidence": self.evidence_digest, "rule": RULE.digest, "model": STRUCTURE.digest})


type OnFit = Callable[[AnchorTask, int, int], None]
type Work = Callable[[AnchorTask], Mapping[str, bytes]]


def task_of(design: Design, evidence: Evidence, seed: int) -> AnchorTask:
    """The task that fits a design."""
    return AnchorTask(
        name=design.name,
        values=dict(design.assumptions.values),
        seed=seed,
        evidence_digest=evidence.digest,
        as_of=evidence.as_of.isoformat(),
    )


def run_task(task: AnchorTask) -> Mapping[str, bytes]:
    """Fit in this process and return the files of the fit; the compiled model stays for the next task.

    Raises
    ------
    SamplerError
        No attempt passed the acceptance checks.
    """
    from models.fit import SamplerSettings, fit_compiled

    model = _compiled(task.as_of, task.evidence_digest)
    setting = Assumptions.defaults(model.evidence.claims).replace(task.values)
    told = ""
    for attempt, settings in enumerate(task.settings):
        whole = {name: value if name == "target_accept" else int(value) for name, value in settings.items()}
        fit = fit_compiled(model, setting, settings=SamplerSettings(seed=task.seed + attempt, cores=1, **whole))
        if fit.diagnostics.passed:
            return fit_files(fit)
        told = "; ".join(f"{one.name} is {one.value:.3g}, expected {one.threshold}" for one in fit.diagnostics.failures)
    raise SamplerError(f"anchor {task.name}: the fit failed its checks ({told}); look at the model under these priors")


@lru_cache(maxsize=1)
def _compiled(as_of: str, evidence_digest: str):
    from datetime import date

    from models.fit import CompiledModel

    evidence = load_evidence(date.fromisoformat(as_of))
    if evidence.digest != evidence_digest:
        raise FitError(
            f"this worker reads evidence {evidence.digest[:12]}, expected {evidence_digest[:12]}; give it the same data"
        )
    return CompiledModel.of(evidence, Assumptions.defaults(evidence.claims))


def fit_all(
    tasks: Sequence[AnchorTask], folder: Path, executor: Executor, on_fit: OnFit, work: Work = run_task
) -> list[Fit]:
    """Fit what is not on disk yet and read all, in the order of the tasks.

    Parameters
    ----------
    folder : Path
        One folder per fit, named by the task's key; a whole one is never fitted again.
    on_fit : callable
        Told the task, how many are done and how many there are.

    Raises
    ------
    SamplerError
        A fit failed its checks; those that ended before stay on disk.
    FitError
        A worker process died.
    FileError
    """
    missing = [task for task in tasks if _stored(folder / task.key) is None]
    done = len(tasks) - len(missing)
    futures: dict[Future, AnchorTask] = {executor.submit(work, task): task for task in missing}
    try:
        for future in as_completed(futures):
            task, files = futures[future], future.result()
            with told(folder, "written"):
                write_together(folder / task.key, files)
            done += 1
            on_fit(task, done, len(tasks))
    except BrokenExecutor as error:
        raise FitError(
            "a worker process died, expected a fit (is there too little memory?); run the same command again with "
            "fewer processes: finished fits are kept"
        ) from error
    finally:
        for future in futures:
            future.cancel()
    return [load_fit(folder / task.key) for task in tasks]


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


def _stored(folder: Path) -> Fit | None:
    with contextlib.suppress(FitError):
        return load_fit(folder)
    return None
