"""How long a record of a thousand forecasts takes to list, to check and to add to, for `python -m models benchmark`."""

import tempfile
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from data.types import Evidence
from models.assumptions.setting import Assumptions
from models.benchmarks.timing import Row, seconds_of
from models.forecast.results import make_forecast
from models.library.files import committed_library
from models.record.entries import Draft
from models.record.store import Record
from models.snapshot.value import Snapshot, build_snapshot

FORECASTS, FEW = 1000, 100
MOVED = {"C01": 1.8}


def measure(evidence: Evidence, *, quick: bool = False) -> list[Row]:
    """Rows (measure, value, unit, note) for the benchmark's table.

    Parameters
    ----------
    quick : bool
        A hundred forecasts instead of a thousand.
    """
    count = FEW if quick else FORECASTS
    library, defaults = committed_library(evidence), Assumptions.defaults(evidence.claims)
    setting = defaults.replace(MOVED, dict.fromkeys(MOVED, "measured"))
    snapshot = build_snapshot(evidence, library, make_forecast(evidence, library, setting), setting)
    with tempfile.TemporaryDirectory() as folder:
        return _rows(Path(folder) / "record.db", snapshot, count)


def _rows(path: Path, snapshot: Snapshot, count: int) -> list[Row]:
    saving, listing = _filled(path, snapshot, count), _read(path, Record.forecasts)
    note = f"{count} forecasts, each with a document of its own, in one SQLite file"
    return [
        ("saving a forecast", 1000 * saving / count, "ms", f"{note}; each waits for the disk"),
        ("opening and listing the record", listing, "s", note),
        ("verifying the record", _read(path, Record.verify), "s", f"{note}; every entry and document read"),
        ("size of a saved forecast", path.stat().st_size / count / 1000, "kB", f"{note}; draws are shared and apart"),
    ]


def _filled(path: Path, snapshot: Snapshot, count: int) -> float:
    spent = 0.0
    with Record.open(str(path)) as record:
        for number in range(count):
            reasons = dict.fromkeys(MOVED, f"measured for the {number}. time")
            own = replace(snapshot, assumptions=replace(snapshot.assumptions, reasons=reasons))
            draft = Draft(name=f"View {number}", author="Benchmark")
            spent += seconds_of(partial(record.save, draft, own))
    return spent


def _read(path: Path, action: Callable[[Record], object]) -> float:
    def read() -> None:
        with Record.open(str(path)) as record:
            action(record)

    return seconds_of(read)
