"""How much the answer to a signpost would teach about the state at a year-end: by the model, before it is known.

The expected fall of the ranked probability score of a forecast of four ordered states. For each of the three cuts it is
the variance of the chance below the cut that the answer brings, ``P (1 - P) (F(yes) - F(no))^2``; the sum over signposts is
not the value of knowing all, since their answers overlap.
"""

import numpy as np

from data.values import frozen
from models.names import MODEL_M1, MODEL_MIXTURE, STATES
from models.signposts.ask import PinnedLedgers, Question, by_state
from models.signposts.pins import Observed, Pin, in_order, require_pins

SHOWN_AS = 1000
"""Values are small: they are shown in thousandths of a ranked probability score."""


@frozen(eq=False)
class Values:
    """What each open signpost's answer is worth, for the state at one year-end.

    Attributes
    ----------
    horizon : int
        Position of the year-end.
    chance : ndarray, shape (signpost,)
        Of a recorded yes.
    yes, no : ndarray, shape (signpost, state)
        Chances of the states after that answer; of an answer without a chance, those before it.
    value : ndarray, shape (signpost,)
        Expected fall of the ranked probability score (0 to 1); 0 for what is pinned.
    before : float
        Expected ranked probability score without any answer, by the model.
    """

    horizon: int
    chance: np.ndarray
    yes: np.ndarray
    no: np.ndarray
    value: np.ndarray
    before: float


def values(question: Question, horizon: int, pins: tuple[Pin, ...] = (), model: str = MODEL_MIXTURE) -> Values:
    """Worth of every answer, on top of what is pinned.

    Parameters
    ----------
    horizon : int
        Position of the year-end among the simulated ones.
    model : str
        One that simulates ledgers, or the mixture, in which the others borrow as in `models.signposts.ask`.
    """
    require_pins(pins, question.board)
    ordered = in_order(pins)
    asked = question.ask(ordered)
    ledgers = {
        name: PinnedLedgers.of(question.board, futures, question.weights(name), ordered)
        for name, futures in question.board.futures.items()
    }
    members = asked.shares if model == MODEL_MIXTURE else {model: 1.0}
    parts = {name: _joint(question, ledgers, asked.models[name].outcomes, name, horizon) for name in members}
    joint = sum(share * parts[name] for name, share in members.items())
    states = sum(share * asked.models[name].outcomes[horizon, : len(STATES)] for name, share in members.items())
    for pin in ordered:
        if isinstance(pin, Observed):  # it is answered: nothing is left to learn
            joint[question.board.index(pin.id)] = states * pin.yes
    chance = joint.sum(axis=1)
    yes = _given(joint, chance, states)
    no = _given(states - joint, 1 - chance, states)
    below = np.cumsum(yes - no, axis=1)[:, :-1]
    levels = np.cumsum(states)[:-1]
    return Values(
        horizon=horizon,
        chance=chance,
        yes=yes,
        no=no,
        value=chance * (1 - chance) * np.square(below).sum(axis=1),
        before=float((levels * (1 - levels)).sum()),
    )


def _joint(
    question: Question, ledgers: dict[str, PinnedLedgers], outcomes: np.ndarray, model: str, horizon: int
) -> np.ndarray:
    """Chance of each state together with each signpost's yes, by one model, shape (signpost, state)."""
    own = ledgers.get(model, ledgers[MODEL_M1])
    joint = by_state(own.futures, own.futures.yes, own.weights, horizon)
    base = own.futures.shares(own.weights)[horizon, : len(STATES)]
    inside = np.divide(joint, base, out=np.zeros_like(joint), where=base > 0)
    return inside * outcomes[horizon, : len(STATES)]


def _given(joint: np.ndarray, chance: np.ndarray, otherwise: np.ndarray) -> np.ndarray:
    """States given an answer; as they were where the answer has no chance."""
    possible = chance[:, None] > 0
    given = np.divide(joint, chance[:, None], out=np.zeros_like(joint), where=possible)
    return np.where(possible, np.clip(given, 0, 1), otherwise)
