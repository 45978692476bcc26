"""The project's own forecasts under AppTest: shown read-only beside the reader's record, and refused once altered."""

from datetime import UTC, date, datetime

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.cache import forecasts as cache
from dashboard.cache import shelves, store
from dashboard.refits.jobs import Refits
from data.load import load_evidence
from models.published.place import ProjectRecord
from models.published.publishing import publish
from models.record.database import RECORD_VARIABLE
from models.record.entries import Draft
from models.record.store import Record
from models.snapshot.value import Snapshot
from models.storage.home import HOME_VARIABLE
from tests.support.page.app import APP
from tests.support.programs.fake_worker import fake_command
from tests.support.values.factories import synthetic_library, synthetic_snapshot
from tests.support.values.projects import new_project


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    evidence = load_evidence(date(2025, 12, 31))
    return synthetic_snapshot(evidence, synthetic_library(evidence, samples=80))


@pytest.fixture
def project(tmp_path, monkeypatch, snapshot) -> ProjectRecord:
    """A project with one forecast, and a reader whose record is empty."""
    made = new_project(tmp_path, lambda: datetime(2026, 2, 1, tzinfo=UTC))
    publish(made, snapshot, "The authors", "The first of all.")
    monkeypatch.setattr(shelves, "project", lambda: made)
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    monkeypatch.setenv(RECORD_VARIABLE, str(tmp_path / "record.db"))
    runner = Refits(tmp_path, fake_command("wait"))
    monkeypatch.setattr(cache, "refits", lambda: runner)
    store.forget()
    yield made
    runner.close()


def opened(page: str, **link: str) -> AppTest:
    app = AppTest.from_file(APP, default_timeout=240)
    for key, text in link.items():
        app.query_params[key] = text
    app.switch_page(f"app_pages/{page}.py")
    return ran(app)


def ran(app: AppTest) -> AppTest:
    app.run()
    assert not app.exception, app.exception
    return app


def texts(elements) -> str:
    return " ".join(str(element.value) for element in elements)


def whose(app: AppTest):
    return next(one for one in app.button_group if one.key == "whose")


def authors(app: AppTest) -> list[str]:
    return [name for frame in app.dataframe if "Author" in frame.value for name in frame.value["Author"]]


def test_a_reader_with_an_empty_record_sees_the_projects_and_its_own_is_one_switch_away(project):
    app = opened("record")
    assert authors(app) == ["The authors"]
    assert "1 of them forecasts, all verified" in " ".join(one.label for one in app.expander)
    with project.read() as file:
        assert file.head[1] in texts(app.code)
    whose(app).set_value("own")
    assert "Nothing has been saved yet" in texts(ran(app).info)


@pytest.mark.usefixtures("project")
def test_a_reader_with_forecasts_sees_these_first(snapshot):
    with Record.open() as record:
        record.save(Draft(name="Mine", author="Ann"), snapshot)
    app = opened("record")
    assert authors(app) == ["Ann"]
    whose(app).set_value("project")
    assert authors(ran(app)) == ["The authors"]


def test_an_entry_of_the_project_opens_by_its_link_and_takes_no_remark(project):
    before = project.file.read_bytes()
    with project.read() as file:
        head = file.head[1]
    app = opened("record", entry=head[:12])
    assert "Published by the project" in texts(app.caption)
    assert "The first of all." in texts(app.text)
    assert not [area for area in app.text_area if area.key == "remark:text"]
    assert "record:verify" in {one.key for one in app.button}
    app.button(key="record:compare").click()
    ran(app)
    named = app.selectbox(key="record:old").format_func(head)
    assert named == "The starting view, as published on 1 February 2026 · As of 31 December 2025"
    assert project.file.read_bytes() == before


@pytest.mark.usefixtures("project")
def test_the_track_record_of_the_project_offers_nothing_that_would_add_to_it():
    app = opened("track_record")
    assert "nothing on this page adds to them" in texts(app.markdown)
    assert "No hindcast is saved in the project’s record." in texts(app.info)
    assert "simple rules, in" in texts(app.markdown)
    assert not {one.key for one in app.button} & {"track:resolve", "track:replay"}
    whose(app).set_value("own")
    assert "track:replay" in {one.key for one in ran(app).button}


def test_an_altered_project_is_refused_with_what_to_do_and_the_readers_own_record_goes_on(project, snapshot):
    with Record.open() as record:
        record.save(Draft(name="Mine", author="Ann"), snapshot)
    project.file.write_bytes(project.file.read_bytes().replace(b"The authors", b"The editors"))
    app = opened("record")
    assert authors(app) == ["Ann"]
    whose(app).set_value("project")
    ran(app)
    assert "git checkout" in texts(app.error)
    assert authors(app) == []
