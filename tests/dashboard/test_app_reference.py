"""The page from any reference date: inside a year, on a former one, on a day without a fit, and after an update."""

from datetime import date

import pytest

from dashboard.cache import forecasts as cache
from dashboard.cache import reference
from dashboard.frame import page as frame
from dashboard.refits.jobs import Refits
from dashboard.wording.now import nowcast
from data.load import load_evidence
from models.errors import MissingFitError
from models.storage.home import HOME_VARIABLE
from tests.support.page.app import opened, ran, texts
from tests.support.page.widgets import widget
from tests.support.programs.fake_worker import fake_command
from tests.support.values.factories import synthetic_library

INSIDE, YEAR_END, LATER = date(2026, 10, 8), date(2025, 12, 31), date(2026, 10, 20)


@pytest.fixture(scope="module")
def libraries():
    """Synthetic ones, by the digest of their evidence."""
    return {load_evidence(day).digest: synthetic_library(load_evidence(day), samples=80) for day in (INSIDE, YEAR_END)}


@pytest.fixture(autouse=True)
def inside_a_year(tmp_path, monkeypatch, libraries):
    """The newest evidence ends inside a year; the last year-end has a fit too."""
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    monkeypatch.setattr(reference, "newest", lambda: INSIDE)
    monkeypatch.setattr(cache, "committed_library", lambda known: libraries[known.digest])
    runner = Refits(tmp_path, fake_command("wait"))  # settings far from the few draws ask for refits by themselves
    monkeypatch.setattr(cache, "refits", lambda: runner)
    for module in (cache, frame):
        monkeypatch.setattr(module, "fitted_dates", lambda: (YEAR_END, INSIDE))
    cache._library.clear()
    yield
    runner.close()
    cache._library.clear()


def test_inside_a_year_the_nearest_year_end_is_a_nowcast_with_its_rows_beside():
    app = opened()
    app.session_state["more"] = True
    told = texts(ran(app))
    assert "Nowcast for 31 December 2026, in 5 weeks**: deeper" in told
    assert "23 acts of 2026 seen up to 8 October 2026 (mean intensity +4.3)" in told
    assert "the last years had about 33 by that day and 43 in all" in told
    assert "The next full year, 2027: mean intensity" in told
    assert "searched up to 8 October 2026, 7 weeks ago." in told


def test_another_reference_date_is_chosen_said_and_left_again():
    app = opened()
    widget(app.selectbox, "as_of").set_value(YEAR_END)
    ran(app)
    assert app.query_params == {"as_of": "2025-12-31"}
    assert "You look from 31 December 2025, 11 months ago" in app.info[0].value.replace("\\", "")
    assert "Nearest year-end, 31 December 2026, in 5 weeks" in texts(app)
    assert widget(app.segmented_control, "years:2026").value == 2028
    app.button(key=f"as-of:{INSIDE}").click()
    assert "Nowcast for 31 December 2026" in texts(ran(app))
    assert app.query_params == {}


def test_the_same_calendar_year_is_looked_at_from_another_day():
    app = opened(year="2030")
    assert app.query_params == {"year": "2030"}
    widget(app.selectbox, "as_of").set_value(YEAR_END)
    assert "at the end of 2030" in texts(ran(app))
    assert app.query_params == {"year": "2030", "as_of": "2025-12-31"}


def test_a_year_end_that_has_come_is_a_hindcast(monkeypatch):
    monkeypatch.setattr(reference, "today", lambda: date(2027, 2, 1))
    app = opened(year="2026")
    told = texts(app)
    assert "31 December 2026 has come. As of 8 October 2026 the likeliest was" in told
    assert "◇ Hindcast: 31 December 2026 has come." in told
    assert "◇ Hindcast of 31 December 2026" in told
    assert "2026 ◇ hindcast" in widget(app.segmented_control, "years:2026").options


def test_a_day_without_a_fit_says_how_to_make_one_and_where_else_to_look(monkeypatch):
    def missing(known):
        raise MissingFitError(f"no library for {known.as_of}")

    monkeypatch.setattr(cache, "committed_library", missing)
    app = opened(as_of="2026-06-30")
    assert "no library for 2026-06-30" in app.error[0].value.replace("\\", "")
    assert "python -m models library fit --as-of 2026-06-30" in texts(app)
    monkeypatch.undo()
    assert {button.key for button in app.button} >= {f"as-of:{INSIDE}", f"as-of:{YEAR_END}"}


def test_few_rows_bring_the_answer_at_the_start_of_the_year(monkeypatch):
    monkeypatch.setattr(nowcast, "LEAST_ROWS", 100)
    app = opened()
    app.session_state["more"] = True
    told = texts(ran(app))
    assert "Thin: so few acts" in told
    assert "As of 31 December 2025 the answer was: deeper " in told


def test_an_update_that_comes_meanwhile_draws_the_whole_page_anew(monkeypatch, libraries):
    app = opened()
    fresh = synthetic_library(load_evidence(LATER), samples=80)
    libraries[load_evidence(LATER).digest] = fresh
    monkeypatch.setattr(reference, "newest", lambda: LATER)
    widget(app.slider, "slider:C01").set_value(1.7)
    assert "searched up to 20 October 2026" in texts(ran(app))
    assert app.query_params["C01"] == "1.70"
