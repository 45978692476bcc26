"""The default forecast that a saved one is scored beside."""

from models.assumptions.setting import Assumptions
from models.change.side import Side
from models.forecast.results import Forecast, make_forecast


def default_beside(side: Side) -> Forecast | None:
    """Every assumption at its default, on the evidence and draws behind a snapshot.

    None where these are not at hand or this program cannot ask them, and where nothing was moved: a snapshot at the
    defaults is its own.
    """
    if side.obstacle or not side.snapshot.assumptions.changed:
        return None
    return make_forecast(side.evidence, side.library, Assumptions(knobs=side.assumptions.knobs))
