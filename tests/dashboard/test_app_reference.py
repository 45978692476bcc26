"""The page from any reference date: inside a year, on a former one, on a day without a fit, and after an update."""

from datetime import date

import pytest

from dashboard.cache import forecasts as cache
from dashboard.cache import reference
from dashboard.frame import page as frame
from data.load import load_evidence
from models.storage.home import HOME_VARIABLE
from tests.support.page.app import opened, texts
from tests.support.values.factories import synthetic_library

INSIDE, YEAR_END = date(2026, 10, 8), date(2025, 12, 31)


@pytest.fixture(scope="module")
def libraries():
    return {load_evidence(day).digest: synthetic_library(load_evidence(day), samples=80) for day in (INSIDE, YEAR_END)}


@pytest.fixture(autouse=True)
def inside_a_year(tmp_path, monkeypatch, libraries):
    """The newest evidence ends inside a year; the last year-end has a fit too."""
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    monkeypatch.setattr(reference, "newest", lambda: INSIDE)
    monkeypatch.setattr(cache, "committed_library", lambda known: libraries[known.digest])
    for module in (cache, frame):
        monkeypatch.setattr(module, "fitted_dates", lambda: (YEAR_END, INSIDE))
    cache._library.clear()
    yield
    cache._library.clear()


def test_inside_a_year_the_nearest_year_end_is_a_nowcast_with_its_rows_beside():
    told = texts(opened())
    assert "Nowcast for 31 December 2026, in 5 weeks: " in told
    assert "acts of 2026 seen up to 8 October 2026; of the last years 33 would be expected by then, 43 in" in told
    assert "The next full year, 2027: mean intensity" in told
    assert "searched up to 8 October 2026, 7 weeks ago." in told
