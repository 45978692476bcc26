"""What may be said of the archived mid-year backtest, by rule from its rows (aims: docs/decisions/0019)."""

import pandas as pd

from models.backtest.mid_year import AIM, MID_YEAR, SHARES, SINCE
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


def nowcast_sentence(coverage: pd.DataFrame, model: str = MODEL_MIXTURE) -> str:
    """Whether the ranges of this year's mean held on 30 June what they promised.

    Parameters
    ----------
    coverage : DataFrame
        `models.backtest.mid_year.nowcast_coverage`.
    """
    rows = coverage[(coverage["model_id"] == model) & (coverage["day"] == MID_YEAR)]
    own = rows[rows["since"] == SINCE[0]].set_index("level")
    held = [
        f"in {row['inside']:.0%} of years inside the {level:.0%} range ({row['low']:.0%} to {row['high']:.0%} if "
        "calibrated)"
        for level, row in ((share, own.loc[share]) for share in SHARES)
    ]
    return f"This year's own mean, forecast on 30 June by {NAMES[model]}, lay {', '.join(held)}."


def _ahead(horizon: int) -> str:
    return {1: "end of the next year", 2: "end of the year after"}[int(horizon)]
