"""How compatible the evidence is with assumptions: the ratio of marginal likelihoods, which the weights give for free.

The mean importance ratio of a setting is the probability that its priors gave to the evidence, relative to the
defaults' (a Bayes factor between priors of one model). It says nothing about which setting is true, only how surprised
it was.
"""

import math

from data.values import frozen
from models.assumptions.setting import Assumptions
from models.library.library import Library
from models.library.reweighting import reweight, support_mcse
from models.weighting.status import Status
from models.weighting.weights import Weights

NOTABLE, STRONG = 3.0, 10.0
"""Kass and Raftery (1995): below three "not worth more than a bare mention"; Jeffreys calls ten "strong"."""


@frozen
class Compatibility:
    """A ratio of supports.

    Attributes
    ----------
    log_ratio : float
        Natural log; below 0 when the evidence is less compatible with the setting than with what it is compared with.
    mcse : float
        Monte Carlo standard error of `log_ratio`.
    status : Status
        Of the weights behind it.
    """

    log_ratio: float
    mcse: float
    status: Status

    @property
    def times(self) -> float:
        """How many times more (or less, see `log_ratio`) compatible, at least 1."""
        return math.exp(abs(self.log_ratio))

    @property
    def conflict(self) -> bool:
        """Whether the evidence is notably less compatible, two standard errors beyond doubt."""
        return -self.log_ratio - 2 * self.mcse > math.log(NOTABLE)


def compatibility(library: Library, assumptions: Assumptions, against: Assumptions | None = None) -> Compatibility:
    """The setting against another one; against the default assumptions where none is named."""
    return _between(library, reweight(library, assumptions), against or Assumptions(knobs=assumptions.knobs))


def knob_compatibilities(library: Library, assumptions: Assumptions) -> dict[str, Compatibility]:
    """For every moved knob: the setting against the same setting with this knob at its default."""
    weights, knobs = reweight(library, assumptions), assumptions.knobs
    return {
        key: _between(library, weights, assumptions.replace({key: knobs[key].default})) for key in assumptions.changed
    }


def _between(library: Library, weights: Weights, other: Assumptions) -> Compatibility:
    against = reweight(library, other)
    return Compatibility(
        log_ratio=weights.log_support - against.log_support,
        mcse=support_mcse(weights, library, against),
        status=Status.worst(weights.status, against.status),
    )
