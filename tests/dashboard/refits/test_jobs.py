"""Refits of one server as processes and files: a worker that only pretends, real processes, no Streamlit."""

import json
import os
import signal
import sys
import time
from dataclasses import replace

import pytest

from dashboard.refits.dispatcher import GRACE_SECONDS, TICK_SECONDS
from dashboard.refits.jobs import MAX_WAITING, Refits, worker_command
from data.load import load_evidence
from models.errors import FitError
from models.fits.alignment_fit import save_fit
from models.fits.certificate import Check, Diagnostics
from models.refits.queue import ENDED, Queue
from models.storage.home import HOME_VARIABLE, home
from tests.support.programs.fake_worker import GO, STORED, alive, fake_command, finished, sampling, starts, until
from tests.support.values.factories import synthetic_fit
from tests.support.values.year_end import YEAR_END

KEY, OTHER, THIRD = "a" * 64, "b" * 64, "c" * 64


@pytest.fixture
def refits(tmp_path):
    """Make refits whose worker pretends; whatever still runs at the end of the test is ended."""
    made = []

    def make(behaviour="fit", timeout=60.0, **letters) -> Refits:
        made.append(Refits(tmp_path, fake_command(behaviour, **letters), timeout))
        return made[-1]

    yield make
    for runner in made:
        runner.close()


def test_result_is_kept_under_its_key(refits):
    runner = refits()
    job = finished(runner, runner.start(KEY, {"C01": 1.6}).id)
    assert (job.state, job.done, job.message) == ("done", 1.0, "The refit is ready.")
    assert json.loads((runner.result(KEY) / "fit.json").read_text()) == {"C01": 1.6}
    assert runner.result(OTHER) is None


def test_progress_of_a_running_refit_is_shown(refits):
    runner = refits("wait")
    shown = sampling(runner, runner.start(KEY, {}).id)
    assert (shown.state, shown.done, shown.message) == ("running", 0.4, "Sampling: 40 % of draws.")
    assert shown.started >= shown.asked


def test_one_worker_answers_many_requests(refits, tmp_path):
    runner = refits()
    ids = [finished(runner, runner.start(key, {}).id).id for key in (KEY, OTHER, THIRD)]
    assert [runner.status(job_id).state for job_id in ids] == ["done"] * 3
    assert len(starts(tmp_path)) == 1


def test_nothing_is_written_before_a_refit_is_asked_for(refits, tmp_path):
    runner = refits()
    assert runner.status("0" * 12) is None
    assert runner.result(KEY) is None
    assert list(tmp_path.iterdir()) == []


def test_cancel_stops_an_obedient_worker_and_keeps_it(refits, tmp_path):
    runner = refits("fit", a="wait")
    job = sampling(runner, runner.start(KEY, {}).id)
    assert runner.cancel(job.id).state == "cancelled"
    assert finished(runner, runner.start(OTHER, {}).id).state == "done"
    assert runner.status(job.id).state == "cancelled"
    assert runner.result(KEY) is None
    assert len(starts(tmp_path)) == 1


def test_cancel_ends_a_worker_that_does_not_listen(refits, tmp_path):
    runner = refits("fit", a="stubborn")
    job = sampling(runner, runner.start(KEY, {}).id)
    assert runner.cancel(job.id).state == "cancelled"
    until(lambda: not alive(job.pid))
    assert finished(runner, runner.start(OTHER, {}).id).state == "done"
    assert runner.status(job.id).state == "cancelled"
    assert len(starts(tmp_path)) == 2
    assert TICK_SECONDS + GRACE_SECONDS < 1.0, "what a cancel may take in all"


def test_cancel_while_the_model_compiles_is_immediate_and_keeps_the_worker_warm(refits, tmp_path):
    runner = refits("compile")
    job = runner.start(KEY, {})
    until(lambda: runner.status(job.id).state == "running")
    assert "compiling" in runner.status(job.id).message
    assert runner.cancel(job.id).state == "cancelled"
    behind = runner.start(OTHER, {})
    time.sleep(TICK_SECONDS + 2 * GRACE_SECONDS)  # what a worker that samples would not have survived
    assert runner.status(behind.id).state == "waiting"
    (tmp_path / GO).touch()
    assert finished(runner, behind.id).state == "done"
    assert runner.status(job.id).state == "cancelled"
    assert runner.result(KEY) is None
    assert len(starts(tmp_path)) == 1


def test_cancel_of_a_waiting_refit_leaves_the_running_one_alone(refits):
    runner = refits("wait")
    running, waiting = runner.start(KEY, {}, "ann"), runner.start(OTHER, {}, "bob")
    assert runner.cancel(waiting.id).state == "cancelled"
    left = runner.status(running.id)
    assert left.state == "running" or left.place == 1


def test_cancel_of_an_ended_refit_changes_nothing(refits):
    runner = refits()
    job = finished(runner, runner.start(KEY, {}).id)
    assert runner.cancel(job.id) == job
    assert runner.result(KEY)


def test_cancel_that_comes_too_late_does_not_hide_the_answer(refits, tmp_path):
    runner = refits("stubborn")
    job = sampling(runner, runner.start(KEY, {}).id)
    Queue(tmp_path).tell(job.id, ENDED, state="done", message="The refit is ready.")
    assert runner.cancel(job.id).state == "done"


def test_wish_to_stop_whose_author_died_is_granted(refits, tmp_path):
    runner = refits("fit", a="stubborn")
    job = sampling(runner, runner.start(KEY, {}).id)
    with Queue(tmp_path).changing() as table:
        table.change(job, state="cancelled")
    until(lambda: not alive(job.pid))
    assert finished(runner, runner.start(OTHER, {}).id).state == "done"
    assert runner.status(job.id).state == "cancelled"


def test_newer_request_of_the_same_owner_supersedes_the_older(refits, tmp_path):
    runner = refits("wait")
    running = sampling(runner, runner.start(KEY, {}, "ann").id)
    waiting = runner.start(OTHER, {}, "ann")
    newest = runner.start(THIRD, {}, "ann")
    assert runner.status(running.id).state == "superseded"
    assert runner.status(waiting.id).state == "superseded"
    assert sampling(runner, newest.id).state == "running"
    assert len(starts(tmp_path)) == 1


def test_others_wait_and_the_newest_comes_next(refits, tmp_path):
    runner = refits("wait")
    first = sampling(runner, runner.start(KEY, {}, "ann").id)
    second, third = runner.start(OTHER, {}, "bob"), runner.start(THIRD, {}, "cleo")
    assert [runner.status(job.id).state for job in (first, second, third)] == ["running", "waiting", "waiting"]
    assert [runner.status(job.id).place for job in (first, second, third)] == [0, 2, 1]
    assert "1 others come first" in runner.status(second.id).message
    runner.start(OTHER, {}, "dora")  # bob's question asked again: it is the newest now
    assert [runner.status(job.id).place for job in (second, third)] == [1, 2]
    (tmp_path / GO).touch()
    ends = [finished(runner, job.id) for job in (second, third)]
    assert [job.state for job in ends] == ["done", "done"]
    assert ends[0].started < ends[1].started


def test_what_another_owner_also_asked_for_goes_on(refits, tmp_path):
    runner = refits("wait")
    shared = sampling(runner, runner.start(KEY, {}, "ann").id)
    assert runner.start(KEY, {}, "bob").id == shared.id
    runner.start(OTHER, {}, "ann")
    assert runner.status(shared.id).state == "running"
    runner.start(THIRD, {}, "bob")
    assert runner.status(shared.id).state == "superseded"
    (tmp_path / GO).touch()


def test_full_queue_drops_the_oldest_and_says_so(refits):
    runner = refits("wait")
    running = sampling(runner, runner.start(KEY, {}, "first").id)
    jobs = [runner.start(f"{n:064x}", {}, f"visitor {n}") for n in range(MAX_WAITING + 3)]
    states = [runner.status(job.id).state for job in jobs]
    assert states == ["superseded"] * 3 + ["waiting"] * MAX_WAITING
    assert f"More than {MAX_WAITING}" in runner.status(jobs[0].id).message
    assert runner.status(running.id).state == "running"
    assert sorted(runner.status(job.id).place for job in jobs[3:]) == list(range(1, MAX_WAITING + 1))


def test_same_question_is_not_asked_twice(refits):
    runner = refits("wait")
    sampling(runner, runner.start(THIRD, {}, "cleo").id)
    first, second = runner.start(KEY, {}, "ann"), runner.start(KEY, {}, "bob")
    assert first.id == second.id
    assert second.state == "waiting"


@pytest.mark.parametrize("passed", [True, False])
def test_accepted_refit_is_reused_only_while_its_fit_can_be_used(refits, tmp_path, passed):
    fit = synthetic_fit(load_evidence(YEAR_END), samples=80)
    check = Check(name="R-hat", passed=passed, value=1.0, threshold="at most 1.01", meaning="Chains must agree.")
    save_fit(replace(fit, diagnostics=Diagnostics(checks=(check,))), tmp_path / STORED)
    runner = refits()
    job = finished(runner, runner.start(KEY, {}).id)
    assert (runner.start(KEY, {}).id == job.id) == passed


@pytest.mark.parametrize(("behaviour", "said"), [("fail", "got NaN"), ("silent", "models fit"), ("die", "signal 9")])
def test_worker_that_dies_is_quoted_and_the_next_refit_gets_a_new_one(refits, tmp_path, behaviour, said):
    runner = refits("fit", a=behaviour)
    job, behind = runner.start(KEY, {}, "ann"), runner.start(OTHER, {}, "bob")
    if runner.status(behind.id).state != "done":
        assert finished(runner, behind.id).state == "done"
    ended = finished(runner, job.id)
    assert ended.state == "failed"
    assert said in ended.message
    assert runner.result(KEY) is None
    assert finished(runner, runner.start(THIRD, {}).id).state == "done"
    assert len(starts(tmp_path)) == 2


def test_worker_killed_in_the_middle_of_a_fit(refits, tmp_path):
    runner = refits("wait")
    job = sampling(runner, runner.start(KEY, {}, "ann").id)
    behind = runner.start(OTHER, {}, "bob")
    os.kill(job.pid, signal.SIGKILL)
    assert "signal 9" in finished(runner, job.id).message
    assert sampling(runner, behind.id).pid != job.pid
    (tmp_path / GO).touch()
    assert finished(runner, behind.id).state == "done"


def test_worker_that_crashes_after_its_answer_has_answered(refits):
    runner = refits("answer and die")
    job = finished(runner, runner.start(KEY, {}).id)
    assert job.state == "done"
    assert runner.result(KEY)


def test_rejected_refit_says_why(refits):
    runner = refits("reject")
    job = finished(runner, runner.start(KEY, {}).id)
    assert (job.state, job.message) == ("rejected", "R-hat is 1.2, expected at most 1.01.")
    assert runner.start(KEY, {}).id != job.id, "a rejected refit may be tried again"


def test_worker_that_never_answers_is_stopped(refits):
    runner = refits("fit", timeout=1.0, a="stubborn")
    job = runner.start(KEY, {}, "ann")
    ended = finished(runner, job.id)
    assert ended.state == "failed"
    assert "1 seconds" in ended.message
    until(lambda: not alive(ended.pid))
    assert finished(runner, runner.start(OTHER, {}, "bob").id).state == "done"


def test_worker_that_cannot_start_is_a_clear_failure(tmp_path):
    runner = Refits(tmp_path, lambda _: [str(tmp_path / "no-such-program")])
    assert "could not start" in finished(runner, runner.start(KEY, {}).id).message
    assert "no-such-program" in finished(runner, runner.start(KEY, {}).id).message
    runner.close()


def test_folder_that_cannot_be_written_is_a_clear_error(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(FitError, match=HOME_VARIABLE):
        Refits(tmp_path / "file" / "home").start(KEY, {})


@pytest.mark.parametrize(("key", "values"), [("../../etc", {}), (KEY, {"C01": float("nan")})])
def test_request_that_makes_no_sense_is_refused(refits, key, values):
    with pytest.raises(FitError, match=r"expected 12 and 64|no finite number"):
        refits().start(key, values)


def test_platform_without_file_locks_is_told_so(refits, monkeypatch):
    monkeypatch.setattr("dashboard.refits.lease.SUPPORTED", False)
    with pytest.raises(FitError, match="WSL"):
        refits().start(KEY, {})


@pytest.mark.parametrize("job_id", ["", "../../../etc", "0123456789abc", "ABCDEF012345", "0123456789ab"])
def test_unknown_or_hostile_id_is_no_refit(refits, job_id):
    assert refits().status(job_id) is None
    assert refits().cancel(job_id) is None


def test_home_can_be_chosen(tmp_path, monkeypatch):
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    assert home() == tmp_path
    monkeypatch.delenv(HOME_VARIABLE)
    assert home().name == "conjunction"


def test_command_runs_this_python(tmp_path):
    assert worker_command(tmp_path) == [sys.executable, "-m", "models", "worker", "--home", str(tmp_path)]
