"""A server of nothing but the addresses for programs, on small draws and a record with one forecast."""

from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from dashboard.api.cards.preview import Previews
from dashboard.api.routes import routes
from dashboard.cache import forecasts, shelves, store
from dashboard.report import pictures
from data.load import load_evidence
from models.assumptions.setting import Assumptions
from models.forecast.results import make_forecast
from models.record.entries import Draft, SavedForecast
from models.record.store import Record
from models.snapshot.value import build_snapshot
from tests.support.programs.commands import PICTURE, small_library
from tests.support.values.factories import synthetic_library
from tests.support.values.projects import new_project

PAGE = "<!doctype html><html><head><title>Streamlit</title></head><body></body></html>"


@pytest.fixture(scope="session")
def record_url(tmp_path_factory) -> str:
    return str(tmp_path_factory.mktemp("record") / "record.db")


@pytest.fixture(scope="session")
def entry(record_url) -> SavedForecast:
    """What is saved on the server."""
    library = small_library()
    evidence = load_evidence()
    moved = Assumptions.defaults(evidence.claims).replace({"C07": 2.0}, {"C07": "rivalry over the Moon"})
    snapshot = build_snapshot(evidence, library, make_forecast(evidence, library, moved), moved)
    with Record.open(record_url) as record:
        saved = record.save(Draft(name="Harder <b>rivalry</b>", author="Ada"), snapshot)
        record.remark(saved.digest, "Ben", "too strong & too late", "Rivalry")
    return saved


@pytest.fixture(scope="module")  # what it replaces must be back before another module's test
def server(entry, record_url, tmp_path_factory) -> Iterator[TestClient]:
    """Who asks it, once `entry` is saved."""
    assert entry.sequence == 1
    project = new_project(tmp_path_factory.mktemp("project"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CONJUNCTION_RECORD", record_url)
        patch.setenv("CONJUNCTION_HOME", str(tmp_path_factory.mktemp("home")))
        patch.setattr(forecasts, "_library", lambda _digest, known: small_library_of(known))
        patch.setattr(shelves, "project", lambda: project)
        patch.setattr(pictures, "charts", lambda *_: PICTURE)
        page = Route("/{page:path}", lambda _: HTMLResponse(PAGE))
        with TestClient(Starlette(routes=[*routes(), page], middleware=[Middleware(Previews)])) as client:
            yield client
    store.forget()


def small_library_of(known):
    """The small library, or a small one of an earlier day."""
    newest = small_library()
    return newest if newest.provenance.reference_date == known.as_of else synthetic_library(known, samples=80)
