"""An act made to happen: its row joins a year of every simulated ledger, the years are labelled again, and nothing else
changes. What is observed says something of the world that brought it; what is made to happen does not."""

from collections.abc import Sequence

import numpy as np

from data.values import frozen
from models.fits.probabilities import OUTCOMES
from models.measures.futures import with_break_act
from models.measures.ledgers import Scale
from models.measures.simulated import Simulated
from models.measures.structure import MEASUREMENT
from models.names import STATES
from models.outcome.rule import OutcomeRule
from models.signposts.board import Board
from models.signposts.composition import TypicalRow
from models.signposts.futures import OUTCOMES_OF, SimulatedFutures, outcome_codes, path_labels
from models.signposts.pins import Act


@frozen(eq=False)
class Moves:
    """Where acts move what would have been without them.

    Attributes
    ----------
    states : ndarray, shape (horizon, state, state)
        Chance of each state (column) where another would have been (row).
    ever : ndarray, shape (horizon, 2, 2)
        Chance that rupture (first) and deeper cooperation have come at least once: where they would not have (first
        column), and where they would have.
    """

    states: np.ndarray
    ever: np.ndarray

    def outcomes(self, before: np.ndarray) -> np.ndarray:
        """Outcomes (horizon, outcome) with the acts, from those without."""
        size = len(STATES)
        states = np.einsum("hi,hij->hj", before[:, :size], self.states)
        ever = before[:, size:]
        return np.concatenate([states, ever * self.ever[..., 1] + (1 - ever) * self.ever[..., 0]], axis=1)


def moved(board: Board, futures: SimulatedFutures, weights: np.ndarray, acts: Sequence[Act]) -> Moves:
    """What acts change in a model's ledgers.

    Parameters
    ----------
    weights : ndarray, shape (ledger,)
    """
    after = outcome_codes(relabelled(board, futures, acts))
    size, many = len(STATES), len(OUTCOMES_OF)
    states, ever = [], []
    for was, now in zip(futures.codes, after, strict=True):
        pairs = np.bincount(was * many + now, weights=weights, minlength=many * many).reshape(many, many)
        joint = OUTCOMES_OF.T @ pairs @ OUTCOMES_OF
        states.append(_rows(joint[:size, :size]))
        both, held = joint.diagonal()[size:], OUTCOMES_OF[:, size:].T @ pairs.sum(axis=1)
        now_held = OUTCOMES_OF[:, size:].T @ pairs.sum(axis=0)
        otherwise = _share(now_held - both, pairs.sum() - held, 0.0)
        ever.append(np.stack([otherwise, _share(both, held, 1.0)], axis=-1))
    return Moves(states=np.stack(states), ever=np.stack(ever).reshape(-1, len(OUTCOMES) - size, 2))


def relabelled(board: Board, futures: SimulatedFutures, acts: Sequence[Act]) -> np.ndarray:
    """States of every simulated year-end once the acts' rows are in their years, int8, shape (ledger, horizon)."""
    simulated = futures.simulated
    broken = simulated.ledgers.broken.reshape(-1, simulated.ledgers.broken.shape[-1]).copy()
    means = simulated.year_means.reshape(broken.shape).astype(float)
    weight = year_weights(simulated)
    for act in acts:
        at, place = board.coming.years.index(act.year), board.index(act.id)
        signpost, row = board.open[place], board.rows[place]
        if signpost.asks_for_a_break:
            fresh, act_weight = ~broken[:, at], simulated.scale.break_readings
            shaken = with_break_act(means[:, at], act_weight, weight[:, at])
            means[:, at] = np.where(fresh, shaken, means[:, at])
            weight[:, at] += act_weight * fresh
            broken[:, at] = True
            continue
        more = row_weight(row, simulated.scale, board.law.rule) * signpost.rule.min_count
        means[:, at] = (means[:, at] * weight[:, at] + row.intensity * more) / (weight[:, at] + more)
        weight[:, at] += more
    return path_labels(board.law.readings.recent_means, means, broken, board.law.rule)


def row_weight(row: TypicalRow, scale: Scale, rule: OutcomeRule) -> float:
    """Weight of a row in readings of a median year, the unit of simulated ledgers."""
    reading = rule.other_weight * rule.severity(MEASUREMENT.break_intensity_value) / scale.break_readings
    return float(rule.domain_weight(row.is_space) * rule.severity(row.intensity) / reading)


def year_weights(simulated: Simulated) -> np.ndarray:
    """Weight of every simulated year in readings, break acts included, shape (ledger, horizon)."""
    ledgers, scale = simulated.ledgers, simulated.scale
    number = ledgers.counts.sum(axis=(-2, -1), dtype=float)
    acts = np.full(number.shape[-1], scale.break_readings)
    if ledgers.rows is not None:
        number[..., 0] = scale.whole(np.zeros(number.shape[:-1]), ledgers.rows)[1]
        acts[0] *= not scale.broken
    return (number + acts * ledgers.broken).reshape(-1, number.shape[-1])


def _rows(joint: np.ndarray) -> np.ndarray:
    """Transitions from joint weights; a state that no ledger holds stays what it is."""
    total = joint.sum(axis=1, keepdims=True)
    return np.where(total > 0, np.divide(joint, total, out=np.zeros_like(joint), where=total > 0), np.eye(len(joint)))


def _share(part: np.ndarray, whole: np.ndarray, empty: float) -> np.ndarray:
    """Quotient; `empty` where there is nothing to divide by."""
    return np.clip(np.divide(part, whole, out=np.full(part.shape, empty), where=whole > 0), 0, 1)
