"""What long commands share: where finished work waits, who does it, and how long it will take."""

import argparse
import json
import time
from collections import deque
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from models.commands.options.settings import note
from models.storage.disk import write_atomically
from models.storage.home import home
from models.storage.safe_csv import safe_csv

RECENT = 12
"""Jobs that the pace is taken from: quick ones at the start must not promise a quick end."""


def add_workers(parser: argparse.ArgumentParser) -> None:
    """Add the options that choose the work folder and the workers."""
    parser.add_argument("--work", metavar="FOLDER", type=Path, default=home(), help="where finished fits wait")
    parser.add_argument("--scheduler", metavar="ADDRESS", help="a running Dask scheduler, such as tcp://host:8786")
    parser.add_argument("--processes", metavar="N", type=int, help="processes on this machine (one a core)")


class RunProgress:
    """Tells how far a long run has come and, from its pace of late, how long it will take."""

    def __init__(self) -> None:
        self._times = deque([time.monotonic()], maxlen=1 + RECENT)

    def __call__(self, done: int, planned: int, message: str) -> None:
        """Say on standard error that `done` of `planned` are done, what the last one was, and the minutes left."""
        self._times.append(time.monotonic())
        pace = (self._times[-1] - self._times[0]) / (len(self._times) - 1)
        note(f"{done} of {planned}. {message} About {pace * (planned - done) / 60:.0f} min left.")


def archive(folder: Path, about: Mapping[str, object], tables: Mapping[str, pd.DataFrame]) -> None:
    """Write what a study was about (``about.json``) and its tables, each in one step.

    Raises
    ------
    FileError
    """
    write_atomically(folder / "about.json", (json.dumps(about, indent=1, allow_nan=False) + "\n").encode())
    for name, table in tables.items():
        write_atomically(folder / f"{name}.csv", safe_csv(table))
