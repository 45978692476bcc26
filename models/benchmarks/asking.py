"""What questions cost: three pins, an act, and the value of every answer, on a board that is there already."""

import time
from collections.abc import Callable, Iterator

import numpy as np

from data.types import Evidence
from models.assumptions.setting import Assumptions
from models.benchmarks.timing import Row, seconds_of
from models.forecast.results import make_forecast
from models.library.files import committed_library
from models.signposts.ask import Question
from models.signposts.board import Board
from models.signposts.pins import Act, Observed
from models.signposts.value import values

SEED, TIMES = 20261128, 100


def measure(evidence: Evidence) -> list[Row]:
    """Rows of the benchmark: the board once, pins by the wall clock, values by the processor's."""
    library = committed_library(evidence)
    started = time.perf_counter()
    board = Board.of(evidence, library)
    made = time.perf_counter() - started
    forecast = make_forecast(evidence, library, Assumptions.defaults(evidence.claims))
    question = Question.of(board, evidence, library, forecast)
    question.ask()
    pins = [seconds_of(lambda chosen=chosen: question.ask(chosen)) for chosen in _triples(board)]
    middle = len(board.coming.years) // 2
    worth = [_processor(lambda: values(question, middle)) for _ in range(20)]
    act = Act(id="S03", year=2027)
    done = [_processor(lambda: question.ask((), (act,))) for _ in range(5)]
    note = f"{len(pins)} random triples of {len(board.open)} open signposts, badge included"
    return [
        ("board of signposts", made, "s", "once a library and server, when Ask is opened"),
        ("three pins, median", 1000 * float(np.median(pins)), "ms", note),
        ("three pins, 95th percentile", 1000 * float(np.quantile(pins, 0.95)), "ms", note),
        ("value table, processor time", 1000 * float(np.median(worth)), "ms", "every open signpost, one year-end"),
        ("an act made to happen, processor time", 1000 * float(np.median(done)), "ms", act.text),
    ]


def _triples(board: Board) -> Iterator[tuple[Observed, ...]]:
    """Random triples of answers to questions that one row settles and none of which answers another."""
    rng, apart = np.random.default_rng(SEED), [s.id for s in board.open if not s.implies][:20]
    for _ in range(TIMES):
        chosen = rng.choice(apart, 3, replace=False)
        yield tuple(Observed(id=str(identifier), yes=False) for identifier in chosen)


def _processor(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started
