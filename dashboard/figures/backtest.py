"""Hindcasts as pictures: score differences, what was given to what happened, stacking weights. Pure.

None of it is a live forecast, and none of it looks like one: hollow marks, dashed lines, a colour of its own.
"""

from collections.abc import Mapping
from functools import cache

import altair as alt
import pandas as pd

from dashboard.figures.bars import named_rows, tall
from dashboard.figures.colours import HINDCAST_COLOUR, INK, MUTED
from dashboard.figures.style import DASH, Rows, Spec, blank, filled, keyed, legend, percent_axis, rule, template, tips
from dashboard.wording.backtest import (
    EQUAL_SHARE,
    REFERENCES,
    VERDICT_WORDS,
    comparison_sentence,
    difference_text,
    horizon_text,
    shown_rows,
    stacking_sentence,
    strip_sentence,
)
from dashboard.wording.chances import percent
from dashboard.wording.labels import MODEL_LABELS, STATE_LABELS
from dashboard.wording.numerals import share
from models.backtest.controls import AS_RECORDED
from models.names import HORIZONS, MEMBERS, STATES
from models.verdicts.facts import PRIMARY

LANE, FULL = 96, 0.76
"""Height of a model's lane in pixels, and the part of it that chances of 0 to 100 % take."""
COVERED = {False: "Outside the band", True: "Inside the band of calibrated ranges"}
STRIP_HORIZONS = (HORIZONS[0], HORIZONS[-1])


def score_differences(comparisons: pd.DataFrame, score: str = PRIMARY, horizon: int = 0) -> Spec:
    """Every model's mean score less each reference's, with its 95 % interval; left of zero is better.

    Parameters
    ----------
    comparisons : DataFrame
        `models.backtest.scores.comparisons`.
    horizon : int
        0 for all pooled.
    """
    chosen = shown_rows(comparisons, score, horizon)
    rows: Rows = [
        {
            "name": f"{MODEL_LABELS[row['model_id']].partition(' (')[0]} against {REFERENCES[row['reference']]}",
            **{name: None if pd.isna(row[name]) else float(row[name]) for name in ("difference", "low", "high")},
            "verdict": VERDICT_WORDS[row["verdict"]],
            "shown": difference_text(row),
            "origins": f"{int(row['origins'])} past years",
        }
        for row in chosen.to_dict("records")
    ]
    kind = "Hollow points with dashed intervals around a line at zero."
    sentence = comparison_sentence(comparisons, score, horizon)
    spec = filled(_differences_template(), kind, sentence, rows=rows, zero=[{"at": 0}])
    return tall(spec, len(rows))


@cache
def _differences_template() -> Spec:
    fields = (("name", ""), ("verdict", "Verdict"), ("shown", "Difference"), ("origins", "From"))
    base = named_rows(fields)
    x = alt.X("low:Q", title="Score less the reference’s: left of the line is better", axis=alt.Axis(tickCount=5))
    shapes = keyed(dict(zip(VERDICT_WORDS.values(), ("triangle-left", "circle", "triangle-right"), strict=True)))
    key = _hollow_legend(1)
    spans = base.mark_rule(color=HINDCAST_COLOUR, strokeWidth=2, strokeDash=DASH, yOffset=6).encode(x=x, x2="high:Q")
    points = base.mark_point(filled=False, size=90, strokeWidth=2, color=HINDCAST_COLOUR, opacity=1, yOffset=6).encode(
        x="difference:Q", shape=alt.Shape("verdict:N", scale=shapes, legend=key)
    )
    return template(alt.layer(rule("zero", strokeWidth=2), spans, points), height=300)


def given_to_outcome(hindcasts: pd.DataFrame) -> pd.DataFrame:
    """The chance that each model gave to what then happened, one and five years ahead.

    Parameters
    ----------
    hindcasts : DataFrame
        `models.backtest.scores.scored`.

    Returns
    -------
    DataFrame
        ``model_id, horizon, origin, target_year, observed, given``.
    """
    chosen = hindcasts["model_id"].isin(MEMBERS) & hindcasts["horizon"].isin(STRIP_HORIZONS)
    table = hindcasts[chosen & (hindcasts["variant"] == AS_RECORDED)].reset_index(drop=True)
    chances = table[[f"p_{state}" for state in STATES]].to_numpy()
    given = chances[range(len(table)), [STATES.index(state) for state in table["observed"]]]
    return table[["model_id", "horizon", "origin", "target_year", "observed"]].assign(given=given)


def hindcast_strip(given: pd.DataFrame) -> Spec:
    """A lane for each model: the chance that it gave, in every past year, to what then happened.

    Parameters
    ----------
    given : DataFrame
        `given_to_outcome`.
    """
    models = [model for model in MEMBERS if (given["model_id"] == model).any()]
    foot = {model: len(models) - 1 - place for place, model in enumerate(models)}
    rows: Rows = [
        {
            "year": int(row["target_year"]),
            "at": foot[row["model_id"]] + FULL * float(row["given"]),
            "lane": foot[row["model_id"]],
            "model": MODEL_LABELS[row["model_id"]],
            "ahead": _ahead(row["horizon"]),
            "shown": percent(row["given"]),
            "happened": f"{STATE_LABELS[row['observed']]} at the end of {row['target_year']}",
            "origin": f"the end of {row['origin']}",
        }
        for row in given.to_dict("records")
    ]
    first = int(given["target_year"].min())
    lanes = [{"model": MODEL_LABELS[model], "top": foot[model] + 0.88, "year": first} for model in models]
    marks = [{"at": foot[model] + FULL * end, "weight": end} for model in models for end in (0, 0.5, 1)]
    kind = "Lanes of hollow points over past years, one lane a model."
    spec = filled(_strip_template(len(models)), kind, strip_sentence(given), rows=rows, lanes=lanes, marks=marks)
    return tall(spec, len(models), LANE)


def _ahead(horizon: int) -> str:
    return "1 year before" if horizon == 1 else f"{horizon} years before"


@cache
def _strip_template(lanes: int) -> Spec:
    ends = [lane + FULL * end for lane in range(lanes) for end in (0, 1)]
    ends_text = "datum.value - floor(datum.value) < 0.1 ? '0 %' : '100 %'"
    axis = alt.Axis(values=ends, labelExpr=ends_text, title=None, grid=False, domain=False, labelOverlap=False)
    y = alt.Y("at:Q", axis=axis, scale=alt.Scale(domain=[-0.05, lanes], nice=False, zero=False))
    x = alt.X("year:Q", axis=alt.Axis(format="d", title="Year-end that was forecast", grid=False), scale=_years())
    when = [_ahead(horizon) for horizon in STRIP_HORIZONS]
    shapes = alt.Scale(domain=when, range=["circle", "triangle-up"])
    dashes = alt.Scale(domain=when, range=[[1, 0], DASH])
    key = _hollow_legend(2)
    fields = (("model", "Model"), ("ahead", "Hindcast made"), ("happened", "Happened"), ("shown", "Chance given to it"))
    base = blank().encode(x=x, y=y, tooltip=tips(fields))
    rules = rule("marks", "y", opacity=0.25)
    lines = base.mark_line(color=HINDCAST_COLOUR, strokeWidth=1, opacity=0.6).encode(
        detail=["model:N", "ahead:N"], strokeDash=alt.StrokeDash("ahead:N", scale=dashes, legend=key)
    )
    points = base.mark_point(filled=False, size=28, strokeWidth=1.3, color=HINDCAST_COLOUR, opacity=1).encode(
        shape=alt.Shape("ahead:N", scale=shapes, legend=key)
    )
    names = blank("lanes").mark_text(align="left", baseline="middle", fontSize=12, color=INK)
    names = names.encode(x=x, y=alt.Y("top:Q"), text="model:N")
    return template(alt.layer(rules, lines, points, names), height=LANE * lanes)


def _hollow_legend(columns: int, **options: object) -> alt.Legend:
    marks = {
        "symbolFillColor": "transparent",
        "symbolStrokeColor": HINDCAST_COLOUR,
        "symbolStrokeWidth": 1.5,
        "symbolDash": [1, 0],
    }
    return legend(columns=columns, labelExpr="datum.label", **{**marks, **options})


def _years() -> alt.Scale:
    return alt.Scale(zero=False, nice=False, padding=8)


def stacking_weights(weights: pd.DataFrame, published: Mapping[str, float], stacked: pd.DataFrame) -> Spec:
    """Learned weights with their 95 % intervals, beside equal and published ones.

    Parameters
    ----------
    weights, stacked : DataFrame
        `models.backtest.scores.stack_tables`.
    published : Mapping[str, float]
        Default share of each model.
    """
    marks = ("Learned from hindcasts", "Equal", "Published")
    rows: Rows = []
    for row in weights.to_dict("records"):
        low, high = float(row["low"]), float(row["high"])
        values = (float(row["weight"]), EQUAL_SHARE, published[row["model_id"]])
        for mark, value in zip(marks, values, strict=True):
            ends = {"low": low, "high": high} if mark == marks[0] else {"low": None, "high": None}
            shown = f"{share(value)} ({share(low)} to {share(high)})" if mark == marks[0] else share(value)
            rows.append({"name": MODEL_LABELS[row["model_id"]], "mark": mark, "value": value, **ends, "shown": shown})
    kind = "Hollow points with dashed intervals beside equal and published weights."
    spec = filled(_weights_template(marks), kind, stacking_sentence(weights, published, stacked), rows=rows)
    return tall(spec, len(weights))


@cache
def _weights_template(marks: tuple[str, ...]) -> Spec:
    fields = (("name", "Model"), ("mark", "Weights"), ("shown", "Weight"))
    base = named_rows(fields)
    x = alt.X("low:Q", title="Weight in the mixture", axis=percent_axis(), scale=alt.Scale(zero=True))
    colours = alt.Scale(domain=list(marks), range=[HINDCAST_COLOUR, MUTED, MUTED])
    shapes = alt.Scale(domain=list(marks), range=["circle", "stroke", "diamond"])
    key = _hollow_legend(1, symbolStrokeColor=MUTED)
    spans = base.mark_rule(strokeWidth=2, strokeDash=DASH, color=HINDCAST_COLOUR, yOffset=6).encode(x=x, x2="high:Q")
    points = base.mark_point(filled=False, size=90, strokeWidth=2, opacity=1, yOffset=6).encode(
        x="value:Q",
        color=alt.Color("mark:N", scale=colours, legend=key),
        shape=alt.Shape("mark:N", scale=shapes, legend=key),
    )
    return template(alt.layer(spans, points), height=150)


def coverage_shares(coverage: pd.DataFrame, sentence: str) -> Spec:
    """Shares of the years' own means inside the ranges given for them, beside the band of calibrated forecasts.

    Parameters
    ----------
    coverage : DataFrame
        `models.backtest.coverage.coverage` of one forecaster.
    sentence : str
        What it says, from `models.verdicts.sentences.coverage_sentence`.
    """
    rows: Rows = [
        {
            "name": f"{share(row['level'])} ranges, {horizon_text(int(row['horizon'])).lower()}",
            **{name: float(row[name]) for name in ("inside", "low", "high", "level")},
            "shown": f"{share(row['inside'])} of {int(row['forecasts'])}",
            "band": f"{share(row['low'])} to {share(row['high'])}",
            "verdict": COVERED[bool(row["within"])],
        }
        for row in coverage.sort_values(["level", "horizon"]).to_dict("records")
    ]
    kind = "Hollow points on bars: shares inside, and where calibrated forecasts would lie."
    return tall(filled(_coverage_template(), kind, sentence, rows=rows), len(rows))


@cache
def _coverage_template() -> Spec:
    fields = (("name", ""), ("shown", "Inside"), ("band", "If calibrated"), ("verdict", ""))
    base = named_rows(fields)
    x = alt.X("low:Q", title="Share of years inside", axis=percent_axis(), scale=alt.Scale(domain=[0, 1]))
    shapes = keyed(dict(zip(COVERED.values(), ("triangle-up", "circle"), strict=True)))
    bands = base.mark_rule(color=MUTED, strokeWidth=7, opacity=0.3, yOffset=6).encode(x=x, x2="high:Q")
    aims = base.mark_tick(color=MUTED, thickness=2, size=16, yOffset=6).encode(x="level:Q")
    points = base.mark_point(filled=False, size=90, strokeWidth=2, color=HINDCAST_COLOUR, opacity=1, yOffset=6).encode(
        x="inside:Q", shape=alt.Shape("verdict:N", scale=shapes, legend=_hollow_legend(1))
    )
    return template(alt.layer(bands, aims, points), height=300)
