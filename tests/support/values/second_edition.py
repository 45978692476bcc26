"""The evidence as the second edition left it, whichever edition came since."""

import csv
from pathlib import Path

SEARCHED, NEXT, PENDING = "2026-06-30", "2026-10-08", "updates/update_2026_h2.csv"
"""The last day of the second edition, that of the one after it, and where its rows waited."""


def back_to_the_second_edition(folder: Path) -> None:
    """Let a copy of the evidence be searched to `SEARCHED`, and what was found later wait in `PENDING`."""
    header, *rows = read_table(folder / "events.csv")
    day = header.index("date")
    pending = folder / PENDING
    rows += read_table(pending)[1:] if pending.is_file() else []
    pending.parent.mkdir(exist_ok=True)
    write_table(folder / "events.csv", [header, *(row for row in rows if row[day] <= SEARCHED)])
    write_table(pending, [header, *(row for row in rows if SEARCHED < row[day] <= NEXT)])
    header, *rows = read_table(folder / "editions.csv")
    write_table(folder / "editions.csv", [header, *(row for row in rows if row[0] <= SEARCHED)])
    header, *rows = read_table(folder / "sources.csv")
    if PENDING not in {row[0] for row in rows}:
        like = next(row for row in rows if row[0] == "events.csv")
        write_table(folder / "sources.csv", [header, *rows, [PENDING, *like[1:]]])


def read_table(path: Path) -> list[list[str]]:
    """The cells of a CSV file."""
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))


def write_table(path: Path, table: list[list[str]]) -> None:
    """Write cells to a CSV file."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows(table)
