"""Fitting the anchors: each once, whatever was killed in between, and the same bytes wherever it was done."""

from __future__ import annotations

import os
import select
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, ThreadPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from types import SimpleNamespace

import pytest

import models.sampling.fit_alignment
from data.types import Evidence
from models.assumptions.setting import Assumptions
from models.errors import FitError, SamplerError
from models.fits.alignment_fit import AlignmentFit, fit_files, load_fit
from models.library.anchors import first_design
from models.sampling import anchor_fits
from models.sampling.anchor_fits import SAMPLER, STRICTER, AnchorTask, fit_all, run_task, task_of
from models.storage.disk import FileError
from models.storage.tasks import workers
from tests.support.programs.commands import with_failed_check
from tests.support.values.anchor_work import Breaking, Pretender, build_holding
from tests.support.values.factories import synthetic_fit

ROOT = Path(__file__).parents[3]
type Told = list[tuple[str, int, int]]


@pytest.fixture
def tasks(real_evidence: Evidence, default_assumptions: Assumptions) -> list[AnchorTask]:
    designs = first_design(default_assumptions)[1:7]
    return [task_of(design, real_evidence, 100 + index) for index, design in enumerate(designs)]


@pytest.fixture
def work(real_evidence: Evidence, tmp_path: Path) -> Pretender:
    return Pretender.of(real_evidence, tmp_path / "work")


@pytest.fixture
def executor() -> Iterator[Executor]:
    with ThreadPoolExecutor(1) as pool:
        yield pool


@pytest.fixture
def told() -> Told:
    return []


@pytest.fixture
def on_fit(told: Told) -> Callable[[AnchorTask, int, int], None]:
    return lambda task, done, planned: told.append((task.name, done, planned))


def names(tasks: list[AnchorTask]) -> list[str]:
    return sorted(task.name for task in tasks)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_every_task_is_fitted_once_and_answers_come_in_the_order_of_the_tasks(
    tasks, work, executor, told, on_fit, tmp_path
):
    fits = fit_all(tasks, tmp_path / "fits", executor, on_fit, work)
    assert [dict(fit.assumptions_values) for fit in fits] == [task.values for task in tasks]
    assert [fit.seed for fit in fits] == [task.seed for task in tasks]
    assert work.calls == names(tasks)
    assert sorted(name for name, _, _ in told) == names(tasks)
    assert [(done, planned) for _, done, planned in told] == [(n, len(tasks)) for n in range(1, len(tasks) + 1)]


def test_a_second_run_fits_nothing_and_reads_the_same(tasks, work, executor, told, on_fit, tmp_path):
    first = fit_all(tasks, tmp_path / "fits", executor, on_fit, work)
    told.clear()
    again = fit_all(tasks[::-1], tmp_path / "fits", executor, on_fit, work)[::-1]
    assert [fit_files(fit) for fit in again] == [fit_files(fit) for fit in first]
    assert (len(work.calls), told) == (len(tasks), [])


def test_a_run_that_broke_goes_on_where_it_was(tasks, work, executor, told, on_fit, tmp_path):
    breaking = Breaking(work=work, name=tasks[3].name)
    with pytest.raises(RuntimeError, match=f"no power for {tasks[3].name}"):
        fit_all(tasks, tmp_path / "fits", executor, on_fit, breaking)
    finished = {task.name for task in tasks if (tmp_path / "fits" / task.key / "fit.json").is_file()}
    assert finished == {name for name, _, _ in told}
    assert len(finished) >= 1
    before = work.calls
    told.clear()
    fit_all(tasks, tmp_path / "fits", executor, on_fit, work)
    repeated = [name for name in finished if work.calls.count(name) != before.count(name)]
    assert repeated == []
    assert told[0][1:] == (len(finished) + 1, len(tasks))
    assert told[-1][1:] == (len(tasks), len(tasks))


@pytest.mark.parametrize("name", ["draws.npz", "fit.json"])
@pytest.mark.parametrize("damage", [Path.unlink, lambda path: path.write_bytes(path.read_bytes()[:-7])])
def test_a_damaged_fit_is_made_again_and_no_other(tasks, work, executor, on_fit, tmp_path, name, damage):
    tasks = tasks[:2]
    fit_all(tasks, tmp_path / "fits", executor, on_fit, work)
    whole = contents(tmp_path / "fits")
    damage(tmp_path / "fits" / tasks[0].key / name)
    fit_all(tasks, tmp_path / "fits", executor, on_fit, work)
    assert work.calls == sorted([*names(tasks), tasks[0].name])
    assert contents(tmp_path / "fits") == whole


def test_a_disk_that_refuses_is_told_in_words(tasks, work, executor, on_fit, tmp_path):
    (tmp_path / "fits").write_text("a file where the folder should be")
    with pytest.raises(FileError, match="fits could not be written"):
        fit_all(tasks, tmp_path / "fits", executor, on_fit, work)


def test_a_worker_process_that_died_is_told_in_words(tasks, executor, on_fit, tmp_path):
    def dies(_: AnchorTask) -> None:
        raise BrokenExecutor("a process in the pool was terminated")

    with pytest.raises(FitError, match="fewer processes: finished fits are kept"):
        fit_all(tasks, tmp_path / "fits", executor, on_fit, dies)


def test_the_key_depends_on_the_question_and_on_nothing_else(tasks):
    task = tasks[0]
    others = (
        replace(task, values={**task.values, "C01": task.values["C01"] + 0.05}),
        replace(task, seed=task.seed + 1),
        replace(task, settings=(SAMPLER,)),
        replace(task, settings=(STRICTER, SAMPLER)),
        replace(task, settings=({**SAMPLER, "draws": 801}, STRICTER)),
        replace(task, evidence_digest="0" * 64),
    )
    assert len({task.key, *(other.key for other in others)}) == len(others) + 1
    assert replace(task, name="another name").key == task.key
    assert replace(task, values=dict(reversed(task.values.items()))).key == task.key


class Sampler:
    """Stands in for `models.sampling.fit_alignment.fit_compiled`: fits that fail until the last."""

    def __init__(self, evidence: Evidence, failures: int) -> None:
        self.fit, self.failures, self.asked = synthetic_fit(evidence, samples=40), failures, []

    def __call__(self, _: object, assumptions: Assumptions, *, settings: object) -> AlignmentFit:
        self.asked.append((dict(assumptions.values), settings))
        return with_failed_check(self.fit) if len(self.asked) <= self.failures else self.fit


@pytest.fixture
def sampler(real_evidence: Evidence, monkeypatch: pytest.MonkeyPatch) -> Callable[[int], Sampler]:
    def install(failures: int) -> Sampler:
        pretended = Sampler(real_evidence, failures)
        monkeypatch.setattr(anchor_fits, "compiled_for", lambda *_: SimpleNamespace(evidence=real_evidence))
        monkeypatch.setattr(models.sampling.fit_alignment, "fit_compiled", pretended)
        return pretended

    return install


@pytest.mark.parametrize("failures", [0, 1])
def test_a_fit_that_failed_its_checks_is_tried_once_more_strictly(tasks, sampler, failures):
    pretended = sampler(failures)
    files = run_task(tasks[0])
    assert files == fit_files(pretended.fit)
    for attempt, ((values, settings), expected) in enumerate(zip(pretended.asked, (SAMPLER, STRICTER), strict=False)):
        assert values == tasks[0].values
        assert {name: getattr(settings, name) for name in expected} == expected
        assert (settings.seed, settings.cores) == (tasks[0].seed + attempt, 1)
    assert len(pretended.asked) == failures + 1


def test_a_fit_that_fails_twice_is_refused_with_its_checks(tasks, sampler):
    pretended = sampler(2)
    with pytest.raises(SamplerError, match=rf"{tasks[0].name}.*R-hat is 1\.2, expected at most 1\.01"):
        run_task(tasks[0])
    assert len(pretended.asked) == 2


def test_a_worker_that_reads_other_evidence_refuses(tasks):
    with pytest.raises(FitError, match=f"this worker reads evidence .*, expected {'0' * 12}; give it the same data"):
        run_task(replace(tasks[0], evidence_digest="0" * 64))


@pytest.mark.parametrize("processes", [0, -1])
def test_no_process_is_an_error_in_words(processes):
    with pytest.raises(FitError, match=f"got {processes} processes, expected at least 1"), workers(processes=processes):
        pass


def test_a_missing_dask_is_told_in_words(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(FitError, match="run `pip install distributed`"), workers("tcp://127.0.0.1:8786"):
        pass


@pytest.mark.parametrize("error", [TimeoutError("timed out"), ValueError("unknown address scheme")])
def test_a_scheduler_that_does_not_answer_is_told_in_words(monkeypatch, error):
    def client(_: str) -> None:
        raise error

    monkeypatch.setitem(sys.modules, "distributed", SimpleNamespace(Client=client))
    with pytest.raises(FitError, match=f"no Dask scheduler answers at here .{error}."), workers("here"):
        pass


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_killed_build_leaves_no_process_behind_and_repeats_no_finished_fit(
    tasks, work, executor, on_fit, tmp_path, monkeypatch
):
    monkeypatch.syspath_prepend(ROOT)
    held, pipe = os.pipe()
    slow = replace(work, seconds=0.5)
    build = get_context("fork").Process(target=build_holding, args=(pipe, tasks, tmp_path / "fits", slow))
    build.start()
    os.close(pipe)
    while not list((tmp_path / "fits").glob("*/fit.json")):
        assert build.is_alive(), "the build ended before it could be killed"
        time.sleep(0.02)
    build.kill()
    build.join()
    assert select.select([held], [], [], 30)[0], "a worker process outlived the build by half a minute"
    os.close(held)
    finished = [task.name for task in tasks if (tmp_path / "fits" / task.key / "fit.json").is_file()]
    assert 0 < len(finished) < len(tasks)
    before = work.calls
    fits = fit_all(tasks, tmp_path / "fits", executor, on_fit, work)
    assert [fit.seed for fit in fits] == [task.seed for task in tasks]
    assert len(work.calls) - len(before) == len(tasks) - len(finished)
    assert all(work.calls.count(name) == before.count(name) == 1 for name in finished)
    assert all(load_fit(path) for path in (tmp_path / "fits").iterdir())


@pytest.mark.slow
def test_a_dask_cluster_of_two_processes_writes_the_same_bytes(
    tasks, work, executor, told, on_fit, tmp_path, monkeypatch
):
    from distributed import LocalCluster  # seconds to import, for this test alone

    monkeypatch.syspath_prepend(ROOT)
    fit_all(tasks, tmp_path / "here", executor, on_fit, work)
    told.clear()
    with (
        LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster,
        workers(cluster.scheduler_address) as dask,
    ):
        fit_all(tasks, tmp_path / "there", dask, on_fit, work)
    assert contents(tmp_path / "there") == contents(tmp_path / "here")
    assert [done for _, done, _ in told] == list(range(1, len(tasks) + 1))
    assert work.calls == sorted(2 * names(tasks))
