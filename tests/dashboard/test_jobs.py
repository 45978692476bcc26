"""Refits as processes and files: a fast stand-in for the fitter, real processes, no Streamlit."""

import json
import os
import sys
import time
from pathlib import Path

import pytest

from dashboard.jobs import HOME_VARIABLE, Refits, fit_command, home
from models.errors import FitError

KEY, OTHER = "a" * 64, "b" * 64
WAIT_SECONDS = 20.0
"""Far above the tenth of a second that a stand-in needs: reached only when something hangs."""
WORKER = """
import json, pathlib, sys, time
assumptions, out, progress, behaviour = sys.argv[1:]
values = json.loads(pathlib.Path(assumptions).read_text())["values"]
with open(progress, "a") as stream:
    stream.write(json.dumps({"phase": "sampling", "done": 0.4, "message": "Sampling: 40 % of draws."}) + "\\n")
    stream.write('{"phase": "sampling", "do')
if behaviour == "hang":
    time.sleep(600)
if behaviour == "stubborn":
    import signal
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    with open(progress, "a") as stream:
        stream.write('\\n{"phase": "sampling", "done": 0.5, "message": "Not listening."}\\n')
    time.sleep(600)
if behaviour == "fail":
    sys.exit("the sampler failed: got NaN")
if behaviour == "silent":
    sys.exit(0)
folder = pathlib.Path(out)
folder.mkdir()
(folder / "fit.json").write_text(json.dumps(values))
(folder / "draws.npz").write_bytes(b"draws")
"""


def refits(folder: Path, behaviour: str = "fit", **options) -> Refits:
    """Refits whose worker is the script above."""
    return Refits(folder, lambda *files: [sys.executable, "-c", WORKER, *map(str, files), behaviour], **options)


def until(condition) -> None:
    """Wait until something holds."""
    end = time.monotonic() + WAIT_SECONDS
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def finished(runner: Refits, job_id: str):
    """Wait for the end of a refit and return it."""
    until(lambda: runner.status(job_id).state != "running")
    return runner.status(job_id)


def alive(pid: int) -> bool:
    """Tell whether a process runs (a child that has ended but was not waited for does not)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    except OSError:
        return False


def test_result_is_kept_under_its_key(tmp_path):
    runner = refits(tmp_path)
    job = finished(runner, runner.start(KEY, {"C01": 1.6}).id)
    assert (job.state, job.done) == ("done", 1.0)
    assert json.loads((runner.result(KEY) / "fit.json").read_text()) == {"C01": 1.6}
    assert runner.result(OTHER) is None


def test_progress_skips_a_line_that_is_still_being_written(tmp_path):
    runner = refits(tmp_path, "hang")
    job = runner.start(KEY, {})
    until(lambda: runner.status(job.id).done > 0)
    shown = runner.status(job.id)
    assert (shown.state, shown.done, shown.message) == ("running", 0.4, "Sampling: 40 % of draws.")
    runner.cancel(job.id)


@pytest.mark.parametrize("behaviour", ["hang", "stubborn"])
def test_cancel_ends_the_process_and_leaves_no_result(tmp_path, behaviour):
    runner = refits(tmp_path, behaviour)
    job = runner.start(KEY, {})
    until(lambda: runner.status(job.id).done >= (0.5 if behaviour == "stubborn" else 0.4))
    assert runner.cancel(job.id).state == "cancelled"
    assert not alive(job.pid)
    assert runner.status(job.id).state == "cancelled"
    assert runner.result(KEY) is None


def test_cancel_of_a_finished_refit_changes_nothing(tmp_path):
    runner = refits(tmp_path)
    job = finished(runner, runner.start(KEY, {}).id)
    assert runner.cancel(job.id) == job
    assert runner.result(KEY)


def test_newer_request_supersedes_the_older(tmp_path):
    runner = refits(tmp_path, "hang")
    older, newer = runner.start(KEY, {}), runner.start(OTHER, {})
    assert runner.status(older.id).state == "superseded"
    assert not alive(older.pid)
    assert runner.status(newer.id).state == "running"
    runner.cancel(newer.id)


def test_same_question_is_not_asked_twice(tmp_path):
    runner = refits(tmp_path, "hang")
    first, second = runner.start(KEY, {}), runner.start(KEY, {})
    assert first.id == second.id
    runner.cancel(first.id)


def test_failing_worker_is_quoted(tmp_path):
    runner = refits(tmp_path, "fail")
    job = finished(runner, runner.start(KEY, {}).id)
    assert job.state == "failed"
    assert "the sampler failed: got NaN" in job.message
    assert runner.result(KEY) is None


def test_worker_that_says_nothing_is_a_failure_too(tmp_path):
    runner = refits(tmp_path, "silent")
    job = finished(runner, runner.start(KEY, {}).id)
    assert job.state == "failed"
    assert "python -m models fit" in job.message


def test_worker_that_never_answers_is_stopped(tmp_path):
    runner = refits(tmp_path, "hang", timeout=0.2)
    job = runner.start(KEY, {})
    assert finished(runner, job.id).state == "failed"
    until(lambda: not alive(job.pid))


def test_worker_that_cannot_start_is_a_clear_error(tmp_path):
    runner = Refits(tmp_path, lambda *_: [str(tmp_path / "no-such-program")])
    with pytest.raises(FitError, match="could not start"):
        runner.start(KEY, {})


def test_another_server_finds_a_running_and_a_finished_refit(tmp_path):
    first = refits(tmp_path, "hang")
    job = first.start(KEY, {})
    second = refits(tmp_path)
    assert second.status(job.id).state == "running"
    assert second.cancel(job.id).state == "cancelled"
    until(lambda: not alive(job.pid))
    done = finished(second, second.start(OTHER, {}).id)
    assert refits(tmp_path).status(done.id) == done


def test_refit_that_died_with_its_server_is_said_to_be_interrupted(tmp_path):
    runner = refits(tmp_path, "hang")
    job = runner.start(KEY, {})
    runner.cancel(job.id)
    record = tmp_path / "jobs" / job.id / "job.json"
    record.write_text(json.dumps(json.loads(record.read_text()) | {"state": "running"}))
    again = refits(tmp_path).status(job.id)
    assert again.state == "failed"
    assert "start it again" in again.message


@pytest.mark.parametrize("job_id", ["", "../../../etc", "0123456789abc", "ABCDEF012345", "0123456789ab"])
def test_unknown_or_hostile_id_is_no_refit(tmp_path, job_id):
    assert refits(tmp_path).status(job_id) is None
    assert refits(tmp_path).cancel(job_id) is None


def test_damaged_record_is_no_refit(tmp_path):
    runner = refits(tmp_path)
    job = finished(runner, runner.start(KEY, {}).id)
    (tmp_path / "jobs" / job.id / "job.json").write_text('{"id": ')
    assert runner.status(job.id) is None


def test_old_records_are_forgotten(tmp_path, monkeypatch):
    monkeypatch.setattr("dashboard.jobs.KEPT_JOBS", 2)
    runner = refits(tmp_path)
    ids = [finished(runner, runner.start(KEY, {}).id).id for _ in range(4)]
    assert [runner.status(job_id) is not None for job_id in ids] == [False, True, True, True]


def test_home_can_be_chosen(tmp_path, monkeypatch):
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    assert home() == tmp_path
    monkeypatch.delenv(HOME_VARIABLE)
    assert home().name == "conjunction"


def test_command_runs_this_python(tmp_path):
    command = fit_command(tmp_path / "a.json", tmp_path / "fit", tmp_path / "p.jsonl")
    assert command[:4] == [sys.executable, "-m", "models", "fit"]
    assert os.fspath(tmp_path / "p.jsonl") in command
