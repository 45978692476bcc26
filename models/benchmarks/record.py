"""How long a record of a thousand forecasts takes to list, to check and to add to, for `python -m models benchmark`."""

import tempfile
import time
from dataclasses import replace
from pathlib import Path

from data.types import Evidence
from models.assumptions.setting import Assumptions
from models.forecast.results import make_forecast
from models.library.files import committed_library
from models.record.entries import Draft
from models.record.store import Record
from models.snapshot.value import Snapshot, build_snapshot

FORECASTS, FEW = 1000, 100
MOVED = {"C01": 1.8}

type Row = tuple[str, float, str, str]


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
    seconds = [_filled(path, snapshot, count), _listed(path), _verified(path)]
    note = f"{count} forecasts, each with a document of its own, in one SQLite file"
    return [
        ("saving a forecast", 1000 * seconds[0] / count, "ms", f"{note}; each waits for the disk"),
        ("opening and listing the record", seconds[1], "s", note),
        ("verifying the record", seconds[2], "s", f"{note}; every entry and document read"),
        ("size of a saved forecast", path.stat().st_size / count / 1000, "kB", f"{note}; draws are shared and apart"),
    ]


def _filled(path: Path, snapshot: Snapshot, count: int) -> float:
    spent = 0.0
    with Record.open(str(path)) as record:
        for number in range(count):
            reasons = dict.fromkeys(MOVED, f"measured for the {number}. time")
            own = replace(snapshot, assumptions=replace(snapshot.assumptions, reasons=reasons))
            started = time.perf_counter()
            record.save(Draft(name=f"View {number}", author="Benchmark"), own)
            spent += time.perf_counter() - started
    return spent


def _listed(path: Path) -> float:
    started = time.perf_counter()
    with Record.open(str(path)) as record:
        record.forecasts()
    return time.perf_counter() - started


def _verified(path: Path) -> float:
    started = time.perf_counter()
    with Record.open(str(path)) as record:
        record.verify()
    return time.perf_counter() - started
