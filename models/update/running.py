"""The whole run, which may be killed at any moment and goes on when the same is asked again; and its rehearsal."""

from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path

from data.swap.lock import alone
from data.update.apply import apply_update
from data.update.parts import Update
from data.update.plan import plan_update
from data.values import frozen
from models.assumptions.setting import Assumptions
from models.forecast.results import Forecast, make_forecast
from models.library.checked import LibraryCheck, read_check
from models.library.library import Library
from models.update.building import CHECK_DONE, MEMBERS_DONE, Building, Cancelled, Sampling, project_sampling
from models.update.explaining import Explanation, explain
from models.update.project import OnStep, Project, Step
from models.update.publishing import Author, Published, into_record
from models.update.staging import Prepared, Staged, in_force, stage
from models.update.swapping import install, tidy

SWAPPED_DONE = 0.98
STAGING = "Staging the evidence apart from the project."


@frozen
class Request:
    """What is asked for.

    Attributes
    ----------
    file : Path or None
        New rows in the ledger's columns; None where the search found none.
    searched_until : date
        Last day that was searched for them: the new reference date.
    revise : bool
        Rows may change what is in the ledger already, or lie before the former `searched_until`.
    author : Author or None
        Publish the forecast under this name.
    """

    file: Path | None
    searched_until: date
    revise: bool = False
    author: Author | None = None


@frozen
class Worker:
    """Who does the work, and who is told.

    Attributes
    ----------
    workers : callable
        Opens the executor for the library's fits.
    report : callable
        Told every `Step`.
    on_plan, on_first : callable
        Given what the rows would change, and the first answer, minutes before the rest.
    cancelled : callable
        Polled; True stops the run, and what is done stays done.
    sampling : callable, optional
        Gives what samples; that of the project by default.
    today : date
        By which questions come due.
    """

    workers: Callable[[], AbstractContextManager[Executor]]
    today: date
    report: OnStep = lambda _: None
    on_plan: Callable[[Update], None] = lambda _: None
    on_first: Callable[[Forecast], None] = lambda _: None
    cancelled: Cancelled = lambda: False
    sampling: Callable[[], Sampling] | None = None

    def building(self, staged: Prepared) -> Building:
        """The build on staged evidence."""
        sampling = self.sampling or project_sampling
        return Building(staged=staged, sampling=sampling, report=self.report, cancelled=self.cancelled)

    def tell(self, phase: str, done: float, message: str) -> None:
        """Tell one step."""
        self.report(Step(phase=phase, done=done, message=message))

    def asked(self, done: int, count: int) -> None:
        """Tell how many rows were asked what they did."""
        self.tell("explaining", SWAPPED_DONE, f"Asked {done} of {count} rows and figures what they did.")


@frozen(eq=False)
class Result:
    """What a run, or its rehearsal, came to.

    Attributes
    ----------
    update : Update or None
        None where its rows had come into force before, and only what follows was left to do.
    first : Forecast
        The first answer (`models.update.building`).
    explanation : Explanation
        Of the whole library, or of the first answer in a rehearsal.
    check : LibraryCheck or None
        Of the library; None in a rehearsal.
    published : Published or None
    removed : tuple of date
        Whose fits were put away.
    """

    update: Update | None
    first: Forecast
    explanation: Explanation
    check: LibraryCheck | None = None
    published: Published | None = None
    removed: tuple[date, ...] = ()


def preview(project: Project, request: Request) -> Update:
    """Read the file and say what it would change, in a second or two; nothing is written.

    Raises
    ------
    EvidenceError
        Every fault of the file, with row and column.
    """
    return plan_update(project.data, request.file, request.searched_until, revise=request.revise)


def rehearse(project: Project, request: Request, worker: Worker) -> Result:
    """The first answer and what would move; only this user's own cache is written, and a later run goes on from it.

    Raises
    ------
    EvidenceError, SamplerError, RecordError, FileError
    """
    _require_record(project, request)
    update = preview(project, request)
    worker.on_plan(update)
    worker.tell("staging", 0.0, STAGING)
    staged = stage(project, update, request.file)
    library = worker.building(staged).first_answer()
    first = _first(staged, library)
    worker.on_first(first)
    worker.tell("explaining", MEMBERS_DONE, "Asking which rows would move the forecast.")
    explanation = explain(project, staged, library, worker.asked)
    published = _publish(project, request, worker, (staged, explanation), dry=True) if request.author else None
    worker.tell("done", 1.0, "Nothing of the project was changed.")
    return Result(update=update, first=first, explanation=explanation, published=published)


def run(project: Project, request: Request, worker: Worker) -> Result:
    """Stage, fit, swap in, explain, publish, tidy.

    Raises
    ------
    UpdateError
        Another update of this project is running.
    EvidenceError, SamplerError, RecordError, FileError
    KeyboardInterrupt
        Stopped on request. What was fitted waits for the same command.
    """
    with alone(project.data):
        _require_record(project, request)
        staged, update = in_force(project, request.file, request.searched_until), None
        if staged is None:
            update = preview(project, request)
            worker.on_plan(update)
            worker.tell("staging", 0.0, STAGING)
            staged = stage(project, update, request.file)
        building = worker.building(staged)
        first = _first(staged, building.first_answer())
        worker.on_first(first)
        with worker.workers() as executor:
            library = building.library(executor)
        worker.tell("swapping", CHECK_DONE, "Putting the new fits and the new rows in force.")
        install(project, staged)
        if update is not None:
            apply_update(project.data, update)
        worker.tell("explaining", SWAPPED_DONE, "Asking which rows moved the forecast.")
        explanation = explain(project, staged, library, worker.asked)
        published = _publish(project, request, worker, (staged, explanation), dry=False) if request.author else None
        removed = tidy(project, staged.evidence)
    worker.tell("done", 1.0, "Done.")
    return Result(
        update=update,
        first=first,
        explanation=explanation,
        check=read_check(staged.fits, library.key),
        published=published,
        removed=removed,
    )


def _require_record(project: Project, request: Request) -> None:
    """Refuse to publish into a damaged record before anything is fitted for it."""
    if request.author:
        with project.record.read():
            pass


def _publish(
    project: Project, request: Request, worker: Worker, told: tuple[Staged, Explanation], *, dry: bool
) -> Published:
    staged, explanation = told
    worker.tell("publishing", SWAPPED_DONE, "Rehearsing the publication." if dry else "Publishing.")
    return into_record(project.record, staged.evidence, explanation.new, request.author, today=worker.today, dry=dry)


def _first(staged: Staged, library: Library) -> Forecast:
    return make_forecast(staged.evidence, library, Assumptions.defaults(staged.evidence.claims))
