"""Do two answers to one question agree within their errors, and if not, which one does a third run support?"""

from collections.abc import Sequence
from statistics import NormalDist
from typing import Literal

import numpy as np

from data.days import horizons_from
from data.values import frozen
from models.errors import FitError
from models.fits.alignment_fit import AlignmentFit
from models.names import STATES, TARGET_DEEPER, TARGET_RUPTURE, TARGET_STATE
from models.refits.request import Expected
from models.weighting.batch_means import mean_error

type Verdict = Literal["first", "second", "undecided"]

STANDARD_ERRORS = 3.0
"""For one comparison: a false alarm in 370."""
SMALLEST_ERROR = 1e-4
"""A hundredth of a point: no page shows less, and two constants (error zero) may differ by rounding."""


@frozen
class Difference:
    """Two values of one probability, and how many combined standard errors lie between them."""

    target: str
    horizon: int
    outcome: str
    expected: float
    found: float
    ratio: float


def answers(fit: AlignmentFit) -> tuple[Expected, ...]:
    """The forecast probabilities of a fit under its own priors, with batch-means errors.

    Returns
    -------
    tuple of Expected
        Four states, any rupture ("yes") and any deeper cooperation ("yes") at every horizon.
    """
    size, horizons = fit.chain.size, horizons_from(fit.reference_date)
    rows: list[Expected] = []
    for target, name in (
        (TARGET_STATE, "state_probability"),
        (TARGET_RUPTURE, "any_rupture"),
        (TARGET_DEEPER, "any_deeper"),
    ):
        draws = fit.probabilities[name].to_numpy().astype(np.float64).reshape(size, len(horizons), -1)
        outcomes = STATES if target == TARGET_STATE else ("yes",)
        mean, mcse = draws.mean(axis=0), mean_error(draws, fit.chain)
        rows += [
            Expected(
                target=target,
                horizon=horizon,
                outcome=outcome,
                probability=float(np.clip(mean[row, column], 0, 1)),
                mcse=float(mcse[row, column]),
            )
            for row, horizon in enumerate(horizons)
            for column, outcome in enumerate(outcomes)
        ]
    return tuple(rows)


def limit(count: int) -> float:
    """Combined standard errors that the largest of `count` differences may reach.

    Three for one number. Among thirty, one beyond three turns up by chance in up to 8 % of honest refits, so the
    level is divided by the count (Bonferroni; cautious, because the thirty are correlated): 3.9 for thirty.
    """
    level = NormalDist().cdf(-STANDARD_ERRORS) / max(count, 1)
    return -NormalDist().inv_cdf(level)


def largest_difference(expected: Sequence[Expected], refitted: Sequence[Expected]) -> Difference:
    """The pair that lies furthest apart in combined standard errors.

    Parameters
    ----------
    expected : sequence of Expected
        At least one; each must have its partner in `refitted`.
    refitted : sequence of Expected

    Raises
    ------
    FitError
        Nothing to compare, or a probability that the other side does not know.
    """
    partners = {(answer.target, answer.horizon, answer.outcome): answer for answer in refitted}
    missing = [a for a in expected if (a.target, a.horizon, a.outcome) not in partners]
    if missing or not expected:
        name = f"{missing[0].target} {missing[0].horizon} {missing[0].outcome}" if missing else "no probabilities"
        raise FitError(f"got {name} to compare, expected probabilities of a fit's own results table")
    pairs = (_difference(a, partners[a.target, a.horizon, a.outcome]) for a in expected)
    return max(pairs, key=lambda difference: difference.ratio)


def agree(expected: Sequence[Expected], refitted: Sequence[Expected]) -> bool:
    """Whether the largest difference is one that chance explains."""
    return largest_difference(expected, refitted).ratio <= limit(len(expected))


def decide(expected: Sequence[Expected], first: Sequence[Expected], second: Sequence[Expected]) -> Verdict:
    """Which refit stands when `first` does not agree with what was `expected`: the two of three that agree win.

    The second refit stands when it agrees with what was expected (the first was the odd one out, or lies beyond the
    middle), the first when only the refits agree (re-weighting was), none when all three differ.
    """
    if agree(expected, second):
        return "second"
    return "first" if agree(first, second) else "undecided"


def _difference(expected: Expected, refitted: Expected) -> Difference:
    gap = abs(expected.probability - refitted.probability)
    error = max(float(np.hypot(expected.mcse, refitted.mcse)), SMALLEST_ERROR)
    return Difference(
        target=expected.target,
        horizon=expected.horizon,
        outcome=expected.outcome,
        expected=expected.probability,
        found=refitted.probability,
        ratio=gap / error,
    )
