"""The axioms that make the Shapley value the only fair split, against averages over every order of arrival."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.change.game import coalitions, shapley_coefficients

NAMES = ("data", "prior", "model", "time")
EXACT = 1e-12
"""Sums of sixteen numbers up to one in size."""


@st.composite
def games(draw) -> tuple[tuple[str, ...], dict[frozenset[str], float]]:
    """Up to four players, and a value for each coalition."""
    players = NAMES[: draw(st.integers(1, 4))]
    value = st.floats(-1, 1, allow_nan=False)
    return players, {group: draw(value) for group in coalitions(players)}


def parts(players, values) -> dict[str, float]:
    found = shapley_coefficients(players)
    return {player: sum(weight * values[group] for group, weight in found[player].items()) for player in players}


@settings(max_examples=25, deadline=None, derandomize=True)
@given(games())
def test_parts_are_the_mean_gain_over_all_orders_of_arrival_and_add_up(game) -> None:
    players, values = game
    orders = list(permutations(players))
    gains = dict.fromkeys(players, 0.0)
    for order in orders:
        for place, player in enumerate(order):
            gains[player] += values[frozenset(order[: place + 1])] - values[frozenset(order[:place])]
    found = parts(players, values)
    for player in players:
        np.testing.assert_allclose(found[player], gains[player] / len(orders), rtol=0, atol=EXACT)
    change = values[frozenset(players)] - values[frozenset()]
    np.testing.assert_allclose(sum(found.values()), change, rtol=0, atol=EXACT)


@settings(max_examples=20, deadline=None, derandomize=True)
@given(games())
def test_a_player_that_changes_nothing_gets_nothing_and_twins_get_the_same(game) -> None:
    players, values = game
    idle = {group: values[group - {players[0]}] for group in values}
    assert abs(parts(players, idle)[players[0]]) <= EXACT
    if len(players) > 1:
        first, second = players[:2]
        swap = {first: second, second: first}
        twins = {g: (values[g] + values[frozenset(swap.get(one, one) for one in g)]) / 2 for g in values}
        found = parts(players, twins)
        assert found[first] == pytest.approx(found[second], abs=EXACT)


def test_nobody_and_one_player() -> None:
    assert coalitions(()) == (frozenset(),)
    assert shapley_coefficients(()) == {}
    assert shapley_coefficients(("data",)) == {"data": {frozenset(): -1.0, frozenset({"data"}): 1.0}}
