"""A row of a benchmark's table, and how long something takes."""

import time
from collections.abc import Callable

type Row = tuple[str, float, str, str]


def seconds_of(action: Callable[[], object]) -> float:
    """How long something takes, once."""
    started = time.perf_counter()
    action()
    return time.perf_counter() - started
