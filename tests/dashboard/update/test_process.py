"""One run of the command: followed and stopped from any server, one at a time, and what it is told to do."""

import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from dashboard.update.process import Asked, Run, Updates
from data.errors import UpdateError

WAIT_SECONDS = 20.0
ASKED = Asked(rows=b"id,date\n", searched_until=date(2026, 10, 8))
SAYS = """
import json, signal, sys, time
progress = sys.argv[sys.argv.index("--progress") + 1]
def tell(phase, done, message):
    with open(progress, "a") as stream:
        stream.write(json.dumps({"phase": phase, "done": done, "message": message}) + "\\n")
def stop(*_):
    tell("failed", 0.0, "Stopped on request.")
    sys.exit(1)
signal.signal(signal.SIGINT, stop)
tell("sampling", 0.4, "Sampling.")
print("rows read", flush=True)
WHAT
tell("done", 1.0, "Done.")
"""


def command(what: str) -> Callable:
    return lambda options: [sys.executable, "-c", SAYS.replace("WHAT", what), *options]


def until(updates: Updates, seen: Callable[[Run], bool]) -> Run:
    """The newest run, once it looks so."""
    end = time.monotonic() + WAIT_SECONDS
    while not seen(run := updates.newest()):
        assert time.monotonic() < end, run
        time.sleep(0.02)
    return run


@pytest.fixture
def home(tmp_path):
    yield tmp_path
    for folder in (tmp_path / "page_updates").glob("*"):
        Updates(tmp_path).cancel(Run.of(folder))


def test_a_run_is_followed_to_its_end(home):
    updates = Updates(home, command(""))
    assert updates.newest() is None
    updates.start(ASKED)
    run = until(updates, lambda run: not run.alive)
    assert (run.is_done, run.done, run.dry, run.output) == (True, 1.0, True, "rows read\n")


def test_another_server_sees_it_refuses_a_second_and_may_stop_it(home):
    Updates(home, command("time.sleep(60)")).start(ASKED)
    other = Updates(home, command(""))
    run = until(other, lambda run: run.phase == "sampling")
    assert (run.alive, run.message) == (True, "Sampling.")
    with pytest.raises(UpdateError, match="one at a time"):
        other.start(ASKED)
    other.cancel(run)
    ended = until(other, lambda run: not run.alive)
    assert (ended.is_done, ended.message) == (False, "Stopped on request.")
    other.start(ASKED)


def test_a_run_that_was_killed_says_so_and_holds_nobody_up(home):
    updates = Updates(home, command("import os; os.kill(os.getpid(), signal.SIGKILL)"))
    updates.start(ASKED)
    run = until(updates, lambda run: not run.alive)
    assert (run.is_done, run.phase) == (False, "sampling")
    updates.start(ASKED)


@pytest.mark.parametrize(
    ("written", "message"),
    [
        (b"", "It ended without a word."),
        (b'{"phase": "sampl', "It ended without a word."),
        (b'{"phase": "sampling", "done": 0.4, "message": "Sampling."}\n', "Sampling."),
        (
            b'{"phase": "sampling", "done": 0.4, "message": "Sampling \xd1\x91."}\n{"phase": "sampling", "\xd1',
            "Sampling ё.",
        ),
    ],
    ids=["opened", "begun", "whole", "a second begun"],
)
def test_it_can_be_looked_at_while_a_line_of_progress_is_being_written(tmp_path, written, message):
    (tmp_path / "progress.jsonl").write_bytes(written)
    assert Run.of(tmp_path).message == message


def test_the_command_is_told_what_was_asked(tmp_path: Path):
    published = Asked(
        rows=b"", searched_until=date(2026, 11, 1), revise=True, dry=False, author="A. Reader", note="November"
    )
    assert ASKED.options(tmp_path) == [
        str(tmp_path / "rows.csv"),
        "--searched-until",
        "2026-10-08",
        "--progress",
        str(tmp_path / "progress.jsonl"),
        "--dry-run",
    ]
    told = published.options(tmp_path)
    assert told[0] == "--searched-until"
    assert told[4:] == ["--revise", "--publish", "--author", "A. Reader", "--note", "November"]


def test_few_runs_are_kept(home):
    updates = Updates(home, command(""))
    for _ in range(5):
        updates.start(ASKED)
        until(updates, lambda run: not run.alive)
    assert len(list((home / "page_updates").iterdir())) == 3
