"""Charts of what can be doubted: priors and posteriors, predictive checks, robustness of labels, reach of the knobs."""

from functools import cache

import altair as alt
import pandas as pd

from dashboard.figures.style import (
    ACCENT,
    MUTED,
    STATE_COLOURS,
    Rows,
    Spec,
    data,
    filled,
    legend,
    name_axis,
    percent_axis,
    template,
    tips,
)
from dashboard.wording.chances import percent
from dashboard.wording.evidence import (
    knobs_sentence,
    minus,
    number,
    predictive_sentence,
    robustness_sentence,
    sentence_case,
    share,
)
from models.names import Scenario
from models.outcome.robustness import MOST_FLIPS

BELIEFS = {"prior": "Before the record (prior)", "posterior": "After the record (posterior)"}
ENDS = {"low": "Slider at its lowest", "high": "Slider at its highest"}
MOST_KNOBS = 12
"""Bars that fit a screen; the knobs left out move less than those shown."""
BAR, ROW = 10, 36
"""Thickness of a bar and height of its row with the name above, in pixels."""
FEW = 12
"""Up to this many categories lie one below the other with their names; more run along the foot."""


def prior_posterior(density: pd.DataFrame, label: str, unit: str = "") -> Spec:
    """Prior and posterior of one knob, overlaid.

    Parameters
    ----------
    density : DataFrame
        `models.forecast.learning.knob_density`: ``x, prior, posterior``.
    label, unit : str
        The knob's.
    """
    columns = {name: density[name].tolist() for name in ("x", *BELIEFS)}
    rows = [
        {"x": x, "density": y, "belief": told, "shown": number(x)}
        for name, told in BELIEFS.items()
        for x, y in zip(columns["x"], columns[name], strict=True)
    ]
    peaks = {name: number(columns["x"][density[name].argmax()]) for name in BELIEFS}
    told = f"The prior peaks at {peaks['prior']}, the posterior at {peaks['posterior']}{f' ({unit})' if unit else ''}."
    spec = filled(_beliefs_template(), f"Two curves for “{label}”.", told, rows=rows)
    spec["layer"][0]["encoding"]["x"]["title"] = unit or label
    return spec


@cache
def _beliefs_template() -> Spec:
    told = list(BELIEFS.values())
    colours = alt.Scale(domain=told, range=[MUTED, ACCENT])
    key = legend(columns=1, symbolType="stroke", symbolSize=500, symbolStrokeWidth=2)
    base = alt.Chart(data()).encode(
        x=alt.X("x:Q", title="", scale=alt.Scale(zero=False, nice=False), axis=alt.Axis(grid=False, tickCount=6)),
        y=alt.Y("density:Q", axis=None, stack=None),
        color=alt.Color("belief:N", scale=colours, legend=key),
        tooltip=tips((("belief", ""), ("shown", "Value"))),
    )
    dashes = alt.Scale(domain=told, range=[[6, 4], [1, 0]])
    lines = base.mark_line(strokeWidth=2).encode(strokeDash=alt.StrokeDash("belief:N", scale=dashes, legend=key))
    return template(alt.layer(base.mark_area(opacity=0.2), lines), height=150)


def predictive_check(check: pd.DataFrame, title: str) -> Spec:
    """Observed values beside the range of simulated ones.

    Parameters
    ----------
    check : DataFrame
        Columns ``category, observed, q05, q50, q95``; observed may be missing.
    title : str
        What is measured, with its unit; the axis of values.
    """
    few = len(check) <= FEW
    rows: Rows = [_checked(row) for row in check.to_dict("records")]
    told = predictive_sentence(check)
    spec = filled(_across_template() if few else _along_template(), f"Ranges with dots: {title}.", told, rows=rows)
    spec["layer"][0]["encoding"]["x" if few else "y"]["title"] = title
    if few:
        spec["height"] = ROW * len(rows)
    return spec


def _checked(row: dict) -> dict[str, object]:
    known = not pd.isna(row["observed"])
    return {
        **{name: float(row[name]) for name in ("q05", "q50", "q95")},
        "category": minus(str(row["category"])),
        "observed": float(row["observed"]) if known else None,
        "inside": "Inside" if known and row["q05"] <= row["observed"] <= row["q95"] else "Outside",
        "told": number(row["observed"]) if known else "not observed",
        "range": f"{number(row['q05'])} to {number(row['q95'])}, median {number(row['q50'])}",
    }


_CHECK_TIPS = (("category", ""), ("told", "Observed"), ("range", "Nine in ten simulations"))


@cache
def _across_template() -> Spec:
    base = alt.Chart(data()).encode(y=alt.Y("category:N", sort=None, axis=name_axis()), tooltip=tips(_CHECK_TIPS))
    x = alt.X("q05:Q", title="", axis=percent_axis())
    ranges = base.mark_bar(size=BAR, opacity=0.35, color=ACCENT, cornerRadius=BAR / 2, yOffset=6).encode(
        x=x, x2="q95:Q"
    )
    medians = base.mark_tick(color=ACCENT, thickness=2, size=BAR + 4, yOffset=6).encode(x="q50:Q")
    return template(alt.layer(ranges, medians, _observed(base, yOffset=6).encode(x="observed:Q")), height=300)


@cache
def _along_template() -> Spec:
    axis = alt.Axis(title=None, labelAngle=0, labelOverlap="greedy", grid=False)
    base = alt.Chart(data()).encode(x=alt.X("category:N", sort=None, axis=axis), tooltip=tips(_CHECK_TIPS))
    ranges = base.mark_area(opacity=0.3, color=ACCENT).encode(y=alt.Y("q05:Q", title=""), y2="q95:Q")
    medians = base.mark_line(color=ACCENT, strokeWidth=1.5).encode(y="q50:Q")
    return template(alt.layer(ranges, medians, _observed(base).encode(y="observed:Q")), height=240)


def _observed(base: alt.Chart, **shift: float) -> alt.Chart:
    """Dots of what happened: full inside the simulated range, hollow diamonds outside it."""
    key = legend(columns=1, values=["Inside", "Outside"], labelExpr="'Observed, ' + lower(datum.label) + ' the range'")
    shapes = alt.Scale(domain=["Inside", "Outside"], range=["circle", "diamond"])
    marks = base.transform_filter("isValid(datum.observed)").mark_point(size=60, opacity=1, strokeWidth=2, **shift)
    return marks.encode(
        shape=alt.Shape("inside:N", scale=shapes, legend=key),
        color=alt.Color(
            "inside:N",
            scale=alt.Scale(domain=["Inside", "Outside"], range=[MUTED, STATE_COLOURS[Scenario.RUPTURE.value]]),
            legend=key,
        ),
    )


def robustness_bars(table: pd.DataFrame) -> Spec:
    """Share of labelled years that change under each variation.

    Parameters
    ----------
    table : DataFrame
        `models.outcome.robustness.rule_robustness`: ``variation, flipped_share, low, high, meaning``.
    """
    kept = table.sort_values("flipped_share", ascending=False, kind="stable")
    rows = [
        {
            **{name: float(row[name]) for name in ("flipped_share", "low", "high")},
            "name": sentence_case(str(row["variation"])),
            "shown": share(row["flipped_share"]),
            "meaning": row["meaning"],
        }
        for row in kept.to_dict("records")
    ]
    kind = "Bars: share of labelled year-ends that change."
    spec = filled(_robustness_template(), kind, robustness_sentence(table), rows=rows, limit=[{"at": MOST_FLIPS}])
    return {**spec, "height": ROW * len(rows)}


@cache
def _robustness_template() -> Spec:
    base = alt.Chart(data()).encode(
        y=alt.Y("name:N", sort=None, axis=name_axis()),
        tooltip=tips((("name", "Change"), ("shown", "Labels that flip"), ("meaning", ""))),
    )
    x = alt.X("flipped_share:Q", title="Share of labelled year-ends that flip", axis=percent_axis())
    bars = base.mark_bar(size=BAR, color=ACCENT, yOffset=6).encode(x=x)
    spread = base.mark_rule(color=MUTED, strokeWidth=2, yOffset=6).encode(x="low:Q", x2="high:Q")
    limit = alt.Chart(data("limit")).mark_rule(color=MUTED, strokeDash=[4, 3]).encode(x="at:Q")
    return template(alt.layer(bars, spread, limit), height=300)


def knob_tornado(effects: pd.DataFrame, base: float, what: str) -> Spec:
    """What moving each knob from its lowest to its highest value does to one probability, the strongest first.

    Parameters
    ----------
    effects : DataFrame
        Columns ``key, label, low, high``: the probability at either end, all other knobs as they stand.
    base : float
        The probability as the knobs stand.
    what : str
        The outcome in words, such as “Rupture on 31 December 2027”.
    """
    order = (effects["high"] - effects["low"]).abs().sort_values(ascending=False, kind="stable").index[:MOST_KNOBS]
    rows: Rows = [
        {
            "key": row["key"],
            "name": row["label"],
            "end": told,
            "probability": float(row[end]),
            "shown": percent(row[end]),
        }
        for row in effects.loc[order].to_dict("records")
        for end, told in ENDS.items()
    ]
    kind = "Bars from the lowest to the highest value of each slider."
    told = knobs_sentence(effects, base, what)
    spec = filled(_tornado_template(), kind, told, rows=rows, base=[{"at": float(base)}])
    spec["layer"][0]["encoding"]["x"]["title"] = what
    return {**spec, "height": ROW * len(order)}


@cache
def _tornado_template() -> Spec:
    told = list(ENDS.values())
    base = alt.Chart(data()).encode(
        y=alt.Y("name:N", sort=None, axis=name_axis()),
        tooltip=tips((("name", "Knob"), ("end", ""), ("shown", "Chance"))),
    )
    x = alt.X("probability:Q", title="", axis=percent_axis(), scale=alt.Scale(zero=False))
    spans = base.mark_line(strokeWidth=4, opacity=0.4, color=MUTED, yOffset=6).encode(x=x, detail="name:N")
    key = legend(columns=1)
    points = base.mark_point(filled=True, size=90, opacity=1, yOffset=6).encode(
        x="probability:Q",
        color=alt.Color("end:N", scale=alt.Scale(domain=told, range=[MUTED, ACCENT]), legend=key),
        shape=alt.Shape("end:N", scale=alt.Scale(domain=told, range=["triangle-left", "triangle-right"]), legend=key),
    )
    now = alt.Chart(data("base")).mark_rule(color=MUTED, strokeDash=[4, 3]).encode(x="at:Q")
    return template(alt.layer(spans, now, points), height=300)
