"""One knob as a picture: belief before and after the evidence, and how far each knob moves a chance. Pure."""

from functools import cache

import altair as alt
import pandas as pd

from dashboard.figures.bars import named_rows, tall
from dashboard.figures.colours import ACCENT, MUTED
from dashboard.figures.style import DASH, Rows, Spec, blank, filled, keyed, legend, percent_axis, rule, template, tips
from dashboard.wording.chances import percent
from dashboard.wording.knobs import knobs_sentence
from dashboard.wording.numerals import number

BELIEFS = {"prior": "Before the evidence (prior)", "posterior": "After the evidence (posterior)"}


BELIEFS_KEY = "dashed and grey is the belief before the evidence, solid and coloured the belief after it"
"""Said once above all pictures of beliefs, which stand by the half dozen and have no legends."""
ENDS = {"low": "Slider at its lowest", "high": "Slider at its highest"}


MOST_KNOBS = 12
"""Bars that fit a screen; the knobs left out move less than those shown."""


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
        {"x": x, "density": y, "belief": text, "shown": number(x)}
        for name, text in BELIEFS.items()
        for x, y in zip(columns["x"], columns[name], strict=True)
    ]
    peaks = {name: number(columns["x"][density[name].argmax()]) for name in BELIEFS}
    of = f" ({unit})" if unit else ""
    text = f"The belief before the evidence (dashed) peaks at {peaks['prior']}, after it at {peaks['posterior']}{of}."
    spec = filled(_beliefs_template(), f"Two curves for “{label}”.", text, rows=rows)
    spec["layer"][0]["encoding"]["x"]["title"] = unit or label
    return spec


@cache
def _beliefs_template() -> Spec:
    prior, posterior = BELIEFS.values()
    colours, dashes = keyed({prior: MUTED, posterior: ACCENT}), keyed({prior: [6, 4], posterior: [1, 0]})
    base = blank().encode(
        x=alt.X("x:Q", title="", scale=alt.Scale(zero=False, nice=False), axis=alt.Axis(grid=False, tickCount=6)),
        y=alt.Y("density:Q", axis=None, stack=None),
        color=alt.Color("belief:N", scale=colours, legend=None),
        tooltip=tips((("belief", ""), ("shown", "Value"))),
    )
    lines = base.mark_line(strokeWidth=2).encode(strokeDash=alt.StrokeDash("belief:N", scale=dashes, legend=None))
    return template(alt.layer(base.mark_area(opacity=0.2), lines), height=90)


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
            "end": text,
            "probability": float(row[end]),
            "shown": percent(row[end]),
        }
        for row in effects.loc[order].to_dict("records")
        for end, text in ENDS.items()
    ]
    kind = "Bars from the lowest to the highest value of each slider."
    text = knobs_sentence(effects, base, what)
    spec = filled(_tornado_template(), kind, text, rows=rows, base=[{"at": float(base)}])
    spec["layer"][0]["encoding"]["x"]["title"] = what
    return tall(spec, len(order))


@cache
def _tornado_template() -> Spec:
    low, high = ENDS.values()
    base = named_rows((("name", "Assumption"), ("end", ""), ("shown", "Chance")))
    x = alt.X("probability:Q", title="", axis=percent_axis(), scale=alt.Scale(zero=False))
    spans = base.mark_line(strokeWidth=4, opacity=0.4, color=MUTED, yOffset=6).encode(x=x, detail="name:N")
    key = legend(columns=1)
    points = base.mark_point(filled=True, size=90, opacity=1, yOffset=6).encode(
        x="probability:Q",
        color=alt.Color("end:N", scale=keyed({low: MUTED, high: ACCENT}), legend=key),
        shape=alt.Shape("end:N", scale=keyed({low: "triangle-left", high: "triangle-right"}), legend=key),
    )
    return template(alt.layer(spans, rule("base", strokeDash=DASH), points), height=300)
