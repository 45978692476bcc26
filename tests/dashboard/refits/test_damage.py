"""A folder that holds anything at all: it is told, nothing in it is lost, and what can go on goes on."""

import logging
import os
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from models.errors import FitError
from models.refits import queue
from models.refits.queue import APPLICATION_ID, UNKNOWN_KEY, Queue
from models.refits.request import Request, refits_folder
from models.storage.home import HOME_VARIABLE
from tests.support.programs.fake_worker import GO, alive, finished, sampling, starts, until

KEY, OTHER, THIRD, JOB = "a" * 64, "b" * 64, "c" * 64, "0" * 12


def foreign(path, mark: int = 0) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE letters (text)")
        connection.execute(f"PRAGMA application_id = {mark}")
        connection.commit()


DAMAGE = {
    "not a database": lambda path: path.write_bytes(b"asked: z" * 999),
    "shorter than a database": lambda path: path.write_bytes(b"asked: z"),
    "another program's database": foreign,
    "another version's queue": lambda path: foreign(path, APPLICATION_ID + 1),
    "a folder": os.mkdir,
    "a pipe": os.mkfifo,
    "a link to itself": lambda path: path.symlink_to(path),
}


def content(path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_file_that_is_no_queue_is_told_and_left_alone(refits, tmp_path, damage):
    path = Queue(tmp_path).path
    path.parent.mkdir()
    DAMAGE[damage](path)
    before, runner = content(path), refits()
    with pytest.raises(FitError, match=rf"{path.name}.*move the file away.*{HOME_VARIABLE}"):
        runner.start(KEY, {})
    if damage in ("a link to itself", "a pipe"):  # a reader takes these for no file
        assert runner.status(JOB) is None
    else:
        job = runner.cancel(JOB)
        assert (job.state, job.key) == ("failed", UNKNOWN_KEY)
        assert str(path) in job.message
    assert content(path) == before
    path.rename(tmp_path / "aside") if damage != "a folder" else path.rmdir()
    assert finished(runner, runner.start(KEY, {}).id).state == "done", "once it is moved away, refits begin anew"


@pytest.mark.parametrize("place", [0, 20, 4096])
def test_a_queue_damaged_while_a_refit_runs_is_told_once_and_its_fit_is_kept(refits, tmp_path, caplog, place):
    runner = refits("wait")
    job = sampling(runner, runner.start(KEY, {}, "ann").id)
    path = Queue(tmp_path).path
    with path.open("r+b") as stream:
        stream.seek(place)
        stream.write(b"\xff" * 200)
    damaged = path.read_bytes()
    assert runner.status(job.id).state == "failed"
    until(lambda: caplog.records)
    (tmp_path / GO).touch()
    until(lambda: runner.result(KEY))
    until(lambda: not alive(job.pid))
    assert path.read_bytes() == damaged
    path.rename(tmp_path / "aside")
    assert finished(runner, runner.start(OTHER, {}).id).state == "done"
    errors = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert len({repr(record.exc_info[1]) for record in errors}) == len(errors), "a trouble that lasts is logged once"


def test_a_damaged_row_is_told(refits, tmp_path):
    runner = refits()
    job = finished(runner, runner.start(KEY, {}).id)
    with closing(sqlite3.connect(Queue(tmp_path).path)) as connection:
        connection.execute("UPDATE jobs SET owners = 'ann'")
        connection.commit()
    assert "a row is damaged" in runner.status(job.id).message
    with pytest.raises(FitError, match="a row is damaged"):
        runner.start(OTHER, {})


@pytest.mark.parametrize("field", ["asked", "priority", "pid", "done", "started"])
def test_the_table_takes_no_text_for_a_number(refits, tmp_path, field):
    runner = refits()
    finished(runner, runner.start(KEY, {}).id)
    with (
        closing(sqlite3.connect(Queue(tmp_path).path)) as connection,
        pytest.raises(sqlite3.IntegrityError, match="cannot store TEXT"),
    ):
        connection.execute(f"UPDATE jobs SET {field} = 'z'")


def test_a_damaged_request_fails_alone(refits, tmp_path):
    runner = refits("wait")
    running = sampling(runner, runner.start(KEY, {}, "ann").id)
    behind, damaged = runner.start(OTHER, {}, "bob"), runner.start(THIRD, {}, "cleo")
    with Queue(tmp_path).changing() as table:
        table.change(damaged, request='{"id": 7, "values": {"C01": 1e999}}')
    (tmp_path / GO).touch()
    assert [finished(runner, job.id).state for job in (running, behind)] == ["done", "done"]
    job = finished(runner, damaged.id)
    assert job.state == "failed"
    assert "could not start (got no request" in job.message


def test_what_no_page_can_show_is_replaced(refits, tmp_path):
    runner = refits()
    job = finished(runner, runner.start(KEY, {}, owner="\ud800").id)
    with Queue(tmp_path).changing() as table:
        table.change(job, message="half a letter: \ud800")
    assert runner.status(job.id).message == "half a letter: ?"
    assert runner.status(job.id).owners == ("\ud800",)


def test_what_is_no_lease_holds_up_nobody(refits, tmp_path):
    for name in ("servers", "workers", "made"):
        folder = refits_folder(tmp_path) / name
        (folder / "a folder" / "in it").mkdir(parents=True)
        os.mkfifo(folder / "pipe")
        (folder / "link").symlink_to(folder / "link")
    runner = refits()
    assert finished(runner, runner.start(KEY, {}).id).state == "done"
    assert finished(runner, runner.start(OTHER, {}).id).state == "done"
    assert len(starts(tmp_path)) == 1


def test_a_server_whose_first_change_could_not_be_committed_starts_once_it_can(refits, tmp_path, monkeypatch):
    monkeypatch.setattr(queue, "WAIT_SECONDS", 0.1)
    runner, path = refits(), Queue(tmp_path).path
    path.parent.mkdir()
    with closing(sqlite3.connect(path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM sqlite_master").fetchall()
        for _ in range(2):
            with pytest.raises(FitError, match="database is locked"):
                runner.start(KEY, {})
    assert finished(runner, runner.start(KEY, {}).id).state == "done"


@pytest.mark.parametrize("record", [b'{"id": "000000000000", "state": "done"}', b"asked: z", b""])
def test_a_refit_of_a_former_version_is_said_to_be_one_and_left_alone(refits, tmp_path, record):
    former = {f"jobs/{JOB}/job.json": record, f"jobs/{JOB}/stop": b"", f"servers/{'f' * 12}": b"", "lock": b""}
    for name, content in former.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    runner = refits()
    job = runner.status(JOB)
    assert (job.state, job.key) == ("failed", UNKNOWN_KEY)
    assert f"A former version of this program kept it in jobs/{JOB}/job.json" in job.message
    assert finished(runner, runner.start(KEY, {}).id).state == "done"
    assert {name: (tmp_path / name).read_bytes() for name in former} == former


def in_the_thread(monkeypatch, error: BaseException, times: int) -> None:
    """Let the dispatcher's look at the queue fail that often; a visitor's goes on as before."""
    look, left = Queue.next, [times]

    def fails(queue: Queue, server: str) -> object:
        if left[0]:
            left[0] -= 1
            raise error
        return look(queue, server)

    monkeypatch.setattr(Queue, "next", fails)


@pytest.mark.parametrize("error", [ZeroDivisionError("nobody thought of this"), SystemExit()])
def test_the_thread_goes_on_after_an_error_that_nobody_thought_of(refits, monkeypatch, caplog, error):
    monkeypatch.setattr("dashboard.refits.dispatcher.TROUBLE_SECONDS", 0.01)
    in_the_thread(monkeypatch, error, times=2)
    runner = refits()
    assert finished(runner, runner.start(KEY, {}).id).state == "done"
    errors = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert len(errors) == 1, "a trouble that lasts is logged once"
    assert isinstance(errors[0].exc_info[1], type(error))


def test_a_system_without_unix_locks_can_import_everything():
    """As Windows would: what refits there lack is told by `start`, not by an import."""
    missing = ("fcntl", "resource", "pwd", "grp", "termios")
    lines = f"""
import sys, warnings
sys.modules.update(dict.fromkeys({missing!r}))
warnings.simplefilter("ignore")
import dashboard.refits.jobs, dashboard.refits.lease, models.library.local, models.refits.worker, models.__main__
print(dashboard.refits.lease.SUPPORTED)
"""
    ended = subprocess.run([sys.executable, "-c", lines], capture_output=True, text=True, check=True)
    assert ended.stdout.split() == ["False"]


def test_nothing_of_a_request_is_lost_on_its_way(refits, tmp_path):
    job = refits().start(KEY, {"C01": 1.6, "volatility": 0.1 + 0.2}, priority=3)
    row = Queue(tmp_path).job(job.id)
    assert Request.from_json(row.request) == Request(id=job.id, key=KEY, values={"C01": 1.6, "volatility": 0.1 + 0.2})
    assert row.priority == 3
