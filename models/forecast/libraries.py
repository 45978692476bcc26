"""Which library answers a setting: the committed one, and another only where that cannot answer well."""

from collections.abc import Callable, Iterable

from models.forecast.results import Forecast
from models.library.library import Library


def best_forecast(libraries: Iterable[Library], make: Callable[[Library], Forecast]) -> Forecast:
    """The first library's forecast; where that is no good answer, the best of all.

    The committed library comes first, so that a setting has the same numbers everywhere.

    Parameters
    ----------
    libraries : iterable of Library
        A later one is taken from the iterable only when no earlier one answers well.
    make : callable
        Makes the forecast of the setting from a library.
    """
    forecasts = []
    for library in libraries:
        forecasts.append(make(library))
        if forecasts[-1].status.sure:
            break
    return min(forecasts, key=lambda forecast: (forecast.status.rank, -forecast.weights.ess))
