"""What the hindcasts were worth: scores, intervals against the references, and the verdict that follows by rule."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from data.digest import Fields
from models.backtest.controls import AS_RECORDED, DRIVEN, FIRST_MEASURED, NO_DRIVERS, VARIANTS
from models.backtest.outcomes import P
from models.backtest.yardsticks import RIVAL, YARDSTICKS
from models.names import HORIZONS, MEMBERS, MODEL_M0, MODEL_MIXTURE, STATES
from models.scores.bootstrap import Interval, mean_interval, pooled_interval, shared_years, skill_verdict
from models.scores.reliability import reliability
from models.scores.rules import brier_score, log_score, ranked_probability_score

FORECASTERS = (MODEL_MIXTURE, *MEMBERS, RIVAL)
REFERENCES = (*YARDSTICKS[:-1], MODEL_M0, RIVAL)
SCORES = {"rps": ranked_probability_score, "brier": brier_score, "log": log_score}
"""The ranked probability score is the primary one."""
CURVES = (MODEL_MIXTURE, *MEMBERS)
"""Whose calibration is looked at."""
YARDSTICKS_OF_PRIMARY = (MODEL_M0, RIVAL)
"""The mixture is held against the better of these two (docs/decisions/0016)."""
PRIMARY, SECONDARY = "primary", "secondary"


def scored(table: pd.DataFrame) -> pd.DataFrame:
    """The hindcasts with a column for each of `SCORES`; lower is better."""
    p, codes = normalised(table[P].to_numpy()), np.array([STATES.index(state) for state in table["observed"]])
    return table.assign(**{name: score(p, codes) for name, score in SCORES.items()})


def normalised(p: np.ndarray) -> np.ndarray:
    """Shares of simulated ledgers add up to one but for rounding; make it exact."""
    return p / p.sum(axis=-1, keepdims=True)


def grid(table: pd.DataFrame, column: str, origins: list[int]) -> np.ndarray:
    """One model's scores as (origin, horizon); NaN where the target is not resolved."""
    wide = table.set_index(["origin", "horizon"])[column].unstack("horizon")  # noqa: PD010 (nothing is aggregated)
    return wide.reindex(index=origins, columns=list(HORIZONS)).to_numpy(dtype=float)


def _grids(first: pd.DataFrame, second: pd.DataFrame) -> Iterator[tuple[str, np.ndarray, np.ndarray]]:
    """Both tables' grids for each score, over the origins that they share; nothing when there are none."""
    origins = sorted(set(first["origin"]) & set(second["origin"]))
    for score in SCORES if origins else ():
        yield score, grid(first, score, origins), grid(second, score, origins)


def comparisons(scores: pd.DataFrame) -> pd.DataFrame:
    """Every forecaster against every reference, by score, per horizon and pooled, over the origins they share.

    Returns
    -------
    DataFrame
        ``model_id, reference, score, horizon`` (0 for all pooled), ``role`` ("primary" for the one comparison that was
        named before any score, else "secondary"), ``origins, ours, theirs, difference, low, high, verdict``: mean
        scores, ours minus theirs with its 95 % interval, and `models.scores.bootstrap.skill_verdict`.
    """
    plain = scores[scores["variant"] == AS_RECORDED]
    rows = []
    for model in FORECASTERS:
        ours = plain[plain["model_id"] == model]
        for reference in (name for name in REFERENCES if name != model):
            rows += _against(model, reference, ours, plain[plain["model_id"] == reference])
    return _with_roles(pd.DataFrame(rows))


def _against(model: str, reference: str, ours: pd.DataFrame, theirs: pd.DataFrame) -> list[Fields]:
    rows = []
    for score, mine, other in _grids(ours, theirs):
        for horizon in (0, *HORIZONS):
            pair = (mine, other) if not horizon else (mine[:, horizon - 1], other[:, horizon - 1])
            about = {"model_id": model, "reference": reference, "score": score, "horizon": horizon}
            rows.append(about | compared(*pair, horizon))
    return rows


def _with_roles(table: pd.DataFrame) -> pd.DataFrame:
    """The table with its column ``role``, after ``horizon``."""
    if table.empty:
        return table
    named = (table["model_id"] == MODEL_MIXTURE) & (table["score"] == "rps") & (table["horizon"] == 0)
    among = table[named & table["reference"].isin(YARDSTICKS_OF_PRIMARY)]
    better = among.loc[among["theirs"].idxmin(), "reference"] if len(among) == len(YARDSTICKS_OF_PRIMARY) else None
    role = np.where(named & (table["reference"] == better), PRIMARY, SECONDARY)
    table.insert(table.columns.get_loc("horizon") + 1, "role", role)
    return table


def recent_comparisons(scores: pd.DataFrame) -> pd.DataFrame:
    """As `comparisons`, of origins since `FIRST_MEASURED`, where every member is there; horizons pooled only."""
    table = comparisons(scores[scores["origin"] >= FIRST_MEASURED])
    return table[table["horizon"] == 0].assign(role=SECONDARY).reset_index(drop=True)


def compared(mine: np.ndarray, other: np.ndarray, horizon: int) -> Fields:
    """Two forecasters' scores, (origin,) at one horizon or (origin, horizon) of all (0), and their mean difference."""
    known = ~np.isnan(mine)
    if horizon:
        interval = mean_interval((mine - other)[known], shared_years(horizon))
    else:
        rows = known.any(axis=1)
        interval = pooled_interval((mine - other)[rows], shared_years(max(HORIZONS)))
    return {
        "origins": interval.origins,
        "ours": float(mine[known].mean()),
        "theirs": float(other[known].mean()),
        **plain_interval(interval),
        "verdict": skill_verdict(interval),
    }


def plain_interval(interval: Interval) -> dict[str, float | None]:
    """Difference and ends; ends that cannot be known are missing."""
    ends = {
        name: value if np.isfinite(value) else None for name, value in (("low", interval.low), ("high", interval.high))
    }
    return {"difference": interval.mean, **ends}


def reliability_table(scores: pd.DataFrame) -> pd.DataFrame:
    """CORP curves of every model for every state, all horizons pooled: the curve's columns, the parts of the Brier
    score, pairs and whether there are enough of them, from dates enough, for a verdict."""
    plain = scores[(scores["variant"] == AS_RECORDED) & scores["model_id"].isin(CURVES)]
    parts = []
    for (model, state), rows in ((key, plain[plain["model_id"] == key[0]]) for key in _pairs(plain)):
        happened, dates = (rows["observed"] == state).to_numpy(), rows["target_year"].nunique()
        curve = reliability(rows[f"p_{state}"].to_numpy(), happened, dates=dates)
        about = {
            "model_id": model,
            "state": state,
            "pairs": curve.pairs,
            "verdict": curve.has_verdict,
            "miscalibration": curve.miscalibration,
            "discrimination": curve.discrimination,
            "uncertainty": curve.uncertainty,
        }
        parts.append(curve.table.assign(**about))
    return pd.concat(parts, ignore_index=True)


def _pairs(plain: pd.DataFrame) -> list[tuple[str, str]]:
    return [(model, state) for model in CURVES if (plain["model_id"] == model).any() for state in STATES]


def variant_table(scores: pd.DataFrame) -> pd.DataFrame:
    """Each model as it is published against its variants, all horizons pooled, over the origins of the variant.

    Returns
    -------
    DataFrame
        ``model_id, variant, score, origins, ours, theirs, difference, low, high, verdict``: ours as recorded, theirs
        the variant's.
    """
    rows = []
    for model in (MODEL_MIXTURE, *MEMBERS):
        own = scores[scores["model_id"] == model]
        for variant in VARIANTS[1:]:
            for score, mine, other in _grids(own[own["variant"] == AS_RECORDED], own[own["variant"] == variant]):
                about = {"model_id": model, "variant": variant, "score": score}
                rows.append(about | compared(mine, other, 0))
    return pd.DataFrame(rows)


def control_table(scores: pd.DataFrame) -> pd.DataFrame:
    """What the drivers add, as recorded, at the essay's strength and shuffled: mean score without drivers minus mean
    score with them, over the origins that both have.

    Returns
    -------
    DataFrame
        ``model_id, variant, score, without, with, gain, low, high``: a gain above 0 says that the drivers helped.
    """
    rows = []
    for model in sorted(set(scores.loc[scores["variant"] == NO_DRIVERS, "model_id"])):
        own = scores[scores["model_id"] == model]
        base = own[own["variant"] == NO_DRIVERS]
        for variant in DRIVEN:
            other = own[own["variant"] == variant]
            for score, without, with_drivers in _grids(base, other):
                interval = pooled_interval(without - with_drivers, shared_years(max(HORIZONS)))
                gain = plain_interval(interval)
                rows.append(
                    {
                        "model_id": model,
                        "variant": variant,
                        "score": score,
                        "without": float(np.nanmean(without)),
                        "with": float(np.nanmean(with_drivers)),
                        "gain": gain["difference"],
                        "low": gain["low"],
                        "high": gain["high"],
                    }
                )
    return pd.DataFrame(rows)
