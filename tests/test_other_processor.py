"""Another processor, anywhere: every matrix product and sum a little off, and every promise of equal numbers holds."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from models.rounding import PUBLISHED
from tests.support.programs import promises
from tests.support.programs.other_processor import SUMS

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[1]
SNAPSHOTS, HARSHER = 10_000, 100
"""The played processor is a hundred times as far from this one as the kernels of real ones are from each other: those
move a published number by 1e-15 at most on average (docs/decisions/0010-published-decimals.md)."""


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("machine")
    promises.prepare(folder)
    return folder


@pytest.fixture(scope="module")
def played(prepared: Path) -> dict:
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.programs.other_processor", str(prepared), "1"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("promise", [promise.__name__ for promise in promises.PROMISES])
def test_another_processor_keeps(played: dict, promise: str) -> None:
    result = played["kept"][promise]
    assert result["holds"], result["told"]


def test_the_other_processor_was_another_one_wherever_numbers_are_made(played: dict) -> None:
    """The played errors reach the engine: thousands of products and sums, and nearly every number that comes out."""
    used = played["used"]
    assert used["matmul"] > 1000
    assert sum(count for name, count in used.items() if name in SUMS) > 10_000
    assert {"einsum", "eigh", "cumsum", "bincount", "reduceat", "solve", "mean", "sum"} <= used.keys()
    differences = np.array(played["differences"])
    assert (differences > 0).mean() > 0.4  # ranges stand on a grid, which no error may leave
    assert 1e-14 < differences.max() < 1e-9


def test_no_number_falls_to_the_other_side_of_its_last_decimal_in_ten_thousand_snapshots(played: dict) -> None:
    """A number that moves by d crosses the edge between two roundings with the chance d / (the last decimal's unit)."""
    unit = 10.0**-PUBLISHED.decimals
    crossed = np.array(played["differences"]).sum() / len(promises.SETTINGS) / unit
    assert SNAPSHOTS * crossed / HARSHER < 0.1
