"""The nearest year-end in a compact card: its chances now, and how much of its year is seen already."""

from datetime import date

import streamlit as st

from dashboard.cache import forecasts as cache
from dashboard.cache import reference
from dashboard.cache.books import books
from dashboard.frame.page import plain
from dashboard.wording.forecast import needed_sentence
from dashboard.wording.glossary import define
from dashboard.wording.now import nowcast as words
from models.forecast.results import Forecast


def card(forecast: Forecast, today: date) -> None:
    """The four chances at the nearest year-end."""
    with st.container(border=True):
        st.markdown(plain(words.nowcast_headline(forecast.table, today)), help=define("nowcast"))
        st.markdown(f"**{plain(words.nowcast_line(forecast.table))}**")


def begun(forecast: Forecast) -> None:
    """What the nearest year-end rests on: the years before it, and what is seen of its own."""
    known, day = books(), forecast.reference_date
    year = int(words.nearest_readings(forecast.table)[0].date[:4])
    parts = [words.booked_sentence(known.booked)]
    if known.so_far is None:
        parts.insert(0, words.resolved_sentence(cache.history()[-1], day))
    else:
        parts.append(_seen(forecast))
    parts.append(needed_sentence(year, known.needed, known.recent, reference.today()))
    st.caption(plain(" ".join(filter(None, parts))), help=define("tone"))


def _seen(forecast: Forecast) -> str:
    """Rows seen beside rows expected, with the start-of-year answer where they are few; a warning stands apart."""
    seen, day = books().so_far, forecast.reference_date
    if late := words.late_sentence(seen.rows, seen.expected):
        st.badge("Few acts seen for this day of the year", color="orange", icon=":material/hourglass_top:")
    start = cache.start_of_year(forecast) if seen.rows < words.LEAST_ROWS else None
    thin = words.thin_sentence(seen.rows, start.table if start else None)
    rows = words.rows_sentence(seen.rows, seen.mean, seen.expected, seen.usual, day)
    return " ".join(filter(None, (rows, late, thin)))
