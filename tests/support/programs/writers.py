"""Processes that save and are killed while they do: run as a program, so that forking is safe and starting is quick.

``python -m tests.support.programs.writers kill URL DOCUMENT TIMES SEED`` kills one writer after another at random
moments and opens, verifies and counts the record after each; ``together URL DOCUMENT WRITERS EACH`` lets several save
at once; ``open URL DOCUMENT WRITERS`` lets several make one new record; ``both URL DOCUMENT TIMES WRITERS EACH`` does
the first two on a small scale. The findings are printed as one line of JSON.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from data.digest import sha256
from models.record.entries import Draft
from models.record.store import Record
from models.snapshot.document import read_document
from models.snapshot.value import Snapshot

LONGEST_LIFE = 0.25
"""Seconds until a writer is killed, at most: opening takes some 20 ms and a save as long, so most die in a save."""
INPUT_BYTES = 200_000
"""New and incompressible in every save: many pages, so that a kill can find half of them written."""


def saves(url: str, snapshot: Snapshot, name: str, acks: int, count: int) -> None:
    """Save one forecast after another, and note each on disk once `Record.save` has returned."""
    with Record.open(url) as record:
        for number in range(count):
            content = os.urandom(INPUT_BYTES)
            heavy = replace(snapshot, inputs=MappingProxyType({"library.npz": sha256(content)}))
            draft = Draft(name=f"{name}-{number}", author="Writer")
            saved = record.save(draft, heavy, {"library.npz": content})
            os.write(acks, f"{saved.digest} {draft.name}\n".encode())
            os.fsync(acks)


def forked(work: Callable[[], None]) -> int:
    """Do the work in a process of its own; its number."""
    child = os.fork()
    if child:
        return child
    try:
        work()
    except BaseException as error:
        print(f"writer: {error!r}", file=sys.stderr, flush=True)
        os._exit(1)
    os._exit(0)


def killed(url: str, snapshot: Snapshot, times: int, seed: int) -> dict[str, object]:
    """Kill a writer after a random while, again and again."""
    rng, failures = random.Random(seed), []
    with acknowledgements() as (acks, noted):
        for number in range(times):
            child = forked(lambda: saves(url, snapshot, f"w{number}", acks, 1000))  # noqa: B023 (forked at once)
            time.sleep(rng.uniform(0, LONGEST_LIFE))
            os.kill(child, signal.SIGKILL)
            _, status = os.waitpid(child, 0)
            failures += [] if os.WIFSIGNALED(status) else [f"writer {number} ended by itself"]
            failures += lost(url, noted())
        return {"failures": failures, "acknowledged": len(noted()), **counted(url)}


def together(url: str, snapshot: Snapshot, writers: int, each: int) -> dict[str, object]:
    """Several writers at once, all to their end."""
    with acknowledgements() as (acks, noted):
        children = [
            forked(lambda: saves(url, snapshot, f"w{number}", acks, each))  # noqa: B023 (forked at once)
            for number in range(writers)
        ]
        ended = [os.waitpid(child, 0)[1] for child in children]
        return {"failures": [*lost(url, noted()), *filter(None, ended)], "acknowledged": len(noted()), **counted(url)}


def opened(url: str, writers: int) -> dict[str, object]:
    """Several processes that make the same record at the same time."""
    children = [forked(lambda: Record.open(url).close()) for _ in range(writers)]
    ended = [os.waitpid(child, 0)[1] for child in children]
    return {"failures": [*filter(None, ended), *lost(url, [])], **counted(url)}


def lost(url: str, acknowledged: list[tuple[str, str]]) -> list[str]:
    """What is wrong with the record: it must open, be whole, and hold every acknowledged save once."""
    with Record.open(url) as record:
        damages = [str(damage) for damage in record.verify()]
        saved = [(entry.digest, entry.name) for entry in record.forecasts()]
    missing = [
        f"{name} was acknowledged and is not there" for digest, name in acknowledged if (digest, name) not in saved
    ]
    twice = [] if len({name for _, name in saved}) == len(saved) else ["a save is there twice"]
    return damages + missing + twice


def counted(url: str) -> dict[str, object]:
    with Record.open(url) as record:
        return {"saved": len(record.forecasts()), "head": record.head[0]}


class acknowledgements:
    """A file that the writers append to, and what stands in it."""

    def __enter__(self) -> tuple[int, Callable[[], list[tuple[str, str]]]]:
        self.descriptor, path = tempfile.mkstemp(text=True)
        self.path = Path(path)
        os.close(self.descriptor)
        self.descriptor = os.open(path, os.O_WRONLY | os.O_APPEND)
        return self.descriptor, lambda: list(self._lines())

    def _lines(self) -> Iterator[tuple[str, str]]:
        for line in self.path.read_text().splitlines():
            digest, _, name = line.partition(" ")
            yield digest, name

    def __exit__(self, *_: object) -> None:
        os.close(self.descriptor)
        self.path.unlink()


def main(action: str, url: str, document: str, *numbers: str) -> None:
    counts = [int(number) for number in numbers]
    if action == "open":
        print(json.dumps(opened(url, *counts)))
        return
    snapshot = read_document(Path(document).read_bytes())
    if action == "both":  # one start of the interpreter for the small versions
        times, writers, each = counts
        report = (killed(url, snapshot, times, seed=1), together(f"{url}.second", snapshot, writers, each))
    else:
        report = {"kill": killed, "together": together}[action](url, snapshot, *counts)
    print(json.dumps(report))


if __name__ == "__main__":
    main(*sys.argv[1:])
