"""Several files change as one: whenever the writer is stopped, a reader finds all of the change or none of it."""

import errno
import os
import threading
from pathlib import Path

import pytest

from data.errors import UpdateError
from data.swap import journal
from data.swap.journal import JOURNAL_FILE, complete, replace_files
from data.swap.lock import LOCK_FILE, BusyError, alone
from tests.support.programs.stops import stop_at, stopped_at

OLD = {"a.csv": b"old a", "b.csv": b"old b", "updates/c.csv": b"old c"}
CHANGE = {"a.csv": b"new a", "b.csv": b"new b", "updates/c.csv": None, "more/d.csv": b"new d"}
NEW = {name: content for name, content in {**OLD, **CHANGE}.items() if content is not None}


@pytest.fixture
def place(tmp_path: Path) -> Path:
    for name, content in OLD.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    return tmp_path


def held(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != LOCK_FILE
    }


def test_all_files_change(place, monkeypatch):
    with monkeypatch.context() as patch:
        steps = stop_at(patch, 1000)
        replace_files(place, CHANGE)
    assert held(place) == NEW
    assert steps == ["write"] * 4 + ["rename"] * 3 + ["remove"] + ["rename"] + ["remove"]


@pytest.mark.parametrize("step", range(10))
def test_stopped_at_any_step_it_is_the_old_or_the_new(place, monkeypatch, step):
    stopped_at(monkeypatch, step, lambda: replace_files(place, CHANGE))
    committed = (place / JOURNAL_FILE).exists()
    complete(place)
    found = {name: content for name, content in held(place).items() if not name.endswith(journal.STAGED)}
    assert found == (NEW if committed else OLD)
    assert committed == (step >= 5), "the first rename decides"
    replace_files(place, CHANGE)
    assert held(place) == NEW, "the same change again finishes, and leaves nothing beside"


def test_stopped_again_while_it_is_completed_it_is_completed_once_more(place, monkeypatch):
    for step in (6, 1, 0):
        stopped_at(monkeypatch, step, lambda step=step: replace_files(place, CHANGE) if step == 6 else complete(place))
    complete(place)
    assert held(place) == NEW


@pytest.mark.parametrize("number", range(4))
def test_a_full_disk_changes_nothing(place, monkeypatch, number):
    written = []

    def fill(path: Path, content: bytes) -> None:
        if len(written) == number:
            path.write_bytes(content[:1])
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        written.append(path)
        path.write_bytes(content)

    monkeypatch.setattr(journal, "_write_through", fill)
    with pytest.raises(UpdateError, match=r"No space left on device.*nothing has changed; make room"):
        replace_files(place, CHANGE)
    assert held(place) == OLD


def test_a_second_writer_is_told_and_the_first_may_enter_again(place):
    seen: list[BaseException] = []

    def second() -> None:
        try:
            replace_files(place, CHANGE)
        except UpdateError as error:
            seen.append(error)

    with alone(place), alone(place):
        other = threading.Thread(target=second)
        other.start()
        other.join()
        assert held(place) == OLD
    assert isinstance(seen[0], BusyError)
    assert "another update of" in str(seen[0])
    replace_files(place, CHANGE)
    assert held(place) == NEW


def test_staged_contents_that_are_gone_are_told_at_once(place, monkeypatch):
    stopped_at(monkeypatch, 5, lambda: replace_files(place, CHANGE))
    (place / f"a.csv{journal.STAGED}").unlink()
    with pytest.raises(UpdateError, match=r"a\.csv\.staged is gone.*restore a\.csv"):
        complete(place)
