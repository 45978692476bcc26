"""How the chance of one state at one year-end has moved with each saved forecast. Pure.

Live forecasts are filled, and those of the project joined by a line: each held until the next. Hindcasts are hollow
diamonds that no line passes through, at the day on which they were saved and not the one that they look back from.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache

import altair as alt
import pandas as pd

from dashboard.figures.colours import HINDCAST_COLOUR, MUTED, STATE_COLOURS
from dashboard.figures.style import Rows, Spec, blank, filled, keyed, legend, percent_axis, template, tips
from dashboard.wording.chances import percent
from dashboard.wording.labels import date_text
from dashboard.wording.saved.course import AFTERWARDS, HERE, KINDS, PROJECTS, course_sentence, day_of, kind_of

ROOM = timedelta(days=20)
"""Left and right of the points: a single one stands in the middle and not on the frame."""


def course_chart(table: pd.DataFrame, state: str, day: date) -> Spec:
    """Every saved forecast's chance of a state at a year-end, by the day of saving.

    Parameters
    ----------
    table : DataFrame
        `models.track.course.course`, not empty.
    """
    rows: Rows = [
        {
            "at": _milliseconds(day_of(row["saved_at"])),
            "value": float(row["chance"]),
            "kind": kind_of(row["owner"], row["mark"]),
            "shown": percent(row["chance"]),
            "saved": date_text(day_of(row["saved_at"])),
            "as_of": date_text(row["reference_date"]),
            "who": f"{row['name']} ({row['author']})",
        }
        for row in table.to_dict("records")
    ]
    days = [day_of(moment) for moment in table["saved_at"]]
    span: Rows = [{"at": _milliseconds(min(days) - ROOM)}, {"at": _milliseconds(max(days) + ROOM)}]
    sentence = course_sentence(table, state, day)
    return filled(_template(state), "Points over days of saving.", sentence, rows=rows, span=span)


def _milliseconds(day: date) -> int:
    return int(datetime.combine(day, time(), UTC).timestamp() * 1000)


@cache
def _template(state: str) -> Spec:
    colour = STATE_COLOURS[state]
    fields = (
        ("kind", ""),
        ("who", "Saved as"),
        ("saved", "Saved on"),
        ("as_of", "Evidence as of"),
        ("shown", "Chance"),
    )
    axis = alt.Axis(format="%-d %b %Y", title="Saved on", grid=False, tickCount=5, labelOverlap="greedy")
    x = alt.X("at:T", axis=axis, scale=alt.Scale(type="utc", nice=False))
    y = alt.Y("value:Q", axis=percent_axis(title=None), scale=alt.Scale(domain=[0, 1], nice=False))
    key = legend(columns=2, labelExpr="datum.label")
    fills = {PROJECTS: colour, HERE: MUTED, AFTERWARDS: "transparent"}
    strokes = {PROJECTS: colour, HERE: MUTED, AFTERWARDS: HINDCAST_COLOUR}
    shapes = {PROJECTS: "circle", HERE: "square", AFTERWARDS: "diamond"}
    base = blank().encode(x=x, y=y)
    held = base.transform_filter(f"datum.kind === '{PROJECTS}'")
    line = held.mark_line(color=colour, strokeWidth=1.5, interpolate="step-after", opacity=0.8)
    points = base.mark_point(size=90, strokeWidth=1.5, opacity=1).encode(
        fill=alt.Fill("kind:N", scale=keyed(fills), legend=key, sort=list(KINDS)),
        stroke=alt.Stroke("kind:N", scale=keyed(strokes), legend=key, sort=list(KINDS)),
        shape=alt.Shape("kind:N", scale=keyed(shapes), legend=key, sort=list(KINDS)),
        tooltip=tips(fields),
    )
    room = blank("span").mark_point(opacity=0).encode(x=x)
    return template(alt.layer(line, points, room), height=200)
