"""Hostile snapshots and uploads by the thousand: no crash, no hang, no file touched, a clear message each."""

import os
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
SEED = 20261123
ALONE = {"PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"}
"""One thread: those that wait for each other on a busy machine would count as processor time."""
FEW, MANY, SHARD, AT_ONCE = 24, 10_000, 2500, 500
"""Two cases of every kind at every run, ten thousand on request, in processes of five hundred."""
HOUR = 3600
"""Seconds after which something hangs, on any machine."""


def sent(numbers: range, folder: Path) -> list[list[str]]:
    """Send cases through a process of its own, in an empty folder: number, name, seconds, ending and fault of each."""
    folder.mkdir()
    command = [
        sys.executable,
        "-W",
        "error",
        "-m",
        "tests.support.hostile.attempts",
        str(SEED),
        str(numbers.start),
        str(numbers.stop),
    ]
    done = subprocess.run(command, cwd=folder, env=ALONE, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    return [line.split("\t") for line in done.stdout.splitlines()]


def require_harmless(rows: list[list[str]], count: int) -> None:
    assert len(rows) == count
    assert [row for row in rows if row[4] != "-"] == []
    endings = Counter(row[3] for row in rows)
    assert endings["refused"] > count / 3
    assert endings["failed"] > count / 10, "what is sealed again has to be found by computing"


@pytest.mark.slow
def test_a_few_of_every_kind_do_no_harm(tmp_path: Path) -> None:
    require_harmless(sent(range(FEW), tmp_path / "empty"), FEW)


@pytest.mark.slow
@pytest.mark.timeout(HOUR)
@pytest.mark.parametrize("start", range(0, MANY, SHARD))
def test_ten_thousand_do_no_harm(start: int, tmp_path: Path) -> None:
    """In shards, on every core; how long they may take is no claim of this test."""
    parts = [range(first, first + AT_ONCE) for first in range(start, start + SHARD, AT_ONCE)]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        found = list(pool.map(lambda part: sent(part, tmp_path / str(part.start)), parts))
    rows = [row for part in found for row in part]
    require_harmless(rows, SHARD)
    slowest = sorted(((float(row[2]), row[1]) for row in rows), reverse=True)[:5]
    print(Counter(row[3] for row in rows), slowest)
