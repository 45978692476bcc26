"""From evidence, a fit and assumptions to one results table. NumPy only: this runs at every move of a slider."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from types import MappingProxyType

import numpy as np
import pandas as pd

from data.types import Evidence
from models.assumptions import Assumptions
from models.base_rate import BaseRate, StateProbabilities, calm_hazard
from models.errors import StaleFitError
from models.names import (
    HORIZONS,
    INTERVAL,
    INTERVAL_LEVELS,
    MCSE,
    MODEL_M0,
    MODEL_M1,
    MODEL_MIXTURE,
    PMF,
    STATES,
    TABLE_COLUMNS,
    TARGET_DEEPER,
    TARGET_RUPTURE,
    TARGET_STATE,
)
from models.outcome import yearly_codes
from models.posterior import Fit
from models.priors import prior_parameters
from models.reweighting import Status, Weights, reweight, weighted_mcse
from models.structure import STRUCTURE

BASE_RATE_DRAWS = 2000
BASE_RATE_SEED = 20241231
# Badge of the engine brief: a shown probability may be off by this much (one Monte Carlo standard error) and still be
# called so.
GOOD_MCSE, FAIR_MCSE = 0.0075, 0.02
YES, NO = "yes", "no"


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """One model's probabilities over its uncertainty.

    Attributes
    ----------
    mean, mcse, low, high : ndarray, shape (horizon, outcome)
        Outcomes: the four states, any rupture, any deeper cooperation. `low` and `high` bound 90 % of the posterior
        of the probability itself.
    """

    mean: np.ndarray
    mcse: np.ndarray
    low: np.ndarray
    high: np.ndarray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Forecast:
    """A forecast: the results table and what it was made of.

    Attributes
    ----------
    table : DataFrame
        Columns `models.names.TABLE_COLUMNS`. Treat as read-only.
    weights : Weights
        Weights of the fit's draws under these assumptions.
    model_weights : Mapping[str, float]
        Share of each model in the mixture, by model id.
    status : {"exact", "good", "fair", "poor"}
        How far the shown numbers can be trusted: the worst of the weights' status and of the Monte Carlo error of the
        mixture.
    """

    table: pd.DataFrame
    weights: Weights
    model_weights: Mapping[str, float]
    status: Status
    assumptions: Assumptions
    reference_date: date
    evidence_digest: str
    fit_key: str

    def probability(self, target: str, horizon: int, outcome: str, model: str = MODEL_MIXTURE) -> float:
        """One probability (0-1) of the table."""
        return self._value(model, target, horizon, PMF, outcome)

    def mcse(self, target: str, horizon: int, outcome: str, model: str = MODEL_MIXTURE) -> float:
        """Monte Carlo standard error of that probability."""
        return self._value(model, target, horizon, MCSE, outcome)

    def interval(self, target: str, horizon: int, outcome: str, model: str = MODEL_MIXTURE) -> tuple[float, float]:
        """5-95 % range of that probability over what the models don't know about themselves."""
        low, high = (self._value(model, target, horizon, INTERVAL, f"{outcome}:{level:g}") for level in INTERVAL_LEVELS)
        return low, high

    def _value(self, model: str, target: str, horizon: int, kind: str, identifier: str) -> float:
        t = self.table
        rows = t.loc[
            (t["model_id"] == model)
            & (t["target"] == target)
            & (t["horizon"] == horizon)
            & (t["output_type"] == kind)
            & (t["output_type_id"] == identifier),
            "value",
        ]
        if len(rows) != 1:
            raise KeyError(f"got {len(rows)} rows for {(model, target, horizon, kind, identifier)}, expected one")
        return float(rows.iloc[0])


def make_forecast(evidence: Evidence, fit: Fit, assumptions: Assumptions) -> Forecast:
    """Re-weight the fit to the assumptions, ask the base rate, mix, and write the table.

    Raises
    ------
    StaleFitError
        The fit was made on other evidence.
    """
    if fit.evidence_digest != evidence.digest:
        raise StaleFitError(
            f"got a fit on evidence {fit.evidence_digest[:12]}, expected {evidence.digest[:12]}; "
            "fit again with `python -m models fit`"
        )
    prior = prior_parameters(assumptions)
    share = prior.base_rate_weight
    weights = reweight(fit, assumptions)
    outside_draws, outside = _base_rate(_history(evidence), prior.calm_hazard)
    inside_draws = _columns(fit)
    inside = _summary(inside_draws, weights, fit.chain)
    mixture = _mix(share, (outside, outside_draws), (inside, inside_draws), weights)
    summaries = {MODEL_MIXTURE: mixture, MODEL_M0: outside, MODEL_M1: inside}
    return Forecast(
        table=_table(summaries, fit.reference_date),
        weights=weights,
        model_weights=MappingProxyType({MODEL_M0: share, MODEL_M1: 1 - share}),
        status=_status(weights, float(mixture.mcse.max()), share),
        assumptions=assumptions,
        reference_date=fit.reference_date,
        evidence_digest=evidence.digest,
        fit_key=fit.key,
    )


def alignment_summary(fit: Fit, weights: Weights) -> pd.DataFrame:
    """Weighted quantiles of the latent alignment, history and forecast.

    Returns
    -------
    DataFrame
        Columns year, kind ("history" or "forecast"), q05, q25, q50, q75, q95 (logits of a cooperative reading).
    """
    levels = (0.05, 0.25, 0.5, 0.75, 0.95)
    both = np.concatenate([fit.alignment.to_numpy(), fit.future_alignment.to_numpy()], axis=1)
    years = [*fit.alignment.coords["year"].to_numpy(), *(fit.reference_date.year + h for h in HORIZONS)]
    quantiles = weighted_quantiles(both, weights.values, levels)
    frame = pd.DataFrame(quantiles.T, columns=[f"q{round(100 * level):02d}" for level in levels])
    frame.insert(0, "year", [int(year) for year in years])
    frame.insert(1, "kind", ["history"] * fit.alignment.sizes["year"] + ["forecast"] * len(HORIZONS))
    return frame


def sample_paths(fit: Fit, weights: Weights, count: int) -> pd.DataFrame:
    """A few simulated continuations, evenly spaced through the weighted draws: columns path, year, value."""
    positions = (np.arange(count) + 0.5) / count
    picked = np.searchsorted(np.cumsum(weights.values), positions).clip(max=fit.chain.size - 1)
    start = fit.alignment.isel(year=-1).to_numpy()[picked]
    values = np.concatenate([start[:, None], fit.future_alignment.to_numpy()[picked]], axis=1)
    years = fit.reference_date.year + np.arange(values.shape[1])
    return pd.DataFrame(
        {
            "path": np.repeat(np.arange(count), years.size),
            "year": np.tile(years, count),
            "value": values.ravel().astype(float),
        }
    )


def weighted_quantiles(draws: np.ndarray, weights: np.ndarray, levels: tuple[float, ...]) -> np.ndarray:
    """Quantiles of each column of `draws` (sample, column) under `weights` (sample,), shape (level, column).

    The inverse of the weighted distribution function: the smallest draw at which the cumulated weight reaches the
    level.
    """
    order = np.argsort(draws, axis=0, kind="stable")
    cumulative = np.cumsum(weights[order], axis=0)
    picks = np.stack([(cumulative < level * cumulative[-1]).sum(axis=0) for level in levels])
    ranks = np.minimum(picks, draws.shape[0] - 1)
    return np.take_along_axis(draws, np.take_along_axis(order, ranks, axis=0), axis=0).astype(np.float64)


def _history(evidence: Evidence) -> tuple[int, ...]:
    return tuple(yearly_codes(evidence.events, STRUCTURE.first_year, evidence.as_of.year).tolist())


@lru_cache(maxsize=256)
def _base_rate(codes: tuple[int, ...], hazard: float) -> tuple[np.ndarray, Summary]:
    """M0: draws (sample, horizon * outcome) for its interval, and its exact summary."""
    model = BaseRate.from_history(np.array(codes), hazard=calm_hazard(hazard))
    mean = _outcomes(model.forecast(codes[-1]))
    draws = _outcomes(model.draws(codes[-1], BASE_RATE_DRAWS, BASE_RATE_SEED)).reshape(BASE_RATE_DRAWS, -1)
    uniform = np.full(BASE_RATE_DRAWS, 1 / BASE_RATE_DRAWS)
    low, high = weighted_quantiles(draws, uniform, INTERVAL_LEVELS).reshape(2, *mean.shape)
    draws.flags.writeable = False
    return draws, Summary(mean=mean, mcse=np.zeros_like(mean), low=low, high=high)


def _outcomes(found: StateProbabilities) -> np.ndarray:
    """States, any rupture and any deeper side by side: (..., horizon, outcome)."""
    return np.concatenate([found.state, found.any_rupture[..., None], found.any_deeper[..., None]], axis=-1)


def _columns(fit: Fit) -> np.ndarray:
    """Per-draw probabilities of the latent-alignment model, shape (sample, horizon * outcome)."""
    p = fit.probabilities
    parts = (
        p["state_probability"].to_numpy(),
        p["any_rupture"].to_numpy()[..., None],
        p["any_deeper"].to_numpy()[..., None],
    )
    return np.concatenate(parts, axis=-1).astype(np.float64).reshape(fit.chain.size, -1)


def _summary(draws: np.ndarray, weights: Weights, chain: np.ndarray) -> Summary:
    shape = (len(HORIZONS), -1)
    low, high = weighted_quantiles(draws, weights.values, INTERVAL_LEVELS)
    return Summary(
        mean=(weights.values @ draws).reshape(shape),
        mcse=weighted_mcse(draws, weights, chain).reshape(shape),
        low=low.reshape(shape),
        high=high.reshape(shape),
    )


def _mix(
    share: float, outside: tuple[Summary, np.ndarray], inside: tuple[Summary, np.ndarray], weights: Weights
) -> Summary:
    """Linear pool. Its range is that of a probability drawn from either model's posterior with the models' weights."""
    (m0, draws0), (m1, draws1) = outside, inside
    pooled = np.concatenate([draws0, draws1])
    masses = np.concatenate([np.full(len(draws0), share / len(draws0)), (1 - share) * weights.values])
    low, high = weighted_quantiles(pooled, masses, INTERVAL_LEVELS).reshape(2, *m0.mean.shape)
    return Summary(mean=share * m0.mean + (1 - share) * m1.mean, mcse=(1 - share) * m1.mcse, low=low, high=high)


def _status(weights: Weights, mcse: float, share: float) -> Status:
    if share == 1 or weights.status == "exact":
        return "exact"
    by_error: Status = "good" if mcse <= GOOD_MCSE else "fair" if mcse <= FAIR_MCSE else "poor"
    order: tuple[Status, ...] = ("exact", "good", "fair", "poor")
    return max(weights.status, by_error, key=order.index)


def _table(summaries: Mapping[str, Summary], reference: date) -> pd.DataFrame:
    rows = [row for model, summary in summaries.items() for row in _rows(model, summary, reference)]
    return pd.DataFrame(rows, columns=list(TABLE_COLUMNS))


def _rows(model: str, summary: Summary, reference: date) -> Iterator[tuple[object, ...]]:
    targets = [(TARGET_STATE, name) for name in STATES] + [(TARGET_RUPTURE, YES), (TARGET_DEEPER, YES)]
    for index, horizon in enumerate(HORIZONS):
        end = date(reference.year + horizon, 12, 31).isoformat()
        for column, (target, outcome) in enumerate(targets):
            start = (model, reference.isoformat(), target, horizon, end)
            value = float(summary.mean[index, column])
            yield (*start, PMF, outcome, value)
            if outcome == YES:
                yield (*start, PMF, NO, 1.0 - value)
            yield (*start, MCSE, outcome, float(summary.mcse[index, column]))
            for level, bound in zip(INTERVAL_LEVELS, (summary.low, summary.high), strict=True):
                yield (*start, INTERVAL, f"{outcome}:{level:g}", float(bound[index, column]))
