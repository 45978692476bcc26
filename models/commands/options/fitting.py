"""A fit that a command waits for: its progress told on standard error or to a program, and a signal that stops it."""

import contextlib
import json
import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Protocol

from models.commands.options.line import note
from models.storage.disk import explained

STEP = 0.1
"""Progress lines are a tenth apart: ten lines a fit."""


class _Progress(Protocol):
    phase: str
    done: float
    message: str


class Report:
    """Tells how far a fit has come: some lines for a person, every step for a program. Safe to call from any thread."""

    def __init__(self, stream: IO[str] | None) -> None:
        self.phase = ""
        self._stream, self._told, self._ended, self._lock = stream, -1.0, False, threading.Lock()

    def __call__(self, progress: _Progress) -> None:
        """Take one step; the end itself is told by `end`, once the fit is stored."""
        with self._lock:
            if self._ended or progress.phase == "done":
                return
            if progress.phase != self.phase or progress.done >= self._told + STEP:
                note(progress.message)
                self._told = progress.done
            self.phase = progress.phase
            self._write(progress.phase, progress.done, progress.message)

    def end(self, phase: str, done: float, message: str) -> None:
        """Tell the program how it ended."""
        with self._lock:
            self._ended = True
            self._write(phase, done, message)

    def _write(self, phase: str, done: float, message: str) -> None:
        if self._stream is not None:
            with contextlib.suppress(OSError):  # a full disk must not end a fit for want of a progress line
                self._stream.write(json.dumps({"phase": phase, "done": done, "message": message}) + "\n")
                self._stream.flush()


@contextlib.contextmanager
def opened_progress(path: Path | None) -> Iterator[IO[str] | None]:
    """Open the file that a program reads progress from, if one was named.

    Raises
    ------
    FileError
    """
    if path is None:
        yield None
        return
    with explained(path, "written"):
        stream = path.open("a", encoding="utf-8")
    with contextlib.closing(stream):
        yield stream


@contextlib.contextmanager
def stop_on_signal(report: Report) -> Iterator[Callable[[], bool]]:
    """Turn Ctrl-C and SIGTERM into a request: the sampler is asked once, anything else is interrupted."""
    request = threading.Event()

    def stop(*_: object) -> None:
        again = request.is_set()
        request.set()
        if again or report.phase != "sampling":
            raise KeyboardInterrupt

    signals = (signal.SIGINT, signal.SIGTERM) if threading.current_thread() is threading.main_thread() else ()
    before = {number: signal.signal(number, stop) for number in signals}
    try:
        yield request.is_set
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
