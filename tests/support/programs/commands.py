"""What the tests of the command line share: contexts that stand in for what is committed, and who works."""

import contextlib
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cache

import pytest

from data.load import load_evidence
from models.__main__ import main
from models.commands.options.context import Context
from models.fits.alignment_fit import AlignmentFit
from models.fits.certificate import Check, Diagnostics
from models.library.library import Library
from tests.support.values.factories import synthetic_library

PICTURE = {"states.png": b"picture"}


@cache
def small_library() -> Library:
    """Build, once, what stands in for the committed library where its numbers don't matter."""
    return synthetic_library(load_evidence(), samples=80)


def drawing(pictures: dict[str, bytes] = PICTURE) -> Callable[[str], dict[str, Callable]]:
    """What a package declares that draws these pictures, whatever they are asked to show."""
    return lambda _: {"default": lambda *_: pictures}


def small_context() -> Context:
    """A small library in the place of the committed one, and pictures that cost nothing."""
    return Context(library=lambda _: small_library(), declared=drawing())


@dataclass
class OneThread:
    """One thread instead of processes, which remembers what was asked for.

    Attributes
    ----------
    work : callable, optional
        Done instead of what a command sends to its workers.
    asked : list
        Scheduler and processes of every call.
    """

    work: Callable | None = None
    asked: list[tuple[str | None, int | None]] = field(default_factory=list)

    @contextlib.contextmanager
    def __call__(self, scheduler: str | None, processes: int | None) -> Iterator[Executor]:
        self.asked.append((scheduler, processes))
        with _Thread(self.work) as thread:
            yield thread


class _Thread(ThreadPoolExecutor):
    def __init__(self, work: Callable | None) -> None:
        super().__init__(1)
        self._instead = work

    def submit(self, work: Callable, *tasks: object) -> Future:
        return super().submit(self._instead or work, *tasks)


def failed(capsys: pytest.CaptureFixture[str], arguments: list[str], context: Context | None = None) -> str:
    """Run a command that must fail cleanly and return its message."""
    assert main(arguments, context) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "Traceback" not in err
    assert len(err) < 700
    return err


def with_failed_check(fit: AlignmentFit) -> AlignmentFit:
    """A fit whose chains disagree."""
    check = Check(name="R-hat", passed=False, value=1.2, threshold="at most 1.01", meaning="Chains disagree.")
    return replace(fit, diagnostics=Diagnostics(checks=(check,)))
