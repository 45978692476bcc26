"""Who draws a forecast's charts: `models` may not import `dashboard`, so the installed package declares it."""

from collections.abc import Callable

from data.types import Evidence
from models.errors import SnapshotError
from models.forecast.results import Forecast
from models.library.library import Library
from models.storage.declared import Declarations, declared, renderer
from models.storage.disk import Files

type Charts = Callable[[Evidence, Library, Forecast], Files]

CHARTS = "conjunction.charts"
"""Entry-point group under which the package says who draws."""


def chart_renderer(declarations: Declarations = declared) -> Charts:
    """The function that draws charts, as the installed package declares it.

    Raises
    ------
    SnapshotError
        No package declares one.
    """
    return renderer(declarations(CHARTS), f"charts ({CHARTS})", SnapshotError)
