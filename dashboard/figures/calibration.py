"""Calibration as pictures: ranks of simulated truths in their band, hindcast chances against outcomes. Pure."""

from collections.abc import Mapping, Sequence
from functools import cache

import altair as alt
import numpy as np
import pandas as pd

from dashboard.figures.colours import ACCENT, HINDCAST_COLOUR, MUTED
from dashboard.figures.style import DASH, Rows, Spec, blank, filled, percent_axis, rule, template, tips
from dashboard.wording.backtest import reliability_sentence
from dashboard.wording.calibration import ranks_sentence
from dashboard.wording.numerals import minus, share
from data.digest import Fields
from models.calibration.ranks import LEVELS, rank_band
from models.storage.arrays import Arrays

DIAGONAL: Rows = [{"at": 0.0, "same": 0.0}, {"at": 1.0, "same": 1.0}]


def rank_deviation(ranks: pd.Series, row: Fields) -> Spec:
    """The ranks' distribution less the straight line, inside a band that 95 % of all sound curves keep to.

    Parameters
    ----------
    ranks : Series of int
        Of one quantity.
    row : Mapping
        Its row in `models.calibration.ranks.summary`.
    """
    seen, points = np.sort(ranks.to_numpy()), np.arange(1, LEVELS)
    band, expected = rank_band(seen.size), points / LEVELS
    columns = {
        "at": expected,
        "low": band.low / seen.size - expected,
        "high": band.high / seen.size - expected,
        "curve": np.searchsorted(seen, points) / seen.size - expected,
    }
    rows: Rows = [
        {**{name: float(values[i]) for name, values in columns.items()}, "told": _points_text(columns, i)}
        for i in range(points.size)
    ]
    kind = "A curve in a band around zero."
    return filled(_ranks_template(), kind, ranks_sentence(row), rows=rows, zero=[{"at": 0}])


def _points_text(columns: Arrays, place: int) -> str:
    curve, low, high = (100 * columns[name][place] for name in ("curve", "low", "high"))
    return minus(f"{curve:+.1f} points (band {low:+.1f} to {high:+.1f})")


@cache
def _ranks_template() -> Spec:
    x = alt.X("at:Q", title="Rank of the truth among the fit’s draws", axis=percent_axis(grid=False))
    y_axis = alt.Axis(labelExpr="replace(round(datum.value * 100), '-', '−') + ' pts'", tickCount=5)
    base = blank().encode(x=x, tooltip=tips((("told", "Share ranked below, less the line"),)))
    band = base.mark_area(color=MUTED, opacity=0.25, interpolate="step").encode(
        y=alt.Y("low:Q", title=None, axis=y_axis), y2="high:Q"
    )
    curve = base.mark_line(color=ACCENT, strokeWidth=2, interpolate="step").encode(y="curve:Q")
    return template(alt.layer(band, rule("zero", "y"), curve), height=210)


def reliability_curve(curve: pd.DataFrame) -> Spec:
    """Chances forecast against how often it happened, with the band of sound forecasts and the diagonal.

    Parameters
    ----------
    curve : DataFrame
        Rows of one model and state in `models.backtest.scores.reliability_table`.
    """
    enough = bool(curve["verdict"].iloc[0])
    rows = curve_rows(curve, enough)
    kind = "Hollow points around a diagonal, with a band." if enough else "Hollow points around a diagonal."
    return filled(_reliability_template(), kind, reliability_sentence(curve), rows=rows, line=DIAGONAL)


def curve_rows(curve: pd.DataFrame, enough: bool) -> Rows:
    """Points of a reliability curve (`models.scores.reliability`); without enough of them there is no band."""
    return [
        {
            "forecast": float(row["forecast"]),
            "seen": float(row["recalibrated"]),
            "low": float(row["low"]) if enough else None,
            "high": float(row["high"]) if enough else None,
            "count": int(row["count"]),
            "told": f"{share(row['forecast'])} forecast, happened in {share(row['recalibrated'])}",
            "cases": f"{int(row['count'])}",
        }
        for row in curve.to_dict("records")
    ]


@cache
def _reliability_template() -> Spec:
    line = {"color": HINDCAST_COLOUR, "strokeDash": DASH, "strokeWidth": 2}
    points = {"filled": False, "color": HINDCAST_COLOUR, "strokeWidth": 1.3, "opacity": 1}
    fields = (("told", ""), ("cases", "Hindcasts"))
    return diagonal_template("Chance in the hindcast", fields, (line, points), sizes=(18, 260), whole=False)


def diagonal_template(
    title: str, fields: Sequence[tuple[str, str]], marks: tuple[Mapping, Mapping], sizes: tuple[int, int], whole: bool
) -> Spec:
    """A square of chances against how often it happened, with the diagonal, and a band where there are pairs enough.

    Parameters
    ----------
    title : str
        Of the axis of chances.
    marks : (Mapping, Mapping)
        Of the curve and of its points.
    sizes : (int, int)
        Of a point with one case, and of one with forty or more.
    whole : bool
        Whether the curve is drawn where there is no band too.
    """
    line, points = marks
    unit = alt.Scale(domain=[0, 1], nice=False, padding=4)
    x = alt.X("forecast:Q", title=title, axis=percent_axis(grid=False), scale=unit)
    y = alt.Y("seen:Q", title="Share in which it happened", axis=percent_axis(), scale=unit)
    base = blank().encode(x=x, tooltip=tips(fields))
    known = base.transform_filter("isValid(datum.low)")
    band = known.mark_area(color=MUTED, opacity=0.25).encode(y=alt.Y("low:Q", scale=unit, title=""), y2="high:Q")
    same = blank("line").mark_line(color=MUTED, strokeWidth=1).encode(x="at:Q", y="same:Q")
    curve = (base if whole else known).mark_line(**line).encode(y=y)
    size = alt.Size("count:Q", scale=alt.Scale(domain=[1, 40], range=sizes, clamp=True), legend=None)
    dots = base.mark_point(**points).encode(y=y, size=size)
    return template(alt.layer(band, same, curve, dots), height=260)
