"""What reading hostile files does: how long it takes, what it says, and which files it touches."""

import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from data.errors import ConjunctionError
from data.load import load_evidence
from data.values import frozen
from models.change.compare import compare
from models.snapshot.archive import read_snapshot
from models.snapshot.value import Snapshot, restore_assumptions
from models.snapshot.verify import verify
from tests.support.hostile.mutations import Case, cases
from tests.support.values.small_snapshots import COMMITTED
from tests.support.values.year_end import YEAR_END

LIMIT_SECONDS = 2.0
WATCHED = ("open", "os.", "shutil.", "socket.", "subprocess.", "tempfile.", "ctypes.", "pickle.")
LIBRARIES = (sys.prefix, sys.base_prefix, str(Path(__file__).parents[3]))
"""Modules are loaded late: reading from here is no touch."""


class Hang(Exception):
    """A case took more processor time than it may."""


@frozen
class Judged:
    """How one case ended.

    Attributes
    ----------
    ending : str
        "refused", "failed", "undecided", "passed", or the fault.
    message : str
        What a person is told.
    touched : tuple of str
        Operations on files and processes.
    """

    number: int
    name: str
    seconds: float
    ending: str
    message: str
    touched: tuple[str, ...]

    @property
    def fault(self) -> str:
        """What is wrong with how the program took it; empty when nothing is."""
        if self.ending not in ("refused", "failed", "undecided", "passed"):
            return f"{self.ending}: {self.message}"
        if self.touched:
            return f"touched {self.touched}"
        clear = self.ending == "passed" or (len(self.message) > 20 and len(self.message) < 2500)
        printable = all(letter.isprintable() or letter == "\n" for letter in self.message)
        return "" if clear and printable else f"unclear: {self.message!a:.300}"


TOUCHED: list[str] = []


def watch() -> None:
    """Note every file, process and connection from now on; a hook can't be taken away again, so use a process."""

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        if not event.startswith(WATCHED) or event in ("os.listdir", "os.scandir"):
            return
        place = str(arguments[0]) if arguments else ""
        reading = event == "open" and (len(arguments) < 2 or arguments[1] in ("r", "rb", None))
        if not (reading and place.startswith(LIBRARIES)):
            TOUCHED.append(f"{event} {place[:200]}")

    sys.addaudithook(hook)


def judged(case: Case) -> Judged:
    """Send a case through verification and through the preview of an import."""
    before, start = len(TOUCHED), time.process_time()
    signal.signal(signal.SIGPROF, _hang)
    signal.setitimer(signal.ITIMER_PROF, LIMIT_SECONDS)
    try:
        ending, message = _taken(case.content)
    except Exception as error:  # everything else that leaves is what this looks for
        ending, message = type(error).__name__, str(error)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    seconds, touched = time.process_time() - start, tuple(TOUCHED[before:])
    return Judged(number=case.number, name=case.name, seconds=seconds, ending=ending, message=message, touched=touched)


def _hang(*_: object) -> None:
    raise Hang(f"more than {LIMIT_SECONDS:g} seconds")


def _taken(content: bytes) -> tuple[str, str]:
    try:
        verification = verify(content)
    except ConjunctionError as error:
        return "refused", str(error)
    wrong = [check.detail for check in verification.checks if not check.passed]
    return verification.outcome, "\n".join((*wrong, *_previewed(verification.snapshot)))[:2400]


def _previewed(snapshot: Snapshot) -> tuple[str, ...]:
    """What the page shows of an upload before anything changes; it reads it as the verification did."""
    _, problems = restore_assumptions(snapshot, HERE_CLAIMS)
    return (*problems, *compare(snapshot, HERE).explanation)


WHOLE = COMMITTED.read_bytes()
HERE = read_snapshot(WHOLE)
HERE_CLAIMS = load_evidence(YEAR_END).claims


def run(seed: int, numbers: range) -> Iterator[Judged]:
    """Judge cases one after another, in an empty folder."""
    assert verify(WHOLE).passed  # loads what is loaded late
    watch()
    for case in cases(seed, numbers):
        TOUCHED.clear()
        yield judged(case)
    left = list(Path().iterdir())
    assert not left, f"files were left behind: {left}"


if __name__ == "__main__":
    first, last = int(sys.argv[2]), int(sys.argv[3])
    for attempt in run(int(sys.argv[1]), range(first, last)):
        fields = (attempt.number, attempt.name, f"{attempt.seconds:.3f}", attempt.ending, attempt.fault or "-")
        print("\t".join(map(str, fields))[:600].replace("\n", " "))
