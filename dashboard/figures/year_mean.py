"""The mean intensity of each year's own acts: recorded, and what is said of the coming years."""

from collections.abc import Sequence
from functools import cache

import altair as alt
import pandas as pd

from dashboard.figures.colours import ACCENT, MUTED
from dashboard.figures.style import Rows, Spec, blank, filled, keyed, legend, template, tips, year_x
from dashboard.wording.forecast import MOST_INTENSE, level
from dashboard.wording.year_mean import YearOutlook, year_outlooks, years_sentence

SERIES = {"history": "Recorded", "forecast": "What the models say"}
SHOWN = 45
"""Recorded years that are drawn: more would leave the coming five no room."""
COMPARED = 20
"""Recorded years that the sentence counts."""


def year_means(table: pd.DataFrame, recorded: Sequence[tuple[int, float]], tone: float) -> Spec:
    """Points of every recorded year's mean, and fans of the coming ones.

    Parameters
    ----------
    table : DataFrame
        Columns ``models.names.TABLE_COLUMNS``, with the target `year_mean`.
    recorded : sequence of (int, float)
        Years with an act, and the mean of their intensities.
    tone : float
        Five-year tone at the reference date, against which a year is called worse or better.
    """
    coming = year_outlooks(table)
    sentence = years_sentence(coming)
    return filled(
        _template(),
        "Points of recorded years and ranges of the coming ones, on the ledger’s scale.",
        sentence,
        rows=[_recorded(year, mean) for year, mean in recorded[-SHOWN:]],
        fan=[_coming(year) for year in coming],
        tone=[{"at": tone}],
    )


def _recorded(year: int, mean: float) -> Rows:
    return {"year": year, "mean": mean, "shown": level(mean), "series": SERIES["history"]}


def _coming(year: YearOutlook) -> Rows:
    q = year.quantiles
    return {
        "year": year.year,
        "mean": q[0.5],
        "shown": level(q[0.5]),
        "half": f"{level(q[0.25])} to {level(q[0.75])}",
        "most": year.range,
        "low": q[0.05],
        "first": q[0.25],
        "third": q[0.75],
        "high": q[0.95],
        "series": SERIES["forecast"],
    }


@cache
def _template() -> Spec:
    colours = keyed({SERIES["history"]: MUTED, SERIES["forecast"]: ACCENT})
    scale = alt.Scale(domain=[-MOST_INTENSE, MOST_INTENSE], nice=False)
    y = alt.Y("mean:Q", title="Mean intensity of the year’s acts", scale=scale)
    colour = alt.Color("series:N", scale=colours, legend=legend())
    told = tips((("year", "Year"), ("shown", "Mean"), ("series", "")))
    past = blank().encode(x=year_x("year:Q"), y=y, color=colour, tooltip=told)
    fields = (("year", "Year"), ("shown", "Median"), ("half", "Half"), ("most", "Nine in ten"))
    fan = blank("fan").encode(x=year_x("year:Q"), color=colour, tooltip=tips(fields))
    zero = alt.Chart(alt.Data(values=[{"value": 0}])).mark_rule(color=MUTED, strokeWidth=0.7, opacity=0.7)
    before = blank("tone").mark_rule(color=MUTED, strokeDash=[3, 3]).encode(y="at:Q")
    layers = [
        zero.encode(y="value:Q"),
        before,
        past.mark_line(strokeWidth=1, opacity=0.5),
        past.mark_point(filled=True, size=30, opacity=1),
        fan.mark_rule(strokeWidth=6, opacity=0.25).encode(y=alt.Y("low:Q"), y2="high:Q"),
        fan.mark_rule(strokeWidth=6, opacity=0.45).encode(y=alt.Y("first:Q"), y2="third:Q"),
        fan.mark_point(filled=True, size=45, opacity=1).encode(y="mean:Q"),
    ]
    return template(alt.layer(*layers), height=250)
