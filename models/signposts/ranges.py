"""How sure a chance is: its range over what is not known of a rule's rate, and how many answers will be yes."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Self

import numpy as np

from data.values import frozen
from models.names import MODEL_M1, STATES
from models.outcome.signpost_list import Signpost
from models.rounding import PUBLISHED
from models.signposts.ask import Question
from models.signposts.constants import SIGNPOSTS_1, SignpostStructure
from models.signposts.futures import SimulatedFutures
from models.signposts.rates import fewer_rows, yes_of

LEVELS = (0.05, 0.95)
BINS = 200
"""Exposures differ by orders of magnitude; within one of so many bins of their logarithm they are alike to 7 %, and the
mean of each bin is kept."""
LEAST, MOST = 1e-3, 1e3
"""Rows per unit at the edges of the bins."""
COUNTED = 2000
"""Ledgers that the number of yes is counted in."""


@frozen
class YesCount:
    """How many of the open signposts will be answered yes.

    Attributes
    ----------
    mean : float
        Sum of the chances.
    low, high : int
        Ends of the range that holds the number with a chance of 90 %.
    of : int
        Open signposts.
    """

    mean: float
    low: int
    high: int
    of: int

    @classmethod
    def expected(cls, question: Question, chances: np.ndarray, decimals: int | None = PUBLISHED.decimals) -> Self:
        """Before anything is pinned.

        Answers are independent given a ledger, and share its volume: the law of their number is a mean of
        Poisson-binomial laws over ledgers, which are taken evenly from their weights. Models without ledgers borrow
        those of the latent alignment.

        Parameters
        ----------
        chances : ndarray, shape (signpost,)
            As published.
        decimals : int or None
            That the sum is rounded to.
        """
        law = np.zeros(len(chances) + 1)
        for model, share in _lent(question).items():
            if share > 0:
                taken = evenly(question.before[model].weights, COUNTED)
                law += share * count_law(question.board.futures[model].yes[:, taken])
        below = np.cumsum(law)
        low, high = (int(np.searchsorted(below, level)) for level in LEVELS)
        mean = float(chances.sum() if decimals is None else np.round(chances.sum(), decimals))
        return cls(mean=mean, low=low, high=min(high, len(chances)), of=len(chances))


def count_law(yes: np.ndarray) -> np.ndarray:
    """Law of the number of yes among independent answers, averaged over ledgers, shape (number,).

    Parameters
    ----------
    yes : ndarray, shape (signpost, ledger)
    """
    law = np.zeros((len(yes) + 1, yes.shape[1]))
    law[0] = 1
    for chance in yes:
        law[1:] = law[1:] * (1 - chance) + law[:-1] * chance
        law[0] *= 1 - chance
    return law.mean(axis=1)


def evenly(weights: np.ndarray, number: int) -> np.ndarray:
    """Positions of so many draws, each as often as its weight says, without chance."""
    total = np.cumsum(weights)
    return np.searchsorted(total, (np.arange(number) + 0.5) / number * total[-1])


def rate_ranges(question: Question) -> np.ndarray:
    """Chance of a recorded yes at the 5 % and the 95 % point of each rule's rate, shape (signpost, 2).

    The rate is what is known least of all; what the ledgers bring is averaged over. A break act has no rate of its own:
    its range is missing.
    """
    board = question.board
    ends = np.zeros((len(board.open), len(LEVELS)))
    for at in {board.horizon(signpost) for signpost in board.open}:
        weights = mixture_weights(question, at)
        for index, signpost in enumerate(board.open):
            if board.horizon(signpost) != at:
                continue
            if signpost.asks_for_a_break:
                ends[index] = np.nan
                continue
            for model, own in weights.items():
                mass, exposure = binned_exposures(board.futures[model], index, own)
                for end, level in enumerate(LEVELS):
                    expected = board.law.rates.quantile(index, level) * exposure
                    ends[index, end] += mass @ yes_of(signpost, fewer_rows(board.needed(index), expected))
    return np.sort(ends, axis=1)


def mixture_weights(question: Question, horizon: int) -> Mapping[str, np.ndarray]:
    """Weight of every ledger in the mixture's chance of an answer that falls at a horizon, by model; they sum to 1.

    A model without ledgers reads those of the latent alignment, each as likely as its own chance of the state there.
    """
    weights: dict[str, np.ndarray] = {}
    for model, share in question.forecast.model_weights.items():
        owner = model if model in question.board.futures else MODEL_M1
        own = question.before[owner].weights
        if owner != model:
            labels = question.board.futures[owner].labels[:, horizon]
            states = question.published[model][horizon, : len(STATES)]
            base = question.before[owner].tables.sum(axis=0)[horizon, : len(STATES)]
            lent = np.divide(states, base, out=np.zeros_like(base), where=base > 0)
            own = own * lent[labels] / states[base > 0].sum()
        weights[owner] = weights.get(owner, 0) + share * own
    return weights


def binned_exposures(futures: SimulatedFutures, signpost: int, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Weight and mean exposure of the ledgers in each bin of exposure, both of shape (bin,)."""
    bins = _bins(futures)[signpost]
    mass = np.bincount(bins, weights=weights, minlength=BINS)
    total = np.bincount(bins, weights=weights * futures.exposure[signpost], minlength=BINS)
    return mass, np.divide(total, mass, out=np.zeros(BINS), where=mass > 0)


def chance_of_any_yes(chance: float, signpost: Signpost, structure: SignpostStructure = SIGNPOSTS_1) -> float:
    """Chance of a yes whether or not it is recorded: an assumption (`SignpostStructure.recorded`) about how many acts
    the ledger misses, and nothing that is ever scored. A break act is never missed."""
    if signpost.asks_for_a_break:
        return chance
    more = 1 / structure.recording_chance
    return chance**more if signpost.rule.none_expected else 1 - (1 - chance) ** more


@lru_cache(maxsize=4)
def _bins(futures: SimulatedFutures) -> np.ndarray:
    """Bin of every exposure, uint8, shape (signpost, ledger); 0 for none at all. Once, for all sessions."""
    scale = (BINS - 2) / np.log(MOST / LEAST)
    with np.errstate(divide="ignore"):
        places = (np.log(futures.exposure) - np.log(LEAST)) * scale
    bins = np.where(futures.exposure > 0, 1 + np.clip(places, 0, BINS - 2), 0).astype(np.uint8)
    bins.flags.writeable = False
    return bins


def _lent(question: Question) -> Mapping[str, float]:
    """Share of each model with ledgers, with what it lends to others."""
    shares = dict.fromkeys(question.board.futures, 0.0)
    for model, share in question.forecast.model_weights.items():
        shares[model if model in shares else MODEL_M1] += share
    return shares
