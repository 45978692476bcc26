"""One model's ledgers under pins: their weights, what these say of the outcomes, and with which Monte Carlo error."""

import numpy as np

from data.values import frozen
from models.fits.probabilities import OUTCOMES
from models.names import STATES
from models.signposts.board import Board
from models.signposts.futures import SimulatedFutures
from models.signposts.pins import Observed, Pin
from models.weighting.batch_means import centred
from models.weighting.noise import standard_error
from models.weighting.weights import Weights

EVER = np.arange(len(OUTCOMES)) >= len(STATES)
"""Which outcomes are questions of yes or no by themselves."""
_STATES = slice(0, len(STATES))


@frozen(eq=False)
class Before:
    """Ledgers weighed by a setting alone.

    Attributes
    ----------
    weights : ndarray, shape (ledger,)
        Sum to 1.
    tables : ndarray, shape (block, horizon, outcome)
        Weight of each outcome, block by block.
    """

    weights: np.ndarray
    tables: np.ndarray

    @classmethod
    def of(cls, futures: SimulatedFutures, draws: np.ndarray) -> "Before":
        """From the weights of the draws."""
        weights = futures.weights(draws)
        return cls(weights=weights, tables=futures.tables(weights))


@frozen(eq=False)
class PinnedLedgers:
    """One model's ledgers, weighed by a setting and by pins.

    Attributes
    ----------
    board : Board
    futures : SimulatedFutures
    pins : tuple of Pin
    before : Before
    weights : ndarray, shape (ledger,)
        Those of `before` times the chance of the pins given the ledger.
    tables : ndarray, shape (block, horizon, outcome)
        Of these weights.
    chance : float
        Of the pins.
    """

    board: Board
    futures: SimulatedFutures
    pins: tuple[Pin, ...]
    before: Before
    weights: np.ndarray
    tables: np.ndarray
    chance: float

    @classmethod
    def of(cls, board: Board, futures: SimulatedFutures, before: Before, pins: tuple[Pin, ...]) -> "PinnedLedgers":
        """Weigh ledgers by pins."""
        weights = before.weights
        for pin in pins:
            weights = weights * pin_chance(board, futures, pin)
        tables = futures.tables(weights) if pins else before.tables
        chance = float(tables[:, 0, _STATES].sum())
        return cls(
            board=board, futures=futures, pins=pins, before=before, weights=weights, tables=tables, chance=chance
        )

    @property
    def blocks(self) -> int:
        """Of the draws."""
        return len(self.tables)

    @property
    def shares(self) -> np.ndarray:
        """Weight of each outcome together with the pins, shape (horizon, outcome)."""
        return self.tables.sum(axis=0)

    @property
    def likelihood(self) -> np.ndarray:
        """Chance of the pins given each outcome, shape (horizon, outcome); where no ledger has it, at large."""
        base = self.before.tables.sum(axis=0)
        return np.where(base > 0, _ratio(self.shares, base), self.chance)

    @property
    def otherwise(self) -> np.ndarray:
        """The same given that each outcome is not so."""
        base = _rest(self.before.tables).sum(axis=0)
        return np.where(base > 0, _ratio(_rest(self.tables).sum(axis=0), base), self.chance)

    def drawn(self, weights: Weights) -> float:
        """Independent draws that the pinned draws are worth: Kish's number, each for its worth by `weights`, those
        of the setting alone."""
        draws = self.weights.reshape(-1, self.futures.per_draw).sum(axis=1)
        return float(weights.ess / weights.kish * draws.sum() ** 2 / np.square(draws).sum())

    @property
    def chances(self) -> np.ndarray:
        """Chance of a recorded yes of every open signpost given the pins, shape (signpost,)."""
        return self._known(self.futures.yes @ self.weights / self.chance)

    @property
    def chance_noise(self) -> np.ndarray:
        """What each block of draws does to the chance of the pins, shape (block,)."""
        joint, base = (tables[:, 0, _STATES].sum(axis=1) for tables in (self.tables, self.before.tables))
        return centred(joint - self.chance * base, self.futures.blocks.fit)

    def by_deadline(self) -> np.ndarray:
        """Chance of each signpost's yes given the state at its deadline and the pins, (signpost, state); NaN for a
        state that no ledger holds."""
        board, last = self.board, [self.board.horizon(signpost) for signpost in self.board.open]
        weighed = {at: self._weighed(at) for at in set(last)}
        joint = np.array([yes @ weighed[at] for yes, at in zip(self.futures.yes, last, strict=True)])
        base = self.shares[last, _STATES]
        empty = np.full((len(board.open), len(STATES)), np.nan)
        return np.divide(joint.reshape(empty.shape), base, out=empty, where=base > 0)

    def lent(self, inside: np.ndarray, states: np.ndarray) -> np.ndarray:
        """As `chances`, for a model that gives the states other chances once the pins are known.

        Parameters
        ----------
        inside : ndarray, shape (signpost, state)
            As `by_deadline` returns it.
        states : ndarray, shape (horizon, state)
            Of that model.
        """
        own = states[[self.board.horizon(signpost) for signpost in self.board.open]]
        # A state that no ledger holds says nothing of the answers: the others speak for it.
        known = np.where(np.isnan(inside), 0.0, own)
        return self._known((np.nan_to_num(inside) * known).sum(axis=1) / known.sum(axis=1))

    def by_state(self, horizon: int) -> np.ndarray:
        """Weight of each state together with each signpost's yes and the pins, shape (signpost, state)."""
        return self.futures.yes @ self._weighed(horizon)

    def _weighed(self, horizon: int) -> np.ndarray:
        """Weight of each ledger under the state that it holds, shape (ledger, state)."""
        return (self.futures.labels[:, horizon, None] == np.arange(len(STATES))) * self.weights[:, None]

    def _known(self, chances: np.ndarray) -> np.ndarray:
        for pin in self.pins:
            if isinstance(pin, Observed):
                chances[self.board.index(pin.id)] = float(pin.yes)
        return chances

    def errors(self, published: np.ndarray, noise: np.ndarray, given: np.ndarray) -> np.ndarray:
        """Monte Carlo standard error of the conditional chances, shape (horizon, outcome); parameters as `noises`."""
        return standard_error(self.noises(published, noise, given))

    def noises(self, published: np.ndarray, noise: np.ndarray, given: np.ndarray) -> np.ndarray:
        """What each block of draws does to the conditional chances, shape (block, horizon, outcome).

        The published chance, that of the pins in a state and that of the state itself come from the same draws: their
        noises are added block by block, linearised, before they are squared. The noise of the anchors' supports counts
        in the published chance alone: elsewhere it moves the error by at most a fiftieth, and takes ten times as long.

        Parameters
        ----------
        published, given : ndarray, shape (horizon, outcome)
            Chances without and with the pins.
        noise : ndarray, shape (block, horizon * outcome)
            Of the published chances.
        """
        said = self._log_noise(self.tables, self.before.tables)
        said -= EVER * self._log_noise(_rest(self.tables), _rest(self.before.tables))
        spread = _ratio(np.ones_like(published), published) + EVER * _ratio(np.ones_like(published), 1 - published)
        total = said + noise.reshape(said.shape) * spread
        states = given[:, _STATES]
        total[..., _STATES] = states * (total[..., _STATES] - (states * total[..., _STATES]).sum(-1, keepdims=True))
        total[..., EVER] *= given[:, EVER] * (1 - given[:, EVER])
        return total

    def _log_noise(self, joint: np.ndarray, base: np.ndarray) -> np.ndarray:
        """What each block does to the logarithm of ``joint / base``, both summed over blocks, in their shape."""
        whole = joint.sum(axis=0)
        likelihood = _ratio(whole, base.sum(axis=0))
        return centred(_ratio(joint - likelihood * base, whole), self.futures.blocks.fit)


def pin_chance(board: Board, futures: SimulatedFutures, pin: Pin) -> np.ndarray:
    """Chance of a pin given each ledger, shape (ledger,)."""
    if isinstance(pin, Observed):
        yes = futures.yes[board.index(pin.id)]
        return yes if pin.yes else 1 - yes
    return (futures.labels[:, board.coming.years.index(pin.year)] == STATES.index(pin.state)).astype(float)


def conditioned(published: np.ndarray, likelihood: np.ndarray, otherwise: np.ndarray) -> np.ndarray:
    """Outcomes once pins are known that are this likely under each: Bayes' rule, question by question.

    Parameters
    ----------
    published, likelihood, otherwise : ndarray, shape (horizon, outcome)
        Chance of the outcome, and of the pins given that it is so and that it is not.
    """
    joint = published * likelihood
    given = _ratio(joint, joint + (1 - published) * otherwise)
    given[:, _STATES] = joint[:, _STATES] / joint[:, _STATES].sum(axis=1, keepdims=True)
    # Three questions conditioned apart: what is so now has been so at least once, and once so stays so.
    given[:, EVER] = np.maximum.accumulate(np.maximum(given[:, EVER], given[:, [0, len(STATES) - 1]]), axis=0)
    return given


def _rest(tables: np.ndarray) -> np.ndarray:
    """Weight of everything but each outcome, in the shape of tables (block, horizon, outcome)."""
    return np.maximum(tables[..., _STATES] @ np.ones((len(STATES), 1)) - tables, 0)


def _ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """Quotient, 0 where there is nothing to divide by."""
    return np.divide(part, whole, out=np.zeros(np.broadcast_shapes(part.shape, whole.shape)), where=whole > 0)
