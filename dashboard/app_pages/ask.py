"""The Ask page: a chance for every signpost, what follows if it comes true, and which answer would teach most."""

from collections.abc import Callable

import streamlit as st

from dashboard.ask import card, driver, given, listing, making, overview
from dashboard.ask.supposed import supposed
from dashboard.cache import asked
from dashboard.cache import forecasts as cache
from dashboard.forecast import trust
from dashboard.frame import page as frame
from dashboard.settings import controls, looks
from dashboard.tables.asked import signpost_rows
from models.errors import MissingFitError
from models.forecast.results import Forecast


def _page() -> Callable[[], None] | None:
    wanted = cache.forecast(controls.current())
    forecast = trust.shown(wanted)
    try:
        asked.board(forecast)
    except MissingFitError as error:
        st.info(frame.plain(str(error)), icon=":material/event_busy:")
        return trust.show(wanted)
    horizon, place = looks.horizon_selector(forecast.reference_date), st.container()
    _questions(forecast, horizon)
    with place if not wanted.status.sure else st.container():
        return trust.show(wanted)


def _questions(forecast: Forecast, horizon: int) -> None:
    year, now = forecast.reference_date.year + horizon, supposed(forecast)
    given.panel(forecast, now, horizon)
    making.show(forecast, now, year)
    titles = {claim.id: claim.title for claim in cache.evidence_of(forecast).claims}
    values, before = asked.worth(forecast, year, now.pins), asked.chances(forecast)
    rows = signpost_rows(asked.board(forecast).open, asked.chances(forecast, now.pins), before, values, titles)
    overview.head(forecast, values, year)
    left, right = st.columns([5, 6], gap="medium")
    with left:
        signpost = listing.chosen(rows, given.QUESTIONS)
    if signpost:
        with right:
            opened = card.Card(signpost=signpost, forecast=forecast, given=now, year=year)
            range_place = card.show(opened, titles)
    overview.ranking(rows, values, year)
    paths = st.container()
    overview.rest(forecast, now, year)
    if signpost:
        card.fill(range_place, opened)
    with paths, frame.shown_errors():  # last: it simulates for a second or two
        driver.show(forecast, horizon)


frame.title("Ask", "How likely is it, what if it happens, and which answer would teach most?")
frame.live(_page)
