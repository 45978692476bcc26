"""The table of refits: who comes next, one winner of many, and a process killed at any moment."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from models.refits.queue import ENDED, RECENT_SECONDS, Job, Queue

ROOT = Path(__file__).parents[3]
SERVER = "f" * 12


def put(home: Path, *jobs: Job) -> None:
    with Queue(home).changing() as table:
        for job in jobs:
            table.add(job)


def job(name: int, owner: str, asked: float, **fields: object) -> Job:
    plain = {"id": f"{name:012x}", "key": "a" * 64, "state": "waiting", "message": "", "server": SERVER, "asked": asked}
    return Job(**plain | {"owners": (owner,)} | fields)


def served(home: Path) -> list[str]:
    """Owners in the order in which their jobs are claimed, one after the other."""
    queue, order = Queue(home), []
    while waiting := queue.next(SERVER):
        assert queue.claim(waiting, worker="w")
        queue.tell(waiting.id, ENDED, state="done", message="")
        order.append(waiting.owners[0])
    return order


def test_ten_jobs_of_one_owner_do_not_starve_anothers_one(tmp_path):
    put(tmp_path, job(99, "bob", asked=0.0), *(job(n, "ann", asked=1.0 + n) for n in range(10)))
    assert served(tmp_path) == ["ann", "bob", *["ann"] * 9]


def test_owners_take_turns_and_the_place_shown_is_the_place_had(tmp_path):
    put(tmp_path, *(job(n, ["ann", "bob", "cleo"][n // 3], asked=float(n)) for n in range(9)))
    with Queue(tmp_path).changing() as table:
        line = table.waiting(SERVER)
    assert [waiting.id for waiting in line] == [f"{n:012x}" for n in (8, 5, 2, 7, 4, 1, 6, 3, 0)]
    assert [Queue(tmp_path).job(waiting.id).place for waiting in line] == list(range(1, 10))
    assert served(tmp_path) == ["cleo", "bob", "ann"] * 3


def test_a_person_of_many_sessions_has_one_turn(tmp_path):
    many = [job(n, f"ann/{n}", asked=10.0 + n) for n in range(6)]
    put(tmp_path, job(90, "bob/1", asked=0.0), job(91, "cleo", asked=1.0), *many)
    assert [owner.partition("/")[0] for owner in served(tmp_path)] == ["ann", "cleo", "bob", *["ann"] * 5]


def test_whoever_had_few_refits_of_late_comes_first(tmp_path):
    now = time.time()
    put(
        tmp_path,
        job(1, "ann", asked=3.0),
        job(2, "bob", asked=2.0),
        job(3, "cleo", asked=1.0),
        job(4, "ann", asked=0.0, state="done", started=now - 1),
        job(5, "bob", asked=0.0, state="running", started=now - 2 * RECENT_SECONDS),
        job(6, "cleo", asked=0.0, state="done", started=now - 2 * RECENT_SECONDS),
    )
    assert served(tmp_path) == ["cleo", "ann", "bob"]


def test_a_lower_priority_number_goes_before_everything(tmp_path):
    put(
        tmp_path,
        job(1, "ann", asked=1.0, priority=-1, state="done", started=time.time()),
        job(2, "ann", asked=2.0, priority=-1),
        job(3, "bob", asked=3.0),
        job(4, "cleo", asked=4.0, priority=1),
    )
    assert served(tmp_path) == ["ann", "bob", "cleo"]


def test_a_shared_job_has_the_turn_of_the_owner_who_had_least(tmp_path):
    now = time.time()
    put(
        tmp_path,
        job(1, "ann", asked=0.0, state="done", started=now),
        job(2, "bob", asked=0.0, state="done", started=now),
        job(3, "bob", asked=2.0),
        job(4, "ann", asked=1.0, owners=("ann", "cleo")),
    )
    assert served(tmp_path) == ["ann", "bob"]


def test_another_servers_jobs_are_left_to_it(tmp_path):
    put(tmp_path, job(1, "ann", asked=0.0, server="e" * 12))
    assert Queue(tmp_path).next(SERVER) is None
    assert not Queue(tmp_path).claim(job(1, "ann", asked=0.0))


def test_reading_makes_nothing(tmp_path):
    assert Queue(tmp_path / "home").job("0" * 12) is None
    assert not (tmp_path / "home").exists()


def test_what_was_stopped_stays_stopped(tmp_path):
    put(tmp_path, job(1, "ann", asked=0.0, state="cancelled", message="Stopped."))
    queue = Queue(tmp_path)
    queue.tell(f"{1:012x}", ENDED, state="done", message="The refit is ready.", done=1.0)
    stopped = queue.job(f"{1:012x}")
    assert (stopped.state, stopped.message, stopped.done, stopped.phase) == ("cancelled", "Stopped.", 0.0, ENDED)


def started(home: Path, lines: str, *arguments: str) -> subprocess.Popen:
    preamble = "import os, signal, sys, time\nfrom pathlib import Path\nfrom models.refits.queue import Queue\n"
    command = [sys.executable, "-c", preamble + lines, str(home), *arguments]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


CLAIMING = f"""
home, name = Path(sys.argv[1]), sys.argv[2]
queue = Queue(home)
(home / name).touch()
while not (home / "go").exists():
    time.sleep(0.001)
while job := queue.next({SERVER!r}):
    if queue.claim(job, worker=name):
        print(job.id, flush=True)
        time.sleep(0.01)  # whoever has won lets the others try, however busy the machine is
        time.sleep(0.005)  # the others' turn
"""


def test_of_processes_that_claim_the_same_job_exactly_one_wins(tmp_path):
    count = 60
    put(tmp_path, *(job(n, f"visitor {n}", asked=float(n)) for n in range(count)))
    names = [f"worker {n}" for n in range(4)]
    processes = [started(tmp_path, CLAIMING, name) for name in names]
    while not all((tmp_path / name).exists() for name in names):
        time.sleep(0.01)
    (tmp_path / "go").touch()
    won = {name: process.communicate(timeout=60)[0].split() for name, process in zip(names, processes, strict=True)}
    assert Counter(winner for ids in won.values() for winner in ids) == {f"{n:012x}": 1 for n in range(count)}
    assert sum(bool(ids) for ids in won.values()) > 1, "nobody competed"
    with Queue(tmp_path).changing() as table:
        assert {claimed.id: claimed.worker for claimed in table.jobs()} == {
            job_id: name for name, ids in won.items() for job_id in ids
        }


HAMMERING = """
queue = Queue(Path(sys.argv[1]))
print("begun", flush=True)
for turn in range(10**9):
    with queue.changing() as table:
        for job in table.jobs():
            table.change(job, pid=turn % 2**31, message=f"{turn} " * 2000)
"""
"""Changes many pages at a time, all rows alike, without end."""


def test_a_process_killed_at_any_moment_leaves_all_of_a_change_or_nothing(tmp_path):
    put(tmp_path, *(job(n, "ann", asked=float(n)) for n in range(20)))
    rng, kills, hot = random.Random(), 0, 0
    while kills < 12 or (not hot and kills < 60):
        kills += 1
        process = started(tmp_path, HAMMERING)
        process.stdout.readline()
        time.sleep(rng.uniform(0.0, 0.1))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        hot += bool(list(tmp_path.rglob("*-journal")))
        with Queue(tmp_path).changing() as table:
            rows = table.jobs()
        assert len(rows) == 20
        assert len({(row.pid, row.message) for row in rows}) == 1
        with closing(sqlite3.connect(Queue(tmp_path).path)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert hot, "no kill met a change that was being written"


DYING = """
with Queue(Path(sys.argv[1])).changing() as table:
    table.change(table.jobs()[0], state="running")
    table.forget(table.jobs()[1])
    if sys.argv[2] == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    raise SystemExit(3)
"""


@pytest.mark.parametrize(("end", "code"), [("die", -signal.SIGKILL), ("raise", 3)])
def test_what_was_begun_and_not_committed_never_happened(tmp_path, end, code):
    put(tmp_path, job(1, "ann", asked=1.0), job(2, "bob", asked=2.0))
    process = started(tmp_path, DYING, end)
    process.communicate(timeout=60)
    assert process.returncode == code
    with Queue(tmp_path).changing() as table:
        assert [row.state for row in table.jobs()] == ["waiting", "waiting"]


def test_the_file_of_a_queue_that_died_at_its_first_breath_is_used(tmp_path):
    path = Queue(tmp_path).path
    path.parent.mkdir()
    path.touch()
    assert Queue(tmp_path).job("0" * 12) is None
    put(tmp_path, job(1, "ann", asked=1.0))
    assert Queue(tmp_path).next(SERVER).owners == ("ann",)


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_who_waits_gets_the_first_gap(tmp_path):
    """SQLite's own waiting asks ten times a second in the end, and newcomers come first."""
    put(tmp_path, job(0, "ann", asked=0.0))
    queue, held, end, gaps = Queue(tmp_path), threading.Event(), threading.Event(), 0

    def hold() -> None:
        nonlocal gaps
        with closing(sqlite3.connect(queue.path, isolation_level=None, timeout=5)) as connection:
            while not end.is_set():
                connection.execute("BEGIN IMMEDIATE")
                held.set()
                time.sleep(0.25)
                connection.execute("COMMIT")
                gaps += 1
                time.sleep(0.02)

    holder = threading.Thread(target=hold)
    holder.start()
    taken = []
    for _ in range(4):
        held.clear()
        held.wait()
        before = gaps
        with queue.changing():
            taken.append(gaps - before)
    end.set()
    holder.join()
    assert sorted(taken)[2] <= 1, taken


def test_two_names_of_one_folder_are_one_queue(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    put(tmp_path / "link", job(1, "ann", asked=1.0))
    assert Queue(tmp_path / "real").next(SERVER)
