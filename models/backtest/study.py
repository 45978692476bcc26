"""All tables of a backtest, from what was forecast alone: a study is scored again without a fit."""

from collections.abc import Mapping
from types import MappingProxyType

import pandas as pd

from data.types import Evidence
from models.backtest.controls import AS_RECORDED, ESSAY, NO_DRIVERS, ONE_VOLATILITY
from models.backtest.coverage import coverage, spreads
from models.backtest.first_edition import first_edition_2025
from models.backtest.mixture import chosen_by_origin, mean_mixture_table, mixture_table
from models.backtest.scores import (
    SCORES,
    comparisons,
    control_table,
    recent_comparisons,
    reliability_table,
    scored,
    variant_table,
)
from models.backtest.weights import stack_tables
from models.backtest.yardsticks import mean_reference_table, reference_table
from models.backtest.year_means import mean_comparisons, scored_means, variant_means
from models.names import MEMBERS, MODEL_M1, MODEL_M3
from models.storage.safe_csv import Tables

BEST_SO_FAR = "best_so_far"
"""The structure that had scored best by each origin, as a forecaster."""
STRUCTURES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "volatility split at 1990": (MODEL_M1, AS_RECORDED),
        "one volatility": (MODEL_M1, ONE_VOLATILITY),
        "without drivers": (MODEL_M1, NO_DRIVERS),
        "hidden regimes": (MODEL_M3, AS_RECORDED),
    }
)
"""What is chosen from at each origin, by model and variant (docs/decisions/0016)."""
MIXED = (AS_RECORDED, NO_DRIVERS, ESSAY, ONE_VOLATILITY)
"""Variants of which the mixture is scored too."""


def study_tables(evidence: Evidence, hindcasts: pd.DataFrame, year_means: pd.DataFrame) -> Tables:
    """Everything that follows from the hindcasts, by name; without variants there are no tables of them.

    Parameters
    ----------
    evidence : Evidence
        All that is known now: what happened.
    hindcasts : DataFrame
        `models.backtest.outcomes.hindcast_table`.
    year_means : DataFrame
        `models.backtest.outcomes.year_mean_table`; it is stored as it is, scores follow from it at any time.
    """
    scores = _state_scores(evidence, hindcasts)
    weights, stacked = stack_tables(scores)
    tables = {
        "hindcasts": scores,
        "comparisons": comparisons(scores),
        "recent": recent_comparisons(scores),
        "chosen": chosen_structures(scores),
        "variants": variant_table(scores),
        "reliability": reliability_table(scores),
        "weights": weights,
        "stacked": stacked,
        "first_edition_2025": first_edition_2025(evidence),
        "controls": control_table(scores),
        **_mean_tables(evidence, year_means),
    }
    return {name: table for name, table in tables.items() if len(table.columns)}


def _state_scores(evidence: Evidence, hindcasts: pd.DataFrame) -> pd.DataFrame:
    mixed = [mixture_table(hindcasts, variant) for variant in MIXED]
    references = reference_table(evidence, sorted(set(hindcasts["origin"])))
    return scored(pd.concat([hindcasts, *(table for table in mixed if len(table)), references], ignore_index=True))


def _mean_tables(evidence: Evidence, year_means: pd.DataFrame) -> Tables:
    if year_means.empty:
        return {"year_means": year_means}
    every = with_simple_means(evidence, year_means)
    scores = scored_means(every)
    return {
        "year_means": year_means,
        "year_mean_comparisons": mean_comparisons(scores),
        "year_mean_variants": variant_means(scores),
        "coverage": coverage(every),
        "spreads": spreads(every),
    }


def with_simple_means(evidence: Evidence, year_means: pd.DataFrame) -> pd.DataFrame:
    """The forecasts of the years' own means, those of the mixtures and of simple rules after them."""
    mixed = [mean_mixture_table(year_means, variant) for variant in MIXED]
    references = mean_reference_table(evidence, sorted(set(year_means["origin"])))
    return pd.concat([year_means, *(table for table in mixed if len(table)), references], ignore_index=True)


def chosen_structures(scores: pd.DataFrame) -> pd.DataFrame:
    """Which structure had scored best by each origin, and what choosing so would have scored."""
    candidates = {name: _whole(scores, *structure) for name, structure in STRUCTURES.items()}
    present = {name: table for name, table in candidates.items() if len(table)}
    return scored(chosen_by_origin(present, BEST_SO_FAR))


def _whole(scores: pd.DataFrame, model: str, variant: str) -> pd.DataFrame:
    """A variant's hindcasts from every origin: before its first own one it is the same fit as recorded."""
    own = scores[scores["model_id"] == model]
    moved = own[own["variant"] == variant]
    before = own[(own["variant"] == AS_RECORDED) & (own["origin"] < moved["origin"].min())]
    return pd.concat([before, moved], ignore_index=True)


def archived_hindcasts(stored: pd.DataFrame) -> pd.DataFrame:
    """What was fitted, without the references, mixtures and scores that were stored beside it."""
    fitted = stored[stored["model_id"].isin(MEMBERS)].drop(columns=list(SCORES))
    return fitted.assign(failed=fitted["failed"].astype(object).where(fitted["failed"].notna(), ""))
