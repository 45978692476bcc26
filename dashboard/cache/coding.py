"""How the ledger was coded, read and computed once a server: both readings, second pages, agreement, the searches."""

from collections.abc import Mapping

import streamlit as st

from dashboard.cache.forecasts import shared, whole_ledger
from data.publication import PublicationLag, load_lags
from data.readings import Reading, load_readings
from data.receipts import DATA_FOLDER
from data.second_sources import SecondSource, read_second_sources
from models.coding.agreement import Agreement, agreements
from models.coding.searches import Pull, SearchTally, pulls, search_tallies


def readings() -> tuple[Reading, ...]:
    """Both codings of every row; the files are read once a program."""
    return load_readings()


def second_pages() -> Mapping[str, tuple[SecondSource, ...]]:
    """Independent second pages by the row that they support."""

    def make() -> Mapping[str, tuple[SecondSource, ...]]:
        pages: dict[str, tuple[SecondSource, ...]] = {}
        for _, page in read_second_sources(DATA_FOLDER):
            pages[page.id] = (*pages.get(page.id, ()), page)
        return pages

    return shared("second pages", (whole_ledger().digest,), make)


def publication_lags() -> Mapping[str, PublicationLag]:
    """After how many months each file's figures are known, and why."""
    ledger = whole_ledger()
    files = {indicator.file for indicator in ledger.indicators.values()}
    return shared("publication lags", (ledger.digest,), lambda: load_lags(DATA_FOLDER, files))


def agreement() -> tuple[Agreement, ...]:
    """Krippendorff's alpha by column, domain and search."""
    with st.spinner("Comparing two codings of every row."):
        return shared("agreement", (whole_ledger().digest,), lambda: agreements(readings()))


def searches() -> tuple[tuple[SearchTally, ...], tuple[Pull, ...]]:
    """What the second search added to the first."""
    whole = whole_ledger()
    ledger = [event for event in whole.events if not event.reserve]
    key = (whole.digest,)
    return shared("searches", key, lambda: (search_tallies(ledger, readings()), pulls(ledger, readings())))
