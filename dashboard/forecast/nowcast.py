"""What lies nearer than the answer: the nearest year-end in a card, the next full year, and what they rest on."""

from datetime import date

import streamlit as st

from dashboard.cache import checks as archive
from dashboard.cache import forecasts as cache
from dashboard.cache import reference
from dashboard.cache.books import books
from dashboard.frame.page import plain
from dashboard.wording.forecast import needed_sentence
from dashboard.wording.glossary import define
from dashboard.wording.now import nowcast as words
from dashboard.wording.year_mean import cuts_sentence, first_full, words_line, year_headline, year_outlooks
from models.forecast.results import Forecast
from models.outcome.rule import RULE
from models.verdicts.mid_year import narrow_sentence
from models.verdicts.studies import MID_YEAR


def card(forecast: Forecast, today: date) -> None:
    """The four chances at the nearest year-end."""
    with st.container(border=True, key="nowcast"):
        head = f"**{plain(words.nowcast_headline(forecast.table, today))}**"
        st.markdown(f"{head}: {plain(words.nowcast_line(forecast.table))}", help=define("nowcast"))


def year(forecast: Forecast, today: date) -> None:
    """What the next full year may bring by itself."""
    if years := year_outlooks(forecast.table):
        coming = first_full(years, forecast.reference_date)
        told = f"{year_headline(coming, today)}. {words_line(coming)}. {cuts_sentence(books().tone, RULE.word_cuts)}"
        st.markdown(plain(told), help=define("year mean"))


def narrow(forecast: Forecast) -> str:
    """That years which had begun turned out outside their ranges, where the backtest found so; else empty."""
    study = archive.study(MID_YEAR)
    return narrow_sentence(study.tables["coverage"], forecast.reference_date) if study.tables else ""


def begun(forecast: Forecast) -> None:
    """What the nearest year-end rests on: the years before it, and what is seen of its own."""
    known, day = books(), forecast.reference_date
    year = int(words.nearest_readings(forecast.table)[0].date[:4])
    parts = [words.booked_sentence(known.booked)]
    if known.so_far is None:
        parts.insert(0, words.resolved_sentence(cache.history()[-1], day))
    else:
        parts.append(_seen(forecast))
    parts += [needed_sentence(year, known.needed, known.recent, reference.today()), narrow(forecast)]
    st.markdown(plain(" ".join(filter(None, parts))), help=define("tone"))


def few() -> None:
    """A warning where fewer acts are seen than one expects by that day; it may not be folded away."""
    seen = books().so_far
    if seen is not None and words.late_sentence(seen.rows, seen.expected):
        st.badge("Few acts seen for this day of the year", color="orange", icon=":material/hourglass_top:")


def _seen(forecast: Forecast) -> str:
    """Rows seen beside rows expected, with the start-of-year answer where they are few."""
    seen, day = books().so_far, forecast.reference_date
    late = words.late_sentence(seen.rows, seen.expected)
    start = cache.start_of_year(forecast) if seen.rows < words.LEAST_ROWS else None
    thin = words.thin_sentence(seen.rows, start.table if start else None)
    rows = words.rows_sentence(seen.rows, seen.mean, seen.expected, seen.usual, day)
    return " ".join(filter(None, (rows, late, thin)))
