"""How good saved forecasts were: scores beside the base rate and the default, and who did better, by a sober rule.

Everything is kept apart by mark and by rule: live forecasts and hindcasts share no row, mean or interval, nor do
forecasts that were asked under two outcome rules, which name other events by the same word. Several saves of one
question are one question: forecasts made on one day for one horizon are averaged before anything is compared, then
those of several days of one year, and one that was saved again with the same numbers weighs no more than once in its
day's mean. The end of a year that has begun (horizon 0) is mostly settled and is pooled with no other horizon.
"""

import math
from collections.abc import Sequence

import pandas as pd

from data.digest import Fields
from data.values import frozen
from models.names import HORIZONS, MODEL_MIXTURE, STATES, TARGET_STATE
from models.outcome.rule import RULE
from models.record.entry_checks import RESOLVED
from models.scores.bootstrap import Interval, mean_interval, pooled_interval, skill_verdict
from models.scores.reliability import ReliabilityCurve, reliability
from models.scores.skill_index import skill_index, worst_ranked_score
from models.track.scored_table import BASE_RATE, DEFAULT, P_YES, SCORES, YES, P

MINIMUM_DATES = 10
"""Year-ends that must have come before anyone is said to be better or worse: two whole blocks of five years, the least
from which a spread can be known where targets overlap (`models.scores.bootstrap`)."""
TOO_FEW, BETTER, WORSE, UNCLEAR = "too few to tell", "better", "worse", "no clear difference"
RANKED = "rps"
APART = ("mark", "rule")
"""What no score is ever pooled over."""
CELL = ("origin", "target_year", "horizon")
"""One question, whoever asked it: the day it was asked on, and the year-end, so many years ahead."""
QUESTION = ("target_year", "horizon")
"""The same, whenever in a year it was asked: forecasts of neighbouring days say nearly the same of one outcome."""
NOWCAST = 0
INDEX = ("index_of_100", "index_low", "index_high")
REFERENCES = {"base_rate": BASE_RATE, "default": DEFAULT}
BY_VARIANT, BY_AUTHOR, BY_HORIZON, BY_MODEL = ("assumptions",), ("author",), ("horizon",), ("model_id",)


def verdict(interval: Interval | None, dates: int) -> str:
    """What a mean difference of scores allows to be said after `dates` year-ends."""
    if interval is None or dates < MINIMUM_DATES or not (math.isfinite(interval.low) and math.isfinite(interval.high)):
        return TOO_FEW
    return {"skill": BETTER, "worse": WORSE}.get(skill_verdict(interval), UNCLEAR)


def paired(table: pd.DataFrame, target: str = TARGET_STATE, models: Sequence[str] = (MODEL_MIXTURE,)) -> pd.DataFrame:
    """Resolved forecasts of `models`, each beside the base rate's and the default's scores for the same target.

    Returns
    -------
    DataFrame
        Rows of `models.track.scored_table.scored_table` with ``rps_base_rate``, ``rps_default`` and so on, and
        ``worst``: the ranked score of a forecast that was certain of the state farthest from what came.
    """
    done = table[(table["target"] == target) & (table["status"] == RESOLVED)]
    key = ["digest", "horizon"]
    ours = done[done["model_id"].isin(models)]
    for name, model in REFERENCES.items():
        theirs = done.loc[done["model_id"] == model, [*key, *SCORES]]
        ours = ours.merge(theirs, on=key, how="left", suffixes=("", f"_{name}"))
    codes = ours["observed"].map({state: code for code, state in enumerate(STATES)})
    return ours.assign(worst=worst_ranked_score(codes.to_numpy(dtype=float)))


def summary(pairs: pd.DataFrame, by: tuple[str, ...] = ()) -> pd.DataFrame:
    """Mean scores beside the base rate and the default, for each mark, outcome rule and group.

    Parameters
    ----------
    pairs : DataFrame
        From `paired`.
    by : tuple of str
        `BY_VARIANT`, `BY_AUTHOR`, `BY_HORIZON`, `BY_MODEL`, or nothing for all of a mark together. Horizon 0 has a row
        of its own by horizon, and is left out of all others.

    Returns
    -------
    DataFrame
        One row for each mark, ``rule`` (its digest), group and score: ``forecasts`` (saved), ``dates`` (year-ends that
        came), ``questions`` (year-ends times horizons), ``ours, base_rate, default`` (means; those of either reference
        over the questions where it is known), and for either ``difference_*, low_*, high_*, verdict_*``: ours minus
        theirs, its 95 % interval, and `verdict` after as many year-ends as that reference is known for. Of the ranked
        score also ``index_of_100, index_low, index_high`` (`models.scores.skill_index`): ours between the worst
        possible, the base rate and perfection, over the questions where the base rate is known, and the same at both
        ends of the interval, the base rate taken as it is; missing where the verdict is `TOO_FEW`.
    """
    rows = []
    pairs = pairs if "horizon" in by else pairs[pairs["horizon"] != NOWCAST]
    for key, group in pairs.groupby([*APART, *by], sort=True) if len(pairs) else ():
        days = _once(group).groupby(list(CELL))[_columns()].mean()
        cells = days.groupby(list(QUESTION)).mean().reset_index()
        about = dict(zip((*APART, *by), key, strict=True)) | {
            "forecasts": group["digest"].nunique(),
            "dates": group["target_year"].nunique(),
            "questions": len(cells),
        }
        rows += [about | _compared(cells, score) for score in SCORES]
    return pd.DataFrame(rows, columns=None if rows else [*APART, *by, *_SUMMARY])


@frozen
class Calibration:
    """Chances against outcomes of one event, and whether there are enough of both for a verdict."""

    event: str
    curve: ReliabilityCurve
    dates: int

    @property
    def has_verdict(self) -> bool:
        """Whether enough questions were answered on enough year-ends."""
        return self.curve.has_verdict and self.dates >= MINIMUM_DATES


def calibration(
    table: pd.DataFrame, mark: str, event: str, model: str = MODEL_MIXTURE, rule: str = RULE.digest
) -> Calibration | None:
    """Do things happen as often as was said under a rule? None where nothing has been resolved.

    Only targets past their scheduled day count: a window that was answered early waits, or only its yeses would count.
    Horizon 0 does not: what is mostly settled when it is said would make any forecaster look calibrated.

    Parameters
    ----------
    event : str
        A state at a year-end, or the target of a window.
    rule : str
        Digest of the outcome rule under which it was asked.
    """
    state = event in STATES
    target, column = (TARGET_STATE, f"p_{event}") if state else (event, P_YES)
    rows = table[
        (table["mark"] == mark)
        & (table["rule"] == rule)
        & (table["model_id"] == model)
        & (table["target"] == target)
        & (table["status"] == RESOLVED)
        & (table["horizon"] != NOWCAST)
    ]
    if rows.empty:
        return None
    happened = (rows["observed"] == (event if state else YES)).astype(float)
    rows = _once(rows.assign(p=rows[column], happened=happened))
    cells = rows.groupby(list(CELL))[["p", "happened"]].mean()
    curve = reliability(cells["p"].to_numpy(), cells["happened"].round().to_numpy())
    return Calibration(event=event, curve=curve, dates=int(rows["target_year"].nunique()))


def counts(table: pd.DataFrame) -> pd.DataFrame:
    """How many year-ends and how many forecasts of them stand where: ``mark, rule, status, dates, forecasts,
    targets``."""
    rows = table[(table["target"] == TARGET_STATE) & (table["model_id"] == MODEL_MIXTURE)]
    groups = rows.groupby([*APART, "status"], sort=True)
    table = groups.agg(dates=("target_year", "nunique"), forecasts=("digest", "nunique"), targets=("digest", "size"))
    return table.reset_index()


def _once(rows: pd.DataFrame) -> pd.DataFrame:
    """Of saves that give the same chances in answer to the same question only one, best one with a known default: who
    saves the better of two forecasts a thousand times would otherwise hide the worse one in a mean."""
    scores = [column for column in rows.columns if column.startswith("rps_")]
    ordered = rows.sort_values(scores, kind="stable", na_position="last") if scores else rows
    return ordered.drop_duplicates(["model_id", *CELL, *P, P_YES]).sort_index()


def _columns() -> list[str]:
    return ["worst", *(f"{score}{suffix}" for score in SCORES for suffix in ("", *(f"_{name}" for name in REFERENCES)))]


_AGAINST = (f"{what}_{name}" for name in REFERENCES for what in ("difference", "low", "high", "verdict"))
_SUMMARY = ("forecasts", "dates", "questions", "score", "ours", "base_rate", "default", *_AGAINST, *INDEX)


def _compared(cells: pd.DataFrame, score: str) -> Fields:
    means: dict[str, object] = {"score": score, "ours": float(cells[score].mean())}
    more: dict[str, object] = {}
    for name in REFERENCES:
        cases = cells[cells[f"{score}_{name}"].notna()]
        dates = cases["target_year"].nunique()
        means[name] = float(cases[f"{score}_{name}"].mean()) if len(cases) else math.nan
        difference = cases.assign(value=cases[score] - cases[f"{score}_{name}"])
        interval = _interval(difference) if dates >= MINIMUM_DATES else None
        more |= {
            f"difference_{name}": float(difference["value"].mean()) if len(cases) else math.nan,
            f"low_{name}": interval.low if interval else math.nan,
            f"high_{name}": interval.high if interval else math.nan,
            f"verdict_{name}": verdict(interval, dates),
        }
    return means | more | _indexed(cells, means, more)


def _indexed(cells: pd.DataFrame, means: Fields, more: Fields) -> Fields:
    """The ranked score as 0 to 100; nothing where there is too little to say anything of it."""
    if means["score"] != RANKED or more["verdict_base_rate"] == TOO_FEW:
        return dict.fromkeys(INDEX, math.nan)
    known = cells[cells[f"{RANKED}_base_rate"].notna()]
    base, worst = float(known[f"{RANKED}_base_rate"].mean()), float(known["worst"].mean())
    ends = (more[f"{what}_base_rate"] for what in ("difference", "high", "low"))  # a penalty: more is worse
    return {
        name: skill_index(min(max(base + end, 0.0), worst), base, worst) for name, end in zip(INDEX, ends, strict=True)
    }


def _interval(cells: pd.DataFrame) -> Interval:
    """Years in which nobody asked are left out, so that those beside a gap count as neighbours: too much dependence is
    assumed there, never too little. And no block is shorter than the rule's memory: labels of neighbouring years share
    rows even one year ahead. Of ten differences that mean nothing but persist (autocorrelation 0.7), every third would
    look clear in blocks of two years."""
    origin = cells["target_year"] - cells["horizon"]
    wide = cells.assign(origin=origin).pivot_table(index="origin", columns="horizon", values="value").sort_index()
    if wide.shape[1] == 1:
        return mean_interval(wide.iloc[:, 0].to_numpy(dtype=float), max(int(wide.columns[0]), RULE.memory_years))
    table = wide.reindex(columns=list(HORIZONS)).to_numpy(dtype=float)
    return pooled_interval(table, max(max(HORIZONS), RULE.memory_years))
