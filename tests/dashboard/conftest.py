"""What the tests of charts draw: the evidence, a small synthetic library and its forecast."""

from datetime import date

import pytest

from dashboard.cache import reference, shelves
from dashboard.figures.path import alignment_path, notable_events
from dashboard.roles import people
from data.load import load_evidence
from models.assumptions.setting import Assumptions
from models.forecast.results import alignment_summary, make_forecast, sample_paths
from models.outcome.rule import resolve_history
from models.signposts.ask import Question
from models.signposts.board import Board
from tests.support.values.factories import synthetic_library
from tests.support.values.projects import new_project


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    """The page is drawn on one day, whenever the tests run."""
    monkeypatch.setattr(reference, "today", lambda: date(2026, 11, 28))


@pytest.fixture(autouse=True)
def _at_the_machine(monkeypatch):
    """A page that is drawn without a server is drawn for whoever sits at the machine; roles have tests of their own."""
    monkeypatch.setattr(people, "is_for_this_machine", lambda _: True)


@pytest.fixture(scope="session")
def silent_project(tmp_path_factory):
    return new_project(tmp_path_factory.mktemp("silent"))


@pytest.fixture(autouse=True)
def _nothing_published(monkeypatch, silent_project):
    """What the project publishes with a release moves no test."""
    monkeypatch.setattr(shelves, "project", lambda: silent_project)


@pytest.fixture(scope="session")
def whole():
    return load_evidence(include_unverified=True)


@pytest.fixture(scope="session")
def library(evidence):
    return synthetic_library(evidence, samples=80)


@pytest.fixture(scope="session")
def forecast(evidence, library):
    return make_forecast(evidence, library, Assumptions.defaults(evidence.claims))


@pytest.fixture(scope="session")
def question(evidence, library, forecast):
    """Every open signpost before the small library."""
    return Question.of(Board.of(evidence, library), evidence, library, forecast)


@pytest.fixture(scope="session")
def history(evidence):
    return resolve_history(evidence.events, 1950, 2024)


@pytest.fixture(scope="session")
def path(evidence, library, forecast, history):
    summary = alignment_summary(library, forecast.weights)
    paths = sample_paths(library, forecast.weights, 4)
    events = notable_events(evidence.events)
    return summary, events, paths, alignment_path(summary, events, history, paths)
