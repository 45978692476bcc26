"""The worker's own decisions, with a sampler that only pretends: gates, retry, third run, storing, faults."""

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from models.__main__ import main
from models.errors import AssumptionError, FitCancelled, FitError
from models.fits.alignment_fit import AlignmentFit, load_fit
from models.fits.certificate import Check, Diagnostics
from models.refits import worker
from models.refits.check import answers
from models.refits.queue import ENDED, Job, Queue
from models.refits.request import INCIDENTS, Expected, Request, fit_folder, job_folder
from models.refits.worker import STRICTER, Outcome, no_library, serve
from models.storage.disk import FileError
from tests.support.values.factories import synthetic_fit

ROOT = Path(__file__).parents[3]
KEY, OTHER = "a" * 64, "b" * 64
JOB, NEXT = "0123456789ab", "0123456789ac"


@pytest.fixture(scope="module")
def fit(real_evidence) -> AlignmentFit:
    return synthetic_fit(real_evidence, samples=80)


def failing(fit: AlignmentFit) -> AlignmentFit:
    check = Check(name="R-hat", passed=False, value=1.213, threshold="at most 1.01", meaning="Chains disagree.")
    return replace(fit, diagnostics=Diagnostics(checks=(check,)))


def shifted(fit: AlignmentFit, share: float) -> AlignmentFit:
    """The fit with every probability moved by a share of its way to one."""
    return replace(fit, probabilities=fit.probabilities * (1 - share) + share)


@dataclass
class Sampler:
    """Hands out fits (or raises errors) in order, and remembers what it was asked."""

    results: list[AlignmentFit | Exception]
    asked: list[Mapping[str, float]] = field(default_factory=list)

    def __call__(self, values, settings, on_progress, cancelled) -> AlignmentFit:
        self.asked.append({**values, **settings})
        on_progress(SimpleNamespace(phase="sampling", done=0.5, message="Sampling: 50 % of draws."))
        on_progress(SimpleNamespace(phase="done", done=1.0, message="Done."))
        if cancelled():
            raise FitCancelled("stopped")
        result = self.results.pop(0)
        if isinstance(result, Exception):
            raise result
        return result


def line(home: Path, job_id: str = JOB, key: str = KEY, expected: tuple[Expected, ...] = ()) -> str:
    request = Request(id=job_id, key=key, values={"C01": 1.6}, expected=expected).to_json()
    with Queue(home).changing() as table:
        table.add(Job(id=job_id, key=key, state="running", message="", request=request))
    return request + "\n"


def outcome(home: Path, job_id: str = JOB) -> Outcome:
    job = Queue(home).job(job_id)
    assert job.phase == ENDED
    assert (job.done == 1.0) == (job.state == "done")
    return Outcome(job.state, job.message)


def stop(home: Path, job_id: str = JOB) -> None:
    with Queue(home).changing() as table:
        table.change(table.job(job_id), state="cancelled")


def served(home: Path, sampler: Sampler, expected: tuple[Expected, ...] = (), accept: Callable = no_library) -> Outcome:
    serve([line(home, expected=expected)], home, lambda: sampler, accept)
    return outcome(home)


@pytest.fixture
def messages(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What a page would have shown, in order."""
    shown, tell = [], Queue.tell

    def heard(queue: Queue, job_id: str, phase: str, **fields: object) -> None:
        tell(queue, job_id, phase, **fields)
        shown.append(queue.job(job_id).message)

    monkeypatch.setattr(Queue, "tell", heard)
    return shown


def test_accepted_fit_is_stored_under_its_key_and_offered_to_the_library(
    tmp_path: Path, fit: AlignmentFit, messages: list[str]
) -> None:
    accepted = []
    end = served(tmp_path, Sampler([fit]), accept=lambda fit, folder: accepted.append((fit, folder)))
    assert end == Outcome(state="done", message="The refit is ready.")
    assert accepted == [(fit, fit_folder(tmp_path, KEY))]
    assert load_fit(fit_folder(tmp_path, KEY)).key == fit.key
    assert messages == ["Sampling: 50 % of draws.", "Storing the fit.", "The refit is ready."]


def test_fit_that_fails_its_checks_gets_one_stricter_attempt(
    tmp_path: Path, fit: AlignmentFit, messages: list[str]
) -> None:
    sampler = Sampler([failing(fit), fit])
    assert served(tmp_path, sampler).state == "done"
    first, second = sampler.asked
    assert set(first) == {"C01", "seed"}
    assert second.items() >= STRICTER.items()
    assert first["seed"] != second["seed"]
    assert "stricter" in messages[1]


def test_refit_that_fails_twice_is_rejected_with_value_and_threshold(tmp_path: Path, fit: AlignmentFit) -> None:
    end = served(tmp_path, Sampler([failing(fit), failing(fit)]))
    assert end.state == "rejected"
    assert "R-hat is 1.21, expected at most 1.01" in end.message
    assert not fit_folder(tmp_path, KEY).exists()


def test_seeds_differ_between_jobs_and_fit_the_sampler(tmp_path: Path, fit: AlignmentFit) -> None:
    sampler = Sampler([fit, fit])
    serve([line(tmp_path, JOB), line(tmp_path, NEXT, OTHER)], tmp_path, lambda: sampler)
    seeds = [asked["seed"] for asked in sampler.asked]
    assert len(set(seeds)) == 2
    assert all(0 <= seed < 2**31 for seed in seeds)


def test_agreeing_answer_needs_no_third_run(tmp_path: Path, fit: AlignmentFit) -> None:
    assert served(tmp_path, Sampler([fit]), answers(fit)).message == "The refit is ready."
    assert not (tmp_path / INCIDENTS).exists()


@pytest.mark.parametrize(
    ("first", "second", "state", "stands"),
    [(0.9, 0.9, "done", "first"), (0.9, 0.0, "done", "second"), (0.4, 0.9, "rejected", "undecided")],
)
def test_contradiction_is_settled_by_a_third_run_and_logged(
    tmp_path: Path, fit: AlignmentFit, first: float, second: float, state: str, stands: str
) -> None:
    fits = [shifted(fit, first), shifted(fit, second)]
    end = served(tmp_path, Sampler(list(fits)), answers(fit))
    assert end.state == state
    assert "third run" in end.message
    (incident,) = map(json.loads, (tmp_path / INCIDENTS).read_text().splitlines())
    assert (incident["job"], incident["key"], incident["stands"]) == (JOB, KEY, stands)
    assert incident["ratio"] > 4
    if state == "done":
        kept = load_fit(fit_folder(tmp_path, KEY)).probabilities["any_rupture"]
        chosen = fits[stands == "second"].probabilities["any_rupture"]
        np.testing.assert_array_equal(kept, chosen)
    else:
        assert not fit_folder(tmp_path, KEY).exists()


def test_third_run_that_fails_its_checks_decides_nothing_but_is_logged(tmp_path: Path, fit: AlignmentFit) -> None:
    end = served(tmp_path, Sampler([shifted(fit, 0.9), failing(fit), failing(fit)]), answers(fit))
    assert end.state == "rejected"
    assert json.loads((tmp_path / INCIDENTS).read_text())["stands"] == "undecided"


def test_stopped_request_is_left_and_the_next_is_answered(tmp_path: Path, fit: AlignmentFit) -> None:
    lines = [line(tmp_path, JOB), line(tmp_path, NEXT, OTHER)]
    stop(tmp_path)
    sampler = Sampler([fit])
    serve(lines, tmp_path, lambda: sampler)
    assert [outcome(tmp_path, job_id).state for job_id in (JOB, NEXT)] == ["cancelled", "done"]
    assert len(sampler.asked) == 1


@pytest.mark.parametrize("late", [False, True])
def test_wish_to_stop_is_heard_while_sampling_and_before_storing(tmp_path: Path, fit: AlignmentFit, late: bool) -> None:
    text = line(tmp_path)

    def run(values, settings, on_progress, cancelled) -> AlignmentFit:
        result = fit if late else None
        stop(tmp_path)
        return result or Sampler([fit])(values, settings, on_progress, cancelled)

    serve([text], tmp_path, lambda: run)
    assert outcome(tmp_path).state == "cancelled"
    assert not fit_folder(tmp_path, KEY).exists()


@pytest.mark.parametrize(
    ("error", "said"),
    [(AssumptionError("got an unknown knob 'X'"), "unknown knob"), (ZeroDivisionError("by zero"), "ZeroDivisionError")],
)
def test_fault_becomes_a_sentence_and_the_next_request_is_answered(
    tmp_path: Path, fit: AlignmentFit, error: Exception, said: str
) -> None:
    lines = [line(tmp_path, JOB), "no request\n", line(tmp_path, NEXT, OTHER)]
    sampler = Sampler([error, fit])
    serve(lines, tmp_path, lambda: sampler)
    assert outcome(tmp_path).state == "failed"
    assert said in outcome(tmp_path).message
    assert outcome(tmp_path, NEXT).state == "done"


def test_an_end_that_the_queue_does_not_take_at_once_is_told_later(
    tmp_path: Path, fit: AlignmentFit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where another program holds the file for longer than a change waits."""
    tell, attempts = Queue.tell, []

    def held(queue: Queue, job_id: str, phase: str, **fields: object) -> None:
        attempts.append(phase)
        if attempts.count(ENDED) == 1:
            raise FitError("the queue of refits cannot be used: database is locked")
        tell(queue, job_id, phase, **fields)

    monkeypatch.setattr(Queue, "tell", held)
    monkeypatch.setattr(worker, "RETRY_SECONDS", 0.0)
    assert served(tmp_path, Sampler([fit])).state == "done"
    monkeypatch.setattr(worker, "END_RETRIES", 0)
    attempts.clear()
    with pytest.raises(FitError, match="locked"):
        serve([line(tmp_path, NEXT)], tmp_path, lambda: Sampler([fit]))


def test_library_that_cannot_be_joined_does_not_lose_the_fit(tmp_path: Path, fit: AlignmentFit) -> None:
    def full(*_: object) -> None:
        raise FileError("library.npz could not be written: the disk is full")

    end = served(tmp_path, Sampler([fit]), accept=full)
    assert end.state == "done"
    assert "disk is full" in end.message
    assert load_fit(fit_folder(tmp_path, KEY))


def test_unusable_folder_under_the_key_is_replaced(tmp_path: Path, fit: AlignmentFit) -> None:
    folder = fit_folder(tmp_path, KEY)
    folder.mkdir(parents=True)
    (folder / "fit.json").write_text("half")
    assert served(tmp_path, Sampler([fit])).state == "done"
    assert load_fit(folder).key == fit.key
    assert not job_folder(tmp_path, JOB).exists()


KILLED = """
import os, signal, sys
from pathlib import Path
from tests.support.values.year_end import YEAR_END
from data.load import load_evidence
from models.refits.queue import Job, Queue
from models.refits.request import Request
from models.refits.worker import serve
from tests.support.values.factories import synthetic_fit
home, moments = Path(sys.argv[1]), int(sys.argv[2])
fit = synthetic_fit(load_evidence(YEAR_END), samples=80)
def strike(event, arguments):
    global left
    written = event in ("os.rename", "os.mkdir", "os.remove", "sqlite3.connect") or (
        event == "open" and arguments[2] & 3
    )
    if written and str(arguments[0]).startswith(sys.argv[1]):
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
for moment in range(1, moments + 1):
    folder = home / str(moment)
    with Queue(folder).changing() as table:
        table.add(Job(id="0123456789ab", key="a" * 64, state="running", message=""))
    child = os.fork()
    if not child:
        left = moment
        sys.addaudithook(strike)
        request = Request(id="0123456789ab", key="a" * 64, values={})
        serve([request.to_json()], folder, lambda: lambda *_: fit)
        os._exit(0)
    print("code", os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""
"""Forks one worker for every moment, which kills itself at its n-th write below its home."""


@pytest.mark.slow
def test_worker_killed_at_any_write_leaves_a_whole_fit_or_none(tmp_path: Path) -> None:
    moments = 24
    command = [sys.executable, "-W", "ignore::DeprecationWarning", "-c", KILLED, str(tmp_path), str(moments)]
    out = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    codes = [text.removeprefix("code ") for text in out.splitlines() if text.startswith("code")]
    assert len(codes) == moments
    assert codes[0] == "-9"
    assert codes[-1] == "0", "more moments than writes: every write was hit"
    whole = 0
    for moment, code in enumerate(codes, 1):
        folder = fit_folder(tmp_path / str(moment), KEY)
        ended = Queue(tmp_path / str(moment)).job(JOB).phase == ENDED
        if folder.exists():
            assert load_fit(folder).diagnostics.passed
            whole += 1
        assert folder.exists() or not ended, "no outcome without its fit"
        assert code == "-9" or ended
    assert 0 < whole < moments


@pytest.mark.slow
def test_command_serves_until_its_input_closes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fit: AlignmentFit
) -> None:
    niceness = []
    monkeypatch.setattr("models.commands.worker.os.nice", niceness.append)
    monkeypatch.setattr("models.refits.worker.compiled_run", lambda: Sampler([fit]))
    monkeypatch.setattr("sys.stdin", iter_lines([line(tmp_path)]))
    assert main(["worker", "--home", str(tmp_path)]) == 0
    assert outcome(tmp_path).state == "done"
    assert niceness == [5]


def iter_lines(lines: list[str]) -> SimpleNamespace:
    rest = iter([*lines, ""])
    return SimpleNamespace(readline=lambda: next(rest))
