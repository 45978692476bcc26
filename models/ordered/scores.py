"""How the density of M2's draws follows their prior: derivatives in closed form, the fixed shift apart.

The twin of `models.alignment.scores`: a weighted mean of a quantity moves by its weighted covariance with these. The
shift is no part of the prior's density. It acts on the likelihood and on the forecast itself.
"""

import numpy as np

from models.ordered.law import OrderedPrior, Parameters


def place(prior: OrderedPrior) -> np.ndarray:
    """What a knob moves of a prior, but for its shift: means and log sds of the coefficients, counts of the hazard;
    shape (2 * driver + 2,)."""
    return np.concatenate([prior.beta_mean, np.log(prior.beta_sd), prior.hazard])


def scores(parameters: Parameters, prior: OrderedPrior) -> np.ndarray:
    """Derivatives of each draw's log prior with respect to `place`, up to what is common to all draws.

    Returns
    -------
    ndarray, shape (sample, 2 * driver + 2)
    """
    sd, hazard = np.array(prior.beta_sd), parameters["hazard"]
    away = (parameters["beta"] - np.array(prior.beta_mean)) / sd
    return np.column_stack([away / sd, np.square(away), np.log(hazard), np.log1p(-hazard)])
