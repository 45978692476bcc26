"""A private, shorter copy of the data folder for each test, and one way to spoil a cell of it."""

import csv
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from data.provenance import write_receipts
from data.receipts import DATA_FOLDER

FIRST_ROWS, LAST_ROWS = 30, 10
"""Rows kept of the ledger at either end: every kind of row, and a twentieth of the reading."""


@pytest.fixture(scope="session")
def short_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder with the ledger, its reserve, readings and second sources cut short, and receipts that fit."""
    short = tmp_path_factory.mktemp("short") / "data"
    shutil.copytree(DATA_FOLDER, short, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    kept = set()
    for file in ("events.csv", "events_reserve.csv", "updates/update_2026_h2.csv"):
        header, *rows = _read(short / file)
        rows = [*rows[:FIRST_ROWS], *rows[FIRST_ROWS:][-LAST_ROWS:]]
        kept |= {row[0] for row in rows}
        _write(short / file, [header, *rows])
    for file in ("readings.csv", "second_sources.csv"):
        header, *rows = _read(short / file)
        _write(short / file, [header, *(row for row in rows if row[0] in kept)])
    write_receipts(short)
    return short


@pytest.fixture
def folder(tmp_path: Path, short_folder: Path) -> Path:
    return Path(shutil.copytree(short_folder, tmp_path / "data"))


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
def last_row(short_folder: Path) -> int:
    """Number of the ledger's last row, as a spreadsheet counts it."""
    return len(_read(short_folder / "events.csv"))


def _read(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))


def _write(path: Path, table: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows(table)
