"""Killed at random moments the project is as before or as after, and the same command goes on where it was."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from models.record.entries import FORECAST
from tests.support.programs.updates import NEW, in_force, projects, small_project

KILLS = 20
PROGRAM = (sys.executable, "-m", "tests.support.programs.updates")


@pytest.mark.slow
def test_twenty_kills_leave_the_old_or_the_new_state(tmp_path):
    """Moments are counted in the program's own processor time, so that a loaded machine does not move them."""
    pristine, folder = tmp_path / "pristine", tmp_path / "project"
    pristine.mkdir()
    project, _ = small_project(pristine)
    former = in_force(project).digest
    new, lasts = _finished(_copied(pristine, folder))
    _copied(pristine, folder)
    moments, fell = random.Random(20261128), Counter()
    while fell.total() < KILLS:
        if phase := _killed_in(folder, moments.uniform(0, lasts)):
            fell[phase] += 1
            state = in_force(projects(folder)).digest
            assert state in {former, new}, phase
        if not phase or state == new:
            assert _finished(folder)[0] == new
            _copied(pristine, folder)
    print(f"Kills by phase of an update of {lasts:.1f} s: {dict(fell)}")
    assert len(fell) > 2, fell
    assert _finished(folder)[0] == new


def _copied(pristine: Path, folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    return shutil.copytree(pristine, folder)


def _killed_in(folder: Path, after: float) -> str:
    """The phase that an update was in when it was killed; nothing when it had come to its end before."""
    ended = subprocess.run([*PROGRAM, str(folder), str(after)], capture_output=True, text=True)
    assert ended.returncode in {0, -signal.SIGPROF}, ended.stderr
    return ["reading", *ended.stdout.split()][-1] if ended.returncode else ""


def _finished(folder: Path) -> tuple[str, float]:
    """The digest in force after the command came to its end, its forecast published once; and its processor time."""
    lines = subprocess.run([*PROGRAM, str(folder)], check=True, capture_output=True, text=True).stdout.split()
    evidence = in_force(projects(folder))
    assert evidence.as_of == NEW
    with projects(folder).record.read() as record:
        published = [one for one in record.entries() if one.type == FORECAST and evidence.digest in one.body]
    assert len(published) == 1
    return evidence.digest, float(lines[-1])
