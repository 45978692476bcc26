"""What long commands share: where finished work waits, who does it, how long it will take, and what is archived."""

import argparse
import importlib.metadata
import json
import platform
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from data.digest import Fields
from models.commands.options.line import note
from models.storage.disk import explained, write_atomically
from models.storage.home import home
from models.storage.safe_csv import Tables, safe_csv
from models.storage.tasks import OnDone

RECENT = 12
"""Jobs that the pace is taken from: quick ones at the start must not promise a quick end."""
PACKAGES = ("numpy", "pymc", "pytensor", "nutpie", "numba")
"""Whose versions a study of fits names."""


def add_workers(parser: argparse.ArgumentParser) -> None:
    """Add the options that choose the work folder and the workers."""
    parser.add_argument("--work", metavar="FOLDER", type=Path, help="where finished fits wait")
    parser.add_argument("--scheduler", metavar="ADDRESS", help="a running Dask scheduler, such as tcp://host:8786")
    parser.add_argument("--processes", metavar="N", type=int, help="processes on this machine (one a core)")


def add_tables(parser: argparse.ArgumentParser, folder: Path) -> None:
    """Add the option that says where a study's tables go."""
    text = f"where tables go ({folder.as_posix()})"
    parser.add_argument("--out", metavar="FOLDER", type=Path, default=folder, help=text)


def work_folder(args: argparse.Namespace, name: str) -> Path:
    """Where finished fits of this name wait."""
    return (args.work or home()) / name


def workers(args: argparse.Namespace) -> AbstractContextManager[Executor]:
    """Who does the work that the options ask for."""
    return args.context.workers(args.scheduler, args.processes)


class RunProgress:
    """Tells how far a long run has come and, from its pace of late, how long it will take."""

    def __init__(self) -> None:
        self._times = deque([time.monotonic()], maxlen=1 + RECENT)

    def __call__(self, done: int, planned: int, message: str) -> None:
        """Say on standard error that `done` of `planned` are done, what the last one was, and the minutes left."""
        self._times.append(time.monotonic())
        pace = (self._times[-1] - self._times[0]) / (len(self._times) - 1)
        note(f"{done} of {planned}. {message} About {pace * (planned - done) / 60:.0f} min left.")


def progress_of[Task](sentence: Callable[[Task], str]) -> OnDone[Task]:
    """Progress of a run whose jobs are told by a sentence each."""
    progress = RunProgress()
    return lambda task, done, planned: progress(done, planned, sentence(task))


def make_folder(folder: Path) -> None:
    """Make the folder of the results, before anything is fitted for it.

    Raises
    ------
    FileError
    """
    with explained(folder, "written"):
        folder.mkdir(parents=True, exist_ok=True)


def today() -> str:
    """The day on which a study is made, as its archive names it."""
    return datetime.now(UTC).date().isoformat()


def package_versions() -> dict[str, str]:
    """Versions of Python and of what samples."""
    return {name: importlib.metadata.version(name) for name in PACKAGES} | {"python": platform.python_version()}


def archive(folder: Path, about: Fields, tables: Tables, name: str = "about.json") -> None:
    """Write what a study was about and its tables, each in one step.

    Raises
    ------
    FileError
    """
    write_atomically(folder / name, (json.dumps(about, indent=1, allow_nan=False) + "\n").encode())
    for table_name, table in tables.items():
        write_atomically(folder / f"{table_name}.csv", safe_csv(table))


def print_figures(figures: pd.DataFrame) -> int:
    """Print what a study must reach, and return the exit code: 1 when one was missed (None is not)."""
    for row in figures.itertuples():
        verdict = {True: "passed", False: "FAILED"}.get(row.passed, "none")
        print(f"{verdict:7} {row.measure}: {row.value:.3g} ({row.threshold})")
    return int((figures["passed"] == False).any())  # noqa: E712 (None is not a failure)
