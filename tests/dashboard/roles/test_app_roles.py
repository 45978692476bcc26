"""The page for a reader of a network: why each thing cannot be done, and no way to do it; then for who signed in."""

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.cache import forecasts as cache
from dashboard.cache import store
from dashboard.cache.page_refits import PageRefits
from dashboard.record import save
from dashboard.roles import gate, people
from dashboard.roles.actions import Role, RoleError
from dashboard.roles.people import Person
from dashboard.track import questions
from models.record.store import Record
from models.storage.home import HOME_VARIABLE
from tests.support.page.app import APP
from tests.support.programs.fake_worker import fake_command

pytestmark = pytest.mark.slow
ADA = Person(key="1", author="Ada (ada@example.org)", role=Role.FORECASTER)


@pytest.fixture(autouse=True)
def _own_home(tmp_path, monkeypatch):
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    monkeypatch.delenv("CONJUNCTION_RECORD", raising=False)
    monkeypatch.delenv("CONJUNCTION_EVERYONE_IS", raising=False)
    runner = PageRefits(tmp_path, fake_command("wait"))
    monkeypatch.setattr(cache, "refits", lambda: runner)
    store.forget()
    yield
    runner.close()


def page(name: str = "forecast", **link: str) -> AppTest:
    app = AppTest.from_file(APP, default_timeout=120)
    for key, text in link.items():
        app.query_params[key] = text
    if name != "forecast":
        app.switch_page(f"app_pages/{name}.py")
    else:
        app.session_state["save"] = True
    app.run()
    assert not app.exception, app.exception
    return app


def said(app: AppTest) -> str:
    return " ".join(one.value for one in (*app.markdown, *app.caption)).replace("\\", "").replace("`", "")


def keys(app: AppTest) -> set[str]:
    return {button.key for button in app.button}


def test_a_reader_reads_and_is_told_why_not_more(monkeypatch):
    monkeypatch.setattr(people, "is_for_this_machine", lambda _: False)
    app = page()
    assert "Nobody is signed in: reader." in said(app)
    assert "You may not save a forecast" in said(app)
    assert "save:go" not in keys(app)
    app = page("track_record")
    assert not {"track:resolve", "track:replay"} & keys(app)


def test_who_signed_in_signs(monkeypatch):
    monkeypatch.setattr(people, "person", lambda: ADA)
    for module in (gate, save.author):
        monkeypatch.setattr(module, "person", lambda: ADA)
    app = page()
    assert "Author: Ada (ada@example.org) – from your sign-in." in said(app)
    app.text_input(key="save:name").set_value("One")
    app.button(key="save:go").click().run()
    with Record.open() as record:
        assert [one.author for one in record.forecasts()] == [ADA.author]
    with pytest.raises(RoleError, match="yours is forecaster"):
        questions._resolve()
