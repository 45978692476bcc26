"""How much the answer to a signpost would teach about the state at a year-end: by the model, before it is known.

The expected fall of the ranked probability score of a forecast of four ordered states: for each of the three cuts the
variance of the chance below the cut that the answer brings, ``P (1 - P) (F(yes) - F(no))^2``. The sum over signposts is
not the value of knowing all, since their answers overlap.
"""

import numpy as np

from data.values import frozen
from models.names import MODEL_M1, MODEL_MIXTURE, STATES
from models.signposts.ask import Question
from models.signposts.pinned import PinnedLedgers
from models.signposts.pins import Observed, Pin

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
    ledgers = question.pinned(pins)
    asked = question.answer(ledgers, pins)
    members = asked.shares if model == MODEL_MIXTURE else {model: 1.0}
    inside = {name: _yes_given_state(own, horizon) for name, own in ledgers.items()}
    parts = {
        name: inside.get(name, inside[MODEL_M1]) * asked.models[name].outcomes[horizon, : len(STATES)]
        for name in members
    }
    joint = sum(share * parts[name] for name, share in members.items())
    states = sum(share * asked.models[name].outcomes[horizon, : len(STATES)] for name, share in members.items())
    for pin in asked.pins:
        if isinstance(pin, Observed):
            joint[question.board.index(pin.id)] = pin.yes * states
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


def _yes_given_state(own: PinnedLedgers, horizon: int) -> np.ndarray:
    """Chance of each signpost's yes given a state, in one model's ledgers, shape (signpost, state)."""
    base = own.shares[horizon, : len(STATES)]
    joint = own.by_state(horizon)
    return np.divide(joint, base, out=np.zeros_like(joint), where=base > 0)


def _given(joint: np.ndarray, chance: np.ndarray, otherwise: np.ndarray) -> np.ndarray:
    """States given an answer; as they were where the answer has no chance."""
    possible = chance[:, None] > 0
    given = np.divide(joint, chance[:, None], out=np.zeros_like(joint), where=possible)
    return np.where(possible, np.clip(given, 0, 1), otherwise)
