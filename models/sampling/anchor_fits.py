"""Fit the anchors of a library, each once."""

import contextlib
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from datetime import date
from functools import lru_cache
from pathlib import Path

from data.digest import digest
from data.load import load_evidence
from data.types import Evidence
from data.values import frozen
from models.assumptions.setting import Assumptions
from models.errors import FitError, SamplerError
from models.fits.alignment_fit import AlignmentFit, fit_files, load_fit
from models.library.anchors import Design
from models.measures.structure import ALIGNMENT, digest_at
from models.outcome.rule import RULE
from models.storage.disk import Files, explained, write_together
from models.storage.tasks import OnDone, require_evidence, run_all

SAMPLER: Mapping[str, float] = {"chains": 4, "tune": 600, "draws": 800, "target_accept": 0.95}
STRICTER: Mapping[str, float] = {"chains": 4, "tune": 2000, "draws": 3000, "target_accept": 0.99}
"""What a fit that failed its checks is tried with, once."""
type Attempts = tuple[Mapping[str, float], ...]


@frozen
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
    settings: Attempts = (SAMPLER, STRICTER)

    @property
    def _model(self) -> str:
        return digest_at(ALIGNMENT.digest, date.fromisoformat(self.as_of))

    @property
    def key(self) -> str:
        """Name of the task's folder: what is asked, whichever attempt succeeds."""
        task = {
            "values": dict(self.values),
            "seed": self.seed,
            "settings": [dict(settings) for settings in self.settings],
        }
        return digest({**task, "evidence": self.evidence_digest, "rule": RULE.digest, "model": self._model})


type OnFit = OnDone[AnchorTask]
type Work = Callable[[AnchorTask], Files]


def task_of(design: Design, evidence: Evidence, seed: int, settings: Attempts = (SAMPLER, STRICTER)) -> AnchorTask:
    """The task that fits a design."""
    return AnchorTask(
        name=design.name,
        values=dict(design.assumptions.values),
        seed=seed,
        evidence_digest=evidence.digest,
        as_of=evidence.as_of.isoformat(),
        settings=settings,
    )


def run_task(task: AnchorTask, folder: Path | None = None) -> Files:
    """Fit in this process and return the files of the fit; the compiled model stays for the next task.

    Parameters
    ----------
    folder : Path, optional
        Where the evidence lies; the project's own by default. The task's digest says whether it is the right one.

    Raises
    ------
    SamplerError
        No attempt passed the acceptance checks.
    """
    from models.sampling.fit_alignment import SamplerSettings, fit_compiled

    model = compiled_for(task.as_of, task.evidence_digest, folder)
    setting = Assumptions.defaults(model.evidence.claims).replace(task.values)
    failed = ""
    for attempt, settings in enumerate(task.settings):
        fit = fit_compiled(model, setting, settings=SamplerSettings.of(settings, task.seed + attempt))
        if fit.diagnostics.passed:
            return fit_files(fit)
        failed = fit.diagnostics.failures_text
    raise SamplerError(
        f"anchor {task.name}: the fit failed its checks ({failed}); look at the model under these priors"
    )


@lru_cache(maxsize=1)
def compiled_for(as_of: str, evidence_digest: str, folder: Path | None = None):
    """The model compiled for the evidence of a date, kept for the tasks that follow in this process.

    Raises
    ------
    FitError
        This machine has other evidence.
    """
    from models.sampling.fit_alignment import CompiledAlignment

    evidence = load_evidence(date.fromisoformat(as_of), folder=folder)
    require_evidence(evidence.digest, evidence_digest)
    return CompiledAlignment.of(evidence, Assumptions.defaults(evidence.claims))


def fit_all(
    tasks: Sequence[AnchorTask], folder: Path, executor: Executor, on_fit: OnFit, work: Work = run_task
) -> list[AlignmentFit]:
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
    return run_all(tasks, FitShelf(folder=folder), executor, work, on_fit)


@frozen
class FitShelf:
    """One folder per fit, named by the task's key."""

    folder: Path

    def read(self, task: AnchorTask) -> AlignmentFit | None:
        """A whole fit, or None."""
        with contextlib.suppress(FitError):
            return load_fit(self.folder / task.key)
        return None

    def write(self, task: AnchorTask, files: Files) -> None:
        """Store a fit's files.

        Raises
        ------
        FileError
        """
        with explained(self.folder, "written"):
            write_together(self.folder / task.key, files)
