"""Bayesian stacking: the weights under which a mixture of the models would have forecast the past best.

Models are judged by the probability they gave to what happened, ``densities`` (origin, horizon, model): consecutive
yearly origins, horizons 1, 2, ..., NaN where the target is not resolved. It is floored once, before mixing
(`models.scores.rules.FLOOR`); a mixture of floored probabilities needs no floor of its own.

Five forecasts from one origin share their future; they count as one, each with a weight of one over the horizons
resolved, so that evidence grows with the number of origins. The weights' prior is a Dirichlet at equal weights, with
`PSEUDO_ORIGINS` a model. Weights say which mixture forecast best, never how likely a model is true.

References: Yao, Vehtari, Simpson and Gelman (2018), Bayesian Analysis 13, 917-1007.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from data.digest import Fields
from models.scores.bootstrap import SEED, TAIL, block_length, pooled_interval, shared_years, times_drawn
from models.scores.rules import FLOOR, ScoreError, floored_log_score
from models.storage.arrays import Arrays

PSEUDO_ORIGINS = 0.1
"""Dirichlet counts above one, a model: half a forecast, so that no model is shut out by one surprise. A whole origin a
model came first; on twenty origins it held the stack 0.058 nats a forecast behind the best single model, where 0.02 are
allowed (docs/decisions/0006)."""
WEIGHT_RESAMPLES = 2_000
"""Leave the ends of a 95 % interval within 0.06 standard errors of a weight; each resample is a fit of its own."""
MINIMUM_ORIGINS = 5
"""Origins before the first that is scored with learned weights: by then one of them has all five horizons resolved. The
prior does the rest, so waiting longer would only leave less to test. Published weights may well wait longer."""
EQUAL, PUBLISHED = "equal", "published"
WEIGHT_TOLERANCE, MOST_STEPS = 1e-8, 20_000
"""Near the optimum a step shrinks the error by at least origins / (origins + pseudo-origins), 0.91 for forty origins
and four models: about 200 steps, and weights within 1e-7. Far more are needed only with next to no prior."""


def stack(densities: np.ndarray, pseudo_origins: float = PSEUDO_ORIGINS) -> np.ndarray:
    """Weights that maximise the log score of the past plus the log density of the prior.

    Parameters
    ----------
    densities : ndarray, shape (origin, horizon, model)
        Probability of what happened; NaN where the target is not resolved, for all models alike. Without any resolved
        target the weights are equal.
    pseudo_origins : float
        Strength of the prior, per model; above 0.

    Returns
    -------
    ndarray, shape (model,)
        At least 0, adding up to one.

    Raises
    ------
    ScoreError
    """
    table = checked_densities(densities)
    return _optimum(table, np.ones((1, len(table))), pseudo_origins)[0]


def stack_interval(
    densities: np.ndarray,
    pseudo_origins: float = PSEUDO_ORIGINS,
    resamples: int = WEIGHT_RESAMPLES,
    seed: int = SEED,
) -> np.ndarray:
    """95 % bootstrap interval of each weight, shape (model, 2): whole blocks of origins that share years.

    The interval belongs to weights with their prior: with few origins it shows how little they can move, which is not
    how well the best mixture is known.
    """
    table = checked_densities(densities)
    drawn = times_drawn(len(table), block_length(len(table), shared_years(table.shape[1])), resamples, seed)
    return np.quantile(_optimum(table, drawn, pseudo_origins), (TAIL, 1 - TAIL), axis=0).T


def mixture(densities: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Probability that the mixture gave to what happened, floored before mixing; shape (origin, horizon), NaN kept.

    Parameters
    ----------
    densities : ndarray, shape (origin, horizon, model)
    weights : ndarray, shape (model,) or (origin, model)
    """
    table = checked_densities(densities)
    return (table * np.broadcast_to(weights, (len(table), table.shape[2]))[:, None]).sum(axis=2)


def prequential_weights(
    densities: np.ndarray, minimum: int = MINIMUM_ORIGINS, pseudo_origins: float = PSEUDO_ORIGINS
) -> np.ndarray:
    """Weights at each origin from what was resolved by then, shape (origin, model); equal before `minimum` origins.

    A forecast from origin i for h years ahead is known at origin i + h and not before.
    """
    table = checked_densities(densities)
    origins, horizons, models = table.shape
    resolved_at = np.arange(origins)[:, None] + np.arange(1, horizons + 1)
    weights = np.full((origins, models), 1 / models)
    for origin in range(max(1, minimum), origins):
        resolved = np.where((resolved_at <= origin)[..., None], table, np.nan)
        weights[origin] = stack(resolved[:origin], pseudo_origins)
    return weights


def prequential(
    densities: np.ndarray, minimum: int = MINIMUM_ORIGINS, pseudo_origins: float = PSEUDO_ORIGINS
) -> np.ndarray:
    """Probability that stacking, with only what was known at each origin, gave to what happened; (origin, horizon).

    The honest test of stacking: no weight has seen the outcome it is scored on, nor any later one.
    """
    return mixture(densities, prequential_weights(densities, minimum, pseudo_origins))


def left_out(densities: np.ndarray, block: int = 5, pseudo_origins: float = PSEUDO_ORIGINS) -> np.ndarray:
    """As `prequential`, each block of origins scored with the weights of all others, earlier and later.

    Origins beside a block share some of its target years, so this is kinder than `prequential`.
    """
    table = checked_densities(densities)
    group = np.arange(len(table)) // block
    keep = (group != np.unique(group)[:, None]).astype(np.float64)
    return mixture(table, _optimum(table, keep, pseudo_origins)[group])


def compare_stack(
    densities: np.ndarray,
    names: Sequence[str],
    published: Sequence[float],
    minimum: int = MINIMUM_ORIGINS,
    seed: int = SEED,
) -> pd.DataFrame:
    """How each model and each way of mixing them forecast the same past.

    The best single model is chosen knowing the outcomes, a choice nobody had: a fair mixture may well come second.

    Parameters
    ----------
    densities : ndarray, shape (origin, horizon, model)
    names : sequence of str
        Of the models, in order.
    published : sequence of float
        The weights in use, which nobody fitted to these outcomes.
    minimum : int
        As for `prequential`.

    Returns
    -------
    DataFrame
        A row for each of `names`, then ``equal``, ``published``, ``stack`` (has seen every outcome),
        ``stack_left_out``, ``stack_prequential`` and ``stack_learned``, the last over the origins from `minimum` on,
        where weights were learned. Columns: forecaster; log_score (mean a forecast, nats, lower is better); forecasts;
        and for ``best`` (the best single model), ``equal`` and ``published``: versus_*, versus_*_low, versus_*_high,
        the forecaster's mean score less theirs over the same forecasts and its 95 % block-bootstrap interval, missing
        where it cannot be known.

    Raises
    ------
    ScoreError
        Another number of names than models, or no resolved target.
    """
    table = checked_densities(densities)
    if len(names) != table.shape[2]:
        raise ScoreError(f"got {len(names)} names for {table.shape[2]} models, expected one each; name them in order")
    table = table[: _last_resolved(table) + 1]
    scores = {name: floored_log_score(table[..., index]) for index, name in enumerate(names)}
    best = min(names, key=lambda name: np.nanmean(scores[name]))
    mixed = _mixtures(table, np.asarray(published, dtype=np.float64), minimum)
    scores |= {name: floored_log_score(density) for name, density in mixed.items()}
    references = {name: scores[key] for name, key in (("best", best), (EQUAL, EQUAL), (PUBLISHED, PUBLISHED))}
    rows = [_row(name, score, references, seed) for name, score in scores.items()]
    if len(table) > minimum:
        later = {name: score[minimum:] for name, score in references.items()}
        rows.append(_row("stack_learned", scores["stack_prequential"][minimum:], later, seed))
    return pd.DataFrame(rows)


def _mixtures(table: np.ndarray, published: np.ndarray, minimum: int) -> Arrays:
    models = table.shape[2]
    return {
        EQUAL: mixture(table, np.full(models, 1 / models)),
        PUBLISHED: mixture(table, published / published.sum()),
        "stack": mixture(table, stack(table)),
        "stack_left_out": left_out(table),
        "stack_prequential": prequential(table, minimum),
    }


def _row(name: str, score: np.ndarray, references: Arrays, seed: int) -> Fields:
    row = {"forecaster": name, "log_score": float(np.nanmean(score)), "forecasts": int((~np.isnan(score)).sum())}
    for key, reference in references.items():
        interval = pooled_interval(score - reference, shared_years(score.shape[1]), seed=seed)
        ends = {
            f"versus_{key}_{name}": end if np.isfinite(end) else np.nan
            for name, end in (("low", interval.low), ("high", interval.high))
        }
        row |= {f"versus_{key}": interval.mean} | ends
    return row


def _last_resolved(table: np.ndarray) -> int:
    resolved = np.flatnonzero(_shares(table).any(axis=1))
    if not resolved.size:
        raise ScoreError("got no resolved target at all, expected some to compare forecasters on; use earlier origins")
    return int(resolved[-1])


def checked_densities(densities: np.ndarray) -> np.ndarray:
    """The table, floored once.

    Raises
    ------
    ScoreError
        Not such a table, not probabilities, or a target that some models forecast and others did not.
    """
    table = np.asarray(densities, dtype=np.float64)
    if table.ndim != 3 or not table.size:
        raise ScoreError(f"got densities of shape {table.shape}, expected (origin, horizon, model); stack them so")
    unresolved = np.isnan(table)
    if (unresolved.any(axis=2) & ~unresolved.all(axis=2)).any():
        raise ScoreError(
            "got targets that some models forecast and others did not, expected NaN for all models or none; compare "
            "the models over the origins they share"
        )
    if not ((table >= 0) & (table <= 1) | unresolved).all():
        raise ScoreError("got densities outside 0 to 1, expected probabilities of what happened; see scores.py")
    return np.maximum(table, FLOOR)


def _optimum(table: np.ndarray, drawn: np.ndarray, pseudo_origins: float) -> np.ndarray:
    """Weights (fit, model) for origins counted `drawn` (fit, origin) times, by expectation-maximisation.

    Each step attributes every forecast to the models in proportion to weight times density; the objective is concave
    and never falls, and the prior keeps its maximum inside.
    """
    if not pseudo_origins > 0:
        raise ScoreError(f"got {pseudo_origins} pseudo-origins a model, expected more than 0; use 1")
    share = _shares(table)
    resolved = share > 0
    density, counted = table[resolved], np.repeat(drawn, resolved.sum(axis=1), axis=1) * share[resolved]
    total = counted.sum(axis=1, keepdims=True) + pseudo_origins * table.shape[2]
    weights = np.full((len(drawn), table.shape[2]), 1 / table.shape[2])
    for _ in range(MOST_STEPS):
        attributed = weights * ((counted / (weights @ density.T)) @ density)
        moved = (attributed + pseudo_origins) / total
        if np.abs(moved - weights).max() <= WEIGHT_TOLERANCE:
            return moved / moved.sum(axis=1, keepdims=True)
        weights = moved
    raise ScoreError(f"got no weights within {MOST_STEPS} steps, expected a few hundred; use a stronger prior")


def _shares(table: np.ndarray) -> np.ndarray:
    """What each forecast counts, shape (origin, horizon): one over the horizons its origin has resolved, else 0."""
    resolved = ~np.isnan(table[..., 0])
    return resolved / np.maximum(resolved.sum(axis=1, keepdims=True), 1)
