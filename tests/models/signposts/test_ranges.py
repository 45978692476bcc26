"""Ranges of chances and of their sum against routes of their own."""

from itertools import product

import numpy as np
import pytest
from scipy.special import pdtr

from models.names import MODEL_M1, MODEL_M3, MODEL_MIXTURE
from models.outcome.signpost_list import Signpost
from models.signposts.published import PublishedSignposts
from models.signposts.ranges import (
    YesCount,
    chance_of_any_yes,
    count_law,
    evenly,
    mixture_weights,
    rate_ranges,
)
from models.signposts.rates import yes_of
from tests.support.values.asked import small_library, small_question


def the_signpost(question, which) -> tuple[int, Signpost]:
    return next((index, one) for index, one in enumerate(question.board.open) if which(one))


def test_weights_of_the_mixture_give_the_published_chances() -> None:
    question = small_question()
    assert set(question.forecast.model_weights) > {MODEL_M1, MODEL_M3}, "two models must borrow"
    chances = question.chances()[MODEL_MIXTURE]
    for index, signpost in enumerate(question.board.open):
        weights = mixture_weights(question, question.board.horizon(signpost))
        assert set(weights) == {MODEL_M1, MODEL_M3}
        mean = sum(own @ question.board.futures[model].yes[index] for model, own in weights.items())
        np.testing.assert_allclose(mean, chances[index], rtol=0, atol=1e-12)
        np.testing.assert_allclose(sum(own.sum() for own in weights.values()), 1, rtol=0, atol=1e-12)


def test_binned_exposures_give_the_range_of_whole_ones() -> None:
    question = small_question()
    board, ranges = question.board, rate_ranges(question)
    for index, signpost in enumerate(board.open):
        if signpost.asks_for_a_break:
            assert np.isnan(ranges[index]).all()
            continue
        weights = mixture_weights(question, board.horizon(signpost))
        ends = []
        for level in (0.05, 0.95):
            rate, fewer = board.law.rates.quantile(index, level), board.needed(index) - 1
            parts = (
                own @ yes_of(signpost, pdtr(fewer, rate * board.futures[model].exposure[index].astype(float)))
                for model, own in weights.items()
            )
            ends.append(sum(parts))
        # a bin is 7 % wide, and within it the curve of one row departs from its chord by less than 7 %^2 / 8
        np.testing.assert_allclose(ranges[index], np.sort(ends), rtol=0, atol=0.07**2 / 8)


def test_chances_lie_in_their_ranges() -> None:
    published = PublishedSignposts.of(small_question(), small_library()[0])
    assert all(row.low < row.chance < row.high for row in published.chances if row.low is not None)


def test_law_of_the_number_of_yes_is_that_of_all_answers_written_out() -> None:
    yes = np.random.default_rng(3).random((4, 5))
    law = np.zeros(5)
    for answers in product((0, 1), repeat=4):
        given = np.prod([own if answer else 1 - own for answer, own in zip(answers, yes, strict=True)], axis=0)
        law[sum(answers)] += given.mean()
    np.testing.assert_allclose(count_law(yes), law, rtol=0, atol=1e-14)


def test_ledgers_are_taken_as_often_as_they_weigh() -> None:
    weights = np.array([0.0, 0.5, 0.0, 0.2, 0.3])
    np.testing.assert_array_equal(np.bincount(evenly(weights, 10), minlength=5), 10 * weights)


def test_expected_number_is_the_sum_of_the_chances_inside_its_range() -> None:
    question = small_question()
    chances = question.chances()[MODEL_MIXTURE]
    count = YesCount.expected(question, chances, decimals=None)
    assert count.mean == chances.sum()
    assert 0 <= count.low < count.mean < count.high <= count.of == len(chances)


def test_chance_of_any_yes_is_the_rate_over_the_recording_chance() -> None:
    question = small_question()
    (_, plain), (_, none) = (
        the_signpost(question, lambda one, wanted=wanted: one.rule.none_expected == wanted and not one.asks_for_a_break)
        for wanted in (False, True)
    )
    rate, recorded = 0.3, question.board.law.structure.recording_chance
    assert chance_of_any_yes(1 - np.exp(-rate), plain) == pytest.approx(1 - np.exp(-rate / recorded), abs=1e-12)
    assert chance_of_any_yes(np.exp(-rate), none) == pytest.approx(np.exp(-rate / recorded), abs=1e-12)
    _, act = the_signpost(question, lambda one: one.asks_for_a_break)
    assert chance_of_any_yes(0.06, act) == 0.06
