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
from models.library import Library
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
from models.priors import prior_parameters
from models.reweighting import Status, Weights, weigh, weighted_mcse
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
    library_key: str

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


def make_forecast(evidence: Evidence, library: Library, assumptions: Assumptions) -> Forecast:
    """Re-weight the library to the assumptions, ask the base rate, mix, and write the table.

    Raises
    ------
    StaleFitError
        The library was made on other evidence.
    """
    made = library.provenance
    if made.evidence_digest != evidence.digest:
        raise StaleFitError(
            f"got a library on evidence {made.evidence_digest[:12]}, expected {evidence.digest[:12]}; "
            "rebuild it with `python -m models library build`"
        )
    prior = prior_parameters(assumptions)
    share = prior.base_rate_weight
    weights = weigh(library, prior)
    outside_draws, outside = _base_rate(_history(evidence), prior.calm_hazard)
    masses = _masses(library, weights)
    inside = _summary(library, weights, masses)
    mixture = _mix(share, (outside, outside_draws), inside, masses)
    summaries = {MODEL_MIXTURE: mixture, MODEL_M0: outside, MODEL_M1: inside}
    return Forecast(
        table=_table(summaries, made.reference_date),
        weights=weights,
        model_weights=MappingProxyType({MODEL_M0: share, MODEL_M1: 1 - share}),
        status=_status(weights, float(inside.mcse.max()), share),
        assumptions=assumptions,
        reference_date=made.reference_date,
        evidence_digest=evidence.digest,
        library_key=library.key,
    )


def alignment_summary(library: Library, weights: Weights) -> pd.DataFrame:
    """Weighted quantiles of the latent alignment, history and forecast, over the draws whose path is kept.

    Returns
    -------
    DataFrame
        Columns year, kind ("history" or "forecast"), q05, q25, q50, q75, q95 (logits of a cooperative reading).
    """
    levels, paths = (0.05, 0.25, 0.5, 0.75, 0.95), library.paths
    both = np.concatenate([paths.alignment, paths.future], axis=1)
    years = [*paths.years, *(library.provenance.reference_date.year + h for h in HORIZONS)]
    quantiles = weighted_quantiles(both, weights.values[paths.rows], levels)
    frame = pd.DataFrame(quantiles.T, columns=[f"q{round(100 * level):02d}" for level in levels])
    frame.insert(0, "year", [int(year) for year in years])
    frame.insert(1, "kind", ["history"] * paths.years.size + ["forecast"] * len(HORIZONS))
    return frame


def sample_paths(library: Library, weights: Weights, count: int) -> pd.DataFrame:
    """A few simulated continuations, evenly spaced through the weighted draws: columns path, year, value."""
    paths = library.paths
    picked = spread_rows(weights.values[paths.rows], count)
    values = np.concatenate([paths.alignment[picked, -1:], paths.future[picked]], axis=1)
    years = library.provenance.reference_date.year + np.arange(values.shape[1])
    return pd.DataFrame(
        {
            "path": np.repeat(np.arange(count), years.size),
            "year": np.tile(years, count),
            "value": values.ravel().astype(float),
        }
    )


def spread_rows(weights: np.ndarray, count: int) -> np.ndarray:
    """Positions of `count` draws, evenly spaced through the cumulated weights: a draw appears as often as it weighs."""
    cumulated = np.cumsum(weights)
    positions = cumulated[-1] * (np.arange(count) + 0.5) / count
    return np.searchsorted(cumulated, positions).clip(max=weights.size - 1)


def weighted_quantiles(draws: np.ndarray, weights: np.ndarray, levels: tuple[float, ...]) -> np.ndarray:
    """Quantiles of each column of `draws` (sample, column), shape (level, column).

    The inverse of the weighted distribution function: the smallest draw at which the cumulated weight reaches the
    level.

    Parameters
    ----------
    weights : ndarray, shape (sample,) or (sample, column)
    """
    order = np.argsort(draws, axis=0, kind="stable")
    ordered = weights[order] if weights.ndim == 1 else np.take_along_axis(weights, order, axis=0)
    cumulative = np.cumsum(ordered, axis=0)
    picks = np.stack([(cumulative < level * cumulative[-1]).sum(axis=0) for level in levels])
    ranks = np.minimum(picks, draws.shape[0] - 1)
    return np.take_along_axis(draws, np.take_along_axis(order, ranks, axis=0), axis=0).astype(np.float64)


@lru_cache(maxsize=8)
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


def _masses(library: Library, weights: Weights) -> np.ndarray:
    """Weight of every value that a probability can take, shape (resolution + 1, horizon * outcome): all that ranges
    need of the draws, and much shorter to sort."""
    size = library.resolution + 1
    columns = [np.bincount(one, weights=weights.values, minlength=size) for one in library.counts.T]
    return np.stack(columns, axis=1)


def _summary(library: Library, weights: Weights, masses: np.ndarray) -> Summary:
    shape = (len(HORIZONS), -1)
    low, high = weighted_quantiles(_levels(masses), masses, INTERVAL_LEVELS)
    return Summary(
        mean=(weights.values @ library.probabilities).reshape(shape),
        mcse=weighted_mcse(library.probabilities, weights, library).reshape(shape),
        low=low.reshape(shape),
        high=high.reshape(shape),
    )


def _mix(share: float, outside: tuple[Summary, np.ndarray], inside: Summary, masses: np.ndarray) -> Summary:
    """Linear pool. Its range is that of a probability drawn from either model's posterior with the models' weights."""
    m0, draws = outside
    pooled = np.concatenate([draws, _levels(masses)])
    weights = np.concatenate([np.full_like(draws, share / len(draws)), (1 - share) * masses])
    low, high = weighted_quantiles(pooled, weights, INTERVAL_LEVELS).reshape(2, *m0.mean.shape)
    mean = share * m0.mean + (1 - share) * inside.mean
    return Summary(mean=mean, mcse=(1 - share) * inside.mcse, low=low, high=high)


def _levels(masses: np.ndarray) -> np.ndarray:
    """The values that `_masses` weighs, one column each."""
    return np.broadcast_to(np.linspace(0, 1, len(masses))[:, None], masses.shape)


def _status(weights: Weights, mcse: float, share: float) -> Status:
    if share == 1 or weights.status == "exact":
        return "exact"
    by_error: Status = "good" if mcse <= GOOD_MCSE else "fair" if mcse <= FAIR_MCSE else "poor"
    order: tuple[Status, ...] = ("exact", "good", "fair", "poor")
    return max(weights.status, by_error, key=order.index)


def _table(summaries: Mapping[str, Summary], reference: date) -> pd.DataFrame:
    parts = (np.stack([one.mean, 1 - one.mean, one.mcse, one.low, one.high], axis=-1) for one in summaries.values())
    values = np.concatenate([part[_KEPT] for part in parts])
    return _layout(tuple(summaries), reference).assign(value=values)


_QUESTIONS = (*((TARGET_STATE, name) for name in STATES), (TARGET_RUPTURE, YES), (TARGET_DEEPER, YES))
_KEPT = np.ones((len(HORIZONS), len(_QUESTIONS), 3 + len(INTERVAL_LEVELS)), dtype=bool)
_KEPT[:, :, 1] = [outcome == YES for _, outcome in _QUESTIONS]
"""Of mean, complement, error, low and high every question has all; only yes-or-no questions have the complement."""


@lru_cache(maxsize=16)
def _layout(models: tuple[str, ...], reference: date) -> pd.DataFrame:
    """Every column of the results table but the values, which alone change from move to move."""
    rows = [row for model in models for row in _rows(model, reference)]
    return pd.DataFrame(rows, columns=[name for name in TABLE_COLUMNS if name != "value"])


def _rows(model: str, reference: date) -> Iterator[tuple[object, ...]]:
    for horizon in HORIZONS:
        end = date(reference.year + horizon, 12, 31).isoformat()
        for target, outcome in _QUESTIONS:
            start = (model, reference.isoformat(), target, horizon, end)
            yield (*start, PMF, outcome)
            if outcome == YES:
                yield (*start, PMF, NO)
            yield (*start, MCSE, outcome)
            yield from ((*start, INTERVAL, f"{outcome}:{level:g}") for level in INTERVAL_LEVELS)
