"""What a part of a year is worth: year-ends forecast from days inside a year, against the same from the year's start.

What is compared, and what decides, was written before any score (docs/decisions/0019).
"""

from collections.abc import Mapping, Sequence

import pandas as pd

from data.digest import Fields
from data.types import Evidence
from models.backtest.controls import AS_RECORDED
from models.backtest.mixture import mean_mixture_table, mixture_table
from models.backtest.origins import OriginTask, month_end
from models.backtest.outcomes import QUANTILES, hindcast_table, year_mean_table
from models.backtest.scores import PRIMARY, SCORES, SECONDARY, plain_interval, scored
from models.backtest.study import with_simple_means
from models.backtest.yardsticks import PERSISTENCE, RIVAL, tables_inside_years
from models.backtest.year_means import CRPS, MEAN_FORECASTERS, scored_means
from models.names import MEMBERS, MODEL_MIXTURE
from models.scores.bootstrap import mean_interval, shared_years, skill_verdict
from models.scores.distributions import held
from models.storage.safe_csv import Tables

MONTHS = (6, 9)
"""Their last days are the origins: half and three quarters of the year."""
MID_YEAR = "06-30"
"""The day that the aims speak of."""
START = "start of the year"
"""The same forecaster at the last year-end before, as the yearly backtest archived it."""
FORECASTERS = (MODEL_MIXTURE, *MEMBERS, RIVAL)
SINCE = (1976, 1995)
"""First years of the comparisons: all, and those since the second span that the plan knew numbers of."""
COVERED_SINCE = (1976, 1990)
"""First years of the coverage: all, and those that the yearly study counts."""
SHARES = (0.5, 0.8, 0.9)
BAND = (0.025, 0.975)
THIN = 4
"""A year with fewer rows than this by the day is thin."""
AIM = "aim"
LIMITS: Mapping[int, float] = {0: 0.0, 1: 0.02, 2: 0.02}
"""Where the interval of the mixture's difference by 30 June must end, by horizon: below nought at this year-end (the
primary comparison), at most hardly above it at the next two."""
PAIR = ["model_id", "day", "reference", "score", "horizon"]


def origin_rows(
    evidence: Evidence, tasks: Sequence[OriginTask], results: Sequence[Fields]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """States and years' own means from all days, as of a yearly backtest, and the ``day`` of each (MM-DD)."""
    states, means = [], []
    for month in sorted({task.month for task in tasks}):
        own = [(task, result) for task, result in zip(tasks, results, strict=True) if task.month == month]
        rows = tuple(zip(*own, strict=True))
        states.append(hindcast_table(evidence, *rows).assign(day=day_of(month)))
        means.append(year_mean_table(evidence, *rows).assign(day=day_of(month)))
    return pd.concat(states, ignore_index=True), pd.concat(means, ignore_index=True)


def day_of(month: int) -> str:
    """The last day of a month, such as 06-30."""
    return f"{month_end(SINCE[0], month):%m-%d}"


def mid_year_tables(
    evidence: Evidence, fitted: tuple[pd.DataFrame, pd.DataFrame], yearly: tuple[pd.DataFrame, pd.DataFrame]
) -> Tables:
    """Everything that follows from the hindcasts, by name.

    Parameters
    ----------
    evidence : Evidence
        All that is known now: what happened.
    fitted : tuple of DataFrame
        `origin_rows`.
    yearly : tuple of DataFrame
        ``hindcasts`` (scored) and ``year_means`` as the yearly backtest archived them.

    Returns
    -------
    dict
        ``hindcasts`` with scores and the ``rows`` seen by the day, ``year_means``, `comparisons`, `thin_table` and
        `nowcast_coverage`.
    """
    months = [int(day[:2]) for day in dict.fromkeys(fitted[0]["day"])]
    parts = [_on(evidence, fitted, month) for month in months]
    scores, every = (pd.concat(tables, ignore_index=True) for tables in zip(*parts, strict=True))
    start = scored_means(with_simple_means(evidence, yearly[1]))
    beside = {score: paired(scores, yearly[0], score) for score in SCORES}
    means = paired(scored_means(every), start, CRPS)
    return {
        "hindcasts": scores,
        "year_means": fitted[1],
        "comparisons": comparisons(pd.concat([*beside.values(), means, simple_beside(scores)], ignore_index=True)),
        "thin": thin_table(beside["rps"]),
        "coverage": nowcast_coverage(every),
    }


def _on(evidence: Evidence, fitted: tuple[pd.DataFrame, pd.DataFrame], month: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """All forecasters on one day of every year: states with scores and rows seen, and means."""
    states, means = (table[table["day"] == day_of(month)].drop(columns="day") for table in fitted)
    days = [month_end(year, month) for year in sorted(set(states["origin"]))]
    simple, simple_means = tables_inside_years(evidence, days)
    table = scored(pd.concat([states, mixture_table(states), simple], ignore_index=True))
    rows = {day.year: rows_seen(evidence, day.year, month) for day in days}
    every = pd.concat([means, mean_mixture_table(means), simple_means], ignore_index=True)
    return table.assign(day=day_of(month), rows=table["origin"].map(rows)), every.assign(day=day_of(month))


def rows_seen(evidence: Evidence, year: int, month: int) -> int:
    """Rows of a year that could be known at the end of a month of it; context counts as none."""
    day = month_end(year, month)
    return sum(event.year == year and event.latest_date <= day and not event.is_context for event in evidence.events)


def paired(inside: pd.DataFrame, start: pd.DataFrame, score: str) -> pd.DataFrame:
    """Each forecast from inside a year, and the same forecaster's of the same year-end from the year's start.

    Returns
    -------
    DataFrame
        `PAIR`, the rows of `inside`, and the scores ``ours`` and ``theirs``.
    """
    plain = start[start["variant"] == AS_RECORDED]
    before = plain.assign(origin=plain["origin"] + 1, horizon=plain["horizon"] - 1)
    own = inside[inside["model_id"].isin(FORECASTERS)]
    return _beside(own, before, score, ["model_id", "origin", "horizon"]).assign(reference=START)


def simple_beside(scores: pd.DataFrame) -> pd.DataFrame:
    """The mixture's ranked probability score beside those of simple forecasts from the same day, as `paired`."""
    own = scores[scores["model_id"] == MODEL_MIXTURE]
    parts = []
    for reference in (RIVAL, PERSISTENCE):
        other = scores[scores["model_id"] == reference]
        parts.append(_beside(own, other, "rps", ["day", "origin", "horizon"]).assign(reference=reference))
    return pd.concat(parts, ignore_index=True)


def _beside(ours: pd.DataFrame, theirs: pd.DataFrame, score: str, on: list[str]) -> pd.DataFrame:
    other = theirs[[*on, score]].rename(columns={score: "theirs"})
    return ours.merge(other, on=on, validate="many_to_one").rename(columns={score: "ours"}).assign(score=score)


def comparisons(pairs: pd.DataFrame) -> pd.DataFrame:
    """Mean differences of paired scores with their intervals, by what is compared, horizon and first year.

    Returns
    -------
    DataFrame
        ``model_id, day, reference, score, horizon, since, role`` (primary, aim, secondary), ``limit`` (of the
        interval's upper end) and ``met`` where one decides, ``years, ours, theirs, difference, low, high, verdict``.
    """
    rows = []
    for key, group in pairs.groupby(PAIR, sort=False):
        about = dict(zip(PAIR, key, strict=True))
        ordered = group.sort_values("origin")
        for since in SINCE:
            part = ordered[ordered["origin"] >= since]
            if len(part) and (since == SINCE[0] or len(part) < len(ordered)):
                compared = _compared(part)
                rows.append({**about, "since": since, **_decides(about, since, compared["high"]), **compared})
    return pd.DataFrame(rows)


def _compared(part: pd.DataFrame) -> Fields:
    """Consecutive years of one comparison. From its day a forecast reaches as far as one a horizon longer that was made
    at the year's start, so as many years are shared (docs/decisions/0006)."""
    interval = mean_interval((part["ours"] - part["theirs"]).to_numpy(), shared_years(int(part["horizon"].iloc[0]) + 1))
    means = {name: float(part[name].mean()) for name in ("ours", "theirs")}
    return {"years": len(part), **means, **plain_interval(interval), "verdict": skill_verdict(interval)}


def _decides(about: Fields, since: int, high: float | None) -> Fields:
    """Role of a comparison, the limit of its interval's upper end, and whether it was kept."""
    asked = MODEL_MIXTURE, MID_YEAR, START, "rps"
    decides = tuple(about[name] for name in PAIR[:-1]) == asked and since == SINCE[0] and about["horizon"] in LIMITS
    if not decides:
        return {"role": SECONDARY, "limit": None, "met": None}
    limit = LIMITS[about["horizon"]]
    met = high is not None and (high <= limit if limit else high < limit)
    return {"role": AIM if limit else PRIMARY, "limit": limit, "met": met}


def thin_table(pairs: pd.DataFrame) -> pd.DataFrame:
    """`paired` scores apart for years with hardly a row by the day and the others; such years are scattered, so that
    there is no interval.

    Returns
    -------
    DataFrame
        ``model_id, day, horizon, thin, years, ours, theirs, difference``.
    """
    place = ["model_id", "day", "horizon", "thin"]
    grouped = pairs.assign(thin=pairs["rows"] < THIN).groupby(place, sort=False)
    table = grouped.agg(years=("origin", "size"), ours=("ours", "mean"), theirs=("theirs", "mean")).reset_index()
    return table.assign(difference=table["ours"] - table["theirs"])


def nowcast_coverage(means: pd.DataFrame) -> pd.DataFrame:
    """Shares of years whose own mean the central ranges of the nowcast held, with the bands of calibrated forecasts.

    A nowcast misses only what its own year still brings: in a calibrated sequence hits of different years are
    independent, and their number is binomial.

    Returns
    -------
    DataFrame
        ``model_id, day, since, level, years, inside`` (share), ``low, high`` (middle 95 % of that number, as shares),
        ``within``.
    """
    from scipy.stats import binom

    rows = []
    now = means[means["horizon"] == 0]
    for (day, model), part in now[now["model_id"].isin(MEAN_FORECASTERS)].groupby(["day", "model_id"], sort=False):
        for since in COVERED_SINCE:
            own = part[part["origin"] >= since]
            for share in SHARES:
                inside = float(held(own[QUANTILES].to_numpy(float), own["observed"].to_numpy(float), share).mean())
                low, high = (float(end) for end in binom.ppf(BAND, len(own), share) / len(own))
                about = {"model_id": model, "day": day, "since": since, "level": share, "years": len(own)}
                rows.append({**about, "inside": inside, "low": low, "high": high, "within": low <= inside <= high})
    return pd.DataFrame(rows)
