"""What the verdicts rest on, taken from the archived tables."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from models.names import MODEL_M1

SKILL, NONE, WORSE = "skill", "no evidence of skill", "worse"
"""What `models.scores.bootstrap.skill_verdict` allows to be said."""
PRIMARY = "rps"
MOST_OUTSIDE = 0.20
"""Share of a curve's forecasts outside its band from which it counts as unreliable: twice what chance leaves outside a
band of nine in ten, because neighbouring targets overlap and the true band is wider."""
MOST_MOVES = 10
NAMED_MOVE = 0.05
"""Change of a chance from which a piece of the evidence is named: smaller ones are below the range of any answer."""


def curve_shares(reliability: pd.DataFrame) -> pd.DataFrame:
    """How much of each reliability curve lies outside its band, the worst first.

    Parameters
    ----------
    reliability : DataFrame
        `models.backtest.scores.reliability_table`.

    Returns
    -------
    DataFrame
        ``model_id, state, pairs, verdict`` (whether there are enough pairs), ``outside`` (share of forecasts; missing
        without a verdict).
    """
    rows = []
    for (model, state), curve in reliability.groupby(["model_id", "state"], sort=False):
        first = curve.iloc[0]
        outside = share_outside(curve) if first["verdict"] else np.nan
        rows.append((model, state, int(first["pairs"]), bool(first["verdict"]), outside))
    table = pd.DataFrame(rows, columns=["model_id", "state", "pairs", "verdict", "outside"])
    return table.sort_values("outside", ascending=False, kind="stable", ignore_index=True)


def share_outside(curve: pd.DataFrame) -> float:
    """Share of one reliability curve's forecasts that lie outside its band."""
    beyond = (curve["recalibrated"] < curve["low"]) | (curve["recalibrated"] > curve["high"])
    return float(curve.loc[beyond, "count"].sum() / curve["pairs"].iloc[0])


def curves_kept(curves: pd.DataFrame) -> tuple[int, int]:
    """Reliability curves that keep to their bands, and all that have pairs enough to be judged (`curve_shares`)."""
    judged = curves[curves["verdict"]]
    return int((judged["outside"] <= MOST_OUTSIDE).sum()), len(judged)


def chosen_rows(comparisons: pd.DataFrame, score: str = PRIMARY, horizon: int = 0) -> pd.DataFrame:
    """Comparisons by one score at one horizon; 0 is all of them pooled."""
    return comparisons[(comparisons["score"] == score) & (comparisons["horizon"] == horizon)]


def share_inside(checks: Iterable[pd.DataFrame]) -> tuple[int, int]:
    """Observed values inside the simulated range, and all of them.

    Parameters
    ----------
    checks : iterable of DataFrame
        Columns ``observed, q05, q95``.
    """
    counts = [(len(seen) - len(outside), len(seen)) for seen, outside in map(observed, checks)]
    inside, seen = map(sum, zip(*counts, strict=True))
    return inside, seen


def observed(check: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rows with an observed value, and those of them that lie outside the simulated range."""
    known = check.dropna(subset=["observed"])
    return known, known[(known["observed"] < known["q05"]) | (known["observed"] > known["q95"])]


def worst_quantities(summary: pd.DataFrame) -> dict[str, str]:
    """The quantity of each model whose ranks are least like chance."""
    worst = summary.loc[summary.groupby("model_id", sort=False)["chance"].idxmin()]
    return dict(zip(worst["model_id"], worst["quantity"], strict=True))


def largest_moves(cells: pd.DataFrame, count: int = MOST_MOVES) -> pd.DataFrame:
    """The probability that each refitted piece of the evidence moves most, the largest moves first.

    Parameters
    ----------
    cells : DataFrame
        `models.sensitivity.study.m1_cells` of all pieces.

    Returns
    -------
    DataFrame
        ``kind, name, label, horizon, outcome, before, refit, weights`` (changes by either route, 0-1), ``mcse`` (of the
        refit's), ``status`` (of the fast route).
    """
    keys = ["kind", "name", "horizon", "outcome"]
    inside = cells[cells["model_id"] == MODEL_M1]
    fast = inside[inside["route"] == "weights"].set_index(keys)
    exact = inside[inside["route"] == "refit"].reset_index(drop=True)
    sizes = exact["change"].abs().groupby([exact["kind"], exact["name"]], sort=False)
    most = exact.loc[sizes.idxmax()]
    most = most.loc[most["change"].abs().sort_values(ascending=False, kind="stable").index[:count]]
    both = fast.reindex(pd.MultiIndex.from_frame(most[keys]))
    table = most[[*keys, "label", "before", "change", "mcse"]].rename(columns={"change": "refit"})
    return table.assign(weights=both["change"].to_numpy(), status=both["status"].to_numpy()).reset_index(drop=True)


def piece_moves(cells: pd.DataFrame, events: pd.DataFrame) -> pd.DataFrame:
    """How far leaving out each piece of the evidence moves a chance of the latent alignment, the largest moves first.

    Parameters
    ----------
    cells : DataFrame
        `models.sensitivity.study.m1_cells` of all pieces, of which the refitted ones count.
    events : DataFrame
        `models.sensitivity.study.events_table`: the other acts, left out by re-weighting.

    Returns
    -------
    DataFrame
        ``kind, name, label, change`` (0-1, signed).
    """
    fitted = largest_moves(cells, count=len(cells)).rename(columns={"refit": "change"})
    acts = events.assign(kind="event", change=events["largest_change"])
    acts = acts[~acts["name"].isin(fitted.loc[fitted["kind"] == "event", "name"])]
    columns = ["kind", "name", "label", "change"]
    both = pd.concat([fitted[columns], acts[columns]], ignore_index=True)
    return both.sort_values("change", key=np.abs, ascending=False, kind="stable", ignore_index=True)


def reading_counts(knobs: pd.DataFrame) -> dict[str, int]:
    """How many knobs carry each word, by what their parameter rests on; all knobs together are not counted.

    Parameters
    ----------
    knobs : DataFrame
        `models.sensitivity.power_scaling.by_knob`.
    """
    single = knobs.dropna(subset=["parameter"])
    return single["parameter"].value_counts().to_dict()
