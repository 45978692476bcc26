"""What the one-page report shows beside a forecast, on screen or saved: starting view, alignment, the year-end."""

from dashboard.cache import forecasts as cache
from dashboard.figures.ghosts import path_ghost
from dashboard.figures.path import alignment_path, notable_events
from dashboard.report.content import Beside
from dashboard.wording.forecast import alignment_sentence
from data.days import last_whole_year
from models.change.side import Side
from models.forecast.results import Forecast, alignment_summary, sample_paths
from models.measures.structure import ALIGNMENT
from models.outcome.rule import resolve_history
from models.track.beside import default_beside

PATHS = 5
"""Simulated futures drawn beside the bands, as on the page."""
NAMED = 4
"""Acts that a chart of half a page's width can name."""


def beside(forecast: Forecast, usual: Forecast, horizon: int) -> Beside:
    """Everything beside a forecast; asks no session, so that a file made on a click may ask it.

    Parameters
    ----------
    usual : Forecast
        The starting view on the same evidence.
    """
    moved = not forecast.assumptions.is_default
    library, known = cache.library_of(forecast), cache.evidence_of(forecast)
    summary = alignment_summary(library, forecast.weights)
    before = path_ghost(alignment_summary(cache.library_of(usual), usual.weights)) if moved else ()
    history = resolve_history(known.events, ALIGNMENT.first_year, last_whole_year(known.as_of))
    paths = sample_paths(library, forecast.weights, PATHS)
    return Beside(
        horizon=horizon,
        usual=usual.table if moved else None,
        path=alignment_path(summary, notable_events(known.events, NAMED), history, paths, before),
        path_sentence=alignment_sentence(summary),
    )


def beside_saved(side: Side, horizon: int) -> Beside:
    """The same for a forecast that was saved: the starting view by the defaults of its time, or why there is none.

    Parameters
    ----------
    side : Side
        The saved forecast, with its evidence and draws where they are at hand.
    """
    if not side.snapshot.assumptions.changed:
        return Beside(horizon=horizon)
    if usual := default_beside(side):
        return Beside(horizon=horizon, usual=usual.table)
    return Beside(horizon=horizon, without=f"No starting view stands beside it: the snapshot {side.obstacle}.")
