"""Second pages: an independent source for the rows of the ledger that matter most (second_sources.csv)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from data.csv.rows import Row, collect, read_rows
from data.errors import EvidenceError, Problem
from data.event import Source
from data.values import frozen

SECOND_SOURCES_FILE = "second_sources.csv"
SECOND_SOURCE_COLUMNS = ("id", "source_title", "source_url", "supports")


@frozen
class SecondSource:
    """An independent page for one row of the ledger; a row may have several.

    Attributes
    ----------
    id : str
        Id of the event.
    page : Source
    supports : str
        What of the event stands on that page.
    """

    id: str
    page: Source
    supports: str

    def __post_init__(self) -> None:
        for column, value in (
            ("source_title", self.page.title),
            ("source_url", self.page.url),
            ("supports", self.supports),
        ):
            if not value:
                detail = "got nothing for a second source, expected its page and what it supports; or remove the row"
                raise EvidenceError.of([Problem(column=column, detail=detail)])


def read_second_sources(folder: Path) -> list[tuple[Row, SecondSource]]:
    """Read every second source, with its row beside it.

    Raises
    ------
    EvidenceError
    """
    rows = read_rows(folder, SECOND_SOURCES_FILE, SECOND_SOURCE_COLUMNS)
    return list(zip(rows, collect(rows, _second_source), strict=True))


def require_known(rows: Sequence[Row], ids: Collection[str], where: str) -> None:
    """Refuse rows that speak of an event which is nowhere.

    Parameters
    ----------
    where : str
        Where their events were looked for, for the message.
    """
    for row in rows:
        if row.text("id") not in ids:
            row.complain("id", f"got {row.text('id')!r}, expected the id of a row of {where}; correct or remove it")
    collect(rows, lambda row: row)


def _second_source(row: Row) -> SecondSource | None:
    page = {"title": row.text("source_title"), "url": row.text("source_url"), "kind": "read"}
    return row.build(
        SecondSource, {"id": row.text("id"), "page": row.build(Source, page), "supports": row.text("supports")}
    )
