"""The form for news: looked at before anything runs, followed while it runs, and for nobody but this machine."""

from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.cache import reference
from dashboard.roles import people
from dashboard.server import reach
from dashboard.update import panel
from dashboard.update.process import Asked, Run
from data.receipts import DATA_FOLDER
from models.update.project import Project


class Recorded:
    """Runs that are asked for and never made."""

    def __init__(self, run: Run | None = None) -> None:
        self.run, self.asked, self.cancelled = run, [], []

    def newest(self) -> Run | None:
        return self.run

    def start(self, asked: Asked) -> None:
        self.asked.append(asked)

    def cancel(self, run: Run) -> None:
        self.cancelled.append(run)


def page() -> None:
    from dashboard.update import panel

    panel.show()


@pytest.fixture
def updates(monkeypatch):
    recorded = Recorded()
    monkeypatch.setattr(panel, "updates", lambda: recorded)
    monkeypatch.setattr(panel, "project", lambda: Project(data=DATA_FOLDER))
    monkeypatch.setattr(reference, "today", lambda: date(2026, 11, 28))
    return recorded


def drawn() -> AppTest:
    app = AppTest.from_function(page, default_timeout=60).run()
    assert not app.exception
    return app


def looked_at(until: date) -> AppTest:
    app = drawn()
    app.date_input(key="update:until").set_value(until)
    app.run()
    app.button(key="update:look").click()
    return app.run()


def run_of(**other: object) -> Run:
    return Run(**({"folder": DATA_FOLDER, "alive": True, "dry": False, "done": 0.4, "message": "Sampling."} | other))


def test_nothing_is_looked_at_without_a_day(updates):
    assert drawn().button(key="update:look").disabled
    assert updates.asked == []


def test_a_search_that_found_nothing_is_looked_at_and_then_put_in_force(updates):
    app = looked_at(date(2026, 11, 28))
    assert "searched to 2026-11-28, which becomes the reference date" in app.markdown[0].value.replace("\\", "")
    assert updates.asked == []
    app.text_input(key="update:author").set_value("A. Reader").run()
    app.text_input(key="update:note").set_value("November").run()
    app.button(key="update:go").click().run()
    (asked,) = updates.asked
    assert (asked.rows, asked.searched_until, asked.dry) == (b"", date(2026, 11, 28), False)
    assert (asked.author, asked.note) == ("A. Reader", "November")


def test_another_day_must_be_looked_at_anew(updates):
    app = looked_at(date(2026, 11, 28))
    app.date_input(key="update:until").set_value(date(2026, 11, 27))
    assert not [one for one in app.run().button if one.key == "update:go"]
    app.button(key="update:look").click()
    app.run().button(key="update:dry").click().run()
    assert [(asked.searched_until, asked.dry) for asked in updates.asked] == [(date(2026, 11, 27), True)]


def test_a_run_is_followed_and_can_be_cancelled(updates):
    updates.run = run_of(phase="sampling", output="rows read")
    app = drawn()
    assert not app.date_input
    app.button(key="update:cancel").click().run()
    assert updates.cancelled == [updates.run]


@pytest.mark.parametrize(
    ("how", "told"),
    [
        ({"phase": "done", "message": "Done."}, "The update is in force."),
        ({"phase": "done", "message": "Done.", "dry": True}, "Nothing was changed."),
        ({"phase": "failed", "message": "events.csv, row 3: wrong"}, "The update stopped. events.csv, row 3: wrong"),
        ({"phase": "", "message": "It ended without a word."}, "The update stopped. It ended without a word."),
    ],
)
def test_how_a_run_ended_stands_above_the_form(updates, how, told):
    updates.run = run_of(alive=False, output="", **how)
    app = drawn()
    (said,) = (*app.success, *app.warning)
    assert told in said.value.replace("\\", "")
    assert app.date_input


@pytest.mark.usefixtures("updates")
def test_others_than_this_machine_are_told_the_command(monkeypatch):
    monkeypatch.setattr(people, "is_for_this_machine", lambda _: False)
    app = drawn()
    assert not app.button
    assert "You may not change the evidence" in app.caption[0].value
    assert "python -m models evidence update" in app.caption[1].value


@pytest.mark.parametrize(
    ("address", "names", "headers", "own"),
    [
        ("127.0.0.1", ["localhost", "127.0.0.1"], {}, True),
        ("0.0.0.0", ["localhost"], {}, False),
        ("127.0.0.1", ["localhost", "forecast.example"], {}, False),
        ("127.0.0.1", [], {}, False),
        ("127.0.0.1", ["localhost"], {"x-forwarded-for": "192.0.2.1"}, False),
    ],
)
def test_only_a_server_that_nobody_else_reaches_is_for_this_machine(monkeypatch, address, names, headers, own):
    options = {"server.address": address, "server.allowedHosts": names}
    monkeypatch.setattr(reach.config, "get_option", options.__getitem__)
    assert reach.is_for_this_machine(headers) is own
