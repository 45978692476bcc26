"""What the hindcasts were worth: scores, intervals against the references, and the verdict that follows by rule."""

from collections.abc import Iterable, Iterator

import numpy as np
import pandas as pd

from data.digest import Fields
from data.types import Evidence
from models.assumptions.knobs import global_knobs
from models.assumptions.shares import WEIGHT_KNOBS
from models.backtest.controls import AS_RECORDED, NO_DRIVERS, SHUFFLES
from models.base_rate.references import climatology, persistence
from models.measures.structure import ALIGNMENT
from models.names import HORIZONS, MEMBERS, MODEL_M0, STATES
from models.outcome.rule import yearly_codes
from models.scores.bootstrap import Interval, mean_interval, pooled_interval, shared_years, skill_verdict
from models.scores.reliability import reliability
from models.scores.rules import brier_score, log_score, ranked_probability_score, realised_probability
from models.scores.stacking import compare_stack, stack, stack_interval

CLIMATOLOGY, PERSISTENCE = "climatology", "persistence"
REFERENCES = (CLIMATOLOGY, PERSISTENCE, MODEL_M0)
SCORES = {"rps": ranked_probability_score, "brier": brier_score, "log": log_score}
"""The ranked probability score is the primary one."""
PUBLICATION_MINIMUM = 20
"""Origins that stacking weights must rest on before they may be published (docs/decisions/0006)."""
PREQUENTIAL_MINIMUM = 5
"""Origins before the honest test of stacking learns weights; with `PUBLICATION_MINIMUM` of them, twenty origins would
test equal weights only."""
P = [f"p_{state}" for state in STATES]


def scored(table: pd.DataFrame) -> pd.DataFrame:
    """The hindcasts with a column for each of `SCORES`; lower is better."""
    p, codes = normalised(table[P].to_numpy()), np.array([STATES.index(state) for state in table["observed"]])
    return table.assign(**{name: score(p, codes) for name, score in SCORES.items()})


def normalised(p: np.ndarray) -> np.ndarray:
    """Shares of simulated ledgers add up to one but for rounding; make it exact."""
    return p / p.sum(axis=-1, keepdims=True)


def reference_table(evidence: Evidence, origins: Iterable[int]) -> pd.DataFrame:
    """Climatology and persistence at every origin, in the hindcasts' columns."""
    last = evidence.as_of.year
    rows = []
    for origin in origins:
        codes = yearly_codes(evidence.events, ALIGNMENT.first_year, origin)
        forecasts = {CLIMATOLOGY: climatology(codes[codes >= 0]), PERSISTENCE: persistence(int(codes[-1]))}
        for horizon in (h for h in HORIZONS if origin + h <= last):
            observed = int(yearly_codes(evidence.events, origin + horizon, origin + horizon)[0])
            for name, p in forecasts.items() if observed >= 0 else ():
                shared = {"kind": "hindcast", "model_id": name, "variant": AS_RECORDED, "origin": origin}
                target = {"horizon": horizon, "target_year": origin + horizon, "observed": STATES[observed]}
                rows.append({**shared, **target, **dict(zip(P, p[horizon - 1].tolist(), strict=True))})
    return pd.DataFrame(rows)


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
    """Every model against every reference, by score, per horizon and pooled, over the origins they share.

    Returns
    -------
    DataFrame
        ``model_id, reference, score, horizon`` (0 for all pooled), ``origins, ours, theirs, difference, low, high,
        verdict``: mean scores, ours minus theirs with its 95 % interval, and `models.scores.bootstrap.skill_verdict`.
    """
    plain = scores[scores["variant"] == AS_RECORDED]
    rows = []
    for model in MEMBERS:
        ours = plain[plain["model_id"] == model]
        for reference in (name for name in REFERENCES if name != model):
            theirs = plain[plain["model_id"] == reference]
            rows += _against(model, reference, ours, theirs)
    return pd.DataFrame(rows)


def _against(model: str, reference: str, ours: pd.DataFrame, theirs: pd.DataFrame) -> list[Fields]:
    rows = []
    for score, mine, other in _grids(ours, theirs):
        for horizon in (0, *HORIZONS):
            pair = (mine, other) if not horizon else (mine[:, horizon - 1], other[:, horizon - 1])
            rows.append(
                {
                    "model_id": model,
                    "reference": reference,
                    "score": score,
                    "horizon": horizon,
                    **_compared(*pair, horizon),
                }
            )
    return rows


def _compared(mine: np.ndarray, other: np.ndarray, horizon: int) -> Fields:
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
    score, pairs and whether there are enough for a verdict."""
    plain = scores[(scores["variant"] == AS_RECORDED) & scores["model_id"].isin(MEMBERS)]
    parts = []
    for (model, state), rows in ((key, plain[plain["model_id"] == key[0]]) for key in _pairs(plain)):
        curve = reliability(rows[f"p_{state}"].to_numpy(), (rows["observed"] == state).to_numpy())
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
    return [(model, state) for model in MEMBERS if (plain["model_id"] == model).any() for state in STATES]


def densities(scores: pd.DataFrame) -> tuple[np.ndarray, list[int]]:
    """What each member gave to what happened, (origin, horizon, model), over the origins that all share."""
    plain = scores[scores["variant"] == AS_RECORDED]
    by_model = {model: plain[plain["model_id"] == model] for model in MEMBERS}
    origins = sorted(set.intersection(*(set(rows["origin"]) for rows in by_model.values())))
    layers = []
    for rows in by_model.values():
        codes = np.array([STATES.index(state) for state in rows["observed"]])
        given = rows.assign(given=realised_probability(normalised(rows[P].to_numpy()), codes))
        layers.append(grid(given, "given", origins))
    return np.stack(layers, axis=-1), origins


def stack_tables(scores: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Stacking weights with intervals, and how stacked, equal and single models scored.

    Returns
    -------
    weights : DataFrame
        ``model_id, weight, low, high, origins, enough``, the last from `PUBLICATION_MINIMUM` origins on.
    compared : DataFrame
        `models.scores.stacking.compare_stack`.
    """
    given, origins = densities(scores)
    ends = stack_interval(given)
    weights = pd.DataFrame(
        {"model_id": MEMBERS, "weight": stack(given), "low": ends[:, 0], "high": ends[:, 1], "origins": len(origins)}
    ).assign(enough=len(origins) >= PUBLICATION_MINIMUM)
    defaults = {knob.key: knob.default for knob in global_knobs()}
    published = [defaults[WEIGHT_KNOBS[model]] for model in MEMBERS]
    return weights, compare_stack(given, MEMBERS, published, PREQUENTIAL_MINIMUM)


def control_table(scores: pd.DataFrame) -> pd.DataFrame:
    """What the drivers add, as recorded and shuffled: mean score without drivers minus mean score with them.

    Returns
    -------
    DataFrame
        ``model_id, variant, score, without, with, gain, low, high``: a gain above 0 says that the drivers helped.
    """
    rows = []
    for model in sorted(set(scores.loc[scores["variant"] == NO_DRIVERS, "model_id"])):
        own = scores[scores["model_id"] == model]
        base = own[own["variant"] == NO_DRIVERS]
        for variant in (AS_RECORDED, *SHUFFLES):
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
