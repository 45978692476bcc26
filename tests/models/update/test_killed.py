"""Killed at random moments the project is as before or as after, and the same command goes on where it was."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from models.record.entries import FORECAST
from tests.support.programs.updates import NEW, in_force, projects, small_project

KILLS = 20
PROGRAM = (sys.executable, "-m", "tests.support.programs.updates")


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_twenty_kills_leave_the_old_or_the_new_state(tmp_path):
    pristine, folder = tmp_path / "pristine", tmp_path / "project"
    pristine.mkdir()
    project, _ = small_project(pristine)
    former = in_force(project).digest
    began = time.monotonic()
    new = _finished(_copied(pristine, tmp_path / "whole"))
    lasts, moments = time.monotonic() - began, random.Random(20261128)
    killed, seen = 0, set()
    _copied(pristine, folder)
    while killed < KILLS:
        if _killed(folder, moments.uniform(0, lasts)):
            killed += 1
        seen.add(in_force(projects(folder)).digest)
        if new in seen and in_force(projects(folder)).digest == new:
            assert _finished(folder) == new
            _copied(pristine, folder)
    assert seen <= {former, new}
    assert _finished(folder) == new


def _copied(pristine: Path, folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    return shutil.copytree(pristine, folder)


def _killed(folder: Path, after: float) -> bool:
    """Whether the update was still at work when it was killed."""
    process = subprocess.Popen([*PROGRAM, str(folder)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        process.wait(after)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return True
    assert process.returncode == 0
    return False


def _finished(folder: Path) -> str:
    """The digest in force after the command came to its end, its forecast published once."""
    subprocess.run([*PROGRAM, str(folder)], check=True, capture_output=True)
    evidence = in_force(projects(folder))
    assert evidence.as_of == NEW
    with projects(folder).record.read() as record:
        published = [one for one in record.entries() if one.type == FORECAST and evidence.digest in one.body]
    assert len(published) == 1
    return evidence.digest
