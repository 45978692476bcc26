"""Jobs whose results are JSON: each is done once, whatever broke in between (pools and clusters: test_anchor_fits)."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from models.storage.tasks import JsonShelf, run_all


@dataclass(frozen=True)
class Square:
    number: int

    @property
    def key(self) -> str:
        return f"square-{self.number}"


@dataclass
class Work:
    """Squares, marks every call, and breaks at one number."""

    calls: list[int]
    breaks_at: int | None = None

    def __call__(self, task: Square) -> dict[str, float]:
        if task.number == self.breaks_at:
            raise RuntimeError("no power")
        self.calls.append(task.number)
        return {"square": task.number**2}


def run(shelf: JsonShelf, work: Work, numbers: list[int]) -> tuple[list, list]:
    told = []
    with ThreadPoolExecutor(1) as executor:
        done = run_all([Square(n) for n in numbers], shelf, executor, work, lambda *step: told.append(step))
    return done, told


def test_results_come_in_the_order_of_the_tasks_and_are_made_once(tmp_path: Path) -> None:
    shelf, work = JsonShelf(folder=tmp_path / "shelf"), Work(calls=[])
    found, told = run(shelf, work, [3, 1, 2])
    assert found == [{"square": 9}, {"square": 1}, {"square": 4}]
    assert [(done, planned) for _, done, planned in told] == [(1, 3), (2, 3), (3, 3)]
    again, told = run(shelf, work, [1, 2, 3])
    assert again == [{"square": 1}, {"square": 4}, {"square": 9}]
    assert told == []
    assert sorted(work.calls) == [1, 2, 3]


def test_what_ended_before_a_break_is_kept(tmp_path: Path) -> None:
    shelf, work = JsonShelf(folder=tmp_path), Work(calls=[], breaks_at=3)
    with pytest.raises(RuntimeError, match="no power"):
        run(shelf, work, [1, 2, 3, 4])
    assert shelf.read(Square(1)) == {"square": 1}
    work.breaks_at = None
    before = len(list(tmp_path.iterdir()))
    _, told = run(shelf, work, [1, 2, 3, 4])
    assert told[0][1:] == (before + 1, 4)
    assert work.calls.count(1) == 1


@pytest.mark.parametrize("content", [b"", b'{"square": ', b"\xff\xfe"], ids=["empty", "cut", "no text"])
def test_a_damaged_result_is_made_again_and_no_other(tmp_path: Path, content: bytes) -> None:
    shelf, work = JsonShelf(folder=tmp_path), Work(calls=[])
    run(shelf, work, [1, 2])
    (tmp_path / "square-1.json").write_bytes(content)
    found, _ = run(shelf, work, [1, 2])
    assert found == [{"square": 1}, {"square": 4}]
    assert work.calls == [1, 2, 1]


def test_a_result_is_a_file_of_its_own_that_holds_no_nan(tmp_path: Path) -> None:
    shelf = JsonShelf(folder=tmp_path / "new" / "folder")
    shelf.write(Square(5), {"square": 25})
    assert [file.name for file in shelf.folder.iterdir()] == ["square-5.json"]
    assert json.loads((shelf.folder / "square-5.json").read_text()) == {"square": 25}
    with pytest.raises(ValueError, match="JSON"):
        shelf.write(Square(6), {"square": float("nan")})
    assert shelf.read(Square(6)) is None
