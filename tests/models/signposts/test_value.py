"""What an answer is worth: the fall of the score that it brings on average, and nothing for what says nothing."""

import numpy as np
import pytest

from models.names import MODEL_M1, STATES
from models.signposts.pins import Observed, read_pin
from models.signposts.value import values


@pytest.fixture(scope="module")
def worth(question):
    return values(question, 2)


def rps(states, truth):
    return np.square(np.cumsum(states - truth, axis=-1)[..., :-1]).sum(axis=-1)


def test_it_is_the_expected_fall_of_the_score(question):
    """By enumeration: every answer and every state that may follow, each with its chance, in one model's ledgers."""
    worth = values(question, 2, model=MODEL_M1)
    before = question.ask().models[MODEL_M1].outcomes[2, : len(STATES)]
    for identifier in ("S01", "S03", "S16", "S20"):
        index, fall = question.board.index(identifier), 0.0
        for yes, chance in ((True, worth.chance[index]), (False, 1 - worth.chance[index])):
            given = question.ask([Observed(id=identifier, yes=yes)]).models[MODEL_M1].outcomes[2, : len(STATES)]
            fall += chance * sum(
                given[code] * (rps(before, truth) - rps(given, truth)) for code, truth in enumerate(np.eye(len(STATES)))
            )
        assert worth.value[index] == pytest.approx(fall, abs=2e-5)


def test_context_teaches_nothing_and_a_break_most(question, worth):
    families = np.array([signpost.family for signpost in question.board.open])
    assert worth.value[families == "context"].max() < 1e-4
    assert question.board.open[int(worth.value.argmax())].id == "S20"


def test_what_is_pinned_has_no_value_left_and_the_rest_has_some(question):
    given = values(question, 2, (read_pin("S03=yes"),))
    assert given.value[question.board.index("S03")] == pytest.approx(0, abs=1e-12)
    assert (given.value >= 0).all()
    assert given.value.max() > 0.001


def test_shuffled_answers_are_worth_nothing(question, board):
    futures = board.futures[MODEL_M1]
    own = question.pinned(())[MODEL_M1]
    rng = np.random.default_rng(1)
    held = futures.labels[:, 2, None] == np.arange(len(STATES))
    weighed = held * own.weights[:, None]
    index = board.index("S09")
    joint = rng.permutation(futures.yes[index]) @ weighed
    chance, states = joint.sum(), weighed.sum(axis=0)
    gap = np.cumsum(joint / chance - (states - joint) / (1 - chance))[:-1]
    assert chance * (1 - chance) * np.square(gap).sum() < 2e-4


def test_values_before_any_answer_are_bounded_by_the_score_itself(worth):
    assert 0 < worth.before < 1
    assert (worth.value <= worth.before).all()
