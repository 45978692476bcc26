"""A private copy of the committed evidence for commands that a test lets read other files."""

import shutil
from pathlib import Path

import pytest

from data.receipts import DATA_FOLDER
from models.commands.options.context import Context


@pytest.fixture
def own_data(tmp_path: Path) -> Context:
    """A copy of the committed files that a test may change."""
    return Context(data=Path(shutil.copytree(DATA_FOLDER, tmp_path / "data", ignore=shutil.ignore_patterns("*.py*"))))


@pytest.fixture
def later_data(own_data: Context) -> Context:
    """A copy with the ledger's last row once more, after the ledger's last day."""
    path = own_data.data / "events.csv"
    last = path.read_text(encoding="utf-8").splitlines()[-1].split(",", 3)
    row = ",".join(["E2026-09-01-row", "2026-09-01", "day", last[3]])
    path.write_text(path.read_text(encoding="utf-8") + row + "\n", encoding="utf-8")
    return own_data
