"""The mean intensity of each year's own acts: recorded, and what is said of the coming years."""

from collections.abc import Sequence
from functools import cache

import altair as alt
import pandas as pd

from dashboard.figures.colours import ACCENT, INK, MUTED
from dashboard.figures.style import GHOST, Rows, Spec, blank, filled, ghost_key, keyed, legend, template, tips, year_x
from dashboard.wording.forecast import MOST_INTENSE, level
from dashboard.wording.year_mean import YearOutlook, year_outlooks, years_sentence
from data.digest import Fields

SERIES = {"history": "Recorded", "forecast": "What the models say"}
SHOWN = 45
"""Recorded years that are drawn: more would leave the coming five no room."""
COMPARED = 20
"""Recorded years that the sentence counts."""


def year_means(
    table: pd.DataFrame, recorded: Sequence[tuple[int, float]], tone: float, ghost: Sequence[Fields] = ()
) -> Spec:
    """Points of every recorded year's mean, and fans of the coming ones.

    Parameters
    ----------
    table : DataFrame
        Columns ``models.names.TABLE_COLUMNS``, with the target `year_mean`.
    recorded : sequence of (int, float)
        Years with an act, and the mean of their intensities.
    tone : float
        Five-year tone at the reference date, against which a year is called worse or better.
    ghost : sequence of Mapping, optional
        The starting view's years (`dashboard.figures.ghosts.years_ghost`), where the setting was moved.
    """
    coming = year_outlooks(table)
    sentence = years_sentence(coming)
    return filled(
        _template(),
        f"Points and ranges: the mean intensity of each year’s own acts, recorded to {recorded[-1][0]} and forecast to "
        f"{coming[-1].year}, from −10 to +10.",
        sentence,
        rows=[_recorded(year, mean) for year, mean in recorded[-SHOWN:]],
        fan=[_coming(year) for year in coming],
        tone=[{"at": tone}],
        ghost=list(ghost),
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
        *_before(y),
    ]
    return template(alt.layer(*layers).resolve_scale(strokeWidth="independent"), height=250)


def _before(y: alt.Y) -> list[alt.Chart]:
    """The starting view of the coming years: a ring at the median, short lines at the ends."""
    told = tips((("year", "Year"), ("which", ""), ("shown", "Median")))
    base = blank(GHOST).encode(x=year_x("year:Q"), tooltip=told)
    ends = base.mark_tick(color=INK, thickness=1.5, size=12, orient="horizontal", opacity=1)
    return [
        ends.encode(y="low:Q"),
        ends.encode(y="high:Q"),
        base.mark_point(filled=False, color=INK, size=110, opacity=1).encode(y="mean:Q"),
        ghost_key("circle", x=year_x("year:Q"), y=y),
    ]
