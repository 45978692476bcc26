"""A search in a thread of its own, so that the page lives on: one a session, two a server. No Streamlit.

A run is what its thread writes and a page reads: single fields, each set once or only growing, so that no lock is
needed. It dies with the session that holds it.
"""

import logging
import threading
import time
from collections.abc import Hashable
from dataclasses import dataclass, field

from data.errors import ConjunctionError
from data.types import Evidence
from data.values import frozen
from models.assumptions.setting import Assumptions
from models.errors import SearchCancelled
from models.inverse.goal import Goal
from models.inverse.search import Alone, Search, Shift
from models.inverse.watch import Watch
from models.library.library import Library

AT_ONCE = 2
"""Searches that a server answers at the same time; more would slow down everybody's sliders."""
LOOK_SECONDS = 0.1
FAILED = "The search failed, which is a mistake of this program and not of the question; your setting is as it was."
LOG = logging.getLogger(__name__)
_places = threading.BoundedSemaphore(AT_ONCE)


@frozen
class Question:
    """What is asked, of whom, from where."""

    evidence: Evidence
    libraries: tuple[Library, ...]
    start: Assumptions
    goal: Goal


@dataclass(slots=True, kw_only=True)
class Run:
    """One search as far as it has come.

    Attributes
    ----------
    question : Question
    key : hashable
        Of the forecast from which it was asked.
    alive : bool
    share : float
        That is done, 0 to 1.
    message : str
        What it does.
    now : float or None
        The goal's present chance.
    alone : Alone or None
        The first answer.
    joint : Shift or None
        The second; none is searched for where the goal holds already.
    error : str
        Why it ended without an answer.
    seconds : float
        That it took.
    """

    question: Question
    key: Hashable
    alive: bool = True
    share: float = 0.0
    message: str = "Starting."
    now: float | None = None
    there: bool = False
    alone: Alone | None = None
    joint: Shift | None = None
    error: str = ""
    seconds: float = 0.0
    _stop: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def begin(self) -> None:
        """Start it; called once."""
        self._thread = threading.Thread(target=self._run, name="inverse search", daemon=True)
        self._thread.start()

    def cancel(self) -> None:
        """Ask it to stop; it does so within one evaluation, some hundredths of a second."""
        self._stop.set()

    def wait(self, seconds: float) -> bool:
        """Whether it ends within some time."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _run(self) -> None:
        try:
            self._in_turn()
        except ConjunctionError as error:
            self.error = str(error)
        except Exception:
            LOG.exception("an inverse search failed")
            self.error = FAILED
        finally:
            self.alive = False

    def _in_turn(self) -> None:
        while not _places.acquire(timeout=LOOK_SECONDS):
            self.message = f"Waiting: {AT_ONCE} other searches run on this server."
            if self._stop.is_set():
                raise SearchCancelled("the search was stopped before its turn; your setting is as it was")
        started = time.monotonic()
        try:
            self._answer()
        finally:
            _places.release()
            self.seconds = time.monotonic() - started

    def _answer(self) -> None:
        asked, watch = self.question, Watch(told=self._told, cancelled=self._stop.is_set)
        search = Search(
            evidence=asked.evidence, libraries=asked.libraries, start=asked.start, goal=asked.goal, watch=watch
        )
        self.now, self.there = search.now, search.there
        if not search.there:
            self.alone = search.alone()
            self.joint = search.jointly(self.alone.shifts)

    def _told(self, share: float, message: str) -> None:
        self.share, self.message = share, message
