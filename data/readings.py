"""Both codings of every row, and which search found it (readings.csv)."""

from __future__ import annotations

from pathlib import Path

from data.csv.rows import Row, collect, read_rows, require_unique
from data.csv.unchanged import read_once
from data.errors import EvidenceError, Problem
from data.load import (
    EVENTS_FILE,
    READINGS_FILE,
    RESERVE_FILE,
    UPDATES_FOLDER,
    read_events,
    read_pending,
    require_second_edition,
)
from data.receipts import DATA_FOLDER
from data.second_sources import require_known
from data.values import frozen
from data.vocabulary import DIRECTIONS, DOMAINS, INTENSITY_LIMIT, MECHANISMS

UPDATE = "update"
SEARCHES = ("first", "second", "third", "reserve", UPDATE)
"""Which search found a row; rows of the reserve are kept apart whichever found them, and so are those of updates."""
CODED = ("intensity", "direction", "domain", "mechanism")
"""What was coded twice."""
READING_COLUMNS = ("id", "search", *(f"{name}_{place}" for name in CODED for place in (1, 2)), "doubt_2")
DOUBTS = ("", "0", "1", "2")


@frozen
class Coding:
    """One coding of one row."""

    intensity: int
    direction: str
    domain: str
    mechanism: str

    def __post_init__(self) -> None:
        allowed = {"direction": DIRECTIONS, "domain": DOMAINS, "mechanism": MECHANISMS}
        problems = [
            Problem(column=name, detail=f"got {getattr(self, name)!r}, expected one of {', '.join(values)}")
            for name, values in allowed.items()
            if getattr(self, name) not in values
        ]
        if abs(self.intensity) > INTENSITY_LIMIT:
            problems.append(Problem(column="intensity", detail=f"got {self.intensity}, expected -10 to 10"))
        if problems:
            raise EvidenceError.of(problems)


@frozen
class Reading:
    """Both codings of one row.

    Attributes
    ----------
    search : str
        One of `SEARCHES`.
    second : Coding or None
        None where the row was read once.
    doubt : int or None
        How doubtful the second reader found it, 0 to 2; None where nobody said.
    """

    id: str
    search: str
    first: Coding
    second: Coding | None
    doubt: int | None = None

    @property
    def read_once(self) -> bool:
        """Tell whether nobody has coded the row a second time."""
        return self.second is None


def load_readings(folder: Path | None = None) -> tuple[Reading, ...]:
    """Read both codings of every row that has them.

    Raises
    ------
    EvidenceError
        A reading is malformed, stands twice, or belongs to no row of the ledger, its reserve or a pending update.
    """
    return _read_readings(folder or DATA_FOLDER)


def _readings(folder: Path) -> tuple[Reading, ...]:
    require_second_edition(folder, (READINGS_FILE,))
    rows = read_rows(folder, READINGS_FILE, READING_COLUMNS)
    require_unique(rows, "id")
    readings = tuple(collect(rows, _reading))
    require_known(rows, known_ids(folder), f"{EVENTS_FILE}, {RESERVE_FILE} or {UPDATES_FOLDER}/")
    return readings


_read_readings = read_once(_readings, folder_of=lambda folder: folder)


def known_ids(folder: Path) -> tuple[str, ...]:
    """Ids of every row of the ledger, its reserve and the pending updates, in the order of the files."""
    written = [*read_events(folder, include_reserve=True), *read_pending(folder)]
    return tuple(event.id for _, event in written)


def _reading(row: Row) -> Reading | None:
    if row.text("search") not in SEARCHES:
        row.complain("search", f"got {row.text('search')!r}, expected one of {', '.join(SEARCHES)}")
    if row.text("doubt_2") not in DOUBTS:
        row.complain("doubt_2", f"got {row.text('doubt_2')!r}, expected 0, 1, 2 or nothing")
    second = [f"{name}_2" for name in CODED]
    once = not any(row.text(column) for column in (*second, "doubt_2"))
    values = {
        "id": row.text("id"),
        "search": row.text("search"),
        "first": _coding(row, 1),
        "second": None if once else _coding(row, 2),
        "doubt": int(row.text("doubt_2")) if row.text("doubt_2") in DOUBTS[1:] else None,
    }
    return row.build(Reading, values)


def _coding(row: Row, place: int) -> Coding | None:
    values: dict[str, object] = {name: row.text(f"{name}_{place}") for name in CODED}
    values["intensity"] = row.whole(f"intensity_{place}")
    return row.build(Coding, values, columns={name: f"{name}_{place}" for name in CODED})
