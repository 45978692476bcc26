"""The inverse question on the page: asked, answered beside it, applied by one click, and undone."""

import time

import pytest

from dashboard.cache import forecasts as cache
from dashboard.inverse import panel, searches
from models.inverse.search import Search
from tests.support.page.app import opened, ran, texts
from tests.support.page.widgets import widget

KEYS = ("rupture_hazard", "stickiness")


@pytest.fixture(autouse=True)
def few_levers(monkeypatch):
    """Two levers, neither of which needs a pass over the draws: what is tested is the page."""
    monkeypatch.setattr(searches, "Search", lambda **asked: Search(keys=KEYS, **asked))


def asked(app, chance: float):
    """Ask for a chance and wait for the answer."""
    widget(app.number_input, "inverse:chance").set_value(chance)
    app.button(key="inverse:ask").click()
    ran(app)
    run = app.session_state[panel.DESK].run
    assert run.wait(60)
    return ran(app), run


@pytest.fixture
def app():
    return opened(year="2029")


def test_asked_answered_applied_and_undone(app):
    app.session_state["inverse"] = True
    ran(app)
    start = app.session_state["account"].setting
    app, run = asked(app, 4.0)
    assert not run.error
    assert run.question.goal.horizon == 2029 - cache.forecast(start).reference_date.year
    assert "to reach 4.0 %?" in texts(app).replace("\u00a0", " ")
    best = run.alone.shifts[0]
    assert best.reached
    app.button(key="inverse:use:rupture_hazard").click()
    ran(app)
    setting = app.session_state["account"].setting
    assert setting == best.assumptions
    assert widget(app.slider, "slider:rupture_hazard").value == best.moves[0].end
    goal = run.question.goal
    assert cache.forecast(setting).probability(goal.target, goal.horizon, goal.outcome) == best.probability
    app.button(key="undo").click()
    ran(app)
    assert app.session_state["account"].setting == start


def test_a_moved_slider_makes_the_answer_one_of_before(app):
    app.session_state["inverse"] = True
    ran(app)
    app, _ = asked(app, 4.0)
    widget(app.slider, "slider:C01").set_value(2.0)
    ran(app)
    assert any("moved on" in warning.value for warning in app.warning)
    assert not [button for button in app.button if (button.key or "").startswith("inverse:use")]


def test_what_cannot_be_asked_is_told_in_its_place(app):
    app.session_state["inverse"] = True
    ran(app)
    widget(app.number_input, "inverse:chance").set_value(150.0)
    ran(app)
    assert any("expected 0.1 to 99.9" in error.value.replace("\\", "") for error in app.error)


def test_two_searches_a_server_and_a_stopped_one_ends(monkeypatch):
    started, free = [], []

    class Slow:
        now, there = 0.1, False

        def __init__(self, watch, **_):
            self.watch = watch

        def alone(self):
            started.append(self)
            while not free:
                self.watch.step(0.1, "Moving.")
                time.sleep(0.005)

    monkeypatch.setattr(searches, "Search", Slow)
    question = searches.Question(evidence=None, libraries=(), start=None, goal=None)
    runs = [searches.Run(question=question, key=index) for index in range(3)]
    for run in runs:
        run.begin()
    deadline = time.monotonic() + 10
    while "Waiting" not in "".join(run.message for run in runs) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert len(started) == searches.AT_ONCE
    for run in runs:
        run.cancel()
    assert all(run.wait(5) for run in runs)
    assert all("stopped" in run.error for run in runs)
