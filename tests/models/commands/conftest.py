"""A private copy of the committed evidence for commands that a test lets read other files."""

from pathlib import Path

import pytest

from data.provenance import write_receipts
from data.receipts import DATA_FOLDER
from data.update.staged import copy_evidence
from models.commands.options.context import Context
from tests.support.values.second_edition import back_to_the_second_edition


@pytest.fixture
def own_data(tmp_path: Path) -> Context:
    """A copy of the evidence, as the second edition left it, that a test may change."""
    copy_evidence(DATA_FOLDER, tmp_path / "data")
    back_to_the_second_edition(tmp_path / "data")
    write_receipts(tmp_path / "data")
    return Context(data=tmp_path / "data")


@pytest.fixture
def later_data(own_data: Context) -> Context:
    """A copy with the ledger's last row once more, after the ledger's last day."""
    path = own_data.data / "events.csv"
    last = path.read_text(encoding="utf-8").splitlines()[-1].split(",", 3)
    row = ",".join(["E2026-09-01-row", "2026-09-01", "day", last[3]])
    path.write_text(path.read_text(encoding="utf-8") + row + "\n", encoding="utf-8")
    return own_data
