"""A folder of jobs that holds anything at all: nobody's refit is held up, and whoever asks for the bad one is told."""

import json
import logging
import os
import threading
from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.refits.files import MAX_BYTES, RECORD, JobFiles
from dashboard.refits.job import FIELDS, UNKNOWN_KEY, Job
from models.errors import FitError
from models.refits.request import OUTCOME, PROGRESS, REQUEST, Request, job_folder
from tests.support.programs.fake_worker import GO, finished, sampling, until

KEY, OTHER, THIRD, JOB = "a" * 64, "b" * 64, "c" * 64, "0" * 12
WHOLE = Job(id=JOB, key=KEY, state="waiting", done=0.0, message="Waiting.", asked=1.0, server="f" * 12, owners=("ann",))
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(["z", "../..", 10**400]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=4,
)


def mutated(**fields: object) -> bytes:
    return json.dumps(asdict(WHOLE) | fields).encode()


BAD_RECORDS = {
    "time that is text": mutated(asked="z"),
    "time that is nothing": mutated(asked=None),
    "time that is no number": mutated(asked=float("nan")),
    "time without end": mutated(asked=float("inf")),
    "time too large to add to": mutated(started=10**400),
    "truth for a number": mutated(done=True),
    "owners that are one": mutated(owners="ann"),
    "owner that is a number": mutated(owners=[1]),
    "half a letter": mutated(message="\ud800"),
    "server outside the folder": mutated(server="../../etc"),
    "process of nobody": mutated(pid=-1),
    "list for a key": mutated(key=[KEY]),
    "state that is a list": mutated(state=["done"]),
    "field nobody knows": mutated(colour="red"),
    "field that no page can show": json.dumps({"\ud800" * 9999: 1}).encode(),
    "another job": mutated(id="1" * 12),
    "missing field": b'{"id": "000000000000"}',
    "list": b"[]",
    "nothing": b"",
    "not JSON": b"asked: z",
    "not UTF-8": b'{"id": "\xff"}',
    "endless nesting": b"[" * 100_000,
    "huge": b" " * (MAX_BYTES + 1),
}


def put(home, job_id: str, record: bytes, request: bytes = b"") -> None:
    folder = job_folder(home, job_id)
    folder.mkdir(parents=True)
    (folder / RECORD).write_bytes(record)
    if request:
        (folder / REQUEST).write_bytes(request)


@given(st.dictionaries(st.sampled_from([*FIELDS, "extra"]), ANYTHING, min_size=1, max_size=3))
def test_a_mutated_record_is_taken_whole_or_refused_with_a_reason(fields):
    try:
        job = Job.from_json(mutated(**fields), JOB)
    except FitError as error:
        reason = str(error)
    else:
        reason = ""
    if reason:
        assert reason.startswith("got ")
        return
    assert asdict(job) | {"owners": list(job.owners)} == json.loads(mutated(**fields))
    assert sorted([job, WHOLE], key=lambda one: (one.asked, one.id))
    assert job.message.encode() is not None
    assert 0 <= job.done <= 1
    assert job.started + 900.0 > job.started


@given(ANYTHING)
def test_any_json_is_taken_for_a_request_or_refused_with_a_reason(content):
    line = json.loads(Request(id=JOB, key=KEY, values={"C01": 1.6}).to_json())
    for fields in (content, line | {"values": content}, line | {"expected": content}, line | {"id": content}):
        try:
            taken = Request.from_json(json.dumps(fields))
        except FitError:
            continue
        assert Request.from_json(taken.to_json()) == taken
        assert taken.id == JOB


def test_bad_records_of_every_kind_hold_up_nobody_and_are_told(refits, tmp_path, caplog, monkeypatch):
    monkeypatch.setattr("dashboard.refits.files.KEPT_JOBS", len(BAD_RECORDS) + 2)
    ids = {f"{n:012x}": name for n, name in enumerate(BAD_RECORDS)}
    for job_id, name in ids.items():
        put(tmp_path, job_id, BAD_RECORDS[name])
    runner = refits()
    assert [finished(runner, runner.start(key, {}, key).id).state for key in (KEY, OTHER)] == ["done", "done"]
    told = {name: runner.status(job_id) for job_id, name in ids.items()}
    assert {job.state for job in told.values()} == {"failed"}
    assert all("set aside: got" in job.message for job in told.values())
    assert "got asked 'z', expected seconds since 1970" in told["time that is text"].message
    logged = [record.args[0] for record in caplog.records if record.levelno == logging.WARNING]
    assert sorted(logged) == sorted(ids), "each is logged once"
    assert all((job_folder(tmp_path, job_id) / RECORD).exists() for job_id in ids), "and kept for whoever wonders"


def test_a_bad_record_that_comes_while_a_refit_runs_holds_up_nobody(refits, tmp_path):
    runner = refits("wait")
    first, second = runner.start(KEY, {}, "ann"), runner.start(OTHER, {}, "bob")
    until(lambda: "running" in {runner.status(job.id).state for job in (first, second)})
    put(tmp_path, JOB, BAD_RECORDS["time that is text"])
    (tmp_path / GO).touch()
    assert [finished(runner, job.id).state for job in (first, second)] == ["done", "done"]


def test_what_is_no_file_holds_up_nobody(refits, tmp_path):
    for number, make in enumerate((os.mkdir, os.mkfifo, lambda path: path.symlink_to(path))):
        for name in (RECORD, OUTCOME, PROGRESS, REQUEST):
            folder = job_folder(tmp_path, f"{number:012x}")
            folder.mkdir(parents=True, exist_ok=True)
            make(folder / name)
    (tmp_path / "servers" / "a folder" / "in it").mkdir(parents=True)
    (tmp_path / "jobs" / ("f" * 12)).write_bytes(b"a file where a folder belongs")
    os.mkfifo(tmp_path / "servers" / "pipe")
    runner = refits()
    assert finished(runner, runner.start(KEY, {}).id).state == "done"
    assert [runner.status(f"{number:012x}").state for number in range(3)] == ["failed"] * 3
    assert runner.status("f" * 12) is None


def test_a_damaged_request_fails_alone(refits, tmp_path):
    runner = refits("wait")
    running = sampling(runner, runner.start(KEY, {}, "ann").id)
    behind, damaged = runner.start(OTHER, {}, "bob"), runner.start(THIRD, {}, "cleo")
    (job_folder(tmp_path, damaged.id) / REQUEST).write_bytes(b'{"id": 7, "values": {"C01": 1e999}}')
    (tmp_path / GO).touch()
    assert [finished(runner, job.id).state for job in (running, behind)] == ["done", "done"]
    told = finished(runner, damaged.id)
    assert told.state == "failed"
    assert "could not start (got no request" in told.message


def test_a_record_damaged_while_its_refit_runs_is_written_again_at_its_end(refits, tmp_path):
    runner = refits("wait")
    job = sampling(runner, runner.start(KEY, {}, "ann").id)
    (job_folder(tmp_path, job.id) / RECORD).write_bytes(b"asked: z")
    assert runner.status(job.id).state == "failed"
    (tmp_path / GO).touch()
    until(lambda: runner.status(job.id).state == "done")
    assert JobFiles(tmp_path).readable(job.id)


def test_without_a_request_the_question_of_a_bad_record_is_unknown(refits, tmp_path):
    put(tmp_path, JOB, b"[]")
    assert refits().status(JOB).key == UNKNOWN_KEY


@pytest.mark.parametrize(
    "damage", [b"\xff", b"[]", b'{"state": "done", "message": 7}', b'{"state": ["done"]}', b"[" * 9999]
)
def test_an_outcome_that_cannot_be_read_is_none_yet(tmp_path, damage):
    put(tmp_path, JOB, mutated())
    (job_folder(tmp_path, JOB) / OUTCOME).write_bytes(damage)
    assert JobFiles(tmp_path).outcome(JOB) is None


def test_progress_that_cannot_be_read_is_skipped(tmp_path):
    good = {"phase": "sampling", "done": 0.4, "message": "Sampling."}
    bad = [good | {"done": 10**400}, good | {"message": "\ud800"}, good | {"phase": None}, [], None]
    put(tmp_path, JOB, mutated(state="running"))
    lines = "\n".join(json.dumps(line) for line in (good, *bad))
    (job_folder(tmp_path, JOB) / PROGRESS).write_text(f"{lines}\n{'[' * 9999}\n\udcff", errors="surrogateescape")
    assert JobFiles(tmp_path).progress(JOB) == ("sampling", 0.4, "Sampling.")


def in_the_thread(monkeypatch, error: BaseException, times: int) -> None:
    """Let the dispatcher's look at the queue fail that often; a visitor's goes on as before."""
    waiting, left = JobFiles.waiting, [times]

    def fails(files: JobFiles, server: str) -> list[Job]:
        if threading.current_thread().name.startswith("refits-") and left[0]:
            left[0] -= 1
            raise error
        return waiting(files, server)

    monkeypatch.setattr(JobFiles, "waiting", fails)


def test_the_thread_goes_on_after_an_error_that_nobody_thought_of(refits, monkeypatch, caplog):
    monkeypatch.setattr("dashboard.refits.dispatcher.TROUBLE_SECONDS", 0.01)
    in_the_thread(monkeypatch, ZeroDivisionError("nobody thought of this"), times=2)
    runner = refits()
    assert finished(runner, runner.start(KEY, {}).id).state == "done"
    errors = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert len(errors) == 1, "a trouble that lasts is logged once"
    assert isinstance(errors[0].exc_info[1], ZeroDivisionError)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_dead_thread_is_noticed_and_replaced(refits, monkeypatch, caplog):
    in_the_thread(monkeypatch, SystemExit(), times=1)
    runner = refits()
    assert finished(runner, runner.start(KEY, {}).id).state == "done", "asking for it is enough"
    assert "had died" in caplog.text
