"""A moved prior without a new fit: importance weights for the library's draws, and the error they carry.

A prior leaves the likelihood alone, so the posterior under other assumptions is the library's mixture times
``prior_new / mixture``.
"""

from collections.abc import Sequence

import numpy as np

from models.alignment.priors import AlignmentPrior, prior_parameters
from models.assumptions.setting import Assumptions
from models.errors import FitError
from models.fits.probabilities import OUTCOMES
from models.library.answer import Answer
from models.library.known import Latest
from models.library.library import Library
from models.names import STATES
from models.weighting.noise import standard_error
from models.weighting.status import Status
from models.weighting.weights import Weights, smoothed_weights


def reweight(library: Library, assumptions: Assumptions) -> Weights:
    """Weights that turn the library's draws into draws under the assumptions.

    Returns
    -------
    Weights
        Uniform and "exact" when nothing had to be weighted: a library of one fit, asked about its own priors.
    """
    return weigh(library, prior_parameters(assumptions, library.structure))


def weigh(library: Library, prior: AlignmentPrior) -> Weights:
    """As `reweight`, for priors off the grid of the knobs."""

    def weights() -> Weights:
        return smoothed_weights(library.draws.log_density(prior) - library.log_mixture, library.efficiency)

    return _LATEST.of(library.log_mixture, prior.key, weights)


KEPT = 8
"""Weights that are kept of each library: a move asks for those of two settings, and how either agrees with another."""
_LATEST: Latest[Weights] = Latest(KEPT)


def alignment_answer(library: Library, weights: Weights, beside: np.ndarray | None = None) -> Answer:
    """What M1's draws say under weights of theirs.

    Parameters
    ----------
    beside : ndarray, shape (sample, column), optional
        Further per-draw quantities whose means' noise is wanted with that of the probabilities.
    """
    own = _own_columns(library.probabilities)
    noise = _weighted_noise(own if beside is None else [*own, beside], weights, library)
    return Answer(
        probabilities=library.probabilities,
        weights=weights,
        noise=_with_last_state(noise[: len(own)]),
        best=Status.FAIR if library.unchecked else Status.EXACT,
        year_means=library.year_means,
        blocks=library.blocks,
        beside=None if beside is None else noise[-1],
    )


def _own_columns(p: np.ndarray) -> list[np.ndarray]:
    """What is not known from the others, by horizon: three states, since four add up to one, and both “ever”."""
    last, width = len(STATES) - 1, len(OUTCOMES)
    firsts = range(0, p.shape[1], width)
    return [part for at in firsts for part in (p[:, at : at + last], p[:, at + last + 1 : at + width])]


def _with_last_state(noise: list[np.ndarray]) -> np.ndarray:
    """The noise of all columns from that of `_own_columns`."""
    pairs = zip(noise[::2], noise[1::2], strict=True)
    whole = [[states, -states.sum(axis=1, keepdims=True), ever] for states, ever in pairs]
    return np.concatenate([part for parts in whole for part in parts], axis=1)


def weighted_noise(p: np.ndarray, weights: Weights, library: Library) -> np.ndarray:
    """What each block's noise does to the weighted mean of a per-draw quantity, by batch means over anchors and chains.

    The self-normalised mean is linearised. Each block of draws contributes the sum of its residuals ``w * (p - mean)``,
    and what its noise did to the anchors' supports, on which all weights depend. Blocks are compared within an anchor.

    Parameters
    ----------
    p : ndarray, shape (sample, column)
    weights : Weights
    library : Library
        That the weights are of.

    Returns
    -------
    ndarray of float64, shape (block, column)

    Raises
    ------
    FitError
        Another number of draws than weights.
    """
    return _weighted_noise((p,), weights, library)[0]


def _weighted_noise(tables: Sequence[np.ndarray], weights: Weights, library: Library) -> list[np.ndarray]:
    if {len(table) for table in tables} != {library.size} or weights.values.size != library.size:
        raise FitError(
            f"got {len(tables[0])} rows and {weights.values.size} weights for {library.size} draws, expected one each; "
            "weigh again"
        )
    return library.blocks.of_means(tables, weights.values)


def support_mcse(weights: Weights, library: Library, against: Weights | None = None) -> float:
    """Monte Carlo standard error of the log support, or of its difference to that of other weights."""
    difference = weights.values - (0.0 if against is None else against.values)
    return float(standard_error(library.blocks.of_sum(difference)))
