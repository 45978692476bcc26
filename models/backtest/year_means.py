"""Scores of the years' own means: as distributions by CRPS, and in three words by the ranked probability score."""

import numpy as np
import pandas as pd

from models.backtest.controls import AS_RECORDED, VARIANTS
from models.backtest.outcomes import QUANTILES
from models.backtest.scores import compared, grid
from models.backtest.yardsticks import MEAN_YARDSTICKS, RIVAL
from models.names import HORIZONS, MODEL_M1, MODEL_M3, MODEL_MIXTURE
from models.outcome.rule import RULE, OutcomeRule
from models.scores.distributions import crps, word_chances
from models.scores.rules import ranked_probability_score

SIMULATORS = (MODEL_MIXTURE, MODEL_M1, MODEL_M3)
"""Who forecasts a year's mean; M0 and M2 know labels only."""
MEAN_FORECASTERS = (*SIMULATORS, RIVAL)
CRPS, WORDS = "crps", "words"


def scored_means(table: pd.DataFrame, rule: OutcomeRule = RULE) -> pd.DataFrame:
    """The forecasts of the years' means with their scores; lower is better.

    Parameters
    ----------
    table : DataFrame
        `models.backtest.outcomes.year_mean_table`.
    rule : OutcomeRule
        Its ``word_cuts`` divide the difference from the five-year tone into worse, about as before and better.

    Returns
    -------
    DataFrame
        With ``crps`` (points of intensity) and ``words`` (ranked probability score of the three words, 0 to 2).
    """
    quantiles, observed = table[QUANTILES].to_numpy(float), table["observed"].to_numpy(float)
    edges = table["tone"].to_numpy(float)[:, None] + np.array(rule.word_cuts)
    happened = (observed[:, None] >= edges).sum(axis=1)
    words = ranked_probability_score(word_chances(quantiles, edges), happened, len(rule.word_cuts) + 1)
    found = pd.DataFrame({CRPS: crps(quantiles, observed), WORDS: words}, index=table.index)
    return pd.concat([table, found], axis=1)


def mean_comparisons(scores: pd.DataFrame) -> pd.DataFrame:
    """Every forecaster of the years' means against every yardstick, per horizon and pooled, over shared origins.

    Parameters
    ----------
    scores : DataFrame
        `scored_means` of models and yardsticks.

    Returns
    -------
    DataFrame
        As `models.backtest.scores.comparisons`, by the scores ``crps`` and ``words``; all rows are secondary.
    """
    plain = scores[scores["variant"] == AS_RECORDED]
    pairs = [(ours, theirs) for ours in MEAN_FORECASTERS for theirs in MEAN_YARDSTICKS if ours != theirs]
    rows = [row for pair in pairs for score in (CRPS, WORDS) for row in _against(plain, pair, score)]
    return pd.DataFrame(rows)


def _against(plain: pd.DataFrame, pair: tuple[str, str], score: str) -> list[dict[str, object]]:
    ours, theirs = (plain[plain["model_id"] == name] for name in pair)
    origins = sorted(set(ours["origin"]) & set(theirs["origin"]))
    if not origins:
        return []
    mine, other = (grid(table, score, origins) for table in (ours, theirs))
    about = {"model_id": pair[0], "reference": pair[1], "score": score}
    picked = [(0, mine, other), *((h, mine[:, h - 1], other[:, h - 1]) for h in HORIZONS)]
    return [{**about, "horizon": h, "role": "secondary", **compared(one, two, h)} for h, one, two in picked]


def variant_means(scores: pd.DataFrame) -> pd.DataFrame:
    """Mean CRPS of each variant of a model that simulates ledgers beside that of its default, over shared targets.

    Returns
    -------
    DataFrame
        ``model_id, variant, origins, ours, default``.
    """
    rows = []
    keys = ["origin", "horizon"]
    for model in SIMULATORS:
        own = scores[scores["model_id"] == model]
        default = own[own["variant"] == AS_RECORDED].set_index(keys)[CRPS]
        for variant in VARIANTS[1:]:
            both = pd.concat([own[own["variant"] == variant].set_index(keys)[CRPS], default], axis=1, join="inner")
            if len(both):
                origins = both.index.get_level_values("origin").nunique()
                means = dict(zip(("ours", "default"), map(float, both.mean()), strict=True))
                rows.append({"model_id": model, "variant": variant, "origins": origins, **means})
    return pd.DataFrame(rows)
