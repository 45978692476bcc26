"""What this program promises to hold bit for bit between machines, each as a function that fails where it doesn't.

One machine prepares a folder, and others are held against it: a played one (`tests.support.programs.other_processor`),
or the real kernels of a processor (`tests.machines`).
"""

import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache, partial
from pathlib import Path

import numpy as np

from data.errors import ConjunctionError
from data.load import load_evidence
from data.types import Evidence
from models.assumptions.setting import Assumptions
from models.fits.alignment_fit import base_case, save_fit
from models.forecast.results import make_forecast
from models.library.files import committed_library
from models.library.library import Library
from models.library.local import join_refits, local_library
from models.library.pool import parts_of, pooled
from models.record.entries import Draft
from models.record.store import Record
from models.snapshot.archive import read_archive, snapshot_bytes
from models.snapshot.value import build_snapshot
from models.snapshot.verify import verify
from tests.support.programs.clock import NOW
from tests.support.values.year_end import YEAR_END

SETTINGS: tuple[Mapping[str, float], ...] = (
    {},
    {"C01": 1.8, "stickiness": 0.9},
    {"C11": 1.0, "C14": 2.0, "confidence": 1.6, "C13": 3.7},
    {"C02": 0.9, "confidence": 0.6, "persistence": 0.8, "rupture_hazard": 0.05},
)
"""The defaults, where many weights are equal; an easy move; one that gives a draw that stands twice a place in the
tail of the weights; and a far one, where M2's draws are moved as well as weighed."""
SMALL = Path(__file__).parents[1] / "values" / "small_snapshot.zip"
"""Of ten decimals, made by an older version of this program on Python 3.12."""
FEW = 3
RECORD, EXACT, HOME = "record.db", "exact.json", "home"


@cache
def _sources() -> tuple[Evidence, Library]:
    evidence = load_evidence(YEAR_END)
    return evidence, committed_library(evidence)


def prepare(folder: Path) -> None:
    """Lay down what the promises are about, as this machine makes it."""
    evidence, library = _sources()
    defaults = Assumptions.defaults(evidence.claims)
    for index, moved in enumerate(SETTINGS):
        setting = defaults.replace(moved)
        snapshot = build_snapshot(evidence, library, make_forecast(evidence, library, setting), setting)
        (folder / f"snapshot-{index}.zip").write_bytes(snapshot_bytes(snapshot, {}))
    (folder / EXACT).write_text(json.dumps(_exact_numbers()), encoding="utf-8")
    archive = read_archive(SMALL.read_bytes())
    stored, inputs = archive.snapshot, archive.inputs
    with Record.open(str(folder / RECORD), clock=lambda: NOW) as record:
        record.save(Draft(name="Autumn", author="A. Reader"), stored, inputs)
    refit = replace(base_case(evidence), seed=7)
    save_fit(refit, folder / HOME / "fits" / refit.key)


def _exact_numbers() -> list[list[float]]:
    """Every number of the settings' tables before it is rounded."""
    evidence, library = _sources()
    defaults = Assumptions.defaults(evidence.claims)
    tables = (make_forecast(evidence, library, defaults.replace(moved), None).table for moved in SETTINGS)
    return [table["value"].tolist() for table in tables]


def the_base_case_is_taken(folder: Path) -> str:  # noqa: ARG001 (asked as all are)
    """Evidence, rule and model have the digests that the committed fit names."""
    fit = base_case(_sources()[0])
    assert fit.diagnostics.passed
    return fit.key


def the_committed_library_is_taken(folder: Path) -> str:  # noqa: ARG001
    """The library and the fits of the other models beside it."""
    library = _sources()[1]
    assert library.members is not None
    return library.key


def snapshots_are_verified(folder: Path) -> str:
    """Published on the other machine from the committed library, computed again on this one."""
    return " ".join(_verified(file.read_bytes()) for file in sorted(folder.glob("snapshot-*.zip")))


def a_snapshot_of_ten_decimals_is_verified(folder: Path) -> str:  # noqa: ARG001
    """It carries its inputs; a unit of the tenth decimal is allowed."""
    return _verified(SMALL.read_bytes())


def a_record_opens_and_verifies(folder: Path) -> str:
    """Every entry as it was saved, and the forecast in it computed again."""
    with Record.open(str(folder / RECORD)) as record:
        assert not record.verify()
        (saved,) = record.forecasts()
        return _verified(snapshot_bytes(record.snapshot(saved), {}, record.inputs(saved)))


def a_refit_joins_the_library(folder: Path, fits: int | None = FEW) -> str:
    """A refit of the other machine and the committed draws of a third become one pool here.

    Of the committed fits the first `fits`, since their supports are solved for again: all of them take ten seconds.
    """
    evidence, whole = _sources()
    parts = parts_of(whole)[:fits]
    library = pooled(parts, whole.provenance, [part.anchor.log_support for part in parts])
    joined = join_refits(evidence, library, folder / HOME)
    assert joined is not None
    assert joined.size > library.size
    read = local_library(library, folder / HOME)
    assert read is not None
    np.testing.assert_array_equal(read.draws.gram, library.draws.gram)
    return read.key


def _verified(content: bytes) -> str:
    checked = verify(content, lambda _: _sources())
    assert checked.passed, "; ".join(check.detail for check in checked.checks if not check.passed)
    return next(check.detail for check in checked.checks if check.name == "numbers")


PROMISES: tuple[Callable[[Path], str], ...] = (
    the_base_case_is_taken,
    the_committed_library_is_taken,
    snapshots_are_verified,
    a_snapshot_of_ten_decimals_is_verified,
    a_record_opens_and_verifies,
    a_refit_joins_the_library,
)


def kept(folder: Path) -> dict[str, dict[str, object]]:
    """Hold this machine against a folder that another one prepared: whether each promise holds, and what it told."""
    return {promise.__name__: _kept(promise, folder) for promise in PROMISES}


def _kept(promise: Callable[[Path], str], folder: Path) -> dict[str, object]:
    try:
        return {"holds": True, "told": promise(folder)}
    except (AssertionError, ConjunctionError) as error:
        return {"holds": False, "told": f"{type(error).__name__}: {error}"}


def differences(folder: Path) -> list[float]:
    """How far this machine's numbers, before rounding, lie from those of the machine that prepared the folder."""
    theirs = np.array(json.loads((folder / EXACT).read_text(encoding="utf-8")))
    return np.abs(np.array(_exact_numbers()) - theirs).ravel().tolist()


def main() -> int:
    """``python -m tests.support.programs.promises prepare FOLDER`` or ``check FOLDER``, which tells what does not hold
    and returns 1."""
    action, folder = sys.argv[1], Path(sys.argv[2])
    if action == "prepare":
        prepare(folder)
        return 0
    checked = kept(folder) | {
        "a_refit_joins_the_whole_library": _kept(partial(a_refit_joins_the_library, fits=None), folder)
    }
    wrong = {name: result["told"] for name, result in checked.items() if not result["holds"]}
    print(*(f"{name}: {reason}" for name, reason in wrong.items()), sep="\n")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
