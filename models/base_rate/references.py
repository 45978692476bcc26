"""What any forecast has to beat: how often each state has been, that nothing changes, and their twins for a mean."""

from collections.abc import Sequence

import numpy as np

from models.base_rate.chain import require_codes, require_state
from models.errors import OutcomeError
from models.names import HORIZONS, STATES
from models.scores.distributions import quantiles_of

PSEUDO_YEARS = 1.0
"""One imagined year, spread evenly over the four states: a state never seen yet keeps 1 in 84 after twenty years, just
above the floor of the log score, and the history rules from its second year on."""
RECENT_YEARS = 30
"""A climatologist's normal period. Frequencies since 1950 still expect the ruptures of the sixties today."""
SHORT_YEARS = 15
"""Half of it, for means alone: of labels fifteen years hold too few changes."""
STAYS = 0.8
"""Chance that a state is still there a year later, for the persistence that doubts itself: the brief's round number,
which nobody fitted."""


def climatology(codes: Sequence[int] | np.ndarray, horizons: Sequence[int] = HORIZONS) -> np.ndarray:
    """How often each state has been up to the origin, the same at every horizon.

    Parameters
    ----------
    codes : sequence of int
        States of the year-ends that count, 0 rupture to 3 deeper cooperation; annulled ones (-1) do not count. With
        none at all the four states are equally likely.
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


def softened_persistence(codes: Sequence[int] | np.ndarray, horizons: Sequence[int] = HORIZONS) -> np.ndarray:
    """The state at the origin with a chance of `STAYS` to the power of the years ahead, else the last `RECENT_YEARS`.

    Parameters, shape and errors as `climatology` and `persistence`; the last code is that of the origin.
    """
    stays = STAYS ** np.asarray(horizons, dtype=float)[:, None]
    rest = climatology(codes[-RECENT_YEARS:], horizons)
    return stays * persistence(int(codes[-1]), horizons) + (1 - stays) * rest


def mean_climatology(means: np.ndarray, years: int = RECENT_YEARS) -> np.ndarray:
    """Quantiles of the last years' own means, the same at every horizon.

    Parameters
    ----------
    means : ndarray, shape (year,)
        Each year's mean up to the origin, oldest first, NaN without an event.

    Returns
    -------
    ndarray, shape (horizon, level)
        At `models.scores.distributions.LEVELS`.

    Raises
    ------
    OutcomeError
        No year with an event.
    """
    return np.tile(quantiles_of(_known(means[-years:])), (len(HORIZONS), 1))


def mean_persistence(means: np.ndarray) -> np.ndarray:
    """Quantiles of the last known mean plus every change that as many years have ever brought.

    Parameters and shape as `mean_climatology`.

    Raises
    ------
    OutcomeError
        No two known years that lie as far apart as a horizon.
    """
    last = _known(means)[-1]
    return np.stack([quantiles_of(last + _known(means[horizon:] - means[:-horizon])) for horizon in HORIZONS])


def _known(values: np.ndarray) -> np.ndarray:
    known = values[~np.isnan(values)]
    if not known.size:
        raise OutcomeError(f"got {len(values)} years without a mean, expected a recorded year; start from a later year")
    return known
