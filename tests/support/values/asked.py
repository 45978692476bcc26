"""Questions about signposts before a small library: the board once, a setting at a time."""

from collections.abc import Mapping
from contextlib import suppress
from functools import cache

import numpy as np

from data.load import load_evidence
from data.types import Evidence
from models.assumptions.setting import Assumptions
from models.errors import AssumptionError
from models.forecast.results import make_forecast
from models.library.library import Library
from models.signposts.ask import Question
from models.signposts.board import Board
from models.signposts.pins import Act, Observed, Pin, StateHeld, read_act, read_pin, require_pins
from models.signposts.published import PublishedSignposts
from models.snapshot.inputs import inputs_of
from models.snapshot.value import Snapshot, build_snapshot
from tests.support.values.factories import synthetic_library
from tests.support.values.year_end import YEAR_END

SAMPLES = 80


@cache
def small_library() -> tuple[Evidence, Library]:
    """Evidence and a library of a few dozen draws with whole ledgers."""
    evidence = load_evidence(YEAR_END)
    return evidence, synthetic_library(evidence, samples=SAMPLES)


@cache
def small_board() -> Board:
    """Its board, which nobody may change."""
    return Board.of(*small_library())


def small_question(values: Mapping[str, float] | None = None) -> Question:
    """A setting on the small library."""
    evidence, library = small_library()
    setting = Assumptions.defaults(evidence.claims).replace(dict(values or {}))
    return Question.of(small_board(), evidence, library, make_forecast(evidence, library, setting))


def random_pins(rng: np.random.Generator, board: Board, most: int = 3) -> tuple[Pin, ...]:
    """Some pins that can be so together: different signposts, and a state now and then; drawn until they can."""
    while True:
        chosen = rng.choice(len(board.open), size=rng.integers(0, most), replace=False)
        pins: list[Pin] = [Observed(id=board.open[index].id, yes=bool(rng.random() < 0.5)) for index in chosen]
        if rng.random() < 0.3:
            pins.append(StateHeld(state="transactional", year=int(rng.choice(board.coming.years))))
        with suppress(AssumptionError):
            require_pins(pins, board)
            return tuple(pins)


def random_acts(rng: np.random.Generator, board: Board) -> tuple[Act, ...]:
    """At most one act that can be made to happen."""
    able = [signpost for signpost in board.open if not signpost.rule.none_expected and signpost.family != "context"]
    signpost = able[rng.integers(len(able))]
    years = [y for y, left in zip(board.coming.years, board.coming.open_to(signpost), strict=True) if left > 0]
    return (Act(id=signpost.id, year=int(rng.choice(years))),) if rng.random() < 0.3 else ()


ASKINGS = (
    ((read_pin("S02=yes"), read_pin("transactional@2027")), ()),
    ((), (read_act("S09@2027"),)),
)
"""Two questions: one observes, one does."""


def asked_snapshot(values: Mapping[str, float] | None = None) -> Snapshot:
    """A snapshot with chances of signposts and the answers to `ASKINGS`."""
    (evidence, library), question = small_library(), small_question(values)
    setting = Assumptions.defaults(evidence.claims).replace(dict(values or {}))
    said = PublishedSignposts.of(question, evidence, ASKINGS)
    return build_snapshot(evidence, library, question.forecast, setting, inputs_of(evidence, library), said)
