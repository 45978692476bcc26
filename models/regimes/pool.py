"""Another stickiness without a new fit of M3: importance weights for the draws of one fit, or of a pool of fits."""

from collections.abc import Sequence

import numpy as np

from data.values import frozen
from models.regimes.law import Parameters, RegimePrior, stay_log_density
from models.storage.arrays import stacked
from models.weighting.mbar import mixture, solve
from models.weighting.weights import Weights, smoothed_weights

ANCHORS = (0.60, 0.80, 0.95)
"""Stickiness of the fits to pool. The default is one of them."""


@frozen(eq=False)
class StickinessPool:
    """Draws of fits at several values of the knob, weighed as one mixture.

    One fit does not reach the ends of the knob: from 0.80, 4,000 draws are worth fewer than 200 at 0.60 and 100 at 0.95
    (both "poor"). Pooled fits at `ANCHORS` are worth at least 1,700 of 12,000 from 0.60 to 0.95 ("good").

    Attributes
    ----------
    parameters : Mapping of ndarray
        All draws, first axis sample, fit by fit.
    log_mixture : ndarray, shape (sample,)
        Log density of each draw's chances to stay under the mixture of the fits' priors, each over its support.
    fit : ndarray of int, shape (sample,)
        Which fit gave the draw.
    log_support : ndarray, shape (fit,)
        How much better the evidence supports each fit's prior than the first one's.
    share : ndarray, shape (sample, fit)
        Share of each fit in the mixture at each draw.
    """

    parameters: Parameters
    log_mixture: np.ndarray
    fit: np.ndarray
    log_support: np.ndarray
    share: np.ndarray

    def __post_init__(self) -> None:
        for values in (*self.parameters.values(), self.log_mixture, self.fit, self.log_support, self.share):
            values.flags.writeable = False

    @classmethod
    def of(cls, priors: Sequence[RegimePrior], draws: Sequence[Parameters]) -> "StickinessPool":
        """Pool fits, one prior each; their supports follow from the draws (MBAR).

        Raises
        ------
        FitError
            The fits overlap too little.
        """
        sizes = np.array([len(fit["transition"]) for fit in draws])
        parameters = stacked(draws)
        densities = np.stack([stay_log_density(parameters["transition"], prior) for prior in priors], axis=1)
        constants = solve(densities, sizes)
        log_mixture, share = mixture(densities, sizes, constants)
        return cls(
            parameters=parameters,
            log_mixture=log_mixture,
            fit=np.repeat(np.arange(sizes.size), sizes),
            log_support=constants,
            share=share,
        )

    def weights(self, prior: RegimePrior, efficiency: np.ndarray | float = 1.0) -> Weights:
        """Weights that turn the pooled draws into draws under `prior`."""
        return smoothed_weights(stay_log_density(self.parameters["transition"], prior) - self.log_mixture, efficiency)
