"""What has changed since the last forecast that the project published, or the reader saved, at the defaults."""

from contextlib import suppress

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.cache import reference, shelves
from dashboard.frame import page as frame
from dashboard.record import pair
from dashboard.wording.forecast import outlook
from dashboard.wording.saved.course import day_of
from dashboard.wording.saved.since import since_sentence
from data.days import horizons_from, year_end
from models.errors import RecordError
from models.names import MODEL_MIXTURE, TARGET_STATE
from models.outcome.rule import RULE
from models.published.owners import OWN, PROJECT
from models.record.entries import LIVE, SavedForecast

WHY = "What changed, and why"


def show(place: DeltaGenerator, horizon: int) -> None:
    """One sentence about a year-end of the forecast at the defaults, and the way to what lies behind it; nothing where
    no saved forecast speaks about that day."""
    now = frame.default_forecast()
    day = year_end(now.reference_date, horizon)
    for owner in (PROJECT, OWN):
        last = _last(owner)
        if last is None or (ahead := day.year - last.reference_date.year) not in horizons_from(last.reference_date):
            continue
        before = last.published[MODEL_MIXTURE][TARGET_STATE][horizons_from(last.reference_date).index(ahead)]
        words = since_sentence(owner, day_of(last.saved_at), before, outlook(now.table, horizon), reference.today())
        with place.container(horizontal=True, vertical_alignment="center"):
            st.caption(frame.plain(words), width="content")
            pressed = st.button(
                "What changed, and why", key="since:why", type="tertiary", on_click=pair.choose, args=(last.digest,)
            )
        if pressed:
            st.switch_page("app_pages/record.py")
        return


def _compare(digest: str) -> None:
    """Callback: the comparison with what is on the sliders, on the record's page."""
    pair.choose(digest)
    st.switch_page("app_pages/record.py")


def _last(owner: str) -> SavedForecast | None:
    """The newest live forecast of a record with every assumption at its default; None where none can be read."""
    with suppress(RecordError):
        saved = shelves.shelf(owner).listing.forecasts
        plain = (one for one in saved if one.counts_as == LIVE and not one.changed and one.rule == RULE.digest)
        return max(plain, key=lambda one: one.saved_at, default=None)
    return None
