"""A private copy of the data folder for each test, and one way to spoil a cell of it."""

import csv
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from data.receipts import DATA_FOLDER


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copy = tmp_path / "data"
    shutil.copytree(DATA_FOLDER, copy, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    return copy


@pytest.fixture
def spoil(folder: Path) -> Callable[..., None]:
    """Set cells of one row of a file; rows are counted as in a spreadsheet, the header is row 1."""

    def change(file: str, row: int, /, **cells: str) -> None:
        table = _read(folder / file)
        for column, value in cells.items():
            table[row - 1][table[0].index(column)] = value
        _write(folder / file, table)

    return change


@pytest.fixture
def append(folder: Path) -> Callable[..., None]:
    """Add a copy of a file's last row with some cells changed."""

    def add(file: str, /, **cells: str) -> None:
        table = _read(folder / file)
        table.append([cells.get(column, last) for column, last in zip(table[0], table[-1], strict=True)])
        _write(folder / file, table)

    return add


@pytest.fixture
def last_row() -> int:
    """Number of the ledger's last row, as a spreadsheet counts it."""
    return len(_read(DATA_FOLDER / "events.csv"))


def _read(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))


def _write(path: Path, table: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows(table)
