"""The game that two snapshots play: data, prior, model and time, which of them changed, and what each one brings."""

from collections.abc import Mapping, Sequence
from itertools import combinations
from math import comb
from typing import Literal

from data.values import frozen
from models.change.side import Side
from models.library.structures import whole_year

type By = Literal["date", "horizon"]
BY: tuple[By, ...] = ("date", "horizon")
DATA, PRIOR, MODEL, TIME = PLAYERS = ("data", "prior", "model", "time")
BRIDGE = "bridge"
"""Rule and structure at once: a part of comparisons across outcome rules alone (`models.change.across`)."""
type Coalition = frozenset[str]
ROUNDING = 1e-9
"""Shares of models come from a division; they are not rounded for publishing."""


@frozen
class Game:
    """Who plays, and who can only be told apart together.

    Attributes
    ----------
    owner : str
        Whose the library is, as a posterior belongs to what it was fitted to: "data" when rows of the evidence differ;
        "time" when only the day differs on which the same rows were read; "model" when nothing of the kind differs, so
        that another library is other draws of the same posterior.
    changed : tuple of str
        Players that can move a number at all.
    groups : tuple of frozenset of str
        The players in the order of `PLAYERS`, those joined that cannot be separated.
    notes : tuple of str
        Why some are joined, a plain sentence each.
    years : int
        From the old reference date to the new one.
    """

    owner: str
    changed: tuple[str, ...]
    groups: tuple[Coalition, ...]
    notes: tuple[str, ...]
    years: int

    @property
    def together(self) -> tuple[str, ...]:
        """Players of the group that has several, or nobody."""
        joined = next((group for group in self.groups if len(group) > 1), frozenset())
        return tuple(player for player in (*PLAYERS, BRIDGE) if player in joined)


def game(old: Side, new: Side, by: By, obstacles: Sequence[str] = ()) -> Game:
    """Who changed between two sides, and what cannot be separated.

    Parameters
    ----------
    obstacles : sequence of str
        Why one of the sides can only be taken as published, empty texts left aside.
    """
    owner, years = _owner(old, new), new.snapshot.reference_date.year - old.snapshot.reference_date.year
    changed = tuple(player for player in PLAYERS if _changed(player, old, new, owner, years if by == "horizon" else 0))
    joined, notes = frozenset(), []
    if foreign := [text for text in obstacles if text]:
        joined, notes = frozenset({owner, PRIOR, MODEL}), foreign
    elif owner != MODEL and set(old.snapshot.model_weights) != set(new.snapshot.model_weights):
        joined, notes = frozenset({owner, MODEL}), ["only one of the two has fits of every model"]
    elif owner != MODEL and _structure(old) != _structure(new):
        joined, notes = frozenset({owner, MODEL}), ["nobody fitted the older models to the newer evidence"]
    joined &= set(changed)
    together = (joined,) if len(joined) > 1 else ()
    alone = tuple(frozenset({player}) for player in changed if not together or player not in joined)
    reasons = tuple(notes) if together else ()
    return Game(owner=owner, changed=changed, groups=(*alone, *together), notes=reasons, years=years)


def _owner(old: Side, new: Side) -> str:
    if old.rows != new.rows:
        return DATA
    return TIME if old.snapshot.reference_date != new.snapshot.reference_date else MODEL


def _changed(player: str, old: Side, new: Side, owner: str, shift: int) -> bool:
    if player == DATA:
        return owner == DATA
    if player == PRIOR:
        return old.beliefs != new.beliefs
    if player == TIME:
        return owner == TIME or shift != 0
    libraries = owner == MODEL and draws(old) != draws(new)
    return libraries or _structure(old) != _structure(new) or not _same_shares(old, new)


def draws(side: Side) -> tuple[str, str, frozenset[tuple[str, str]]]:
    """What names the draws behind a snapshot: the evidence, and every fit on it."""
    used = side.snapshot.library
    fits = frozenset((fit.name, fit.fit_key) for fit in used.anchors)
    return side.snapshot.evidence.digest, used.key, fits


def _structure(side: Side) -> tuple[str, str]:
    """Rule and constants of M1; how these go on from within a year belongs to the day, not to the model."""
    return side.snapshot.rule.digest, whole_year(side.snapshot.model.digest)


def _same_shares(old: Side, new: Side) -> bool:
    """Weights of 1 and 2 are those of 0.1 and 0.2: only the shares count, up to rounding."""
    first, second = old.snapshot.model_weights, new.snapshot.model_weights
    return first.keys() == second.keys() and all(abs(first[key] - second[key]) <= ROUNDING for key in first)


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
    counts = {}
    for player in players:
        weights = {
            group: 1 / (len(players) * comb(len(players) - 1, len(group - {player}))) for group in coalitions(players)
        }
        counts[player] = {group: weight if player in group else -weight for group, weight in weights.items()}
    return counts
