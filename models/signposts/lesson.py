"""What the answer to a signpost taught: how far it moved the states, and what it gains under each that may come.

With F the chances of a state below each of the three cuts and G those after the answer, an answer moves them by
``sum (G - F)^2`` and, where a state comes, brings the ranked probability score down by ``RPS(F) - RPS(G)``. By the
model both have one mean, `models.signposts.value.Values.value`: F is ``P F(yes) + (1 - P) F(no)``, so that the mean
squared move is ``P (1 - P) sum (F(yes) - F(no))^2``.
"""

from collections.abc import Iterator, Mapping

import numpy as np

from data.values import frozen
from models.names import MODEL_M1, STATES
from models.scores.rules import ranked_probability_score
from models.signposts.ask import Question
from models.signposts.pins import Observed
from models.signposts.value import Values, values
from models.weighting.noise import standard_error

_STATES = slice(0, len(STATES))
_TRUTHS = np.cumsum(np.eye(len(STATES)), axis=1)[:, :-1]
"""Cumulated outcome of each state at the cuts."""
type Noises = Mapping[str, np.ndarray]
"""What each block of a model's draws does to something, by the model whose draws they are."""


@frozen(eq=False)
class Lesson:
    """One answer and the state at one year-end. Errors are Monte Carlo standard errors.

    Attributes
    ----------
    expected, expected_error : float
        The worth of the answer before it was known.
    moved, moved_error : float
        How far the answer that came moved the forecast.
    gains, gain_errors : ndarray, shape (state,)
        What it takes off the ranked probability score if that state comes; below 0 it leads away from it.
    """

    expected: float
    expected_error: float
    moved: float
    moved_error: float
    gains: np.ndarray
    gain_errors: np.ndarray


def lesson(question: Question, identifier: str, yes: bool, horizon: int) -> Lesson:
    """Of an open signpost's answer, for the year-end at a position among the simulated ones.

    Raises
    ------
    AssumptionError
        The signpost is not open to the question, or no stored ledger holds the answer.
    """
    noises = {answer: _noises(question, (Observed(id=identifier, yes=answer),), horizon) for answer in (True, False)}
    worth, at = values(question, horizon), question.board.index(identifier)
    before = _joint(worth, at)
    after = worth.yes[at] if yes else worth.no[at]
    cuts, given = (np.cumsum(states)[:-1] for states in (before, after))
    d_before, d_after = _noises(question, (), horizon), noises[yes]
    moved = {model: 2 * (d_after[model] - d_before[model]) @ (given - cuts) for model in d_before}
    gained = {
        model: 2 * (d_before[model] @ (cuts - _TRUTHS).T - d_after[model] @ (given - _TRUTHS).T) for model in d_before
    }
    codes = np.arange(len(STATES))
    return Lesson(
        expected=float(worth.value[at]),
        expected_error=float(_error(_of_worth(question, identifier, worth, noises))),
        moved=float(np.square(given - cuts).sum()),
        moved_error=float(_error(moved)),
        gains=ranked_probability_score(before, codes) - ranked_probability_score(after, codes),
        gain_errors=_error(gained),
    )


def _joint(worth: Values, at: int) -> np.ndarray:
    """The states as they were before the answer: what either answer gives, each with its chance."""
    chance = worth.chance[at]
    return chance * worth.yes[at] + (1 - chance) * worth.no[at]


def _noises(question: Question, pins: tuple[Observed, ...], horizon: int) -> Noises:
    """Of the mixture's chances below the cuts under pins, each (block, cut). Models without ledgers have the noise of
    those that they read in, as in `models.signposts.ask`; their own is the same with and without pins."""
    ledgers = question.pinned(pins)
    asked, total = question.answer(ledgers, pins), {}
    for model, share in asked.shares.items():
        lender = model if model in ledgers else MODEL_M1
        own, published = ledgers[lender], question.published[model]
        noise = question.answers[model].noise if model in ledgers else np.zeros((own.blocks, published.size))
        if pins:
            noise = own.noises(published, noise, asked.models[model].outcomes)
        states = share * noise.reshape(own.blocks, *published.shape)[:, horizon, _STATES]
        total[lender] = total.get(lender, 0) + np.cumsum(states, axis=1)[:, :-1]
    return total


def _of_worth(question: Question, identifier: str, worth: Values, noises: Mapping[bool, Noises]) -> Noises:
    """Of the expected worth: both answers' chances and the chance of a yes, linearised."""
    at = question.board.index(identifier)
    chance, gap = worth.chance[at], np.cumsum(worth.yes[at] - worth.no[at])[:-1]
    asked = dict(_chance_noises(question, identifier))
    return {
        model: 2 * chance * (1 - chance) * (noises[True][model] - noises[False][model]) @ gap
        + (1 - 2 * chance) * np.square(gap).sum() * asked[model]
        for model in noises[True]
    }


def _chance_noises(question: Question, identifier: str) -> Iterator[tuple[str, np.ndarray]]:
    """Of the mixture's chance of a yes, by the model whose ledgers it was read in."""
    ledgers = question.pinned((Observed(id=identifier, yes=True),))
    lent = dict.fromkeys(ledgers, 0.0)
    for model, share in question.forecast.model_weights.items():
        lent[model if model in ledgers else MODEL_M1] += share
    for model, own in ledgers.items():
        yield model, lent[model] * own.chance_noise


def _error(noises: Noises) -> np.ndarray:
    """Standard error of what several models' independent draws make together."""
    return np.sqrt(sum(np.square(standard_error(noise)) for noise in noises.values()))
