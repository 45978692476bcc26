"""Several servers on one folder, one after the other or at once, ended in every unkind way."""

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from dashboard.refits import jobs, lease
from dashboard.refits.jobs import Refits
from models.refits.queue import Queue
from models.refits.request import fit_folder, refits_folder
from tests.support.programs.fake_worker import GO, alive, finished, sampling, starts, until

ROOT = Path(__file__).parents[3]
KEY, OTHER, THIRD = "a" * 64, "b" * 64, "c" * 64
SERVER = """
import os, signal, sqlite3, sys, time
from pathlib import Path
from dashboard.refits.jobs import Refits
from tests.support.programs.fake_worker import fake_command
home, behaviour, moment, *keys = sys.argv[1:]
left, connect = [int(moment)], sqlite3.connect
def strike():
    left[0] -= 1
    if left[0] == 0:
        os.kill(os.getpid(), signal.SIGKILL)
def heard(event, arguments):
    written = event in ("os.rename", "os.mkdir", "os.remove") or (event == "open" and arguments[2] & 3)
    if event == "subprocess.Popen" or (written and str(arguments[0]).startswith(home)):
        strike()
def traced(statement):
    if not statement.startswith(("SELECT", "PRAGMA synchronous", "PRAGMA application_id;", "BEGIN ")):
        strike()
def connected(*arguments, **named):
    connection = connect(*arguments, **named)
    connection.set_trace_callback(traced)
    return connection
sqlite3.connect = connected
sys.addaudithook(heard)
runner = Refits(Path(home), fake_command(behaviour))
jobs = [runner.start(key, {"C01": 1.6}, owner=key) for key in keys]
print(*(job.id for job in jobs), flush=True)
while any(runner.status(job.id).live for job in jobs):
    time.sleep(0.2)
print("ended", flush=True)
"""
"""A server that kills itself at its n-th write to the folder or the queue, and otherwise lives until its jobs have
ended."""


@pytest.fixture
def server(tmp_path):
    """Start a server process; orphans of those that a test killed are ended with it."""
    made = []

    def make(behaviour: str, *keys: str, moment: int = 0) -> subprocess.Popen:
        command = [sys.executable, "-c", SERVER, str(tmp_path), behaviour, str(moment), *keys]
        made.append(subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True))
        return made[-1]

    yield make
    (tmp_path / GO).touch()
    for process in made:
        process.kill()
        process.wait()
        process.stdout.close()


def killed(process: subprocess.Popen) -> None:
    process.kill()
    process.wait()


def test_running_refit_outlives_its_server_and_is_concluded_by_the_next(server, refits, tmp_path):
    first = server("wait", KEY)
    job_id = first.stdout.readline().strip()
    second = refits()
    running = sampling(second, job_id)
    killed(first)
    assert second.status(job_id).state == "running"
    assert second.start(KEY, {}).id == job_id, "the same question joins it"
    assert alive(running.pid)
    (tmp_path / GO).touch()
    assert finished(second, job_id).state == "done"
    assert second.result(KEY)
    until(lambda: not alive(running.pid))
    assert starts(tmp_path) == [running.pid], "the worker finished, then ended by itself"


def test_orphaned_worker_can_be_cancelled(server, refits):
    first = server("stubborn", KEY)
    job_id = first.stdout.readline().strip()
    second = refits()
    running = sampling(second, job_id)
    killed(first)
    assert second.cancel(job_id).state == "cancelled"
    until(lambda: not alive(running.pid))


def test_waiting_refit_of_a_dead_server_is_adopted_by_the_one_that_is_asked(server, refits, tmp_path):
    first = server("wait", OTHER, KEY, THIRD)
    ids = first.stdout.readline().split()
    second = refits()
    until(lambda: sum(second.status(job_id).state == "running" for job_id in ids) == 1)
    waiting = [job_id for job_id in ids if second.status(job_id).state == "waiting"]
    killed(first)
    assert all(second.status(job_id).state in ("waiting", "running") for job_id in ids)
    (tmp_path / GO).touch()
    assert [finished(second, job_id).state for job_id in ids] == ["done"] * 3
    assert len(waiting) == 2
    assert len(starts(tmp_path)) == 2, "the orphan for the running one, a new worker for the waiting ones"


def test_refit_that_died_with_its_server_is_said_to_be_interrupted(server, refits):
    first = server("wait", KEY)
    job_id = first.stdout.readline().strip()
    second = refits()
    running = sampling(second, job_id)
    killed(first)
    os.kill(running.pid, signal.SIGKILL)
    until(lambda: not alive(running.pid))
    ended = finished(second, job_id)
    assert ended.state == "failed"
    assert "start it again" in ended.message


@pytest.mark.parametrize("moment", range(2, 38, 3))
def test_server_killed_in_the_middle_of_a_write_leaves_a_sound_folder(server, refits, tmp_path, moment):
    first = server("fit", KEY, moment=moment)
    out, _ = first.communicate(timeout=20)
    assert (first.returncode == -signal.SIGKILL) != ("ended" in out)
    second = refits()
    with Queue(tmp_path).changing() as table:
        left = table.jobs()
    assert len(left) <= 1, "at most the one job"
    ended = [finished(second, job.id) for job in left]
    assert {job.state for job in ended} <= {"done", "failed"}
    again = finished(second, second.start(KEY, {"C01": 1.6}).id)
    assert again.state == "done"
    assert json.loads((second.result(KEY) / "fit.json").read_text()) == {"C01": 1.6}
    second.start(OTHER, {})
    assert all(lease.held(path) for path in (refits_folder(tmp_path) / "servers").iterdir()), "the rest is swept away"


def test_two_servers_answer_at_once_and_leave_each_other_alone(refits, tmp_path):
    servers = [refits(), refits()]
    keys = [f"{n:064x}" for n in range(6)]
    states: dict[str, list[str]] = {key: [] for key in keys}

    def ask(runner: Refits, order: list[str]) -> None:
        for key in order:
            job = runner.start(key, {}, owner=f"{id(runner)} {key}")
            states[key].append(finished(runner, job.id).state)

    threads = [threading.Thread(target=ask, args=pair) for pair in zip(servers, (keys, keys[::-1]), strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert states == {key: ["done", "done"] for key in keys}
    assert all(servers[0].result(key) for key in keys)
    assert len(starts(tmp_path)) == 2
    assert not list(tmp_path.rglob("*.partial"))
    assert not list(tmp_path.rglob("*-journal"))


def test_same_question_to_two_servers_at_once_is_one_job(refits):
    servers = [refits("wait"), refits("wait")]
    gate, ids = threading.Barrier(2), []

    def ask(runner: Refits) -> None:
        gate.wait()
        ids.append(runner.start(KEY, {}, owner=str(id(runner))).id)

    threads = [threading.Thread(target=ask, args=(runner,)) for runner in servers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(ids)) == 1
    assert sampling(servers[0], ids[0]) == sampling(servers[1], ids[0])


def test_another_server_may_cancel_and_supersede_and_the_owner_sees_to_it(refits):
    first, second = refits("fit", a="stubborn", b="wait"), refits("wait")
    job = sampling(first, first.start(KEY, {}, "ann").id)
    assert second.cancel(job.id).state == "cancelled"
    until(lambda: not alive(job.pid))
    other = sampling(first, first.start(OTHER, {}, "ann").id)
    newer = second.start(THIRD, {}, "ann")
    assert first.status(other.id).state == "superseded"
    assert sampling(second, newer.id).state == "running"
    assert alive(other.pid), "an obedient worker stays"


def test_pruning_forgets_old_ends_and_never_what_lives(refits, tmp_path, monkeypatch):
    monkeypatch.setattr(jobs, "KEPT_JOBS", 2)
    monkeypatch.setattr(jobs, "KEPT_FITS", 2)
    other = refits("wait")
    living = sampling(other, other.start("f" * 64, {}, "ann").id)
    queued = other.start("e" * 64, {}, "bob")
    runner = refits()
    ids = [finished(runner, runner.start(f"{n:064x}", {}).id).id for n in range(5)]
    assert [runner.status(job_id) is not None for job_id in ids] == [False, False, True, True, True]
    assert [bool(runner.result(f"{n:064x}")) for n in range(5)] == [False, False, True, True, True]
    assert [runner.status(job.id).state for job in (living, queued)] == ["running", "waiting"]
    assert all(lease.held(path) for path in (refits_folder(tmp_path) / "servers").iterdir())


@pytest.mark.parametrize("files", [(), ("fit.json",), ("draws.npz",)])
def test_half_written_fit_is_no_result(refits, tmp_path, files):
    folder = fit_folder(tmp_path, KEY)
    folder.mkdir(parents=True)
    for name in files:
        (folder / name).write_bytes(b"half")
    runner = refits()
    assert runner.result(KEY) is None
    assert runner.result("../fits/" + KEY) is None
    assert finished(runner, runner.start(KEY, {}).id).state == "done"
    assert runner.result(KEY) == folder
