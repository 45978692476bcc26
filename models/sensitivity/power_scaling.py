"""Is a probability there because of a prior or because of the evidence? Each is made a little stronger, and what moves?

Power-scaling (Kallioinen, Paananen, Burkner and Vehtari 2024, *Detecting and diagnosing prior and likelihood
sensitivity with power-scaling*) raises one knob's prior, or the likelihood, to a power near one. The sensitivity is how
fast a quantity's distribution then changes: the distance of the two cumulative distributions per doubling of the power.
"""

from typing import Literal

import numpy as np
import pandas as pd
import xarray as xr

from models.alignment.likelihood import log_likelihood
from models.alignment.priors import SCALARS, normal_log_density, prior_parameters
from models.fits.alignment_fit import AlignmentFit
from models.leave_out.cases import Basis
from models.names import HORIZONS, STATES
from models.storage.arrays import Arrays

type Reading = Literal["prior-driven", "data-driven", "in conflict", "neither"]

THRESHOLD = 0.05
"""Of the paper, and ArviZ's default: below it, doubling the prior's (or the evidence's) weight would shift a normal
posterior's mean by less than about 0.3 of its standard deviation."""
SCALAR_KNOBS = {"C13": "break_log_odds", "persistence": "persistence", "volatility": "volatility"}
"""Parameter behind each knob that is neither a coefficient's nor the level's."""
LEVEL_KNOB = "C14"
EVERY_KNOB = "all knobs"
OWN = "its own parameter"
SHOWN_HORIZONS = (HORIZONS[0], HORIZONS[-1])


def power_scaling(fit: AlignmentFit, basis: Basis) -> pd.DataFrame:
    """Prior and likelihood sensitivity of the forecast, and of each knob's own parameter.

    Parameters
    ----------
    fit : AlignmentFit
        Made on the basis, with its assumptions.
    basis : Basis

    Returns
    -------
    DataFrame
        One row for each knob (and ``all knobs`` together) and quantity: ``knob, label, quantity`` (``its own
        parameter``, or a state's probability such as ``rupture, 1 y``), ``prior`` and ``likelihood`` (sensitivities,
        0 for none), ``reading`` (see `reading`).
    """
    from arviz_stats import psense

    tree = sensitivity_tree(fit, basis)
    knobs, forecasts = list(tree["log_prior"].data_vars), _forecast_names()
    by_evidence = psense(tree, group="likelihood")
    parts = []
    for knob in (*knobs, EVERY_KNOB):
        chosen, component = ([knob, *forecasts], [knob]) if knob != EVERY_KNOB else (forecasts, knobs)
        by_prior = psense(tree, var_names=chosen, group="prior", group_var_names=component)
        parts.append(
            pd.DataFrame(
                {
                    "knob": knob,
                    "label": EVERY_KNOB if knob == EVERY_KNOB else basis.assumptions.knobs[knob].label,
                    "quantity": [OWN if name == knob else name for name in chosen],
                    "prior": [float(by_prior[name]) for name in chosen],
                    "likelihood": [float(by_evidence[name]) for name in chosen],
                }
            )
        )
    table = pd.concat(parts, ignore_index=True)
    readings = [reading(*pair) for pair in zip(table["prior"], table["likelihood"], strict=True)]
    return table.assign(reading=readings)


def by_knob(table: pd.DataFrame) -> pd.DataFrame:
    """One row a knob: what its own parameter rests on, and what the forecast does that depends most on its prior.

    Returns
    -------
    DataFrame
        ``knob, label, parameter`` (reading of its own parameter, missing for all knobs together), ``quantity`` (the
        probability with the largest prior sensitivity), ``prior``, ``likelihood``, ``reading``.
    """
    rows = []
    for knob, part in table.groupby("knob", sort=False):
        own, forecast = part[part["quantity"] == OWN], part[part["quantity"] != OWN]
        most = forecast.loc[forecast["prior"].idxmax()]
        parameter = own["reading"].iloc[0] if len(own) else None
        rows.append({"knob": knob, "label": most["label"], "parameter": parameter, **most.iloc[2:].to_dict()})
    return pd.DataFrame(rows)


def reading(prior: float, likelihood: float) -> Reading:
    """A word for a pair of sensitivities: which of the two, made stronger, would move the quantity.

    Both is what ArviZ calls a potential conflict of prior and data: they pull apart, or both are strong.
    """
    if prior >= THRESHOLD:
        return "in conflict" if likelihood >= THRESHOLD else "prior-driven"
    return "data-driven" if likelihood >= THRESHOLD else "neither"


def sensitivity_tree(fit: AlignmentFit, basis: Basis) -> xr.DataTree:
    """What ArviZ needs: groups ``posterior`` (each knob's parameter under the knob's key, and the states' probabilities
    at the first and last horizon), ``log_prior`` (one variable a knob) and ``log_likelihood`` (``evidence``), all with
    dims (chain, draw)."""
    chains = np.unique(fit.chain).size
    states = fit.probabilities["state_probability"].sel(horizon=list(SHOWN_HORIZONS)).to_numpy()
    flat = states.reshape(fit.chain.size, -1).T.astype(np.float64)
    groups = {
        "posterior": {**knob_parameters(fit), **dict(zip(_forecast_names(), flat, strict=True))},
        "log_prior": log_prior_terms(fit, basis),
        "log_likelihood": {"evidence": log_likelihood(fit, basis.readings).sum(axis=1)},
    }
    return xr.DataTree.from_dict(
        {
            group: xr.Dataset(
                {name: (("chain", "draw"), draws.reshape(chains, -1)) for name, draws in variables.items()}
            )
            for group, variables in groups.items()
        }
    )


def knob_parameters(fit: AlignmentFit) -> Arrays:
    """Draws of the parameter behind each knob, shape (sample,), by knob."""
    beta = fit.parameters["beta"]
    coefficients = {str(claim): beta.sel(driver=claim).to_numpy() for claim in beta.coords["driver"].to_numpy()}
    scalars = {knob: fit.parameters[name].to_numpy() for knob, name in SCALAR_KNOBS.items()}
    return {**coefficients, **scalars, LEVEL_KNOB: fit.parameters["level"].to_numpy()}


def log_prior_terms(fit: AlignmentFit, basis: Basis) -> Arrays:
    """Log prior density of each knob's parameter at each draw, up to a constant, shape (sample,), by knob."""
    prior, draws = prior_parameters(basis.assumptions), knob_parameters(fit)
    claims = [str(claim) for claim in basis.drivers.origin.index]
    laws = zip(claims, prior.beta_mean, prior.beta_sd, strict=True)
    terms = {claim: normal_log_density(draws[claim], mean, sd) for claim, mean, sd in laws}
    still = dict.fromkeys(SCALARS, 0.5)
    for knob, name in SCALAR_KNOBS.items():
        terms[knob] = prior.scalar_log_density({**still, name: draws[knob]})
    return {**terms, LEVEL_KNOB: normal_log_density(draws[LEVEL_KNOB], prior.level_mean, prior.level_sd)}


def _forecast_names() -> list[str]:
    return [f"{state}, {horizon} y" for horizon in SHOWN_HORIZONS for state in STATES]
