"""What any forecast has to beat: how often each state has been, and that nothing changes."""

from collections.abc import Sequence

import numpy as np

from models.base_rate.chain import require_codes, require_state
from models.names import HORIZONS, STATES

PSEUDO_YEARS = 1.0
"""One imagined year, spread evenly over the four states: a state never seen yet keeps 1 in 84 after twenty years, just
above the floor of the log score, and the history rules from its second year on."""


def climatology(codes: Sequence[int] | np.ndarray, horizons: Sequence[int] = HORIZONS) -> np.ndarray:
    """How often each state has been up to the origin, the same at every horizon.

    Parameters
    ----------
    codes : sequence of int
        States of the year-ends known at the origin, 0 rupture to 3 deeper cooperation; annulled ones (-1) do not
        count. With none at all the four states are equally likely.
    horizons : sequence of int
        Years ahead; only their number matters.

    Returns
    -------
    ndarray, shape (horizon, state)

    Raises
    ------
    OutcomeError
        A code outside -1 to 3.
    """
    seen = require_codes(codes)
    counts = np.bincount(seen[seen >= 0], minlength=len(STATES)) + PSEUDO_YEARS / len(STATES)
    return np.tile(counts / counts.sum(), (len(horizons), 1))


def persistence(current: int, horizons: Sequence[int] = HORIZONS) -> np.ndarray:
    """The state at the origin, with certainty, at every horizon.

    Left hard, as the textbook has it: the floor of the log score says what being wrong costs.

    Parameters
    ----------
    current : int
        State of the last year-end known at the origin, 0 to 3.

    Returns
    -------
    ndarray, shape (horizon, state)

    Raises
    ------
    OutcomeError
        The last year-end is annulled, or no code at all.
    """
    return np.tile(np.eye(len(STATES))[require_state(current)], (len(horizons), 1))
