"""Rows to find, in the ledger's columns."""

import csv
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from data.event import EVENT_COLUMNS

ROW = {
    "date_precision": "day",
    "initiator": "RUS",
    "target": "CHN",
    "domain": "civil_space",
    "mechanism": "complementarity",
    "event_type": "agreement_signed",
    "direction": "cooperation",
    "intensity": "5",
    "summary": "Engineers agreed the docking standard of a lunar relay satellite.",
    "source_title": "A page",
    "source_url": "https://example.org/page",
    "source_kind": "read",
    "confidence": "high",
    "coding_note": "",
}


def cells(day: str, slug: str = "found", /, **changed: str) -> dict[str, str]:
    """A row of a day, with some cells changed."""
    return {"id": f"E{day}-{slug}", "date": day, **ROW, **changed}


def write_found(path: Path, /, *rows: dict[str, str]) -> Path:
    """Write rows to a file as somebody would hand it in."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, EVENT_COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.fixture
def found(tmp_path: Path) -> Callable[..., Path]:
    """`write_found` to a file of the test's own."""
    return partial(write_found, tmp_path / "found.csv")
