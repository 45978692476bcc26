"""A private, shorter copy of the data folder for each test, and one way to spoil a cell of it."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from data.provenance import write_receipts
from data.receipts import DATA_FOLDER
from data.update.staged import copy_evidence
from tests.support.values.second_edition import PENDING, back_to_the_second_edition, read_table, write_table

FIRST_ROWS, LAST_ROWS = 30, 20
"""Rows kept of the ledger at either end: every kind of row, and a twentieth of the reading."""


@pytest.fixture(scope="session")
def short_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder as the second edition left it, whichever came since: searched to June 2026, what was found later
    pending. Ledger, reserve, readings and second sources are cut short, and the receipts fit."""
    short = tmp_path_factory.mktemp("short") / "data"
    copy_evidence(DATA_FOLDER, short)
    back_to_the_second_edition(short)
    kept = set()
    for file in ("events.csv", "events_reserve.csv", PENDING):
        header, *rows = read_table(short / file)
        rows = [*rows[:FIRST_ROWS], *rows[FIRST_ROWS:][-LAST_ROWS:]]
        kept |= {row[0] for row in rows}
        write_table(short / file, [header, *rows])
    for file in ("readings.csv", "second_sources.csv"):
        header, *rows = read_table(short / file)
        write_table(short / file, [header, *(row for row in rows if row[0] in kept)])
    write_receipts(short)
    return short


@pytest.fixture
def folder(tmp_path: Path, short_folder: Path) -> Path:
    return Path(shutil.copytree(short_folder, tmp_path / "data"))


@pytest.fixture
def spoil(folder: Path) -> Callable[..., None]:
    """Set cells of one row of a file; rows are counted as in a spreadsheet, the header is row 1."""

    def change(file: str, row: int, /, **cells: str) -> None:
        table = read_table(folder / file)
        for column, value in cells.items():
            table[row - 1][table[0].index(column)] = value
        write_table(folder / file, table)

    return change


@pytest.fixture
def append(folder: Path) -> Callable[..., None]:
    """Add a copy of a file's last row with some cells changed."""

    def add(file: str, /, **cells: str) -> None:
        table = read_table(folder / file)
        table.append([cells.get(column, last) for column, last in zip(table[0], table[-1], strict=True)])
        write_table(folder / file, table)

    return add


@pytest.fixture
def last_row(short_folder: Path) -> int:
    """Number of the ledger's last row, as a spreadsheet counts it."""
    return len(read_table(short_folder / "events.csv"))
