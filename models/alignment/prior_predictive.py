"""What the priors alone say about the forecast, before the evidence is read.

NumPy only: a second route to the PyMC model's prior.
"""

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd

from data.values import frozen
from models.alignment.priors import AlignmentPrior
from models.errors import AssumptionError
from models.fits.certificate import Check
from models.measures.futures import SimulatedYears, outcome_shares
from models.measures.law import break_probability, cutpoints_of
from models.measures.readings import Readings
from models.measures.simulate import Draws, simulate_years, yearly_means
from models.measures.structure import ALIGNMENT, MEASUREMENT
from models.names import STATES, Scenario
from models.outcome.rule import RULE, classify
from models.storage.arrays import Arrays

INNER_PATHS = 400
FEWEST_HISTORIES = 40


def sample_prior(
    prior: AlignmentPrior, origin: np.ndarray, rng: np.random.Generator, size: int
) -> tuple[Draws, np.ndarray, np.ndarray]:
    """Draw parameters from the prior.

    Parameters
    ----------
    origin : ndarray, shape (driver,)
        Standardised drivers at the reference date.

    Returns
    -------
    Draws
        Its ``alignment`` is the first year's.
    beta : ndarray, shape (sample, driver)
    volatility_before : ndarray, shape (sample,)
        The shocks' sd before ``ALIGNMENT.split_year``.
    """
    s = MEASUREMENT
    beta = prior.beta_mean + prior.beta_sd * rng.standard_normal((size, prior.beta_mean.size))
    level = prior.level_mean + prior.level_sd * rng.standard_normal(size)
    gaps = np.exp(s.gap_log_mean + s.gap_log_sd * rng.standard_normal((size, len(s.band_edges) - 1)))
    draws = Draws(
        alignment=level + ALIGNMENT.start_sd * rng.standard_normal(size),
        drift=beta @ origin,
        level=level,
        persistence=rng.beta(*prior.persistence, size),
        volatility=prior.volatility_scale * np.exp(ALIGNMENT.volatility_log_sd * rng.standard_normal(size)),
        break_log_odds=prior.break_mean + prior.break_sd * rng.standard_normal(size),
        break_slope=np.exp(s.break_slope_log_mean + s.break_slope_log_sd * rng.standard_normal(size)),
        space_offset=s.space_offset_sd * rng.standard_normal(size),
        cutpoints=cutpoints_of(gaps),
    )
    before = ALIGNMENT.volatility_before * np.exp(ALIGNMENT.volatility_log_sd * rng.standard_normal(size))
    return draws, beta, before


def latent_history(draws: Draws, before: np.ndarray, pushes: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Latent paths from the first year to the reference date.

    Parameters
    ----------
    draws : Draws
        Starting at the first year.
    before : ndarray, shape (sample,)
        The shocks' sd before ``ALIGNMENT.split_year``.
    pushes : ndarray, shape (sample, year - 1)
        Lagged drivers times coefficients.

    Returns
    -------
    ndarray, shape (sample, year)
    """
    path = [draws.alignment]
    early = ALIGNMENT.is_early(ALIGNMENT.first_year + 1 + np.arange(pushes.shape[1]))
    for push, is_early in zip(pushes.T, early, strict=True):
        shock = (before if is_early else draws.volatility) * rng.standard_normal(draws.level.size)
        path.append(draws.level + draws.persistence * (path[-1] - draws.level) + push + shock)
    return np.stack(path, axis=1)


def prior_forecast(
    prior: AlignmentPrior, readings: Readings, drivers: tuple[np.ndarray, np.ndarray], seed: int, size: int = 500
) -> Arrays:
    """Prior probabilities of the targets from a transactional year-end, one set per draw of the parameters.

    For each parameter draw many latent histories and ledgers are simulated up to the reference date; those that end
    in a transactional year-end are continued, and the shares of their outcomes are that draw's probabilities.

    Parameters
    ----------
    drivers : tuple of ndarray
        Lagged design matrix (year - 1, driver) and the drivers at the reference date (driver,).

    Returns
    -------
    Mapping
        As `models.measures.futures.outcome_shares`, first axis the parameter draws. Draws for which hardly any history
        ends transactional are left out; ``kept`` is the share of the others.

    Raises
    ------
    AssumptionError
        No draw is left.
    """
    rng = np.random.default_rng(seed)
    lagged, origin = drivers
    draws, beta, before = sample_prior(prior, origin, rng, size)
    many, early = draws.part(np.repeat(np.arange(size), INNER_PATHS)), np.repeat(before, INNER_PATHS)
    pushes = np.repeat(beta @ lagged.T, INNER_PATHS, axis=0)
    recent = latent_history(many, early, pushes, rng)[:, None, -RULE.memory_years :]
    hazard = break_probability(recent, many.break_log_odds[:, None, None], many.break_slope[:, None, None])
    past = SimulatedYears.of(yearly_means(many.law, readings, recent, rng), hazard, readings.break_readings, rng)
    kept = (classify(past.means, past.broken[..., -1]) == Scenario.TRANSACTIONAL.code)[:, 0]
    here = replace(many, alignment=recent[:, 0, -1])
    years = simulate_years(here, replace(readings, so_far=None), rng, 1).years
    return shares_by_draw(outcome_shares(past.means[..., 1:], years), kept.reshape(size, INNER_PATHS))


def shares_by_draw(shares: Arrays, kept: np.ndarray) -> Arrays:
    """Mean shares of the outcomes over each parameter draw's histories that were kept.

    Parameters
    ----------
    shares : Mapping of ndarray, shape (draw * history, ...)
        As `models.measures.futures.outcome_shares`, one row a history.
    kept : ndarray of bool, shape (draw, history)

    Raises
    ------
    AssumptionError
        No draw has kept enough histories.
    """
    enough = kept.sum(axis=1) >= FEWEST_HISTORIES
    if not enough.any():
        raise AssumptionError(
            "under these priors hardly any history ends in a transactional year-end; "
            "move the knobs nearer to the defaults"
        )
    chosen, number = kept[enough].astype(float), kept[enough].sum(axis=1)
    means = {}
    for name, values in shares.items():
        by_history = values.reshape(*kept.shape, -1)[enough]
        mean = np.einsum("dh,dhc->dc", chosen, by_history) / number[:, None]
        means[name] = mean.reshape(-1, *values.shape[1:])
    return {**means, "kept": np.array(enough.mean())}


@frozen
class Limit:
    """One check of the prior predictive gate: a number of the prior's forecast, and where it must lie."""

    name: str
    quantity: Callable[[Arrays], float]
    low: float = -math.inf
    high: float = math.inf
    threshold: str
    meaning: str

    def check(self, shares: Arrays) -> Check:
        """Whether the number lies there."""
        value = float(self.quantity(shares))
        passed = self.low <= value <= self.high
        return Check(name=self.name, passed=passed, value=value, threshold=self.threshold, meaning=self.meaning)


def _next_year(shares: Arrays, state: Scenario) -> np.ndarray:
    return shares["state_probability"][:, 0, state.code]


def _plausible_stays(shares: Arrays) -> float:
    stay = _next_year(shares, Scenario.TRANSACTIONAL)
    return ((stay >= 0.40) & (stay <= 0.90)).mean()


LIMITS = (
    Limit(
        name="prior: parameter draws that can stand transactional",
        quantity=lambda shares: shares["kept"],
        low=0.75,
        threshold="at least 75%",
        meaning="The other checks speak only of draws under which a transactional year-end happens at all.",
    ),
    Limit(
        name="prior: staying transactional for a year",
        quantity=_plausible_stays,
        low=0.90,
        threshold="at least 90% of draws between 40% and 90%",
        meaning="Before the evidence is read, neither a frozen nor a jumping relationship is assumed.",
    ),
    Limit(
        name="prior: rupture within a year, median",
        quantity=lambda shares: np.median(_next_year(shares, Scenario.RUPTURE)),
        low=0.01,
        high=0.04,
        threshold="1% to 4%",
        meaning="The middle prior draw must sit at the historical base rate of ruptures.",
    ),
    Limit(
        name="prior: rupture within a year, 95th percentile",
        quantity=lambda shares: np.quantile(_next_year(shares, Scenario.RUPTURE), 0.95),
        high=0.12,
        threshold="at most 12%",
        meaning="Hardly any prior draw may call rupture a common event.",
    ),
    Limit(
        name="prior: rarest state at any horizon",
        quantity=lambda shares: shares["state_probability"].mean(axis=0).min(),
        low=0.003,
        threshold="at least 0.3% on average",
        meaning="No state is ruled out in advance.",
    ),
    Limit(
        name="prior: commonest state at any horizon",
        quantity=lambda shares: shares["state_probability"].mean(axis=0).max(),
        high=0.90,
        threshold="at most 90% on average",
        meaning="No state is certain in advance.",
    ),
)
"""The prior predictive gate on the probability scale (limits: the statistician's brief, section 4)."""


def prior_checks(shares: Arrays) -> tuple[Check, ...]:
    """The gate's verdict on what `prior_forecast` gives."""
    return tuple(limit.check(shares) for limit in LIMITS)


def prior_table(shares: Arrays) -> pd.DataFrame:
    """Mean and 5-95 % range of every prior state probability: columns horizon, state, mean, q05, q95."""
    state = shares["state_probability"]
    rows = [
        (horizon + 1, name, state[:, horizon, code].mean(), *np.quantile(state[:, horizon, code], (0.05, 0.95)))
        for horizon in range(state.shape[1])
        for code, name in enumerate(STATES)
    ]
    return pd.DataFrame(rows, columns=["horizon", "state", "mean", "q05", "q95"])
