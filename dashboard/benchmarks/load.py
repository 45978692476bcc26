"""How long readers wait while others use the page too: so many visitors, each with a move of a slider every 20 seconds.

The server runs as the README says, beside the visitors: what these cost themselves is told with the rest.
"""

import asyncio
import contextlib
import os
import time
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from dashboard.benchmarks.served import Meter, Server, serving
from dashboard.benchmarks.visitor import Run, Slider, Visitor
from data.types import Evidence
from models.benchmarks.crowd import Crowd
from models.benchmarks.engine import SEED, latencies

PAUSE_SECONDS = 20.0
OWN = 3
"""Sliders that a visitor moves, as a setting of the engine's benchmark has one to three moved knobs."""
STEPS = 3
"""At most so far from where a slider stood: within what the stored draws answer, so that no refit begins by itself."""
TOLD = (1, 10, 25, 50, 100)
"""Numbers of open pages at which the memory is told."""
MEGABYTE = 2**20
REFERENCE_MS, AIM_MS = 28.0, 800.0
"""Where the engine's slow moves take the first, 95 of 100 moves of fifty visitors are to be answered in the second."""

type Report = Callable[[str], None]
type Figures = dict[str, float | str]


@dataclass(slots=True, kw_only=True)
class _Memory:
    """Megabytes that a server with all it started holds: at the moments that matter, and at most."""

    server: Server
    most: float = 0.0
    opened: list[float] = field(default_factory=list)

    def look(self) -> float:
        now = sum(map(_resident, _family(self.server.process.pid))) / MEGABYTE
        self.most = max(self.most, now)
        return now

    @contextlib.asynccontextmanager
    async def watched(self) -> AsyncIterator[None]:
        async def watch() -> None:
            while True:
                self.look()
                await asyncio.sleep(1)

        task = asyncio.create_task(watch())
        try:
            yield
        finally:
            task.cancel()


def measure(evidence: Evidence, crowds: Sequence[Crowd], report: Report = lambda _: None) -> list[Figures]:
    """Figures of every crowd, each before a new server; the engine alone is timed in the same run."""
    engine = float(np.quantile(latencies(evidence), 0.95))
    aim = AIM_MS * engine / REFERENCE_MS
    rows = []
    for crowd in crowds:
        with serving() as server:
            report(f"{crowd.visitors} visitors for {crowd.seconds:g} s")
            rows.append({"engine_p95_ms": engine, "aim_p95_ms": aim} | asyncio.run(_tried(server, crowd, report)))
    return rows


async def _tried(server: Server, crowd: Crowd, report: Report) -> Figures:
    memory, meter = _Memory(server=server), Meter(pid=server.process.pid, frames=[])
    async with memory.watched():
        async with Visitor(server.address + crowd.link) as first:  # reads evidence and library, once a server
            await first.open()
        before = memory.look()
        opened: list[Run] = []
        async with contextlib.AsyncExitStack() as stack:
            visitors = [
                await stack.enter_async_context(Visitor(server.address + crowd.link)) for _ in range(crowd.visitors)
            ]
            for visitor in visitors:
                opened.append(await visitor.open())
                memory.opened.append(memory.look())
            report(f"{crowd.visitors} pages are open, {memory.look():.0f} MB")
            spent, own, started = meter.read()["cpu"], time.process_time(), time.perf_counter()
            moves = await _moved(visitors, crowd.seconds)
            wall = time.perf_counter() - started
            cores = {"server_cores": (meter.read()["cpu"] - spent) / 1000 / wall}
            cores["visitors_cores"] = (time.process_time() - own) / wall
        during = memory.look()
        await asyncio.sleep(crowd.left)
    return {
        **_waits(crowd, opened, moves),
        **cores,
        "memory_start_mb": before,
        "memory_opened_mb": memory.opened[-1],
        **{f"memory_of_{count}_mb": memory.opened[count - 1] for count in TOLD if count <= crowd.visitors},
        "memory_end_mb": during,
        "memory_most_mb": memory.most,
        "memory_left_mb": memory.look(),
        "load_average": os.getloadavg()[0],
    }


async def _moved(visitors: Sequence[Visitor], seconds: float) -> list[Run]:
    """All visitors move their sliders, spread evenly over the pause; a slow answer delays its own visitor alone."""
    end = time.perf_counter() + seconds
    starts = [PAUSE_SECONDS * number / len(visitors) for number in range(len(visitors))]
    rngs = np.random.default_rng(SEED).spawn(len(visitors))
    async with asyncio.TaskGroup() as group:
        tasks = [
            group.create_task(_visit(visitor, rng, start, end))
            for visitor, rng, start in zip(visitors, rngs, starts, strict=True)
        ]
    return [run for task in tasks for run in task.result()]


async def _visit(visitor: Visitor, rng: np.random.Generator, wait: float, end: float) -> list[Run]:
    own = [str(name) for name in rng.choice(sorted(visitor.sliders), OWN, replace=False)]
    middles = {name: visitor.sliders[name].value for name in own}
    due, runs = time.perf_counter() + wait, []
    while due < end:
        await asyncio.sleep(due - time.perf_counter())
        name = own[len(runs) % OWN]
        runs.append(await visitor.move(name, _elsewhere(visitor.sliders[name], middles[name], rng)))
        if runs[-1].fault:
            break
        due = max(due + PAUSE_SECONDS, time.perf_counter())
    return runs


def _elsewhere(slider: Slider, middle: float, rng: np.random.Generator) -> float:
    """Another value of a slider, a few steps around where it stood at first."""
    steps = [step for step in range(-STEPS, STEPS + 1) if slider.low <= middle + step * slider.step <= slider.high]
    values = [round(middle + step * slider.step, 9) for step in steps]
    return float(rng.choice([value for value in values if abs(value - slider.value) > slider.step / 2]))


def _waits(crowd: Crowd, opened: Sequence[Run], moves: Sequence[Run]) -> Figures:
    """How long the visitors waited, in milliseconds, and what went wrong."""
    good = [run for run in moves if not run.fault] or [Run(first=np.nan, whole=np.nan, size=0)]
    faults = [run.fault for run in (*opened, *moves) if run.fault]
    quantiles = {
        f"{name}_p{share}_ms": 1000 * float(np.quantile([getattr(run, name) for run in good], share / 100))
        for name in ("first", "whole")
        for share in (50, 95)
    }
    return {
        "visitors": crowd.visitors,
        "moves": len(moves),
        "faults": len(faults),
        "fault": faults[0] if faults else "",
        "page_p95_ms": 1000 * float(np.quantile([run.whole for run in opened], 0.95)),
        **quantiles,
    }


def _family(pid: int) -> list[int]:
    """A process and all that it started."""
    try:
        below = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except OSError:
        below = []
    return [pid, *(grandchild for child in below for grandchild in _family(int(child)))]


def _resident(pid: int) -> int:
    """Bytes in memory; none where the process has gone or the system does not tell."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0
