"""What the essay's reasons do: how far a claim can move a forecast, and how well the evidence agrees with them."""

from collections.abc import Mapping

import numpy as np
import streamlit as st

from dashboard.cache.forecasts import copied, library_of, of
from models.assumptions.setting import Assumptions
from models.forecast.effects import claim_ends, claim_reach
from models.forecast.results import Forecast
from models.library.compatibility import Compatibility, compatibility
from models.library.library import Library

ENDS = 280
"""Fourteen claims at twenty strengths, at half a kilobyte each."""


def reach(forecast: Forecast, base: Assumptions, claim: str) -> float:
    """How far a claim can move a forecast's mixture, all else as in `base`; some fifty milliseconds when it is new."""
    source = library_of(forecast)
    return claim_reach(_ends((base.digest, source.key, claim), base, source), forecast.model_weights)


@st.cache_resource(max_entries=ENDS, show_spinner=False)
def _ends(key: tuple[str, str, str], _base: Assumptions, _source: Library) -> Mapping[str, np.ndarray]:
    return claim_ends(_source, _base, key[-1])


def agreement(first: Forecast, second: Assumptions) -> Compatibility:
    """How compatible the evidence is with another setting, against a forecast's own."""
    source, key = library_of(first), (*of(first), second.digest)
    return copied("agreement", key, lambda: compatibility(source, second, against=first.assumptions))
