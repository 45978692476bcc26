"""The refit worker: compile once, then answer requests one by one until nobody is left to ask.

It trusts nothing to its own end (a sampler may crash while the process exits): a fit is on disk under its key before
the job's row says how it ended, and the row is what counts. When its standard input closes, because the server is
gone, it finishes what it is doing, so that the answer is there when the server returns.
"""

import json
import shutil
import time
import traceback
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple, Protocol

from data.errors import ConjunctionError
from data.load import load_evidence
from data.types import Evidence
from data.values import frozen
from models.assumptions.setting import Assumptions
from models.errors import FitCancelled, FitError, SamplerError
from models.fits.alignment_fit import AlignmentFit, save_fit
from models.library.files import committed_library
from models.library.local import join_refits
from models.refits.check import Difference, Verdict, agree, answers, decide, largest_difference
from models.refits.queue import ENDED, Queue, State
from models.refits.request import INCIDENTS, Request, fit_folder, is_whole, job_folder


class Step(Protocol):
    """One report of progress, as `models.sampling.sampler.Progress`, which this module may not import."""

    phase: str
    done: float
    message: str


type Settings = Mapping[str, float]
type Run = Callable[[Mapping[str, float], Settings, Callable[[Step], None], Callable[[], bool]], AlignmentFit]
"""Knob values, sampler settings, progress, cancelled -> fit."""
type Accept = Callable[[AlignmentFit, Path], None]

STRICTER: Settings = {"tune": 2000, "draws": 2000, "target_accept": 0.99}
"""The one retry: twice the tuning, a third more draws, and steps half as long where the posterior is narrow."""

END_RETRIES, RETRY_SECONDS = 5, 1.0
"""Of saying how a job ended. Each waits for the queue as every change does: a minute in all where somebody holds it."""


class RefitRejected(SamplerError):
    """The refit ended but its draws may not be shown; the message says why."""


class Outcome(NamedTuple):
    """How a refit ended, with one sentence for the page."""

    state: State
    message: str


def no_library(fit: AlignmentFit, folder: Path) -> None:
    """Accept a fit without telling anyone."""


def joined_to_library(home: Path) -> Accept:
    """Pool every accepted fit with the committed library, for all pages that use this folder."""

    def accept(_: AlignmentFit, __: Path) -> None:
        evidence = load_evidence()
        join_refits(evidence, committed_library(evidence), home)

    return accept


def compiled_run() -> Run:
    """Load the evidence, compile the model and return what refits it under other priors (minutes once, then seconds).

    An update of the evidence is noticed at the next request, which then takes minutes again.

    Raises
    ------
    EvidenceError
    """
    from models.sampling.fit_alignment import CompiledAlignment, SamplerSettings, fit_compiled

    @lru_cache(maxsize=1)
    def compiled_on(evidence: Evidence) -> tuple[Assumptions, CompiledAlignment]:
        defaults = Assumptions.defaults(evidence.claims)
        return defaults, CompiledAlignment.of(evidence, defaults)

    compiled_on(load_evidence())

    def run(
        values: Mapping[str, float], settings: Settings, on_progress: Callable[[Step], None], cancelled
    ) -> AlignmentFit:
        defaults, compiled = compiled_on(load_evidence())
        setting, chosen = defaults.replace(values), SamplerSettings(**settings)
        return fit_compiled(compiled, setting, settings=chosen, on_progress=on_progress, cancelled=cancelled)

    return run


def serve(lines: Iterable[str], home: Path, prepare: Callable[[], Run], accept: Accept = no_library) -> None:
    """Answer every request until the lines end.

    Parameters
    ----------
    lines : iterable of str
        `Request.to_json`, one a line.
    home : Path
        Folder of the queue and of fits.
    prepare : callable
        Called once, before the first request is read.
    accept : callable
        Called with every accepted fit and the folder it is stored in.
    """
    run, queue = prepare(), Queue(home)
    for line in lines:
        try:
            request = Request.from_json(line)
        except FitError as error:
            print(f"a request was left out: {error}", flush=True)
            continue
        print(f"refit {request.id}", flush=True)
        outcome = Task(request=request, queue=queue, run=run).outcome(accept)
        _tell_end(queue, request.id, outcome)


def _tell_end(queue: Queue, job_id: str, outcome: Outcome) -> None:
    """Say how a job ended, also where somebody else holds the queue for a while: the fit is stored already."""
    done = {"done": 1.0} if outcome.state == "done" else {}
    for attempt in range(END_RETRIES + 1):
        try:
            queue.tell(job_id, ENDED, **outcome._asdict(), **done)
            break
        except FitError:
            if attempt == END_RETRIES:
                raise
            time.sleep(RETRY_SECONDS)


@frozen
class Task:
    """One request being answered."""

    request: Request
    queue: Queue
    run: Run

    def outcome(self, accept: Accept) -> Outcome:
        """Fit, check, store, tell; whatever goes wrong becomes the outcome's sentence."""
        try:
            fit, summary = self._decided(self._gated(self._seed(0)))
            return Outcome(state="done", message=self._stored(fit, summary, accept))
        except FitCancelled:
            return Outcome(state="cancelled", message="Stopped on request; the numbers are as before.")
        except RefitRejected as error:
            return Outcome(state="rejected", message=str(error))
        except Exception as error:  # the next request deserves an answer, whatever this one met
            traceback.print_exc()
            reason = str(error) if isinstance(error, ConjunctionError) else f"{type(error).__name__}: {error}"
            return Outcome(state="failed", message=f"The refit failed: {reason}")
        finally:
            shutil.rmtree(self._made, ignore_errors=True)

    @property
    def _made(self) -> Path:
        return job_folder(self.queue.home, self.request.id)

    def _seed(self, attempt: int) -> int:
        """A seed of the job's own: a refit must not share its random numbers with the draws that it checks."""
        return (int(self.request.id, 16) + attempt) % 2**31

    def _stopped(self) -> bool:
        with suppress(FitError):  # a queue that cannot be read does not ask to stop
            job = self.queue.job(self.request.id)
            return job is None or job.state != "running"
        return False

    def _report(self, phase: str, done: float, message: str) -> None:
        """Say what it does; the end is told by the outcome, once the fit is stored. A full disk must not end a fit."""
        if phase != "done":
            with suppress(FitError):
                self.queue.tell(self.request.id, phase, done=done, message=message)

    def _sampled(self, settings: Settings, lead: str) -> AlignmentFit:
        if self._stopped():
            raise FitCancelled("the refit was stopped before it began")

        def report(step: Step) -> None:
            self._report(step.phase, step.done, lead + step.message)

        return self.run(self.request.values, settings, report, self._stopped)

    def _gated(self, seed: int, lead: str = "") -> AlignmentFit:
        """A fit that passed its checks, at the second attempt at the latest."""
        fit = self._sampled({"seed": seed}, lead)
        if not fit.diagnostics.passed:
            fit = self._sampled({**STRICTER, "seed": (seed + 1) % 2**31}, f"{lead}Once more with stricter settings. ")
        if fit.diagnostics.passed:
            return fit
        failed = fit.diagnostics.failures_text
        raise RefitRejected(f"Two attempts failed their checks, the second with stricter settings: {failed}.")

    def _decided(self, first: AlignmentFit) -> tuple[AlignmentFit, str]:
        """The fit that stands and what to tell, after a third run where fit and re-weighting contradict each other."""
        expected, refitted = self.request.expected, answers(first)
        if not expected or agree(expected, refitted):
            return first, "The refit is ready."
        gap, verdict = largest_difference(expected, refitted), "undecided"
        try:
            second = self._gated(self._seed(2), "The refit contradicts the re-weighting; a third run decides. ")
            verdict = decide(expected, refitted, answers(second))
        finally:
            self._log(gap, verdict)
        summary = f"It differed from the re-weighted answer by {gap.ratio:.1f} combined standard errors"
        if verdict == "undecided":
            raise RefitRejected(f"{summary}, and a third run agreed with neither; the incident is logged.")
        return (first, second)[verdict == "second"], f"The refit is ready. {summary}; a third run decided."

    def _log(self, gap: Difference, verdict: Verdict) -> None:
        question = {"job": self.request.id, "key": self.request.key, "values": dict(self.request.values)}
        line = {"time": datetime.now(UTC).isoformat(timespec="seconds"), **question, **asdict(gap), "stands": verdict}
        with (self.queue.home / INCIDENTS).open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(line, sort_keys=True) + "\n")

    def _stored(self, fit: AlignmentFit, summary: str, accept: Accept) -> str:
        """Put the fit under its key by one rename, offer it to the library, and return the sentence for the page."""
        self._report("storing", 0.99, "Storing the fit.")
        save_fit(fit, self._made / "fit")
        if self._stopped():
            raise FitCancelled("the refit was stopped before it was stored")
        target = fit_folder(self.queue.home, self.request.key)
        publish(self._made / "fit", target)
        try:
            accept(fit, target)
        except (ConjunctionError, OSError) as error:
            traceback.print_exc()
            return f"{summary} It could not join the local library: {error}"
        return summary


def publish(fresh: Path, target: Path) -> None:
    """Rename a whole fit to its place; an older one there is moved beside it, where it is cleared away.

    Raises
    ------
    OSError
        The place cannot be written.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    aside = fresh.with_name("replaced")
    with suppress(FileNotFoundError):
        target.rename(aside)
    try:
        fresh.rename(target)
    except OSError:
        if not is_whole(target):  # else another worker was a moment faster
            raise
