"""M1, the latent-alignment model, in PyMC: every event is a noisy ordinal reading of one yearly alignment.

``a_t = level + persistence * (a_{t-1} - level) + x_{t-1} @ beta + volatility_t * e_t``, with one volatility before the
split year and one since; the bands of a year's readings follow an ordered logit in ``a_t`` with unit loading; a break
act happens with ``logit^-1(break_log_odds - break_slope * (a_t - break_alignment))``.
"""

from collections.abc import Sequence

import numpy as np
import pymc as pm
import pytensor.tensor as pt

from models.alignment.priors import AlignmentPrior
from models.measures.drivers import DRIVER_CLAIMS
from models.measures.law import SMALLEST_CHANCE
from models.measures.readings import Readings
from models.measures.structure import ALIGNMENT, MEASUREMENT
from models.storage.arrays import Arrays


def prior_data(prior: AlignmentPrior) -> Arrays:
    """The prior as the model's data: changing it needs no new compilation."""
    return {
        "prior_beta_mean": prior.beta_mean,
        "prior_beta_sd": prior.beta_sd,
        "prior_break": np.array([prior.break_mean, prior.break_sd]),
        "prior_level": np.array([prior.level_mean, prior.level_sd]),
        "prior_persistence": np.array(prior.persistence),
        "prior_volatility": np.array(prior.volatility_scale),
    }


def alignment_data(readings: Readings, lagged_drivers: np.ndarray, last_year: int | None = None) -> Arrays:
    """The evidence as the model's data: another one of as many years needs no new compilation.

    Parameters
    ----------
    readings : Readings
    lagged_drivers : ndarray, shape (year - 1, driver)
    last_year : int, optional
        Pad with years of which nothing is known up to this one; the path before them does not depend on them.
    """
    more = 0 if last_year is None else last_year - int(readings.years[-1])
    early = ALIGNMENT.is_early(np.arange(readings.years[0] + 1, readings.years[-1] + more + 1)).astype("float64")
    return {"drivers": np.pad(lagged_drivers, ((0, more), (0, 0))), "early": early, **ledger_data(readings, more)}


def ledger_data(readings: Readings, more: int) -> Arrays:
    """The ledger as data of M1 and M3, followed by years of which nothing is known.

    The models weigh a year's chance of a break act by what was seen of it; an act that was seen counts whole, so its
    flag is divided by the weight.
    """
    return {
        "counts": np.pad(readings.counts, ((0, more), (0, 0), (0, 0))),
        "breaks": np.pad(readings.breaks / readings.seen, (0, more)),
        "seen": np.pad(readings.seen, (0, more)),
    }


def build_model(
    readings: Readings,
    lagged_drivers: np.ndarray,
    prior: AlignmentPrior,
    drivers: Sequence[str] = DRIVER_CLAIMS,
) -> pm.Model:
    """The PyMC model.

    Parameters
    ----------
    readings : Readings
        Ledger bands; ``counts`` (year, domain, band), ``breaks`` (year,).
    lagged_drivers : ndarray, shape (year - 1, driver)
        Row t holds the standardised drivers of year t, which act on year t + 1; 0 where masked.
    prior : AlignmentPrior
    drivers : sequence of str
        Names of the drivers, as many as columns and as coefficients in the prior.
    """
    coords = {
        "year": readings.years,
        "step": readings.years[1:],
        "driver": list(drivers),
        "edge": range(len(MEASUREMENT.band_edges)),
    }
    with pm.Model(coords=coords) as model:
        data = {name: pm.Data(name, value) for name, value in prior_data(prior).items()}
        seen = {name: pm.Data(name, value) for name, value in alignment_data(readings, lagged_drivers).items()}
        alignment = _alignment(data, seen["drivers"], seen["early"])
        cutpoints = cutpoint_prior()
        offset = pm.Normal("space_offset", 0.0, MEASUREMENT.space_offset_sd)
        log_odds = pm.Normal("break_log_odds", data["prior_break"][0], data["prior_break"][1])
        slope = pm.LogNormal("break_slope", MEASUREMENT.break_slope_log_mean, MEASUREMENT.break_slope_log_sd)
        pm.Potential("readings", (seen["counts"] * log_band_probabilities(alignment, offset, cutpoints)).sum())
        logit = log_odds - slope * (alignment - MEASUREMENT.break_alignment)
        pm.Potential("break_acts", (seen["seen"] * (seen["breaks"] * logit - pt.softplus(logit))).sum())
    return model


def log_band_probabilities(
    alignment: pt.TensorVariable, offset: pt.TensorVariable, cutpoints: pt.TensorVariable
) -> pt.TensorVariable:
    """Log probability of every band, shape (year, domain, band), domain 0 other, 1 space."""
    centre = pt.stack([alignment, alignment + offset], axis=1)
    below = pt.sigmoid(cutpoints[None, None, :] - centre[:, :, None])
    ends = pt.zeros_like(below[:, :, :1])
    cumulative = pt.concatenate([ends, below, ends + 1.0], axis=2)
    return pt.log(pt.clip(cumulative[:, :, 1:] - cumulative[:, :, :-1], SMALLEST_CHANCE, 1.0))


def _alignment(
    data: dict[str, pt.TensorVariable], drivers: pt.TensorVariable, early: pt.TensorVariable
) -> pt.TensorVariable:
    beta = pm.Normal("beta", data["prior_beta_mean"], data["prior_beta_sd"], dims="driver")
    level = pm.Normal("level", data["prior_level"][0], data["prior_level"][1])
    rho = pm.Beta("persistence", data["prior_persistence"][0], data["prior_persistence"][1])
    sigma = pm.LogNormal("volatility", pt.log(data["prior_volatility"]), ALIGNMENT.volatility_log_sd)
    before = pm.LogNormal("volatility_before", np.log(ALIGNMENT.volatility_before), ALIGNMENT.volatility_log_sd)
    start = pm.Normal("start", 0.0, 1.0)
    shock = pm.Normal("shock", 0.0, 1.0, dims="step")
    scale = early * before + (1 - early) * sigma
    pushes = pt.concatenate([(start * ALIGNMENT.start_sd)[None], (drivers * beta).sum(axis=1) + scale * shock])
    size = pushes.shape[0]
    # Sums, not matrix products: numba compiles a product again for every memory layout, half of a first compilation.
    lag = pt.arange(size)[:, None] - pt.arange(size)[None, :]
    carry = pt.where(lag >= 0, rho ** pt.maximum(lag, 0), 0.0)
    return pm.Deterministic("alignment", level + (carry * pushes).sum(axis=1), dims="year")


def cutpoint_prior() -> pt.TensorVariable:
    """Cut-points with the anchor edge fixed at 0 and log-normal gaps on either side."""
    gap = pm.LogNormal("gap", MEASUREMENT.gap_log_mean, MEASUREMENT.gap_log_sd, shape=len(MEASUREMENT.band_edges) - 1)
    below = -pt.cumsum(gap[: MEASUREMENT.anchor_edge][::-1])[::-1]
    above = pt.cumsum(gap[MEASUREMENT.anchor_edge :])
    return pm.Deterministic("cutpoints", pt.concatenate([below, pt.zeros(1), above]), dims="edge")
