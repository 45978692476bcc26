"""M2's draws under a setting, continued along any drivers: exact given each draw, nothing is simulated."""

from typing import Self

import numpy as np

from data.values import frozen
from models.assumptions.setting import Assumptions
from models.library.members import Members, ordered_prior_at
from models.ordered.law import OrderedPrior, Parameters, forecast_along
from models.weighting.noise import Blocks
from models.weighting.weights import Weights


@frozen(eq=False)
class ContinuedOrdered:
    """The draws under a setting.

    Attributes
    ----------
    members : Members
    prior : OrderedPrior
        At the setting.
    parameters : Parameters
        Draws, moved to the setting's posterior.
    weights : Weights
    blocks : Blocks
        Of the draws.
    """

    members: Members
    prior: OrderedPrior
    parameters: Parameters
    weights: Weights
    blocks: Blocks

    @classmethod
    def of(cls, members: Members, assumptions: Assumptions) -> Self:
        """Under a setting."""
        prior = ordered_prior_at(assumptions)
        parameters, weights = members.stored.moved(prior)
        blocks = Blocks.alone(members.ordered.chain)
        return cls(members=members, prior=prior, parameters=parameters, weights=weights, blocks=blocks)

    def along(self, drivers: np.ndarray) -> np.ndarray:
        """Chances under drivers that act on each year-end (step, driver), shape (sample, horizon * outcome)."""
        return forecast_along(self.parameters, self.members.stored.transitions, self.prior, drivers).flat
