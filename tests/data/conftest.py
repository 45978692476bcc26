"""A private, shorter copy of the data folder for each test, and one way to spoil a cell of it."""

import csv
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from data.provenance import write_receipts
from data.receipts import DATA_FOLDER
from data.update.staged import copy_evidence

SEARCHED, NEXT, PENDING = "2026-06-30", "2026-10-08", "updates/update_2026_h2.csv"
"""The last day of the second edition, that of the one after it, and where its rows waited."""
FIRST_ROWS, LAST_ROWS = 30, 20
"""Rows kept of the ledger at either end: every kind of row, and a twentieth of the reading."""


@pytest.fixture(scope="session")
def short_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder as the second edition left it, whichever came since: searched to `SEARCHED`, what was found later
    pending. Ledger, reserve, readings and second sources are cut short, and the receipts fit."""
    short = tmp_path_factory.mktemp("short") / "data"
    copy_evidence(DATA_FOLDER, short)
    _back_to_the_second_edition(short)
    kept = set()
    for file in ("events.csv", "events_reserve.csv", PENDING):
        header, *rows = _read(short / file)
        rows = [*rows[:FIRST_ROWS], *rows[FIRST_ROWS:][-LAST_ROWS:]]
        kept |= {row[0] for row in rows}
        _write(short / file, [header, *rows])
    for file in ("readings.csv", "second_sources.csv"):
        header, *rows = _read(short / file)
        _write(short / file, [header, *(row for row in rows if row[0] in kept)])
    write_receipts(short)
    return short


def _back_to_the_second_edition(folder: Path) -> None:
    header, *rows = _read(folder / "events.csv")
    day = header.index("date")
    pending = folder / PENDING
    rows += _read(pending)[1:] if pending.is_file() else []
    pending.parent.mkdir(exist_ok=True)
    _write(folder / "events.csv", [header, *(row for row in rows if row[day] <= SEARCHED)])
    _write(pending, [header, *(row for row in rows if SEARCHED < row[day] <= NEXT)])
    header, *rows = _read(folder / "editions.csv")
    _write(folder / "editions.csv", [header, *(row for row in rows if row[0] <= SEARCHED)])
    header, *rows = _read(folder / "sources.csv")
    if PENDING not in {row[0] for row in rows}:
        like = next(row for row in rows if row[0] == "events.csv")
        _write(folder / "sources.csv", [header, *rows, [PENDING, *like[1:]]])


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
