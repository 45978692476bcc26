"""Charts of a forecast's results table: states over horizons, fifty dots, the models side by side, the two targets.

Each takes the rows of the starting view (`dashboard.figures.ghosts`), drawn hollow beside those of a moved setting.
"""

from collections.abc import Sequence
from datetime import date
from functools import cache

import altair as alt
import pandas as pd

from dashboard.figures.colours import INK, MODEL_COLOURS, STATE_COLOURS, STATE_INKS
from dashboard.figures.style import (
    GHOST,
    Rows,
    Spec,
    blank,
    filled,
    ghost_key,
    keyed,
    legend,
    percent_axis,
    state_scale,
    template,
    tips,
)
from dashboard.wording.days import year_label
from dashboard.wording.forecast import DOTS, dot_counts, dots_sentence, states_sentence, targets_sentence
from dashboard.wording.labels import MODEL_LABELS, STATE_LABELS, STATE_SHORT, TARGET_LABELS, date_text
from dashboard.wording.models import models_sentence, present
from dashboard.wording.table import Reading, readings
from data.digest import Fields
from models.names import MODELS, STATES, TARGET_DEEPER, TARGET_RUPTURE, TARGET_STATE, Scenario

SMALLEST_LABELLED = 0.06
"""A segment thinner than this has no room for a line of text; its number stands beside the bar."""
BESIDE_WIDTH = 330
"""Pixels of plot from which there is room for that; on a narrower one the bars are wider, to hold their own numbers."""
LINE = 0.055
"""Height of a line of such numbers, as a share of the plot's."""
DOT_COLUMNS = 10
_TIPS = (("label", "State"), ("day", "On"), ("told", "Chance"), ("range", "Range"))


def states_over_horizons(table: pd.DataFrame, made_on: date, ghost: Sequence[Fields] = ()) -> Spec:
    """Stacked bars: the chances of the four states at each year-end, cooperation on top; one that had come on the day
    it was made bears the mark of a hindcast."""
    rows = [row(reading, made_on) for reading in readings(table)]
    for first in range(0, len(rows), len(STATES)):
        bar = rows[first : first + len(STATES)]
        for one, height in zip(bar, _beside([one["probability"] for one in bar]), strict=True):
            one["beside"] = height
    ends = f"{rows[0]['year']} to {rows[-1]['year']}"
    kind = f"Stacked bars: the chance of each of four states at {len(rows) // len(STATES)} year-ends, {ends}."
    return filled(_states_template(), kind, states_sentence(table), rows=rows, ghost=list(ghost))


def _beside(chances: Sequence[float]) -> list[float | None]:
    """Heights of the numbers beside one bar: at the middle of thin segments, pushed apart where these lie close."""
    ends = [sum(chances[: code + 1]) for code in range(len(chances))]
    thin = [code for code, chance in enumerate(chances) if chance < SMALLEST_LABELLED]
    heights = dict.fromkeys(thin, 0.0)
    for place, code in enumerate(thin):
        least = heights[thin[place - 1]] + LINE if place else LINE / 2
        heights[code] = max(ends[code] - chances[code] / 2, least)
    above = 1 + LINE / 2
    for code in reversed(thin):
        heights[code] = above = min(heights[code], above - LINE)
    return [heights.get(code) for code in range(len(chances))]


@cache
def _states_template() -> Spec:
    bands = alt.Scale(paddingInner=alt.ExprRef(f"width > {BESIDE_WIDTH} ? 0.5 : 0.3"), paddingOuter=0.25)
    x = alt.X("year:O", title="Year-end (31 December)", axis=alt.Axis(labelAngle=0), scale=bands)
    base = blank().encode(
        x=x,
        y=alt.Y("probability:Q", stack="zero", title=None, axis=percent_axis(), scale=alt.Scale(domain=[0, 1])),
        order=alt.Order("code:Q"),
        tooltip=tips(_TIPS),
    )
    bars = base.mark_bar(stroke="white", strokeWidth=1.5).encode(
        color=alt.Color("label:N", scale=state_scale(), legend=legend(symbolStrokeColor="transparent")),
    )
    middle = alt.Y("probability:Q", stack="zero", bandPosition=0.5)
    room = alt.condition(f"datum.probability >= {SMALLEST_LABELLED}", alt.value(1), alt.value(0))
    inks = alt.Color("state:N", scale=keyed(STATE_INKS), legend=None)
    names = base.mark_text(fontSize=13).encode(y=middle, text="shown:N", color=inks, detail="label:N", opacity=room)
    key = ghost_key("square", x=x, y=alt.value(0))
    layers = alt.layer(bars, names, _thin_names(x), _thin_bars(x), key)
    return template(layers.resolve_scale(color="independent", fill="independent", stroke="independent"), height=250)


def _thin_names(x: alt.X) -> alt.Chart:
    """Numbers of segments too thin to hold them, on the right of their bar."""
    numbers = blank().mark_text(fontSize=11, align="left", xOffset=alt.ExprRef("bandwidth('x') / 2 + 4"), color=INK)
    room = alt.condition(f"isValid(datum.beside) && width > {BESIDE_WIDTH}", alt.value(1), alt.value(0))
    return numbers.encode(x=x, y="beside:Q", text="shown:N", opacity=room, tooltip=tips(_TIPS))


def _thin_bars(x: alt.X) -> alt.Chart:
    """The starting view as a thin bar to the left of each."""
    faint = alt.Fill("label:N", scale=state_scale(), legend=None)
    edge = alt.Stroke("label:N", scale=state_scale(), legend=None)
    thin = blank(GHOST).mark_bar(
        width=alt.RelativeBandSize(0.16), xOffset=alt.ExprRef("bandwidth('x') * -0.63"), fillOpacity=0.25, strokeWidth=1
    )
    y = alt.Y("probability:Q", stack="zero")
    return thin.encode(x=x, y=y, order=alt.Order("code:Q"), fill=faint, stroke=edge, tooltip=tips(_TIPS))


def dot_plot(table: pd.DataFrame, horizon: int, made_on: date, ghost: Sequence[Fields] = ()) -> Spec:
    """Fifty dots, each worth 2 chances in 100, coloured by the state at a year-end; one that had another colour in the
    starting view wears that as a ring."""
    rows = dot_rows(table, horizon, made_on)
    rings = [was for was, now in zip(ghost, rows, strict=False) if was["state"] != now["state"]]
    kind = "Fifty dots, each worth 2 chances in 100."
    return filled(_dots_template(), kind, dots_sentence(table, horizon), rows=rows, ghost=rings)


def dot_rows(table: pd.DataFrame, horizon: int, made_on: date) -> Rows:
    """The fifty dots with their places and owners, worst state first."""
    states = readings(table, horizon=horizon)
    counts = dot_counts([reading.probability for reading in states])
    owners = [reading for reading, count in zip(states, counts, strict=True) for _ in range(count)]
    dots = [f"{counts[Scenario(reading.outcome).code]} of {DOTS}" for reading in owners]
    owned = enumerate(zip(owners, dots, strict=True))
    return [{**row(owner, made_on), **_place(at), "dots": of} for at, (owner, of) in owned]


def _place(at: int) -> Fields:
    return {"column": at % DOT_COLUMNS, "line": at // DOT_COLUMNS}


@cache
def _dots_template() -> Spec:
    lines = DOTS // DOT_COLUMNS
    step = f"min(width / {DOT_COLUMNS}, height / {lines})"  # square cells on every width
    reach = [alt.ExprRef(f"width / 2 {sign} {step} * {(DOT_COLUMNS - 1) / 2}") for sign in "-+"]
    columns = alt.Scale(domain=[0, DOT_COLUMNS - 1], range=reach, nice=False, zero=False)
    rows = alt.Scale(domain=[-0.5, lines - 0.5], reverse=True, nice=False, zero=False)
    place = {"x": alt.X("column:Q", axis=None, scale=columns), "y": alt.Y("line:Q", axis=None, scale=rows)}
    dots = (
        blank()
        .mark_point(filled=True, shape="circle", opacity=1, size=alt.ExprRef(f"pow(0.74 * {step}, 2) * PI / 4"))
        .encode(
            **place,
            color=alt.Color("label:N", scale=state_scale(), legend=legend(symbolType="circle")),
            tooltip=tips((*_TIPS, ("dots", "Dots"))),
        )
    )
    rings = (
        blank(GHOST)
        .mark_point(filled=False, shape="circle", opacity=1, size=alt.ExprRef(f"pow(0.9 * {step}, 2) * PI / 4"))
        .encode(**place, stroke=alt.Stroke("label:N", scale=state_scale(), legend=None), strokeWidth=alt.value(2.5))
    )
    chart = alt.layer(dots, rings, ghost_key("circle", **place))
    return template(chart.resolve_scale(strokeWidth="independent"), height=175)


def model_contributions(table: pd.DataFrame, horizon: int, made_on: date, ghost: Sequence[Fields] = ()) -> Spec:
    """Each state's chance by the mixture and by each model, with the range each model leaves open."""
    rows = model_rows(table, horizon, made_on)
    kind = "Points with ranges: each state’s chance by the published mixture and by each of its models."
    return filled(_models_template(), kind, models_sentence(table, horizon), rows=rows, ghost=list(ghost))


def model_rows(table: pd.DataFrame, horizon: int, made_on: date) -> Rows:
    """Every model's reading of every state."""
    return [
        {**row(reading, made_on), "model": MODEL_LABELS[model], "name": STATE_SHORT[reading.outcome]}
        for model in present(table)
        for reading in readings(table, TARGET_STATE, model, horizon)
    ]


@cache
def _models_template() -> Spec:
    names = [MODEL_LABELS[model] for model in MODELS]
    colours = keyed({MODEL_LABELS[model]: MODEL_COLOURS[model] for model in MODELS})
    shapes = alt.Scale(domain=names, range=["diamond", "circle", "square", "triangle-up", "cross"])
    cooperation_first = [STATE_SHORT[state] for state in reversed(STATES)]
    axis = alt.Axis(title=None, ticks=False, domain=False, labelLimit=0, labelPadding=10)
    key = legend(columns=1)
    place = {
        "y": alt.Y("name:N", sort=cooperation_first, axis=axis, scale=alt.Scale(paddingInner=0.35)),
        "yOffset": alt.YOffset("model:N", sort=names),
    }
    told = tips((("model", "Model"), *_TIPS))
    base = blank().encode(color=alt.Color("model:N", scale=colours, legend=key), tooltip=told, **place)
    x = alt.X("low:Q", title="Chance at the year-end", axis=percent_axis(), scale=alt.Scale(domain=[0, 1]))
    ranges = base.mark_rule(strokeWidth=2, opacity=0.6).encode(x=x, x2="high:Q")
    shape = alt.Shape("model:N", scale=shapes, legend=key)
    points = base.mark_point(filled=True, size=110, opacity=1).encode(x=alt.X("probability:Q"), shape=shape)
    hollow = blank(GHOST).mark_point(filled=False, size=110, strokeWidth=1.5, opacity=1)
    before = hollow.encode(x="probability:Q", color="model:N", shape="model:N", tooltip=told, **place)
    sign = ghost_key("diamond", x="probability:Q", **place)
    return template(alt.layer(ranges, before, points, sign), height=330)


_CURVES = (
    (TARGET_RUPTURE, Scenario.RUPTURE.value, "by then"),
    (TARGET_STATE, Scenario.RUPTURE.value, "on the day"),
    (TARGET_DEEPER, Scenario.DEEPER.value, "by then"),
    (TARGET_STATE, Scenario.DEEPER.value, "on the day"),
)
_STROKES = {"symbolStrokeColor": INK, "symbolType": "stroke", "symbolSize": 500}
"""A legend of dashes: long enough that a dash is seen as one."""
_QUESTIONS = {"by then": "At least one such year-end by then", "on the day": "In that state on the day"}


def target_curves(table: pd.DataFrame, made_on: date, ghost: Sequence[Fields] = ()) -> Spec:
    """The chance of at least one rupture, or deeper, year-end by each year-end, beside the chance on the day."""
    rows = curve_rows(table, made_on)
    ends = f"{rows[0]['year']} to {rows[-1]['year']}"
    kind = f"Lines over year-ends, {ends}: the chance of one rupture, or deeper, year-end by then, and on the day."
    sentence = targets_sentence(table, int(table["horizon"].max()))
    return filled(_targets_template(), kind, sentence, rows=rows, ghost=list(ghost))


def curve_rows(table: pd.DataFrame, made_on: date) -> Rows:
    """The four curves, point by point."""
    rows: Rows = []
    for target, state, question in _CURVES:
        curve = [reading for reading in readings(table, target) if reading.outcome in (state, "yes")]
        named = {"state": state, "label": STATE_LABELS[state], "question": _QUESTIONS[question]}
        rows += [{**row(reading, made_on), **named, "target": TARGET_LABELS[target]} for reading in curve]
    return rows


@cache
def _targets_template() -> Spec:
    two = (Scenario.RUPTURE.value, Scenario.DEEPER.value)
    colours = keyed({STATE_LABELS[state]: STATE_COLOURS[state] for state in two})
    dashes = alt.Scale(domain=list(_QUESTIONS.values()), range=[[1, 0], [5, 4]])
    beside = alt.Scale(domain=[STATE_LABELS[state] for state in two], paddingInner=0.55, paddingOuter=0.3)
    place = {
        "x": alt.X("year:O", title="Year-end (31 December)", axis=alt.Axis(labelAngle=0), scale=alt.Scale(padding=0.3)),
        "xOffset": alt.XOffset("label:N", scale=beside),  # side by side: ranges laid over each other turn brown
    }
    base = blank().encode(
        color=alt.Color("label:N", scale=colours, legend=legend()),
        tooltip=tips((("target", "Question"), *_TIPS)),
        **place,
    )
    y = alt.Y("low:Q", title=None, axis=percent_axis(), scale=alt.Scale(zero=True))
    ranges = base.transform_filter(f"datum.question == '{_QUESTIONS['by then']}'")
    ranges = ranges.mark_rule(strokeWidth=9, opacity=0.3).encode(y=y, y2="high:Q")
    style = alt.StrokeDash("question:N", scale=dashes, legend=legend(columns=1, **_STROKES))
    lines = base.mark_line(strokeWidth=2.5).encode(y="probability:Q", strokeDash=style)
    points = base.mark_point(filled=True, size=60, opacity=1).encode(y="probability:Q")
    before = blank(GHOST).encode(y="probability:Q", color=alt.Color("label:N", scale=colours), **place)
    path = before.mark_line(strokeWidth=1, opacity=0.8).encode(detail="question:N")
    rings = before.mark_point(filled=False, size=70, strokeWidth=1.5, opacity=1)
    key = ghost_key("circle", y=alt.Y("probability:Q"), **place)
    chart = alt.layer(ranges, path, rings, lines, points, key)
    return template(chart.resolve_scale(strokeWidth="independent"), height=250)


def row(reading: Reading, made_on: date) -> Fields:
    """What every chart of the results table needs of a reading: its exact numbers and the words that go with them."""
    shown = reading.chance
    low, high = reading.interval or (None, None)
    return {
        "year": year_label(reading.date, made_on),
        "day": date_text(reading.date),
        "state": reading.outcome,
        "code": STATES.index(reading.outcome) if reading.outcome in STATES else -1,
        "label": STATE_LABELS.get(reading.outcome, ""),
        "probability": reading.probability,
        "error": reading.mcse,
        "low": low,
        "high": high,
        "shown": shown.percent,
        "told": shown.text,
        "range": shown.range,
    }
