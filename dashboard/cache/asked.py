"""Signposts before the library in use: its board, made once a server, and answers by setting, pins and acts.

The board is tens of megabytes and read by every session alike; what a session asks of it is a few small arrays.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import streamlit as st

from dashboard.cache.forecasts import DATES, evidence_of, library_of, of, shared
from data.types import Evidence
from models.forecast.results import Forecast
from models.library.library import Library
from models.names import MODEL_MIXTURE
from models.outcome.past_rows import PastRows, past_rows
from models.outcome.signpost_list import SIGNPOSTS, Signpost
from models.rounding import PUBLISHED
from models.signposts.ask import Asked, Question
from models.signposts.board import Board
from models.signposts.pins import Act, Pin
from models.signposts.published import board_of
from models.signposts.ranges import YesCount, rate_ranges
from models.signposts.table import SignpostTable
from models.signposts.value import Values, values

QUESTIONS = 8
"""Settings whose weighed ledgers are kept, at some two megabytes each."""
DEAF, ALL_EARS = 0.0, 1.0
"""Ends of how loudly a simulated year's acts can be heard in its answers."""


def board(forecast: Forecast) -> Board:
    """All signposts before the library behind a forecast; some seconds the first time.

    Raises
    ------
    MissingFitError
        The library keeps no simulated ledgers.
    """
    source = library_of(forecast)
    return _board(source.key, evidence_of(forecast), source)


@st.cache_resource(max_entries=DATES, show_spinner="Asking the simulated ledgers about every signpost.")
def _board(key: str, _known: Evidence, _source: Library) -> Board:  # noqa: ARG001 (it names the entry)
    return board_of(_known, _source)


def question(forecast: Forecast) -> Question:
    """A forecast's setting, ready to be asked."""
    return _question(of(forecast), board(forecast), forecast)


@st.cache_resource(max_entries=QUESTIONS, show_spinner=False)
def _question(key: tuple[str, ...], _board: Board, _forecast: Forecast) -> Question:  # noqa: ARG001 (they name the entry)
    return Question.of(_board, evidence_of(_forecast), library_of(_forecast), _forecast)


def asked(forecast: Forecast, pins: Sequence[Pin] = (), acts: Sequence[Act] = ()) -> Asked:
    """The answer under pins and acts.

    Raises
    ------
    AssumptionError
    """
    key = (*of(forecast), *(pin.text for pin in pins), "do", *(act.text for act in acts))
    return shared("asked", key, lambda: question(forecast).ask(pins, acts))


def chances(forecast: Forecast, pins: Sequence[Pin] = ()) -> np.ndarray:
    """Chance of a recorded yes of every open signpost, as published, shape (signpost,); 0 or 1 for what is pinned."""

    def make() -> np.ndarray:
        return np.round(question(forecast).chances(pins)[MODEL_MIXTURE], PUBLISHED.decimals)

    return shared("signpost chances", (*of(forecast), *(pin.text for pin in pins)), make)


def worth(forecast: Forecast, year: int, pins: Sequence[Pin] = ()) -> Values:
    """What every answer would teach of the state at the end of a year, on top of what is pinned."""
    at = board(forecast).coming.years.index(year)
    key = (*of(forecast), at, *(pin.text for pin in pins))
    return shared("values", key, lambda: values(question(forecast), at, tuple(pins)))


def ranges(forecast: Forecast) -> np.ndarray:
    """`models.signposts.ranges.rate_ranges`; a second or two for a new setting."""
    return shared("ranges", of(forecast), lambda: rate_ranges(question(forecast)))


def count(forecast: Forecast) -> YesCount:
    """How many of the open signposts will be answered yes."""
    return shared("yes count", of(forecast), lambda: YesCount.expected(question(forecast), chances(forecast)))


def unheard(forecast: Forecast, year: int, pins: Sequence[Pin] = ()) -> tuple[Values, Values]:
    """Values where a simulated year's acts are not heard at all, and where they are heard in full: two boards, which
    take seconds and are not kept."""
    key = (*of(forecast), year, *(pin.text for pin in pins))

    def make() -> tuple[Values, Values]:
        ends = (_at_hearing(forecast, year, tuple(pins), hearing) for hearing in (DEAF, ALL_EARS))
        return next(ends), next(ends)

    return shared("hearing", key, make)


def _at_hearing(forecast: Forecast, year: int, pins: tuple[Pin, ...], hearing: float) -> Values:
    evidence, library = evidence_of(forecast), library_of(forecast)
    other = Board.of(evidence, library, hearing=hearing)
    return values(Question.of(other, evidence, library, forecast), other.coming.years.index(year), pins)


def past(forecast: Forecast) -> Mapping[str, PastRows]:
    """The rows that each signpost's rule would have counted up to a forecast's reference date, by id."""
    evidence = evidence_of(forecast)

    def make() -> Mapping[str, PastRows]:
        return {signpost.id: past_rows(signpost, evidence.events, evidence.as_of) for signpost in SIGNPOSTS}

    return shared("past rows", (evidence.digest,), make)


def by_claim(claim: str, forecast: Forecast) -> tuple[Signpost, ...]:
    """The open signposts that speak to a claim of the essay; of the list alone, so that no board need be made."""
    day = forecast.reference_date
    return tuple(one for one in SIGNPOSTS if one.claim == claim and one.opens <= day < one.deadline)


def table(forecast: Forecast, year: int, pins: Sequence[Pin], acts: Sequence[Act]) -> SignpostTable:
    """Everything that is asked, as the command line prints it: what goes out as CSV and JSON."""
    key = (*of(forecast), year, *(pin.text for pin in pins), "do", *(act.text for act in acts))

    def make() -> SignpostTable:
        return SignpostTable.of(question(forecast), evidence_of(forecast), (pins, acts), year)

    return shared("signpost table", key, make)
