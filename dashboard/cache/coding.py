"""How the ledger was coded, read and computed once a server: both readings, second pages, agreement, the searches."""

from collections.abc import Mapping

import streamlit as st

from dashboard.cache.forecasts import whole_ledger
from data.publication import PublicationLag, load_lags
from data.readings import Reading, load_readings
from data.receipts import DATA_FOLDER
from data.second_sources import SecondSource, read_second_sources
from models.coding.agreement import Agreement, agreements
from models.coding.searches import Pull, SearchTally, pulls, search_tallies


def readings() -> tuple[Reading, ...]:
    """Both codings of every row; the files are read once a program."""
    return load_readings()


@st.cache_resource(max_entries=1, show_spinner=False)
def second_pages() -> Mapping[str, tuple[SecondSource, ...]]:
    """Independent second pages by the row that they support."""
    pages: dict[str, tuple[SecondSource, ...]] = {}
    for _, page in read_second_sources(DATA_FOLDER):
        pages[page.id] = (*pages.get(page.id, ()), page)
    return pages


@st.cache_resource(max_entries=1, show_spinner=False)
def publication_lags() -> Mapping[str, PublicationLag]:
    """After how many months each file's figures are known, and why."""
    return load_lags(DATA_FOLDER, {indicator.file for indicator in whole_ledger().indicators.values()})


@st.cache_resource(max_entries=1, show_spinner="Comparing two codings of every row.")
def agreement() -> tuple[Agreement, ...]:
    """Krippendorff's alpha by column, domain and search."""
    return agreements(readings())


@st.cache_resource(max_entries=1, show_spinner=False)
def searches() -> tuple[tuple[SearchTally, ...], tuple[Pull, ...]]:
    """What the second search added to the first."""
    ledger = [event for event in whole_ledger().events if not event.reserve]
    return search_tallies(ledger, readings()), pulls(ledger, readings())
