"""Who draws a forecast's charts: `models` may not import `dashboard`, so the installed package declares it."""

import importlib.metadata
from collections.abc import Callable, Mapping

from data.types import Evidence
from models.errors import SnapshotError
from models.forecast.results import Forecast
from models.library.library import Library

type Charts = Callable[[Evidence, Library, Forecast], Mapping[str, bytes]]

CHARTS = "conjunction.charts"
"""Entry-point group under which the package says who draws: `models` may not import `dashboard` (decision 0004)."""


def chart_renderer() -> Charts:
    """The function that draws charts, as the installed package declares it.

    Raises
    ------
    SnapshotError
        No package declares one.
    """
    declared = importlib.metadata.entry_points(group=CHARTS)
    if not declared:
        raise SnapshotError(
            f"no package declares charts ({CHARTS}); install this one with `pip install -e .` and try again"
        )
    return next(iter(declared)).load()
