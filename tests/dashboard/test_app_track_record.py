"""The Track record page under AppTest: empty, replayed, disputed, and without a record."""

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.cache import forecasts as cache
from dashboard.cache import store
from dashboard.refits.jobs import Refits
from dashboard.track import data, questions
from data.days import last_whole_year
from data.editions.edition import newest_edition
from models.outcome.signpost_list import SIGNPOSTS
from models.record.database import RECORD_VARIABLE
from models.record.entries import Draft
from models.record.store import Record
from models.storage.home import HOME_VARIABLE
from models.track import replay
from models.track.replay import ORIGINS
from tests.support.page.app import APP
from tests.support.programs.clock import NOW, stop_the_clock
from tests.support.programs.fake_worker import fake_command
from tests.support.values.saved import archived


@pytest.fixture(autouse=True)
def own_record(tmp_path, monkeypatch):
    """Keep the record out of the user's folder, and the day where it is."""
    stop_the_clock(monkeypatch, data, questions)
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    monkeypatch.setenv(RECORD_VARIABLE, str(tmp_path / "record.db"))
    runner = Refits(tmp_path, fake_command("wait"))
    monkeypatch.setattr(cache, "refits", lambda: runner)
    store.forget()
    yield tmp_path / "record.db"
    runner.close()


def opened() -> AppTest:
    app = AppTest.from_file(APP, default_timeout=120)
    app.switch_page("app_pages/track_record.py")
    return ran(app)


def ran(app: AppTest) -> AppTest:
    app.run()
    assert not app.exception, app.exception
    return app


def looked_at(app: AppTest, title: str) -> AppTest:
    box = app.selectbox(key="track:question")
    box.set_value(next(one for one in box.options if one.startswith(title)))
    return ran(app)


def texts(elements) -> str:
    return " ".join(str(element.value) for element in elements)


def test_an_empty_record_says_what_that_means_and_replay_fills_the_other_section(monkeypatch, own_record):
    monkeypatch.setattr(replay, "read_archive", lambda: archived(*ORIGINS[-2:]))
    app = opened()
    assert "No live forecast is in the record" in texts(app.markdown)
    assert [one.value for one in app.metric] == ["0"] * 4
    assert "No hindcast is saved in this record" in texts(app.info)
    assert "simple rules, in" in texts(app.markdown)  # the archived backtest speaks of the method all the same
    app.button(key="track:replay").click()
    assert "40 entries into this server’s record that cannot be taken out" in texts(ran(app).markdown)
    app.button(key="track:replay:cancel").click()
    assert "track:replay:go" not in {one.key for one in ran(app).button}
    app.button(key="track:replay").click()
    ran(app)
    app.button(key="track:replay:go").click()
    ran(app)
    assert "2 hindcasts were saved and 2 answers written." in texts(app.success)
    assert "No live forecast is in the record" in texts(app.markdown)  # a replay is no foresight
    assert [one.value for one in app.metric] == ["0"] * 4
    assert "These are hindcasts" in texts(app.markdown)
    assert "Lower scores are better." in texts(app.markdown)
    app.toggle(key="replays").set_value(False)
    ran(app)
    assert "These are hindcasts" not in texts(app.markdown)
    assert "2 replayed hindcasts are in the record" in texts(app.info)
    app.toggle(key="replays").set_value(True)
    ran(app)
    with Record.open(str(own_record)) as record:
        assert {one.kind for one in record.forecasts()} == {"hindcast"}

    looked_at(app, "State at the end of 2024")
    assert "Decisive rows of the ledger" in texts(app.markdown)
    app.text_input(key="track:author").set_value("Ada")
    app.text_area[0].set_value("The deciding row was withdrawn.")
    next(one for one in app.button if one.label == "Dispute this answer").click()
    ran(app)
    assert "not scored until it is settled" in texts(app.success)
    with Record.open(str(own_record)) as record:
        last = record.resolutions()[-1]
        assert (last.subject, last.status, last.author) == ("2024", "disputed", "Ada")
    looked_at(app, "State at the end of 2024")
    assert "settled on the command line" in texts(app.markdown)
    assert "OUTCOME is one of rupture, strain, transactional, deeper" in texts(app.markdown).replace("\\", "")
    assert "python -m models track settle 2024 --outcome OUTCOME --author" in texts(app.code)
    assert not [
        one for one in (*app.button, *app.expander, *app.selectbox) if "ettle" in one.label or "counts" in one.label
    ]
    assert not app.text_area


def test_a_live_forecast_waits_for_its_days(own_record):
    as_of = newest_edition().as_of
    past = sum(signpost.deadline <= as_of for signpost in SIGNPOSTS)
    due = past + 2 * sum(year <= last_whole_year(as_of) for year in range(2024, 2029))  # state and mean of each year
    snapshot = archived(*ORIGINS[-2:])[2023]
    with Record.open(str(own_record), clock=lambda: NOW) as record:
        record.save(Draft(name="<b>Mine</b>", author="Ada"), snapshot)
    app = opened()
    told = texts(app.markdown)
    assert "No live forecast has been resolved yet" in told
    days = dict(zip((one.label for one in app.metric), (one.value for one in app.metric), strict=True))
    assert int(days["Open"]) >= 1
    assert int(days["Resolved"]) == 0
    ready = next(one for one in app.button if one.key == "track:resolve")
    assert ready.label == f"Resolve {due} due questions"
    ready.click()
    ran(app)
    assert f"{due} questions were resolved." in texts(app.success)


def test_without_a_record_the_page_says_so(tmp_path, monkeypatch):
    monkeypatch.setenv(RECORD_VARIABLE, str(tmp_path / "no" / "such" / "folder" / "record.db"))
    (tmp_path / "no").write_text("a file in the way")
    store.forget()
    app = opened()
    assert "The record cannot be used now" in texts(app.error)
