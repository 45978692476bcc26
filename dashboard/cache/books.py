"""What the ledger's whole years have decided already at the reference date."""

import math

from dashboard.cache.forecasts import evidence, shared
from data.days import last_whole_year
from data.types import Evidence
from data.values import frozen
from models.measures.readings import read_ledger
from models.measures.structure import ALIGNMENT
from models.measures.year_so_far import YearSoFar
from models.outcome.rule import RULE, booked_share, mean_needed, tone, yearly_readings


@frozen
class Books:
    """What is on the books at the reference date.

    Attributes
    ----------
    needed : tuple of float
        Mean intensity that the first year that is not over would need at each cut of the rule.
    recent : tuple of float
        That of the years it will remember, oldest first.
    booked : float
        Share (0-1) of its tone that these decide.
    tone : float
        Five-year tone at the reference date.
    means : tuple of (int, float)
        Each recorded year with its mean since the model's first year.
    so_far : YearSoFar or None
        What is seen of the year that has begun; None where the reference date is its year's last day.
    """

    needed: tuple[float, ...]
    recent: tuple[float, ...]
    booked: float
    tone: float
    means: tuple[tuple[int, float], ...]
    so_far: YearSoFar | None = None


def books() -> Books:
    """What the ledger has decided already."""
    known = evidence()
    return shared("books", (known.digest,), lambda: _books(known))


def _books(known: Evidence) -> Books:
    last = last_whole_year(known.as_of)
    means, _ = yearly_readings(known.events, ALIGNMENT.first_year, last)
    recent, years = means[-(RULE.memory_years - 1) :], range(ALIGNMENT.first_year, last + 1)
    return Books(
        needed=tuple(mean_needed(recent).tolist()),
        recent=tuple(recent.tolist()),
        booked=booked_share(recent),
        tone=float(tone(means)),
        means=tuple((year, mean) for year, mean in zip(years, means.tolist(), strict=True) if not math.isnan(mean)),
        so_far=read_ledger(known).so_far,
    )
