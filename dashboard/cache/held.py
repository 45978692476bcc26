"""What-ifs along a path: what all their answers share, made once a server, and the answers by setting."""

from collections.abc import Mapping

import streamlit as st

from dashboard.cache.forecasts import DATES, base_fit, evidence_of, library_of, of, shared
from models.forecast.results import Forecast
from models.paths.answers import PathAnswer, PathBasis
from models.paths.drivers import HeldDrivers
from models.paths.named import NamedPath


def drivers(forecast: Forecast) -> HeldDrivers:
    """Where every driver stands, and from when on it can be held."""
    evidence = evidence_of(forecast)
    return shared("held drivers", (evidence.digest,), lambda: HeldDrivers.of(evidence))


def basis(forecast: Forecast) -> PathBasis:
    """Of a forecast's evidence and library."""
    return _basis(library_of(forecast).key, forecast)


@st.cache_resource(max_entries=DATES, show_spinner=False)
def _basis(key: str, _forecast: Forecast) -> PathBasis:  # noqa: ARG001 (it names the entry)
    return PathBasis.of(evidence_of(_forecast), library_of(_forecast), base_fit(_forecast))


def in_both(forecast: Forecast, path: NamedPath, start: int) -> Mapping[str, PathAnswer]:
    """A what-if from a year on with the evidence alone and with the essay's reasons; a second or two.

    Raises
    ------
    AssumptionError, FitError
    """
    holds = path.holds(start)
    key = (*of(forecast), *(hold.text for hold in holds))
    return shared("path", key, lambda: basis(forecast).in_both(forecast.assumptions, holds))
