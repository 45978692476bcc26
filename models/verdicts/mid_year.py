"""What may be said of the archived mid-year backtest, by rule from its rows (aims: docs/decisions/0019)."""

from datetime import date

import pandas as pd

from data.days import year_end
from models.backtest.mid_year import AIM, LIMITS, MID_YEAR, PAIR, SHARES, SINCE, START
from models.backtest.scores import PRIMARY
from models.names import MODEL_MIXTURE
from models.verdicts.sentences import NAMES, difference


def worth_sentence(comparisons: pd.DataFrame) -> str:
    """What half a year's rows are worth at the end of the same year, whether or not the aim was reached.

    Parameters
    ----------
    comparisons : DataFrame
        `models.backtest.mid_year.comparisons`.
    """
    row = comparisons[comparisons["role"] == PRIMARY].iloc[0]
    claim = "half a year's rows made it better" if row["met"] else "no gain by half a year's rows was shown"
    return (
        f"Asked on 30 June instead of at the start of the year, in {int(row['years'])} years since {SINCE[0]}: for the "
        f"end of the same year {claim}. The mixture's mean ranked probability score is {row['ours']:.3f}, from the "
        f"year's start {row['theirs']:.3f}; the difference is {difference(row)}."
    )


def later_sentence(comparisons: pd.DataFrame) -> str:
    """Whether half a year's rows cost anything at the next two year-ends.

    Parameters
    ----------
    comparisons : DataFrame
        `models.backtest.mid_year.comparisons`.
    """
    rows = comparisons[comparisons["role"] == AIM].sort_values("horizon")
    told = [f"{difference(row)} for the {_ahead(row['horizon'])}" for row in rows.to_dict("records")]
    missed = "" if rows["met"].all() else "not "
    return (
        f"Later year-ends: {' and '.join(told)}. That this costs less than {rows['limit'].max():.2f}, the aim set "
        f"beforehand, is {missed}shown for both."
    )


def other_day_sentence(comparisons: pd.DataFrame, day: str) -> str:
    """What the rows by another day than the plan's are worth at the same three year-ends; empty without that day.

    Parameters
    ----------
    comparisons : DataFrame
        `models.backtest.mid_year.comparisons`.
    day : str
        MM-DD.
    """
    about = dict(zip(PAIR, (MODEL_MIXTURE, day, START, "rps"), strict=False))
    asked = (comparisons[list(about)] == pd.Series(about)).all(axis=1)
    rows = comparisons[asked & (comparisons["since"] == SINCE[0]) & comparisons["horizon"].isin(LIMITS)]
    told = [
        f"{difference(row)} for the {_ahead(row['horizon'])} ({row['verdict']})"
        for row in rows.sort_values("horizon").to_dict("records")
    ]
    if not told:
        return ""
    return f"Asked on {day_words(day)}, which the plan calls secondary: {', '.join(told[:-1])} and {told[-1]}."


def nowcast_sentence(coverage: pd.DataFrame, model: str = MODEL_MIXTURE, day: str = MID_YEAR) -> str:
    """Whether the ranges of this year's mean held on a day what they promised.

    Parameters
    ----------
    coverage : DataFrame
        `models.backtest.mid_year.nowcast_coverage`.
    day : str
        MM-DD, one of the study's.
    """
    own = _held(coverage, model, day)
    held = [
        f"in {row['inside']:.0%} of years inside the {level:.0%} range ({row['low']:.0%} to {row['high']:.0%} if "
        "calibrated)"
        for level, row in ((share, own.loc[share]) for share in SHARES)
    ]
    return f"This year's own mean, forecast on {day_words(day)} by {NAMES[model]}, lay {', '.join(held)}."


def narrow_sentence(coverage: pd.DataFrame, as_of: date, model: str = MODEL_MIXTURE) -> str:
    """A warning where the nowcast's ranges held too few years on the study's last day that has come by `as_of`; empty
    where they held enough, and where no such day has come.

    Parameters
    ----------
    coverage : DataFrame
        `models.backtest.mid_year.nowcast_coverage`.
    """
    days = [day for day in sorted(set(coverage["day"])) if day <= f"{as_of:%m-%d}"]
    if not days or as_of == year_end(as_of, 0):
        return ""
    own = _held(coverage, model, days[-1])
    narrow = own[own["inside"] < own["low"]]
    if narrow.empty:
        return ""
    told = " and ".join(f"the {level:.0%} range held {row['inside']:.0%} of them" for level, row in narrow.iterrows())
    return (
        f"Take this year's own range as too narrow: asked on {day_words(days[-1])} in {int(own['years'].max())} past "
        f"years, {told}."
    )


def day_words(day: str) -> str:
    """A day of the year in words, such as 30 June for 06-30."""
    known = date.fromisoformat(f"{SINCE[0]}-{day}")
    return f"{known.day} {known:%B}"


def _held(coverage: pd.DataFrame, model: str, day: str) -> pd.DataFrame:
    """Shares held since the first year, by level."""
    rows = coverage[(coverage["model_id"] == model) & (coverage["day"] == day) & (coverage["since"] == SINCE[0])]
    return rows.set_index("level")


def _ahead(horizon: int) -> str:
    return {0: "end of the same year", 1: "end of the next year", 2: "end of the year after"}[int(horizon)]
