"""What the ledger has decided already at the reference date."""

import math

import streamlit as st

from dashboard.cache.forecasts import evidence
from data.values import frozen
from models.measures.structure import ALIGNMENT
from models.outcome.rule import RULE, booked_share, mean_needed, tone, yearly_readings


@frozen
class Books:
    """What is on the books at the reference date.

    Attributes
    ----------
    needed : tuple of float
        Mean intensity that next year would need at each cut of the rule.
    recent : tuple of float
        That of the years it will remember, oldest first.
    booked : float
        Share (0-1) of its tone that these decide.
    tone : float
        Five-year tone at the reference date.
    means : tuple of (int, float)
        Each recorded year with its mean since the model's first year.
    """

    needed: tuple[float, ...]
    recent: tuple[float, ...]
    booked: float
    tone: float
    means: tuple[tuple[int, float], ...]


@st.cache_resource(max_entries=1, show_spinner=False)
def books() -> Books:
    """What the ledger has decided already."""
    last = evidence().as_of.year
    means, _ = yearly_readings(evidence().events, ALIGNMENT.first_year, last)
    recent, years = means[-(RULE.memory_years - 1) :], range(ALIGNMENT.first_year, last + 1)
    return Books(
        needed=tuple(mean_needed(recent).tolist()),
        recent=tuple(recent.tolist()),
        booked=booked_share(recent),
        tone=float(tone(means)),
        means=tuple((year, mean) for year, mean in zip(years, means.tolist(), strict=True) if not math.isnan(mean)),
    )
