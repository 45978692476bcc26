"""Build the library: fit the design, look for the settings that are served worst, fit those too, pool, solve, store."""

from collections.abc import Callable
from concurrent.futures import Executor
from pathlib import Path

from data.types import Evidence
from data.values import frozen
from models.assumptions.setting import Assumptions
from models.errors import FitError
from models.fits.alignment_fit import AlignmentFit, base_case
from models.library.anchors import CORNERS, Design, corner_candidates, first_design
from models.library.files import library_files, save_library
from models.library.library import Library
from models.library.pool import Part, part_of, pooled, provenance_of, solve_supports
from models.library.reweighting import reweight
from models.measures.drivers import driver_table
from models.sampling.anchor_fits import AnchorTask, Work, fit_all, run_task, task_of
from models.storage.disk import explained

ANCHOR_SEED = 41_000
BASE_DRAWS, ANCHOR_DRAWS = 2400, 600
"""Draws kept: about 35,000 in all, of which any setting within range is worth several thousand."""
CORNERS_AT_ONCE = 2
"""Two corners a round keep two cores busy; the next round sees what they mended."""
MAX_BYTES = 75 * 10**5


@frozen
class BuildStep:
    """How far a build has come: fits done and planned so far, and the fit that ended last."""

    done: int
    planned: int
    message: str


type OnStep = Callable[[BuildStep], None]


@frozen
class Builder:
    """Everything that the steps of one build share.

    Attributes
    ----------
    evidence : Evidence
    base : AlignmentFit
        The base case, which is the first anchor.
    folder : Path
        Where finished fits wait; a build that was stopped takes them up again.
    executor : Executor
    on_step : callable
        Told each finished fit.
    work : callable
        What fits one task; tests give a fast one.
    """

    evidence: Evidence
    base: AlignmentFit
    folder: Path
    executor: Executor
    on_step: OnStep
    work: Work = run_task

    @property
    def defaults(self) -> Assumptions:
        """The essay's reading."""
        return Assumptions.defaults(self.evidence.claims)

    def build(self, corners: int = CORNERS, most: int | None = None) -> Library:
        """Fit what is missing and pool everything.

        Parameters
        ----------
        corners : int
            Settings that are looked for among those served worst.
        most : int, optional
            Settings of the first design, for a small library; all of them by default.
        """
        designs = list(first_design(self.defaults)[1:][:most])
        planned = len(designs) + corners
        parts = [self._part("base", self.base, BASE_DRAWS), *self._parts(designs, 0, planned)]
        while len(parts) < planned + 1:
            corner_designs = worst_served(self._pool(parts), self.defaults, len(parts) - len(designs))
            parts += self._parts(corner_designs[: planned + 1 - len(parts)], len(parts) - 1, planned)
        return self._pool(parts)

    def _parts(self, designs: list[Design], done: int, planned: int) -> list[Part]:
        tasks = [
            task_of(design, self.evidence, ANCHOR_SEED + 10 * (done + index)) for index, design in enumerate(designs)
        ]

        def on_fit(task: AnchorTask, finished: int, _: int) -> None:
            self.on_step(BuildStep(done=done + finished, planned=planned, message=f"Fitted {task.name}."))

        fits = fit_all(tasks, self.folder, self.executor, on_fit, self.work)
        return [self._part(task.name, fit, ANCHOR_DRAWS) for task, fit in zip(tasks, fits, strict=True)]

    def _part(self, name: str, fit: AlignmentFit, keep: int) -> Part:
        return part_of(name, fit, driver_table(self.evidence), self.defaults.knobs, keep)

    def _pool(self, parts: list[Part]) -> Library:
        return pooled(parts, provenance_of(self.base), solve_supports(parts))


def worst_served(library: Library, defaults: Assumptions, round_number: int) -> list[Design]:
    """The random settings with the fewest effective draws, as designs."""
    candidates = corner_candidates(defaults, round_number)
    ranked = sorted(candidates, key=lambda setting: reweight(library, setting).ess)
    return [
        Design(name=f"corner {round_number + index}", assumptions=setting)
        for index, setting in enumerate(ranked[:CORNERS_AT_ONCE])
    ]


def build_committed(
    evidence: Evidence, work_folder: Path, executor: Executor, on_step: OnStep, target: Path
) -> Library:
    """Build the library of the project and store it.

    Raises
    ------
    FitError
        It came out larger than the repository takes.
    FileError
    """
    builder = Builder(
        evidence=evidence, base=base_case(evidence, target), folder=work_folder, executor=executor, on_step=on_step
    )
    library = builder.build()
    store(library, target)
    return library


def store(library: Library, target: Path) -> None:
    """Write a library of the project.

    Raises
    ------
    FitError
        It is larger than the repository takes.
    FileError
    """
    size = sum(len(content) for content in library_files(library).values())
    if size > MAX_BYTES:
        raise FitError(f"the library takes {size} bytes, expected at most {MAX_BYTES}; keep fewer draws an anchor")
    with explained(target, "written"):
        save_library(library, target)
