"""Charts of a forecast's results table: states over horizons, fifty dots, the models side by side, the two targets."""

from datetime import date
from functools import cache

import altair as alt
import pandas as pd

from dashboard.figures.colours import MODEL_COLOURS, MUTED, STATE_COLOURS, STATE_INKS
from dashboard.figures.style import Rows, Spec, blank, filled, keyed, legend, percent_axis, state_scale, template, tips
from dashboard.wording.days import year_label
from dashboard.wording.forecast import DOTS, dot_counts, dots_sentence, states_sentence, targets_sentence
from dashboard.wording.labels import MODEL_LABELS, STATE_LABELS, STATE_SHORT, TARGET_LABELS, date_text
from dashboard.wording.models import models_sentence, present
from dashboard.wording.table import Reading, readings
from data.digest import Fields
from models.names import (
    MODELS,
    STATES,
    TARGET_DEEPER,
    TARGET_RUPTURE,
    TARGET_STATE,
    Scenario,
)

SMALLEST_LABELLED = 0.06
"""A segment thinner than this has no room for a line of text."""
DOT_COLUMNS = 10
_TIPS = (("label", "State"), ("day", "On"), ("told", "Chance"), ("range", "Range"))


def states_over_horizons(table: pd.DataFrame, made_on: date) -> Spec:
    """Stacked bars: the chances of the four states at each year-end, cooperation on top; one that had come on the day
    it was made bears the mark of a hindcast."""
    rows = [_row(reading, made_on) for reading in readings(table)]
    kind = f"Stacked bars: the chance of each of four states at {len(rows) // len(STATES)} year-ends."
    return filled(_states_template(), kind, states_sentence(table), rows=rows)


@cache
def _states_template() -> Spec:
    base = blank().encode(
        x=alt.X("year:O", title="Year-end (31 December)", axis=alt.Axis(labelAngle=0)),
        y=alt.Y("probability:Q", stack="zero", title=None, axis=percent_axis(), scale=alt.Scale(domain=[0, 1])),
        order=alt.Order("code:Q"),
        tooltip=tips(_TIPS),
    )
    bars = base.mark_bar(stroke="white", strokeWidth=1, strokeOpacity=0.6).encode(
        color=alt.Color("label:N", scale=state_scale(), legend=legend(symbolStrokeColor="transparent")),
    )
    names = base.mark_text(fontSize=13).encode(
        y=alt.Y("probability:Q", stack="zero", bandPosition=0.5),
        text="shown:N",
        color=alt.Color("state:N", scale=keyed(STATE_INKS), legend=None),
        detail="label:N",
        opacity=alt.condition(f"datum.probability >= {SMALLEST_LABELLED}", alt.value(1), alt.value(0)),
    )
    return template(alt.layer(bars, names).resolve_scale(color="independent"), height=250)


def dot_plot(table: pd.DataFrame, horizon: int, made_on: date) -> Spec:
    """Fifty dots, each worth 2 chances in 100, coloured by the state at a year-end."""
    states = readings(table, horizon=horizon)
    counts = dot_counts([reading.probability for reading in states])
    owners = [reading for reading, count in zip(states, counts, strict=True) for _ in range(count)]
    dots = [f"{counts[Scenario(reading.outcome).code]} of {DOTS}" for reading in owners]
    owned = enumerate(zip(owners, dots, strict=True))
    rows = [{**_row(owner, made_on), **_place(at), "dots": of} for at, (owner, of) in owned]
    return filled(_dots_template(), "Fifty dots.", dots_sentence(table, horizon), rows=rows)


def _place(at: int) -> Fields:
    return {"column": at % DOT_COLUMNS, "line": at // DOT_COLUMNS}


@cache
def _dots_template() -> Spec:
    lines = DOTS // DOT_COLUMNS
    step = f"min(width / {DOT_COLUMNS}, height / {lines})"  # square cells on every width
    reach = [alt.ExprRef(f"width / 2 {sign} {step} * {(DOT_COLUMNS - 1) / 2}") for sign in "-+"]
    columns = alt.Scale(domain=[0, DOT_COLUMNS - 1], range=reach, nice=False, zero=False)
    rows = alt.Scale(domain=[-0.5, lines - 0.5], reverse=True, nice=False, zero=False)
    chart = (
        blank()
        .mark_point(filled=True, shape="circle", opacity=1, size=alt.ExprRef(f"pow(0.82 * {step}, 2) * PI / 4"))
        .encode(
            x=alt.X("column:Q", axis=None, scale=columns),
            y=alt.Y("line:Q", axis=None, scale=rows),
            color=alt.Color("label:N", scale=state_scale(), legend=legend(symbolType="circle")),
            tooltip=tips((*_TIPS, ("dots", "Dots"))),
        )
    )
    return template(chart, height=175)


def model_contributions(table: pd.DataFrame, horizon: int, made_on: date) -> Spec:
    """Each state's chance by the mixture and by each model, with the range each model leaves open."""
    rows = [
        {**_row(reading, made_on), "model": MODEL_LABELS[model], "name": STATE_SHORT[reading.outcome]}
        for model in present(table)
        for reading in readings(table, TARGET_STATE, model, horizon)
    ]
    kind = "Points with ranges: each state’s chance by the published mixture and by each of its models."
    return filled(_models_template(), kind, models_sentence(table, horizon), rows=rows)


@cache
def _models_template() -> Spec:
    names = [MODEL_LABELS[model] for model in MODELS]
    colours = keyed({MODEL_LABELS[model]: MODEL_COLOURS[model] for model in MODELS})
    shapes = alt.Scale(domain=names, range=["diamond", "circle", "square", "triangle-up", "cross"])
    cooperation_first = [STATE_SHORT[state] for state in reversed(STATES)]
    axis = alt.Axis(title=None, ticks=False, domain=False, labelLimit=0)
    key = legend(columns=1)
    base = blank().encode(
        y=alt.Y("name:N", sort=cooperation_first, axis=axis, scale=alt.Scale(paddingInner=0.35)),
        yOffset=alt.YOffset("model:N", sort=names),
        color=alt.Color("model:N", scale=colours, legend=key),
        tooltip=tips((("model", "Model"), *_TIPS)),
    )
    ranges = base.mark_rule(strokeWidth=2, opacity=0.6).encode(
        x=alt.X("low:Q", title="Chance at the year-end", axis=percent_axis(), scale=alt.Scale(zero=True)), x2="high:Q"
    )
    points = base.mark_point(filled=True, size=110, opacity=1).encode(
        x=alt.X("probability:Q"), shape=alt.Shape("model:N", scale=shapes, legend=key)
    )
    return template(alt.layer(ranges, points), height=330)


_CURVES = (
    (TARGET_RUPTURE, Scenario.RUPTURE.value, "by then"),
    (TARGET_STATE, Scenario.RUPTURE.value, "on the day"),
    (TARGET_DEEPER, Scenario.DEEPER.value, "by then"),
    (TARGET_STATE, Scenario.DEEPER.value, "on the day"),
)
_STROKES = {"symbolStrokeColor": MUTED, "symbolType": "stroke", "symbolSize": 500}
"""A legend of dashes: long enough that a dash is seen as one."""
_QUESTIONS = {"by then": "At least one such year-end by then", "on the day": "In that state on the day"}


def target_curves(table: pd.DataFrame, made_on: date) -> Spec:
    """The chance of at least one rupture, or deeper, year-end by each year-end, beside the chance on the day."""
    rows: Rows = []
    for target, state, question in _CURVES:
        curve = [reading for reading in readings(table, target) if reading.outcome in (state, "yes")]
        named = {"state": state, "label": STATE_LABELS[state], "question": _QUESTIONS[question]}
        rows += [{**_row(reading, made_on), **named, "target": TARGET_LABELS[target]} for reading in curve]
    kind = "Lines over year-ends: the chance of at least one such year-end by then, and on the day."
    return filled(_targets_template(), kind, targets_sentence(table, int(table["horizon"].max())), rows=rows)


@cache
def _targets_template() -> Spec:
    two = (Scenario.RUPTURE.value, Scenario.DEEPER.value)
    colours = keyed({STATE_LABELS[state]: STATE_COLOURS[state] for state in two})
    dashes = alt.Scale(domain=list(_QUESTIONS.values()), range=[[1, 0], [5, 4]])
    base = blank().encode(
        x=alt.X("year:O", title="Year-end (31 December)", axis=alt.Axis(labelAngle=0), scale=alt.Scale(padding=0.3)),
        color=alt.Color("label:N", scale=colours, legend=legend()),
        tooltip=tips((("target", "Question"), *_TIPS)),
    )
    bands = (
        base.transform_filter(f"datum.question == '{_QUESTIONS['by then']}'")
        .mark_area(opacity=0.15)
        .encode(y=alt.Y("low:Q", title=None, axis=percent_axis(), scale=alt.Scale(zero=True)), y2="high:Q")
    )
    style = alt.StrokeDash("question:N", scale=dashes, legend=legend(columns=1, **_STROKES))
    lines = base.mark_line(strokeWidth=2.5).encode(y="probability:Q", strokeDash=style)
    points = base.mark_point(filled=True, size=60, opacity=1).encode(y="probability:Q")
    return template(alt.layer(bands, lines, points), height=250)


def _row(reading: Reading, made_on: date) -> Fields:
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
        "low": low,
        "high": high,
        "shown": shown.percent,
        "told": shown.text,
        "range": shown.range,
    }
