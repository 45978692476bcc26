"""How each draw's density follows its prior: first derivatives of all, second ones of what is a prior's centre.

By Fisher's identity the derivative of the log of an integrated density is the mean, given what was not integrated out,
of the derivative before the integration. So nothing but the normal law of coefficients and level given a draw's path
and push is needed, which `models.alignment.collapsed.Regression` has already. With ``s`` a draw's derivative, a
weighted mean of a quantity ``p`` moves by the weighted covariance of ``p`` and ``s`` (a score-function estimate).
"""

import math
from typing import Self

import numpy as np

from data.values import frozen
from models.alignment.collapsed import Regression
from models.alignment.priors import AlignmentPrior
from models.measures.structure import ALIGNMENT


def place(prior: AlignmentPrior) -> np.ndarray:
    """A prior as a point, shape (2 * driver + 6,): its centres, then the logs of its widths.

    Centres: means of the coefficients, of the level and of the break's log odds, mean persistence, log of the median
    volatility. Widths: sds of coefficients, level and break. The pseudo-years behind the persistence and the log-sd of
    the volatility are the structure's, which no knob moves.
    """
    first, second = prior.persistence
    scalars = prior.level_mean, prior.break_mean, first / (first + second), math.log(prior.volatility_scale)
    return np.concatenate([prior.beta_mean, scalars, np.log(prior.beta_sd), np.log([prior.level_sd, prior.break_sd])])


@frozen(eq=False)
class Scores:
    """Derivatives of each draw's log density at a prior, up to what is common to all draws.

    Attributes
    ----------
    first : ndarray, shape (sample, parameter)
        With respect to `place`.
    second : ndarray, shape (sample, centre)
        Along the centres alone. There is no third derivative: along one centre the log density is a parabola.
    """

    first: np.ndarray
    second: np.ndarray

    @classmethod
    def of(cls, regression: Regression) -> Self:
        """At the regression's own prior."""
        draws, prior = regression.draws, regression.prior
        beta, beta_variance, level, level_variance = _given_push(regression)
        from_beta, from_level = beta - prior.beta_mean / prior.beta_sd, level - prior.level_mean / prior.level_sd
        from_break = (draws.break_log_odds - prior.break_mean) / prior.break_sd
        volatility_variance, ones = ALIGNMENT.volatility_log_sd**2, np.ones(draws.push.size)
        odds = np.log(draws.persistence) - np.log1p(-draws.persistence)
        centres = [
            from_beta / prior.beta_sd,
            from_level / prior.level_sd,
            from_break / prior.break_sd,
            sum(prior.persistence) * odds,
            np.log(draws.volatility) / volatility_variance,
        ]
        widths = [
            beta_variance + np.square(from_beta),
            level_variance + np.square(from_level),
            np.square(from_break),
        ]
        curvatures = [
            (beta_variance - 1) / np.square(prior.beta_sd),
            (level_variance - 1) / prior.level_sd**2,
            -ones / prior.break_sd**2,
            0 * ones,
            -ones / volatility_variance,
        ]
        return cls(first=np.column_stack([*centres, *widths]), second=np.column_stack(curvatures))


def _given_push(regression: Regression) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Means and variances given path and push: of the coefficients in prior sds, shape (sample, driver) each, and of
    the level in its prior sd, shape (sample,) each."""
    draws, prior, shrink, rotation = regression.draws, regression.prior, regression.shrink, regression.rotation
    along = (draws.origin * prior.beta_sd) @ rotation
    pulled = (shrink * regression.pull) @ rotation.T
    by_level = 1 - draws.persistence - (shrink * regression.pull) @ along
    with_push = (shrink * along) @ rotation.T - (by_level * regression.level_variance)[:, None] * pulled
    level_with_push = by_level * regression.level_variance
    push_mean, push_sd = regression.push_law
    surprise, precision = (draws.push - push_mean) / push_sd**2, 1 / push_sd**2
    beta = (shrink * regression.information) @ rotation.T - regression.level_mean[:, None] * pulled
    variance = shrink @ np.square(rotation.T) + regression.level_variance[:, None] * np.square(pulled)
    level = regression.level_mean + level_with_push * surprise
    level_variance = regression.level_variance - np.square(level_with_push) * precision
    return (
        beta + with_push * surprise[:, None],
        variance - np.square(with_push) * precision[:, None],
        level / prior.level_sd,
        level_variance / prior.level_sd**2,
    )
