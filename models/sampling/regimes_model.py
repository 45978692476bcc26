"""M3, the sticky hidden Markov model of `models.regimes.law`, in PyMC, its regimes summed out by a tree of 3 x 3
products.

The likelihood is ``first @ prod_t (T @ diag(emission_t)) @ 1``. Neighbouring matrices are multiplied in batch, level by
level: seven levels for 128 years, where a `scan` would take 75 steps and compile for minutes.
"""

import numpy as np
import pymc as pm
import pytensor.tensor as pt
from pytensor.gradient import disconnected_grad

from models.errors import FitError
from models.measures.readings import Readings
from models.measures.structure import MEASUREMENT
from models.regimes.filter import FIRST_LAW
from models.regimes.law import EXITS, REGIMES, RegimePrior
from models.sampling.alignment_model import cutpoint_prior, ledger_data, log_band_probabilities
from models.storage.arrays import Arrays

SCALED_EVERY = 3
"""Levels of the tree between two rescalings: eight factors, of which the best path through each is at least a tiny
transition, stay far from underflow, and two rescalings instead of seven make the graph a third smaller."""


def regimes_prior_data(prior: RegimePrior) -> Arrays:
    """The prior as the model's data: changing it needs no new compilation."""
    return {"prior_stay": np.array(prior.stay_counts())}


def regimes_data(readings: Readings, years: int) -> Arrays:
    """The ledger as the model's data, padded with unseen years.

    Parameters
    ----------
    readings : Readings
    years : int
        Length of the arrays: `padded_years` of the last year that any ledger will have.

    Returns
    -------
    dict of ndarray
        ``counts`` (year, domain * band), ``breaks`` and ``seen`` (year,). An unseen year says nothing.

    Raises
    ------
    FitError
        The ledger is longer than `years`.
    """
    size = readings.years.size
    if size > years:
        raise FitError(f"got a ledger of {size} years, expected at most {years}; compile for a later last year")
    data = ledger_data(readings, years - size)
    return {**data, "counts": data["counts"].reshape(years, -1)}


def padded_years(years: int) -> int:
    """The next power of two, so that the tree has no odd ends."""
    return 1 << (years - 1).bit_length()


def build_regimes(readings: Readings, prior: RegimePrior, last_year: int | None = None) -> pm.Model:
    """The PyMC model.

    Parameters
    ----------
    readings : Readings
    prior : RegimePrior
    last_year : int, optional
        Last year that a ledger swapped in later may have; the readings' own by default.
    """
    first, last = int(readings.years[0]), last_year or int(readings.years[-1])
    ledger = regimes_data(readings, padded_years(last - first + 1))
    coords = {"regime": range(3), "from": range(3), "to": range(3), "edge": range(len(MEASUREMENT.band_edges))}
    with pm.Model(coords=coords) as model:
        data = {name: pm.Data(name, value) for name, value in (ledger | regimes_prior_data(prior)).items()}
        location = _locations()
        emission = _emissions(location, data)
        stay = pm.Beta("stay", data["prior_stay"][0], data["prior_stay"][1], dims="regime")
        split = pm.Beta("split", REGIMES.splits[:, 0], REGIMES.splits[:, 1], dims="regime")
        transition = pm.Deterministic("transition", _transition(stay, split), dims=("from", "to"))
        pm.Potential("ledger", log_likelihood(emission, transition))
    return model


def log_likelihood(emission: pt.TensorVariable, transition: pt.TensorVariable) -> pt.TensorVariable:
    """Log probability of the ledger with the regimes summed out.

    Parameters
    ----------
    emission : tensor, shape (year, regime)
        Log probability of each year's readings in each regime; the number of years is a power of two.
    transition : tensor, shape (from, to)
    """
    years = emission.type.shape[0]
    start = pt.zeros((1, 3, 3)) + pt.as_tensor(FIRST_LAW)
    later = pt.zeros((years - 1, 3, 3)) + transition
    highest = disconnected_grad(emission.max(axis=1))
    product = pt.concatenate([start, later]) * pt.exp(emission - highest[:, None])[:, None, :]
    total = highest.sum()
    for level in range(1, years.bit_length()):
        product = (product[0::2, :, :, None] * product[1::2, None, :, :]).sum(axis=2)
        if level % SCALED_EVERY == 0:
            # The scale cancels out of the value, so its gradient would only be work.
            scale = disconnected_grad(product.max(axis=(1, 2)))
            product, total = product / scale[:, None, None], total + pt.log(scale).sum()
    return total + pt.log(product[0, 0].sum())


def _locations() -> pt.TensorVariable:
    """Increasing locations: the middle one and a log-normal distance to either side."""
    middle = pm.Normal("middle", REGIMES.middle_mean, REGIMES.middle_sd)
    distance = pm.LogNormal("distance", REGIMES.distance_log_mean, REGIMES.distance_log_sd, shape=2)
    location = pt.stack([middle - distance[0], middle, middle + distance[1]])
    return pm.Deterministic("location", location, dims="regime")


def _emissions(location: pt.TensorVariable, data: dict[str, pt.TensorVariable]) -> pt.TensorVariable:
    cutpoints = cutpoint_prior()
    offset = pm.Normal("space_offset", 0.0, MEASUREMENT.space_offset_sd)
    log_odds = pm.Normal("break_log_odds", REGIMES.break_mean, REGIMES.break_sd)
    slope = pm.LogNormal("break_slope", MEASUREMENT.break_slope_log_mean, MEASUREMENT.break_slope_log_sd)
    bands = log_band_probabilities(location, offset, cutpoints).reshape((3, -1))
    logit = (log_odds - slope * (location - MEASUREMENT.break_alignment))[None, :]
    acts = data["seen"][:, None] * (data["breaks"][:, None] * logit - pt.softplus(logit))
    years = data["counts"].get_value().shape[0]
    return pt.specify_shape(data["counts"] @ bands.T + acts, (years, 3))


def _transition(stay: pt.TensorVariable, split: pt.TensorVariable) -> pt.TensorVariable:
    """As `models.regimes.law.transition_matrix`, for one draw."""
    rows = []
    for here, (first, second) in enumerate(EXITS):
        leave = 1 - stay[here]
        entries = {here: stay[here], first: leave * split[here], second: leave * (1 - split[here])}
        rows.append(pt.stack([entries[there] for there in range(3)]))
    return pt.stack(rows)
