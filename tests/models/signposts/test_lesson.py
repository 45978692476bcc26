"""What an answer taught: exact where conditioning is, fair on average, and the same as a pin's."""

from dataclasses import replace

import numpy as np
import pytest

from models.names import MODEL_M1, STATES
from models.signposts.ask import Question
from models.signposts.lesson import lesson
from models.signposts.pins import Observed
from models.signposts.value import values
from tests.support.values.asked import small_board, small_library, small_question

PLACE, ASKED = 2, "S03"
ALONE = {"alignment_weight": 1.0, "outside_view_weight": 0.0, "ordered_weight": 0.0, "regimes_weight": 0.0}


@pytest.fixture(scope="module")
def by_hand():
    """A question to one model whose ledgers are written by hand: their states, and how likely each answers yes."""
    board, (_, library) = small_board(), small_library()
    futures = board.futures[MODEL_M1]
    rng, ledgers = np.random.default_rng(7), len(futures.labels)
    labels, yes = rng.integers(0, len(STATES), futures.labels.shape).astype(np.int8), futures.yes.copy()
    yes[board.index(ASKED)] = np.clip(0.15 + 0.2 * labels[:, PLACE] + rng.normal(0, 0.1, ledgers), 0, 1)
    own = replace(board, futures={MODEL_M1: replace(futures, labels=labels, yes=yes)})
    usual = small_question(ALONE)
    made = Question(board=own, library=library, forecast=usual.forecast, answers=usual.answers)
    weights = made.before[MODEL_M1].weights
    states = weights @ np.eye(len(STATES))[labels[:, PLACE]]
    published = made.published[MODEL_M1].copy()
    published[PLACE, : len(STATES)] = states  # what is published and what the ledgers say are one thing here
    answers = {**usual.answers, MODEL_M1: answering(usual.answers[MODEL_M1], published)}
    return replace(made, answers=answers), weights, labels[:, PLACE], yes[board.index(ASKED)]


def answering(answer, published):
    """An answer of a model that has just these probabilities, whatever the draw."""
    sure = np.tile(published.ravel(), (answer.weights.values.size, 1))
    return replace(answer, probabilities=sure, noise=np.zeros_like(answer.noise))


def penalty(states, code):
    return np.square(np.cumsum(states)[:-1] - (code <= np.arange(len(STATES) - 1))).sum()


@pytest.mark.parametrize("yes", [True, False])
def test_it_is_what_counting_ledgers_gives(by_hand, yes):
    question, weights, states, chance = by_hand
    taught = lesson(question, ASKED, yes, PLACE)
    held = np.eye(len(STATES))[states]
    before, given = weights @ held, (weights * (chance if yes else 1 - chance)) @ held
    after = given / given.sum()
    gains = [penalty(before, code) - penalty(after, code) for code in range(len(STATES))]
    np.testing.assert_allclose(taught.gains, gains, rtol=0, atol=1e-12)
    assert taught.moved == pytest.approx(np.square(np.cumsum(after - before)[:-1]).sum(), abs=1e-12)


def test_over_many_settlements_moves_and_gains_are_worth_what_was_expected(by_hand):
    question, weights, states, chance = by_hand
    taught = {yes: lesson(question, ASKED, yes, PLACE) for yes in (True, False)}
    rng = np.random.default_rng(11)
    drawn = rng.choice(len(weights), size=200_000, p=weights / weights.sum())
    yes, came = rng.random(drawn.size) < chance[drawn], states[drawn]
    gained = np.where(yes, taught[True].gains[came], taught[False].gains[came])
    moved = np.where(yes, taught[True].moved, taught[False].moved)
    expected = taught[True].expected
    assert expected > 0.01
    for realised in (gained, moved):
        assert abs(realised.mean() - expected) < 3 * realised.std() / np.sqrt(realised.size)


def test_it_is_the_forecast_under_the_pin(question):
    before = question.ask().mixture.outcomes[PLACE, : len(STATES)]
    worth = values(question, PLACE)
    for identifier in ("S03", "S16", "S20"):
        given = question.ask([Observed(id=identifier, yes=True)]).mixture.outcomes[PLACE, : len(STATES)]
        taught = lesson(question, identifier, True, PLACE)
        gains = [penalty(before, code) - penalty(given, code) for code in range(len(STATES))]
        np.testing.assert_allclose(taught.gains, gains, rtol=0, atol=0.01)  # the pin's chance is the ledgers' own
        assert taught.expected == worth.value[question.board.index(identifier)]


def test_the_error_is_that_of_weighing_blocks_of_draws_a_little_less(by_hand):
    """An infinitesimal jackknife over the blocks within each fit, where what is published is certain."""
    question, weights, states, chance = by_hand
    futures = question.board.futures[MODEL_M1]
    held, block = np.eye(len(STATES))[states], block_of(futures)
    published = weights @ held

    def moved(kept):
        likelihood = (kept * chance) @ held / (kept @ held)
        after = published * likelihood / (published @ likelihood)
        return np.square(np.cumsum(after - published)[:-1]).sum()

    little, blocks = 1e-5, range(block.max() + 1)
    without = np.array([moved(np.where(block == one, 1 - little, 1) * weights) for one in blocks]) / little
    fits = [without[futures.blocks.fit == fit] for fit in np.unique(futures.blocks.fit)]
    error = np.sqrt(sum(part.size / (part.size - 1) * np.square(part - part.mean()).sum() for part in fits))
    assert lesson(question, ASKED, True, PLACE).moved_error == pytest.approx(error, rel=0.001)


def block_of(futures):
    """Block of each ledger."""
    draw = np.arange(len(futures.labels)) // futures.per_draw
    return np.searchsorted(futures.blocks.starts, draw, side="right") - 1


def test_errors_are_small_beside_what_they_are_of_with_the_committed_draws(question):
    taught = lesson(question, "S20", True, PLACE)
    assert 0 < taught.moved_error < taught.moved
    assert 0 < taught.expected_error < taught.expected
    assert (taught.gain_errors > 0).all()
