"""The Shapley value of a small game: how much of a change each player brings, averaged over every order of arrival."""

from collections.abc import Mapping, Sequence
from itertools import combinations
from math import comb

type Coalition = frozenset[str]


def coalitions(players: Sequence[str]) -> tuple[Coalition, ...]:
    """Every set of players, smaller ones first."""
    return tuple(frozenset(group) for size in range(len(players) + 1) for group in combinations(players, size))


def shapley_coefficients(players: Sequence[str]) -> Mapping[str, Mapping[Coalition, float]]:
    """How much the value of each coalition counts for each player's part.

    A player's part is the mean, over the coalitions S without it, of ``value(S + player) - value(S)``, each size of S
    counting the same (Shapley 1953, *A value for n-person games*). Parts add up to ``value(all) - value(nobody)``; a
    player that changes nothing gets nothing; two players that do the same get the same. They are linear in the values,
    so that the noise of the values goes the same way.
    """
    found = {}
    for player in players:
        weights = {
            group: 1 / (len(players) * comb(len(players) - 1, len(group - {player}))) for group in coalitions(players)
        }
        found[player] = {group: weight if player in group else -weight for group, weight in weights.items()}
    return found
