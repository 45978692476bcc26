"""One board for all tests of the room: the committed fits of the year-end."""

import pytest

from data.types import Evidence
from models.assumptions.setting import Assumptions
from models.forecast.results import make_forecast
from models.library.files import committed_library
from models.library.library import Library
from models.signposts.ask import Question
from models.signposts.board import Board


@pytest.fixture(scope="session")
def library(evidence: Evidence) -> Library:
    return committed_library(evidence)


@pytest.fixture(scope="session")
def board(evidence: Evidence, library: Library) -> Board:
    return Board.of(evidence, library)


@pytest.fixture(scope="session")
def question(board: Board, evidence: Evidence, library: Library) -> Question:
    forecast = make_forecast(evidence, library, Assumptions.defaults(evidence.claims))
    return Question.of(board, evidence, library, forecast)
