"""What the priors alone say about the forecast, before the record is read.

NumPy only: a second route to the PyMC model's prior.
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from models.alignment.priors import AlignmentPrior
from models.errors import AssumptionError
from models.fits.certificate import Check
from models.measures.law import break_probability, cutpoints_of
from models.measures.readings import Readings
from models.measures.simulate import Draws, simulate_codes, state_shares, yearly_means
from models.measures.structure import ALIGNMENT, MEASUREMENT
from models.names import STATES, Scenario
from models.outcome.rule import RULE, classify

INNER_PATHS = 400
FEWEST_HISTORIES = 40
STAY_RANGE = (0.40, 0.90)
RUPTURE_MEDIAN_RANGE = (0.01, 0.04)
RUPTURE_CEILING = 0.12
MEAN_RANGE = (0.003, 0.90)
SHARE_REQUIRED = 0.90
KEPT_REQUIRED = 0.75


def sample_prior(
    prior: AlignmentPrior, origin: np.ndarray, rng: np.random.Generator, size: int
) -> tuple[Draws, np.ndarray]:
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
    return draws, beta


def latent_history(draws: Draws, pushes: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Latent paths from the first year to the reference date.

    Parameters
    ----------
    draws : Draws
        Starting at the first year.
    pushes : ndarray, shape (sample, year - 1)
        Lagged drivers times coefficients.

    Returns
    -------
    ndarray, shape (sample, year)
    """
    path = [draws.alignment]
    for push in pushes.T:
        shock = draws.volatility * rng.standard_normal(draws.level.size)
        path.append(draws.level + draws.persistence * (path[-1] - draws.level) + push + shock)
    return np.stack(path, axis=1)


def prior_forecast(
    prior: AlignmentPrior, readings: Readings, drivers: tuple[np.ndarray, np.ndarray], seed: int, size: int = 500
) -> Mapping[str, np.ndarray]:
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
        As `models.measures.simulate.state_shares`, first axis the parameter draws. Draws for which hardly any history
        ends transactional are left out; ``kept`` is the share of the others.

    Raises
    ------
    AssumptionError
        No draw is left.
    """
    rng = np.random.default_rng(seed)
    lagged, origin = drivers
    draws, beta = sample_prior(prior, origin, rng, size)
    many = draws.part(np.repeat(np.arange(size), INNER_PATHS))
    recent = latent_history(many, np.repeat(beta @ lagged.T, INNER_PATHS, axis=0), rng)[:, None, -RULE.memory_years :]
    hazard = break_probability(recent, many.break_log_odds[:, None, None], many.break_slope[:, None, None])
    broken = rng.random(recent.shape) < hazard
    means = yearly_means(many.law, readings, recent, broken, rng)
    kept = (classify(means, broken[..., -1]) == Scenario.TRANSACTIONAL.code)[:, 0]
    now, own = replace(many, alignment=recent[:, 0, -1]), replace(readings, recent_means=means[..., 1:])
    codes, _ = simulate_codes(now, own, rng, 1)
    return shares_by_draw(codes.reshape(size, INNER_PATHS, -1), kept.reshape(size, INNER_PATHS))


def shares_by_draw(codes: np.ndarray, kept: np.ndarray) -> Mapping[str, np.ndarray]:
    enough = np.flatnonzero(kept.sum(axis=1) >= FEWEST_HISTORIES)
    if not enough.size:
        raise AssumptionError(
            "under these priors hardly any history ends in a transactional year-end; "
            "move the knobs nearer to the defaults"
        )
    shares = [state_shares(codes[None, index, kept[index]]) for index in enough]
    joined = {name: np.concatenate([share[name] for share in shares]) for name in shares[0]}
    return {**joined, "kept": np.array(enough.size / kept.shape[0])}


def prior_checks(shares: Mapping[str, np.ndarray]) -> tuple[Check, ...]:
    """The prior predictive gate on the probability scale (limits: the statistician's brief, section 4)."""
    state = shares["state_probability"]
    stay, rupture = state[:, 0, Scenario.TRANSACTIONAL.code], state[:, 0, Scenario.RUPTURE.code]
    inside = float(((stay >= STAY_RANGE[0]) & (stay <= STAY_RANGE[1])).mean())
    median, high = float(np.median(rupture)), float(np.quantile(rupture, 0.95))
    mean = state.mean(axis=0)
    low, top = RUPTURE_MEDIAN_RANGE
    kept = float(shares["kept"])
    return (
        Check(
            name="prior: parameter draws that can stand transactional",
            passed=kept >= KEPT_REQUIRED,
            value=kept,
            threshold=f"at least {KEPT_REQUIRED:.0%}",
            meaning="The other checks speak only of draws under which a transactional year-end happens at all.",
        ),
        Check(
            name="prior: staying transactional for a year",
            passed=inside >= SHARE_REQUIRED,
            value=inside,
            threshold=f"at least {SHARE_REQUIRED:.0%} of draws between {STAY_RANGE[0]:.0%} and {STAY_RANGE[1]:.0%}",
            meaning="Before reading the record, neither a frozen nor a jumping relationship is assumed.",
        ),
        Check(
            name="prior: rupture within a year, median",
            passed=low <= median <= top,
            value=median,
            threshold=f"{low:.0%} to {top:.0%}",
            meaning="The middle prior draw must sit at the historical base rate of ruptures.",
        ),
        Check(
            name="prior: rupture within a year, 95th percentile",
            passed=high <= RUPTURE_CEILING,
            value=high,
            threshold=f"at most {RUPTURE_CEILING:.0%}",
            meaning="Hardly any prior draw may call rupture a common event.",
        ),
        Check(
            name="prior: rarest state at any horizon",
            passed=float(mean.min()) >= MEAN_RANGE[0],
            value=float(mean.min()),
            threshold=f"at least {MEAN_RANGE[0]:.1%} on average",
            meaning="No state is ruled out in advance.",
        ),
        Check(
            name="prior: commonest state at any horizon",
            passed=float(mean.max()) <= MEAN_RANGE[1],
            value=float(mean.max()),
            threshold=f"at most {MEAN_RANGE[1]:.0%} on average",
            meaning="No state is certain in advance.",
        ),
    )


def prior_table(shares: Mapping[str, np.ndarray]) -> pd.DataFrame:
    """Mean and 5-95 % range of every prior state probability: columns horizon, state, mean, q05, q95."""
    state = shares["state_probability"]
    rows = [
        (horizon + 1, name, state[:, horizon, code].mean(), *np.quantile(state[:, horizon, code], (0.05, 0.95)))
        for horizon in range(state.shape[1])
        for code, name in enumerate(STATES)
    ]
    return pd.DataFrame(rows, columns=["horizon", "state", "mean", "q05", "q95"])
