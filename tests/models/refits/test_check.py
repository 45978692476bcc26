"""When do two answers contradict each other, and which of three stands?"""

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from models.errors import FitError
from models.fits.alignment_fit import AlignmentFit
from models.refits.check import SMALLEST_ERROR, agree, answers, decide, largest_difference, limit
from models.refits.request import Expected
from tests.support.values.factories import synthetic_fit


@pytest.fixture(scope="module")
def fit(real_evidence) -> AlignmentFit:
    return synthetic_fit(real_evidence, samples=80)


def answer(probability: float, mcse: float = 0.01, horizon: int = 1) -> Expected:
    return Expected(target="state_at_year_end", horizon=horizon, outcome="strain", probability=probability, mcse=mcse)


def test_answers_are_the_plain_means_of_the_draws(fit: AlignmentFit) -> None:
    by_name = {(a.target, a.horizon, a.outcome): a for a in answers(fit)}
    assert len(by_name) == 30
    shares = fit.probabilities
    deeper = shares["state_probability"].sel(horizon=3, state="deeper")
    got = by_name["state_at_year_end", 3, "deeper"]
    np.testing.assert_allclose(got.probability, deeper.mean(), rtol=1e-12)
    # 80 draws in forty blocks of two: right within four sampling errors of a standard deviation of forty, 11 % each.
    np.testing.assert_allclose(got.mcse, deeper.std() / math.sqrt(80), rtol=4 * 0.11)
    ever = by_name["rupture_by_year_end", 5, "yes"].probability
    np.testing.assert_allclose(ever, shares["any_rupture"].sel(horizon=5).mean(), rtol=1e-12)


def test_largest_difference_is_in_combined_standard_errors() -> None:
    expected = (answer(0.30, 0.03), answer(0.50, 0.01, horizon=2))
    refitted = (answer(0.40, 0.04), answer(0.53, 0.0, horizon=2), answer(0.9, 0.0, horizon=3))
    worst = largest_difference(expected, refitted)
    assert (worst.horizon, worst.expected, worst.found) == (2, 0.50, 0.53)
    np.testing.assert_allclose(worst.ratio, 3.0, rtol=1e-12)


def test_two_constants_differ_only_when_a_page_would_show_it() -> None:
    assert agree([answer(0.0, 0.0)], [answer(1e-9, 0.0)])
    assert not agree([answer(0.0, 0.0)], [answer(4 * SMALLEST_ERROR, 0.0)])


def test_limit_is_three_for_one_number_and_keeps_the_false_alarms_of_many_in_hand() -> None:
    np.testing.assert_allclose(limit(1), 3.0, rtol=1e-9)
    rng = np.random.default_rng(0)
    largest = np.abs(rng.standard_normal((20_000, 30))).max(axis=1)
    # 0.27 % of honest refits, within four errors of 20,000 trials; the plain three would call 8 % of them.
    assert abs(np.mean(largest > limit(30)) - 0.0027) < 4 * math.sqrt(0.0027 / 20_000)
    assert np.mean(largest > limit(1)) > 0.07


@pytest.mark.parametrize("expected", [(), (answer(0.5), replace(answer(0.5), outcome="peace"))])
def test_what_cannot_be_compared_is_refused(expected: tuple[Expected, ...], fit: AlignmentFit) -> None:
    with pytest.raises(FitError, match="expected probabilities of a fit"):
        largest_difference(expected, answers(fit))


@pytest.mark.parametrize(("probability", "mcse"), [(1.1, 0.1), (-0.1, 0.1), (math.nan, 0.1), (0.5, math.inf)])
def test_an_answer_is_a_probability_with_a_finite_error(probability: float, mcse: float) -> None:
    with pytest.raises(FitError, match="0 to 1"):
        answer(probability, mcse)


@pytest.mark.parametrize(
    ("first", "second", "stands"),
    [
        (0.60, 0.61, "first"),  # the refits agree: re-weighting was off
        (0.60, 0.31, "second"),  # the first refit was the odd one out
        (0.36, 0.33, "second"),  # both near: the middle one
        (0.60, 0.90, "undecided"),
    ],
)
def test_the_two_that_agree_win(first: float, second: float, stands: str) -> None:
    place: Callable[[float], tuple[Expected, ...]] = lambda p: (answer(p, 0.01),)  # noqa: E731
    assert not agree(place(0.30), place(first))
    assert decide(place(0.30), place(first), place(second)) == stands
