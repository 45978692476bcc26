"""What has changed since the last forecast that the project published, or the reader saved, at the defaults."""

from contextlib import suppress

from streamlit.delta_generator import DeltaGenerator

from dashboard.cache import reference, shelves
from dashboard.frame import page as frame
from dashboard.wording.forecast import outlook
from dashboard.wording.saved.course import day_of
from dashboard.wording.saved.since import since_sentence
from data.days import horizons_from, year_end
from models.errors import RecordError
from models.names import MODEL_MIXTURE, TARGET_STATE
from models.outcome.rule import RULE
from models.published.owners import OWN, PROJECT
from models.record.entries import LIVE, SavedForecast


def show(place: DeltaGenerator, horizon: int) -> None:
    """One sentence about a year-end at the defaults; nothing where no saved forecast speaks about it."""
    if (last := last_about(horizon)) is None:
        return
    now, (owner, saved) = frame.default_forecast(), last
    day = year_end(now.reference_date, horizon)
    at = horizons_from(saved.reference_date).index(day.year - saved.reference_date.year)
    before = saved.published[MODEL_MIXTURE][TARGET_STATE][at]
    words = since_sentence(owner, day_of(saved.saved_at), before, outlook(now.table, horizon))
    place.markdown(frame.plain(words))


def last_about(horizon: int) -> tuple[str, SavedForecast] | None:
    """The newest live forecast at the defaults that speaks about a year-end, the project's first, and whose it is."""
    own = reference.evidence().as_of
    day = year_end(own, horizon)
    for owner in (PROJECT, OWN):
        last = _last(owner)
        if last is not None and day.year - last.reference_date.year in horizons_from(last.reference_date):
            return owner, last
    return None


def _last(owner: str) -> SavedForecast | None:
    """The newest live forecast of a record with every assumption at its default; None where none can be read."""
    with suppress(RecordError):
        saved = shelves.shelf(owner).listing.forecasts
        plain = (one for one in saved if one.counts_as == LIVE and not one.changed and one.rule == RULE.digest)
        return max(plain, key=lambda one: one.saved_at, default=None)
    return None
