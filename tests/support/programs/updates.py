"""A small project to update: the ledger to the end of 2024, its fits, three rows of 2025, and work that takes no time.

``python -m tests.support.programs.updates FOLDER`` runs the update; it prints every phase, then the seconds of its
processor time. With ``SECONDS`` behind it the kernel ends it after so much of that time, wherever it is.
"""

from __future__ import annotations

import contextlib
import csv
import shutil
import signal
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from datetime import date
from pathlib import Path

from data.load import load_evidence
from data.provenance import write_receipts
from data.receipts import DATA_FOLDER
from data.types import Evidence
from data.update.staged import copy_evidence
from models.fits.alignment_fit import fit_files, save_fit
from models.fits.dated import dated
from models.fits.member_fit import save_member
from models.library.files import committed_library, save_library
from models.sampling.anchor_fits import AnchorTask
from models.storage.disk import Files
from models.update import explaining
from models.update.building import Sampling
from models.update.project import DOCS, Project
from models.update.publishing import Author
from models.update.running import Request, Result, Worker, run
from tests.support.values.anchor_work import fit_of
from tests.support.values.factories import library_of, synthetic_fit, synthetic_members

FORMER, NEW = date(2024, 12, 31), date(2025, 12, 31)
ROWS = 3
SAMPLES = 40
AUTHOR = Author(name="A. Tester", note="Three rows.")


def small_project(folder: Path) -> tuple[Project, Request]:
    """Lay a project down, and a file of rows beside it."""
    project = projects(folder)
    copy_evidence(DATA_FOLDER, project.data)
    new = _cut_ledger(project.data)
    _write(folder / "rows.csv", new)
    former = load_evidence(folder=project.data)
    target = dated(former.as_of, project.fits)
    fit = synthetic_fit(former, samples=SAMPLES)
    save_fit(fit, target)
    for name, member in synthetic_members(former).fits.items():
        save_member(member, target, name)
    save_library(library_of(former, fit), target)
    (project.docs / "record").mkdir(parents=True)
    for name in ("record/forecasts.zip", "changelog.md"):
        shutil.copyfile(DOCS / name, project.docs / name)
    return project, Request(file=folder / "rows.csv", searched_until=NEW, author=AUTHOR)


def projects(folder: Path) -> Project:
    """The project of a folder."""
    return Project(data=folder / "data", fits=folder / "fits", docs=folder / "docs", home=folder / "home")


def pretended(task: AnchorTask, folder: Path) -> Files:
    """A fit of a task on a folder's evidence, with draws from its prior."""
    return fit_files(fit_of(synthetic_fit(load_evidence(folder=folder), samples=SAMPLES), task))


def small_sampling() -> Sampling:
    """Four anchors, in no time."""
    return Sampling(
        base=lambda evidence, *_: synthetic_fit(evidence, samples=SAMPLES),
        members=lambda evidence, _: synthetic_members(evidence),
        anchor=pretended,
        corners=0,
        most=3,
    )


def worker(**told) -> Worker:
    """One thread that samples like that."""
    return Worker(workers=_one_thread, today=date(2026, 11, 28), sampling=small_sampling, **told)


def in_force(project: Project) -> Evidence:
    """The evidence of a project that is whole: its fits answer to it."""
    evidence = load_evidence(folder=project.data)
    committed_library(evidence, dated(evidence.as_of, project.fits))
    return evidence


def finish(folder: Path, **told) -> Result:
    """Update the small project of a folder, as the command does."""
    return run(projects(folder), Request(file=folder / "rows.csv", searched_until=NEW, author=AUTHOR), worker(**told))


@contextlib.contextmanager
def _one_thread() -> Iterator[Executor]:
    with ThreadPoolExecutor(1) as pool:
        yield pool


def _cut_ledger(data: Path) -> list[dict[str, str]]:
    """End the ledger with 2024; the first rows of the year after, which found their page."""
    events = _read(data / "events.csv")
    kept = [row for row in events if row["date"][:4] <= str(FORMER.year)]
    later = [row for row in events if row["date"][:4] == str(NEW.year) and row["source_kind"] != "unverified"]
    gone = {row["id"] for row in events} - {row["id"] for row in kept}
    gone |= {row["id"] for path in (data / "updates").glob("*.csv") for row in _read(path)}
    shutil.rmtree(data / "updates", ignore_errors=True)
    _write(data / "events.csv", kept)
    for name in ("readings.csv", "second_sources.csv"):
        rows = _read(data / name)
        _write(data / name, [row for row in rows if row["id"] not in gone], tuple(rows[0]))
    day = FORMER.isoformat()
    _write(data / "editions.csv", [{"searched_until": day, "as_of": day, "note": "the first"}])
    receipts = _read(data / "sources.csv")
    _write(data / "sources.csv", [row for row in receipts if not row["file"].startswith("updates/")])
    write_receipts(data)
    return later[:ROWS]


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def _write(path: Path, rows: list[dict[str, str]], columns: tuple[str, ...] = ()) -> None:
    with path.open("w", newline="", encoding="utf-8") as stream:
        table = csv.DictWriter(stream, columns or tuple(rows[0]), lineterminator="\n")
        table.writeheader()
        table.writerows(rows)


if __name__ == "__main__":
    explaining.rows_that_moved = lambda *_: None  # the longest step by far, and it writes nothing
    began = time.process_time()
    if sys.argv[2:]:  # nobody handles this signal: no line of Python is run any more, as after a kill
        signal.setitimer(signal.ITIMER_PROF, float(sys.argv[2]))
    finish(Path(sys.argv[1]), report=lambda step: print(step.phase, flush=True))
    signal.setitimer(signal.ITIMER_PROF, 0)  # what ends now was not killed
    print(time.process_time() - began)
