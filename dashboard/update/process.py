"""One run of `python -m models evidence update`: started, followed and stopped. No Streamlit: a process and a folder.

The folder is the only truth, so that a server may die or start anew meanwhile: the run's output is a file that it holds
a lock on as long as it lives, and its progress is a file of JSON lines. That two runs never meet is the command's own
care (`data.swap.lock`).
"""

import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Self

from dashboard.refits import lease
from data.errors import UpdateError
from data.values import frozen
from models.storage.disk import explained

FOLDER, KEPT = "page_updates", 3
"""Runs stay until so many newer ones have ended, for whoever wonders what became of one."""
ROWS, ASKED, PID, PROGRESS, OUTPUT = "rows.csv", "asked.json", "pid.json", "progress.jsonl", "output.txt"
TAIL_BYTES = 20_000
"""Of the output: the command's answer is some fifty lines."""

type Command = Callable[[Sequence[str]], list[str]]


def update_command(options: Sequence[str]) -> list[str]:
    """The command line; it imports PyMC, this process never does."""
    return [sys.executable, "-m", "models", "evidence", "update", *options]


@frozen
class Asked:
    """What a run is to do.

    Attributes
    ----------
    rows : bytes
        File of new rows; empty where the search found none.
    searched_until : date
    revise : bool
        Rows may change what is in the ledger already.
    dry : bool
        Only the first answer, and nothing is changed.
    author, note : str
        Who publishes the forecast, and why; an empty author publishes nothing.
    """

    rows: bytes
    searched_until: date
    revise: bool = False
    dry: bool = True
    author: str = ""
    note: str = ""

    def options(self, folder: Path) -> list[str]:
        """The command's options, for a run in a folder."""
        file = [str(folder / ROWS)] if self.rows else []
        flags = {"--revise": self.revise, "--dry-run": self.dry, "--publish": bool(self.author)}
        words = ["--author", self.author, "--note", self.note] if self.author else []
        until = ["--searched-until", self.searched_until.isoformat(), "--progress", str(folder / PROGRESS)]
        return [*file, *until, *(flag for flag, wanted in flags.items() if wanted), *words]


@frozen
class Run:
    """A run as it stands.

    Attributes
    ----------
    folder : Path
    alive : bool
    dry : bool
    done : float
        Share of the whole, 0 to 1.
    message : str
        What it does, or how it ended.
    phase : str
        "done" or "failed" once it has ended; empty where it died without a word.
    output : str
        What it said on its way, the end of it.
    """

    folder: Path
    alive: bool
    dry: bool
    done: float
    message: str
    phase: str
    output: str

    @classmethod
    def of(cls, folder: Path) -> Self:
        """Read a run's folder."""
        alive = lease.held(folder / OUTPUT)
        step = {"phase": "", "done": 0.0, "message": "Starting." if alive else "It ended without a word."}
        with suppress(OSError, ValueError):
            *whole, _ = (folder / PROGRESS).read_bytes().split(b"\n")  # a line still being written has no end yet
            step = json.loads(whole[-1]) if whole else step
        dry, output = True, ""
        with suppress(OSError, ValueError, KeyError):
            dry = json.loads((folder / ASKED).read_text(encoding="utf-8"))["dry"]
        with suppress(OSError):
            output = (folder / OUTPUT).read_bytes()[-TAIL_BYTES:].decode("utf-8", errors="replace")
        return cls(folder=folder, alive=alive, dry=dry, output=output, **step)

    @property
    def is_done(self) -> bool:
        """Whether it came to its end and did what it was asked."""
        return not self.alive and self.phase == "done"


class Updates:
    """The runs of this user's folder, one at a time.

    Parameters
    ----------
    home : Path
    command : callable, optional
        Makes the command line; tests give a fast one.
    """

    def __init__(self, home: Path, command: Command = update_command) -> None:
        self._folder, self._command = home / FOLDER, command

    def newest(self) -> Run | None:
        """The run that was started last, by whichever server; None before any."""
        return next(map(Run.of, self._runs()), None)

    def start(self, asked: Asked) -> Run:
        """Start a run.

        Raises
        ------
        UpdateError
            One is running.
        FileError
            The folder cannot be written.
        """
        if (last := self.newest()) and last.alive:
            raise UpdateError("got a second update while one runs, expected one at a time; wait for it or cancel it")
        folder = self._folder / f"{time.time_ns():020d}-{secrets.token_hex(4)}"
        with explained(folder, "written"):
            folder.mkdir(parents=True)
            if asked.rows:
                (folder / ROWS).write_bytes(asked.rows)
            (folder / ASKED).write_text(json.dumps({"dry": asked.dry}), encoding="utf-8")
            self._launch(folder, asked)
        self._forget()
        return Run.of(folder)

    def cancel(self, run: Run) -> None:
        """Ask a run to stop, as Ctrl-C does: what it has fitted waits for the same command."""
        if lease.held(run.folder / OUTPUT):  # else the number may be a stranger's by now
            with suppress(OSError, ValueError, KeyError):
                pid = json.loads((run.folder / PID).read_text(encoding="utf-8"))["pid"]
                os.killpg(pid, signal.SIGINT)

    def _launch(self, folder: Path, asked: Asked) -> None:
        held = lease.take(folder / OUTPUT)
        try:
            process = subprocess.Popen(
                self._command(asked.options(folder)),
                stdin=subprocess.DEVNULL,
                stdout=held,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        finally:
            os.close(held)
        threading.Thread(target=process.wait, daemon=True).start()  # lets go of it once it has ended
        (folder / PID).write_text(json.dumps({"pid": process.pid}), encoding="utf-8")

    def _runs(self) -> list[Path]:
        """Folders of runs, the newest first."""
        with suppress(OSError):
            return sorted((path for path in self._folder.iterdir() if (path / ASKED).is_file()), reverse=True)
        return []

    def _forget(self) -> None:
        for folder in self._runs()[KEPT:]:
            shutil.rmtree(folder, ignore_errors=True)
