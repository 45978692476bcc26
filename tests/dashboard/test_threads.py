"""The page computes with one thread of BLAS unless somebody asked for more."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
VARIABLE = "OPENBLAS_NUM_THREADS"
LOOK = f"import sys, dashboard, os; print(os.environ[{VARIABLE!r}], 'numpy' in sys.modules)"


@pytest.mark.parametrize(("asked", "threads"), [({}, "1"), ({VARIABLE: "3"}, "3")])
def test_the_page_asks_for_one_thread_before_numpy_is_there(asked: dict[str, str], threads: str) -> None:
    others = {name: value for name, value in os.environ.items() if name != VARIABLE}
    done = subprocess.run([sys.executable, "-c", LOOK], cwd=ROOT, env=others | asked, capture_output=True, text=True)
    assert done.stdout.split() == [threads, "False"], done.stderr
