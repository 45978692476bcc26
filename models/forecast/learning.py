"""Does the evidence speak about a knob? Prior and posterior side by side, with a verdict in words."""

import math
from typing import Literal

import numpy as np
import pandas as pd

from data.digest import Fields
from models.alignment.marginals import Marginal, knob_marginals
from models.assumptions.setting import Assumptions
from models.errors import AssumptionError, FitError
from models.forecast.results import spread_rows
from models.library.library import Library
from models.weighting.weights import Weights

type Verdict = Literal["prior-driven", "partly informed", "data-driven", "in conflict", "setting"]

DATA_DRIVEN = 0.75
"""Contraction at which the posterior sd is half the prior's: the evidence holds three times the prior's information."""
PARTLY_INFORMED = 0.2
"""Contraction at which the evidence holds a quarter of the prior's information. With 300 effective draws the Monte
Carlo error of a contraction is 0.08, so that less could be noise."""
CONFLICT_Z = 2.5
"""Standard errors. Were the prior right, the shift (in prior sds) would vary with variance equal to the contraction
(exact for a normal model; Evans and Moshonov 2006 test this). At 2.5 about one fit in six shows a conflict among
fifteen knobs by chance, at 2 one in two."""
LEAST_CONTRACTION = 1 / 16
"""Floor under the contraction in that test: no conflict is claimed for a shift below 0.62 prior sds."""
GRID_POINTS = 201
PICKED = 2000
"""Draws behind a density, evenly spaced through the weights: their Monte Carlo error is a hundredth of the peak, about
the width of a line, and they take milliseconds."""


def knob_learning(library: Library, assumptions: Assumptions, weights: Weights) -> pd.DataFrame:
    """What the evidence adds to each knob's prior.

    Parameters
    ----------
    library : Library
    assumptions : Assumptions
        The priors to compare with.
    weights : Weights
        Of the library's draws under those assumptions.

    Returns
    -------
    DataFrame, one row a knob in page order
        ``key, label, unit``; ``prior_mean, prior_sd, posterior_mean, posterior_sd`` on the working scale that `unit`
        names; ``prior_centre, posterior_centre``, the two means on the knob's own scale (for a claim the odds ratio),
        where the prior's is the slider's value; ``contraction`` = 1 - posterior variance / prior variance;
        ``shift_sd`` = shift of the mean in prior sds; ``verdict``. Knobs that are no parameter of the fitted model
        (confidence, driver strength, base rate of rupture, stickiness, the weights) have the verdict "setting"
        and no numbers: the evidence cannot move them here.
    """
    _require_own(weights, library)
    rows = [
        {"key": key, "label": assumptions.knobs[key].label, **_row(marginal, weights.values)}
        for key, marginal in knob_marginals(library.draws, assumptions).items()
    ]
    return pd.DataFrame(rows)


def knob_density(library: Library, assumptions: Assumptions, weights: Weights, key: str) -> pd.DataFrame:
    """Prior (exact) and posterior densities of one knob, to be overlaid.

    The posterior of a claim is a mixture of normal laws, exact given the picked draws; that of another knob is a kernel
    estimate.

    Returns
    -------
    DataFrame
        ``x`` on the knob's own scale (a claim's odds ratio, not its logarithm), ``prior`` and ``posterior`` densities
        per unit of x.

    Raises
    ------
    AssumptionError
        Unknown knob, or one that is a setting.
    FitError
        Weights of another library.
    """
    _require_own(weights, library)
    picked = library.draws.part(spread_rows(weights.values, PICKED))
    marginal = knob_marginals(picked, assumptions).get(key)
    if marginal is None:
        raise AssumptionError(
            f"got {key!r}, expected a knob with a parameter in the fitted model; settings have no densities to show"
        )
    points = _grid(marginal)
    x = marginal.on_knob(points)
    stretch = x if marginal.is_log else 1.0
    posterior = marginal.density(points, min(weights.kish, PICKED))
    return pd.DataFrame(
        {"x": x, "prior": np.exp(marginal.log_density(points)) / stretch, "posterior": posterior / stretch}
    )


def verdict(contraction: float, shift_sd: float) -> Verdict:
    """A word for how much the evidence says: see the thresholds at the top of the module for their reasons."""
    if abs(shift_sd) > CONFLICT_Z * math.sqrt(max(contraction, LEAST_CONTRACTION)):
        return "in conflict"
    if contraction >= DATA_DRIVEN:
        return "data-driven"
    return "partly informed" if contraction >= PARTLY_INFORMED else "prior-driven"


def _row(marginal: Marginal | None, weights: np.ndarray) -> Fields:
    names = ("prior_mean", "prior_sd", "posterior_mean", "posterior_sd", "contraction", "shift_sd")
    if marginal is None:
        centres = {"prior_centre": math.nan, "posterior_centre": math.nan}
        return {"unit": "", **dict.fromkeys(names, math.nan), **centres, "verdict": "setting"}
    mean, sd = marginal.posterior(weights)
    contraction, shift = 1 - (sd / marginal.sd) ** 2, (mean - marginal.mean) / marginal.sd
    numbers = (marginal.mean, marginal.sd, mean, sd, contraction, shift)
    centres = {"prior_centre": marginal.on_knob(marginal.mean), "posterior_centre": marginal.on_knob(mean)}
    return {
        "unit": marginal.unit,
        **dict(zip(names, numbers, strict=True)),
        **centres,
        "verdict": verdict(contraction, shift),
    }


def _grid(marginal: Marginal) -> np.ndarray:
    """Points over the bulk of prior and posterior, strictly inside the bounds."""
    pairs = ((marginal.mean, marginal.sd), marginal.posterior())
    low = min(mean - 3.5 * sd for mean, sd in pairs)
    high = max(mean + 3.5 * sd for mean, sd in pairs)
    inside = 1e-6
    return np.linspace(max(low, marginal.bounds[0] + inside), min(high, marginal.bounds[1] - inside), GRID_POINTS)


def _require_own(weights: Weights, library: Library) -> None:
    if weights.values.size != library.size:
        raise FitError(f"got {weights.values.size} weights for {library.size} draws, expected one each; weigh again")
