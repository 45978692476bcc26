"""The fits of staged evidence: base case, members, library and its check, each step skipped where it is done already.

The first answer is the base case with the members, at the default assumptions: two minutes after the start, of fits
that the library needs anyway. The former draws re-weighted by the new rows would be there sooner, but only where the
old and the new reference date lie in one year, and with a Pareto k above 0.7 after a few sharp rows: then nobody could
say how wrong they are. What a fit of the new evidence lacks is only the anchors that moved sliders rest on.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial

from data.types import Evidence
from data.values import frozen
from models.assumptions.knobs import knobs
from models.assumptions.setting import Assumptions
from models.engine_study.check import check_library
from models.errors import FitError, SamplerError
from models.fits.alignment_fit import AlignmentFit, base_case, save_fit
from models.fits.member_fit import member_files
from models.library.anchors import CORNERS
from models.library.checked import CHECKED, check_text, read_check
from models.library.files import committed_library
from models.library.library import Library
from models.library.members import Members, committed_members
from models.library.pool import single
from models.measures.drivers import driver_table
from models.sampling.anchor_fits import AnchorTask, Work, fit_all, run_task
from models.sampling.library_build import Builder, BuildStep, store
from models.storage.disk import explained, write_atomically, write_together
from models.update.project import OnStep, Step
from models.update.staging import Prepared

FIRST = "first answer: one fit of each model, moved sliders are not covered yet"
ANCHORS = "anchors"
"""Folder of the finished fits of single settings."""
BASE_DONE, MEMBERS_DONE, LIBRARY_DONE, CHECK_DONE = 0.06, 0.12, 0.88, 0.97
"""Shares of the whole run after each step, by what they take on two cores."""

type Cancelled = Callable[[], bool]
type Told = Callable[[object], None]


@frozen
class Sampling:
    """What samples. The project's own makes the library in full; tests give a fast one and a small library.

    Attributes
    ----------
    base : callable
        Fits the base case; told a step at a time, and stopped when asked.
    members : callable
        Fits M2 and M3; told the name of each fit.
    anchor : callable
        Fits one task on the evidence of a folder (``folder=``), in a worker process.
    corners : int
    most : int, optional
        Settings of the library's first design; all of them by default.
    """

    base: Callable[[Evidence, Told, Cancelled], AlignmentFit]
    members: Callable[[Evidence, Callable[[str], None]], Members]
    anchor: Work = run_task
    corners: int = CORNERS
    most: int | None = None


def project_sampling() -> Sampling:
    """That of the project; PyMC is loaded here."""
    from models.sampling.fit_alignment import fit_latent_alignment
    from models.sampling.fit_members import fit_members

    def base(evidence: Evidence, told: Told, cancelled: Cancelled) -> AlignmentFit:
        defaults = Assumptions.defaults(evidence.claims)
        return fit_latent_alignment(evidence, defaults, on_progress=told, cancelled=cancelled)

    return Sampling(base=base, members=fit_members)


@frozen(eq=False)
class Building:
    """One build on staged evidence.

    Attributes
    ----------
    sampling : callable
        Gives the `Sampling`, once something must be fitted.
    """

    staged: Prepared
    sampling: Callable[[], Sampling]
    report: OnStep
    cancelled: Cancelled = lambda: False

    def first_answer(self) -> Library:
        """The base case and the members as a library of one fit: exact at the defaults, green nowhere.

        Raises
        ------
        SamplerError, FileError
        """
        evidence = self.staged.evidence
        library = single(self._base(), driver_table(evidence), knobs(evidence.claims))
        return library.joined_by(self._members()).doubted(FIRST)

    def library(self, executor: Executor) -> Library:
        """The whole library, held against refits.

        Raises
        ------
        SamplerError, FitError, FileError
        """
        evidence, fits = self.staged.evidence, self.staged.fits
        base, _ = self._base(), self._members()
        try:
            library = committed_library(evidence, fits)
        except FitError:
            self._build(base, executor)
            library = committed_library(evidence, fits)
        if read_check(fits, library.key) is None:
            self._check(library.doubted(""), executor)
        return committed_library(evidence, fits)

    def _base(self) -> AlignmentFit:
        evidence, fits = self.staged.evidence, self.staged.fits
        with suppress(FitError):
            return base_case(evidence, fits)
        self.report(Step(phase="compiling", done=0.0, message="Fitting the base case on the new evidence."))

        def told(progress) -> None:
            self.report(Step(phase=progress.phase, done=BASE_DONE * progress.done, message=progress.message))

        fit = self.sampling().base(evidence, told, self.cancelled)
        if failed := fit.diagnostics.failures_text:
            raise SamplerError(
                f"the base case failed its checks ({failed}); nothing of the project was changed; look into the rows "
                "and the model"
            )
        with explained(fits, "written"):
            save_fit(fit, fits)
        return fit

    def _members(self) -> Members:
        evidence, fits = self.staged.evidence, self.staged.fits
        with suppress(FitError):
            return committed_members(evidence, fits)

        def told(name: str) -> None:
            self.report(Step(phase="members", done=(BASE_DONE + MEMBERS_DONE) / 2, message=f"Fitted {name}."))

        members = self.sampling().members(evidence, told)
        with explained(fits, "written"):
            files = [member_files(fit, name) for name, fit in members.fits.items()]
            write_together(fits, {name: content for pair in files for name, content in pair.items()})
        return members

    def _build(self, base: AlignmentFit, executor: Executor) -> None:
        sampling, staged = self.sampling(), self.staged
        (staged.fits / CHECKED).unlink(missing_ok=True)

        def told(step: BuildStep) -> None:
            done = MEMBERS_DONE + (LIBRARY_DONE - MEMBERS_DONE) * step.done / step.planned
            message = f"{step.done} of {step.planned}. {step.message}"
            self.report(Step(phase="library", done=done, message=message))
            self._stop_if_asked()

        builder = Builder(
            evidence=staged.evidence,
            base=base,
            folder=staged.folder / ANCHORS,
            executor=executor,
            on_step=told,
            work=partial(sampling.anchor, folder=staged.data),
        )
        store(builder.build(sampling.corners, sampling.most), staged.fits)

    def _check(self, library: Library, executor: Executor) -> None:
        staged = self.staged
        work = partial(self.sampling().anchor, folder=staged.data)

        def told(task: AnchorTask, done: int, planned: int) -> None:
            share = LIBRARY_DONE + (CHECK_DONE - LIBRARY_DONE) * done / planned
            self.report(Step(phase="check", done=share, message=f"Held against a refit: {task.name}."))
            self._stop_if_asked()

        def refit(tasks: Sequence[AnchorTask]) -> Sequence[AlignmentFit]:
            return fit_all(tasks, staged.folder / ANCHORS, executor, told, work)

        check = check_library(staged.evidence, library, datetime.now(UTC).date().isoformat(), refit)
        write_atomically(staged.fits / CHECKED, check_text(check))

    def _stop_if_asked(self) -> None:
        if self.cancelled():
            raise KeyboardInterrupt
