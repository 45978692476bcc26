"""M2, the ordered regression, in PyMC. The equations stand in `models.ordered.law`, its twin in NumPy."""

import numpy as np
import pymc as pm
import pytensor.tensor as pt

from models.measures.drivers import DRIVER_CLAIMS
from models.ordered.law import OrderedPrior, Transitions
from models.storage.arrays import Arrays


def ordered_prior_data(prior: OrderedPrior) -> Arrays:
    """The prior as the model's data: changing it needs no new compilation."""
    return {f"prior_{name}": np.array(getattr(prior, name), dtype=float) for name in prior.__slots__}


def ordered_data(transitions: Transitions) -> Arrays:
    """The labels as the model's data: another reference date of the same padded length needs no new compilation."""
    return {
        "before": transitions.before.astype("int64"),
        "after": transitions.after.astype("int64"),
        "drivers": transitions.drivers,
        "seen": transitions.seen,
    }


def build_ordered(transitions: Transitions, prior: OrderedPrior) -> pm.Model:
    """The PyMC model, with free variables named as `models.ordered.law` names them."""
    with pm.Model(coords={"driver": list(DRIVER_CLAIMS)}) as model:
        values = {**ordered_prior_data(prior), **ordered_data(transitions)}
        data = {name: pm.Data(name, value) for name, value in values.items()}
        hazard = pm.Beta("hazard", data["prior_hazard"][0], data["prior_hazard"][1])
        rest = pm.Dirichlet("rest", data["prior_rest"])
        step = pm.LogNormal("step", data["prior_step_location"], data["prior_step_scale"])
        beta = pm.Normal("beta", data["prior_beta_mean"], data["prior_beta_sd"], dims="driver")
        pushes = pt.stack([-step[0] - step[1], -step[1], pt.zeros(()), step[2]])
        eta = pushes[data["before"]] + data["drivers"] @ beta + data["prior_shift"]
        each = log_state_probability(_cutpoints(hazard, rest), eta, data["after"])
        pm.Potential("transitions", (data["seen"] * each).sum())
    return model


def log_state_probability(
    cuts: pt.TensorVariable, eta: pt.TensorVariable, after: pt.TensorVariable
) -> pt.TensorVariable:
    """Log probability of the states `after` (transition,), the difference of two logistic curves kept in factors."""
    gaps = pt.log(-pt.expm1(cuts[:-1] - cuts[1:]))
    inner = pt.concatenate([pt.zeros(1), gaps, pt.zeros(1)])
    upper = -pt.softplus(eta - cuts[pt.minimum(after, 2)])
    lower = -pt.softplus(cuts[pt.maximum(after - 1, 0)] - eta)
    return pt.where(after < 3, upper, 0.0) + pt.where(after > 0, lower, 0.0) + inner[after]


def _cutpoints(hazard: pt.TensorVariable, rest: pt.TensorVariable) -> pt.TensorVariable:
    """Log odds of the cumulated reference row, both tails summed from their own end."""
    row = pt.concatenate([hazard[None], (1 - hazard) * rest])
    below = pt.stack([row[0], row[0] + row[1], row[0] + row[1] + row[2]])
    above = pt.stack([row[1] + row[2] + row[3], row[2] + row[3], row[3]])
    return pt.log(below) - pt.log(above)
