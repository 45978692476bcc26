"""The Ask page under AppTest: find a signpost, suppose it, move a slider, make it happen, take it away, links."""

from datetime import date

import pytest

from dashboard.cache import forecasts as cache
from dashboard.cache import reference
from dashboard.frame import page as frame
from dashboard.refits.jobs import Refits
from data.load import load_evidence
from models.library.library import Library
from models.storage.home import HOME_VARIABLE
from tests.support.page.app import opened, ran, texts
from tests.support.page.widgets import widget
from tests.support.programs.fake_worker import fake_command
from tests.support.values.factories import synthetic_library

DAY = date(2026, 10, 8)


@pytest.fixture(scope="module")
def library() -> Library:
    """Small, and of the newest evidence."""
    return synthetic_library(load_evidence(DAY), samples=80)


@pytest.fixture(autouse=True)
def small(tmp_path, monkeypatch, library):
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    monkeypatch.setattr(reference, "newest", lambda: DAY)
    monkeypatch.setattr(cache, "committed_library", lambda _: library)
    runner = Refits(tmp_path, fake_command("wait"))  # settings far from the few draws ask for refits by themselves
    monkeypatch.setattr(cache, "refits", lambda: runner)
    for module in (cache, frame):
        monkeypatch.setattr(module, "fitted_dates", lambda: (DAY,))
    cache._library.clear()
    yield
    cache._library.clear()
    runner.close()


def asked(**link: str):
    """The page, opened by a link."""
    app = opened(**link)
    app.switch_page("app_pages/ask.py")
    return ran(app)


def metrics(app) -> dict[str, str]:
    return {metric.label: metric.value for metric in app.metric}


def test_a_signpost_is_found_supposed_and_taken_away():
    app = asked()
    assert not app.error
    assert "Nothing yet" in texts(app)
    before = metrics(app)["Chance of a recorded yes"]
    app.text_input(key="ask:text").set_value("antisatellite")
    ran(app)
    questions = widget(app.radio, "signpost")
    assert len(questions.options) == 1
    app.text_input(key="ask:text").set_value("")
    widget(ran(app).radio, "signpost").set_value("S03")
    ran(app)
    assert app.query_params == {"signpost": "S03"}
    app.button(key="pin:yes").click()
    ran(app)
    assert app.query_params == {"signpost": "S03", "pin": "S03=yes"}
    assert metrics(app)["Chance of a recorded yes"] == "supposed: yes" != before
    assert "Chance of what you suppose" in texts(app)
    app.button(key="undo").click()
    assert "Nothing yet" in texts(ran(app))
    app.button(key="redo").click()
    ran(app).button(key="away").click()
    assert "Nothing yet" in texts(ran(app))
    assert app.query_params == {"signpost": "S03"}


def test_a_slider_moves_what_follows_and_the_pins_stay():
    app = asked(pin="S03=yes", regimes_weight="0")  # which has too few draws here for numbers of its own
    before = metrics(app)
    widget(app.slider, "slider:outside_view_weight").set_value(0.0)
    ran(app)
    assert app.query_params["pin"] == "S03=yes"
    assert metrics(app) != before
    app.button(key="undo").click()
    assert metrics(ran(app)) == before


def test_an_act_stands_beside_the_same_act_observed():
    app = asked(do="S09@2027", signpost="S09")
    assert "Hearing that S09 came true by the end of 2029" in texts(app)
    assert "Made to happen in 2027" in texts(app)
    app.button(key="away:S09@2027").click()
    assert "Hearing that" not in texts(ran(app))


def test_what_cannot_be_asked_is_told_and_the_rest_answered():
    app = asked(pin="S14=yes")
    assert "Not asked" in texts(app)
    assert "answers already" in texts(app)
    assert app.query_params["pin"] == "S14=yes"
    assert "Nothing yet" in texts(app)
    assert "expected a signpost and its answer" in asked(pin="peace").warning[0].value


def test_other_pages_say_that_their_numbers_suppose_nothing():
    app = opened()
    published = metrics(app)
    app = opened(pin="S03=yes")
    assert "You suppose S03 yes" in texts(app)
    assert "Given what you suppose" in texts(app)
    shown = [metric.value for metric in app.metric]
    assert shown[:4] == list(published.values())[:4]
    app.button(key="away").click()
    assert "You suppose" not in texts(ran(app))


def test_a_claim_leads_to_its_signposts_and_back():
    app = opened()
    app.switch_page("app_pages/assumptions.py")
    ran(app)
    widget(app.segmented_control, "group").set_value("rupture")
    ran(app).button(key="signposts:C08").click()
    ran(app)
    assert app.title[0].value == "Ask"
    cards = widget(app.radio, "signpost").options
    assert 0 < len(cards) < 8
    app.button(key="to-claim").click()
    ran(app)
    assert app.title[0].value == "Assumptions"
    assert app.session_state["account"].view.group == "rupture"
