"""A killed writer loses nothing that was acknowledged, leaves nothing half-written; writers at once don't collide."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from models.snapshot.value import Snapshot

ROOT = Path(__file__).parents[3]


@pytest.fixture
def document(tmp_path: Path, short_snapshot: Snapshot) -> Path:
    path = tmp_path / "snapshot.json"
    path.write_bytes(short_snapshot.json)
    return path


def run(action: str, url: str, document: Path, *numbers: int) -> Any:
    """Run the program of the writers; a library's idle threads are no reason not to fork, and don't come along."""
    warned = ("-W", "error", "-W", "ignore:This process:DeprecationWarning")
    program = ("-m", "tests.support.programs.writers", action, url, str(document), *map(str, numbers))
    done = subprocess.run([sys.executable, *warned, *program], cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr[-2000:]
    print(done.stdout)
    return json.loads(done.stdout)


def test_some_killed_writers_and_some_at_once_lose_and_double_nothing(tmp_path: Path, document: Path) -> None:
    killed, together = run("both", str(tmp_path / "record.db"), document, 3, 3, 2)
    assert killed["failures"] == []
    assert killed["acknowledged"] <= killed["saved"] <= killed["acknowledged"] + 3
    assert together == {"failures": [], "acknowledged": 6, "saved": 6, "head": 6}


@pytest.mark.slow
def test_fifty_killed_writers_lose_nothing(url: str, document: Path) -> None:
    found = run("kill", url, document, 50, 2)
    assert found["failures"] == []
    assert found["acknowledged"] >= 50
    assert found["acknowledged"] <= found["saved"] == found["head"] <= found["acknowledged"] + 50


@pytest.mark.slow
def test_eight_writers_at_once_lose_and_double_nothing(url: str, document: Path) -> None:
    assert run("together", url, document, 8, 20) == {"failures": [], "acknowledged": 160, "saved": 160, "head": 160}


@pytest.mark.slow
def test_processes_that_make_one_record_at_once_all_succeed(url: str, document: Path) -> None:
    for _ in range(3):
        assert run("open", url, document, 8) == {"failures": [], "saved": 0, "head": 0}
