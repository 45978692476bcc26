"""What the rows of a year that has begun say to models that know labels alone."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from data.load import load_evidence
from models.base_rate.booked import Booked
from models.base_rate.chain import BaseRate, chain_forecast
from models.base_rate.outside_view import outside_view
from models.base_rate.rival import moving_average
from models.measures.readings import read_ledger
from models.outcome.rule import RULE, yearly_readings

HAZARD = 0.0217


@pytest.fixture(scope="module")
def booked() -> Booked:
    return Booked.of(load_evidence(date(2015, 6, 30)), RULE)


def test_a_chain_loses_its_say_day_by_day(booked: Booked) -> None:
    chain = np.array([0.02, 0.03, 0.85, 0.1])
    np.testing.assert_array_equal(replace(booked, share=0.0).blend(chain), chain)
    np.testing.assert_array_equal(replace(booked, share=1.0).blend(chain), booked.states)
    assert booked.blend(chain).sum() == pytest.approx(1.0)
    assert Booked.of(load_evidence(date(2015, 12, 31)), RULE) is None


def test_without_a_day_the_base_rate_says_what_it_said_at_the_year_end(booked: Booked) -> None:
    chain = BaseRate()
    six, five = chain.forecast(2, replace(booked, share=0.0)), chain.forecast(2)
    np.testing.assert_allclose(six.state[:5], five.state, atol=1e-12)
    np.testing.assert_allclose(six.any_rupture[:5], five.any_rupture, atol=1e-12)
    matrix = chain.transition_draws(20, np.random.default_rng(1))
    later, sooner = chain_forecast(matrix, 2, replace(booked, share=0.0)), chain_forecast(matrix, 2)
    np.testing.assert_allclose(later.state[:, :5], sooner.state, atol=1e-12)


def test_the_first_year_end_is_the_blend_and_the_others_follow(booked: Booked) -> None:
    chain = BaseRate()
    forecast = chain.forecast(2, booked)
    np.testing.assert_allclose(forecast.state[0], booked.blend(chain.forecast(2).state[0]), atol=1e-12)
    np.testing.assert_allclose(forecast.state.sum(axis=1), 1.0)
    assert (np.diff(forecast.any_deeper) >= -1e-12).all()
    matrix = chain.transition_draws(200, np.random.default_rng(1))
    drawn = chain_forecast(matrix, 2, booked)
    np.testing.assert_allclose(drawn.state[:, 1], np.einsum("ni,nij->nj", drawn.state[:, 0], matrix))


def test_as_the_year_ends_all_agree_on_its_label() -> None:
    last, ended = load_evidence(date(2015, 12, 30)), load_evidence(date(2015, 12, 31))
    label = 2 if last is None else int(np.argmax(Booked.of(last, RULE).states))
    assert outside_view(last, HAZARD).state[0, label] > 0.99
    whole = outside_view(ended, HAZARD).state
    np.testing.assert_allclose(outside_view(last, HAZARD).state[1:], whole, atol=0.02)


def test_the_rival_at_the_ends_of_a_year() -> None:
    evidence = load_evidence(date(2015, 6, 30))
    so_far = read_ledger(evidence).so_far
    means, breaks = yearly_readings(evidence.events, 1950, 2014)
    whole = moving_average(means, breaks)
    empty = replace(so_far, share=0.0, rows=0, weight=0.0, mean=0.0)
    begun = moving_average(means, breaks, so_far=empty)
    np.testing.assert_allclose(begun.probabilities.state[:5], whole.probabilities.state, atol=0.03)
    heavy = replace(so_far, share=1.0, rows=400, weight=1e9, mean=5.0)
    ended = moving_average(means, breaks, so_far=heavy)
    after = moving_average(np.append(means, 5.0), np.append(breaks, False))
    np.testing.assert_allclose(ended.year_means[:, 0], 5.0)
    np.testing.assert_allclose(ended.probabilities.state[1:], after.probabilities.state, atol=0.05)
