"""Charts of what can be doubted: priors and posteriors, predictive checks, robustness of labels, reach of the knobs."""

from functools import cache

import altair as alt
import pandas as pd

from dashboard.figures.bars import BAR, named_rows, tall
from dashboard.figures.colours import ACCENT, MUTED, STATE_COLOURS
from dashboard.figures.style import Rows, Spec, blank, filled, keyed, legend, percent_axis, template, tips
from dashboard.wording.checks import predictive_sentence, robustness_sentence
from dashboard.wording.numerals import minus, number, sentence_case, share
from data.digest import Fields
from models.names import Scenario

FEW = 12
"""Up to this many categories lie one below the other with their names; more run along the foot."""


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
    sentence = predictive_sentence(check)
    spec = filled(_across_template() if few else _along_template(), f"Ranges with dots: {title}.", sentence, rows=rows)
    spec["layer"][0]["encoding"]["x" if few else "y"]["title"] = title
    return tall(spec, len(rows)) if few else spec


def _checked(row: dict) -> Fields:
    seen = not pd.isna(row["observed"])
    return {
        **{name: float(row[name]) for name in ("q05", "q50", "q95")},
        "category": minus(str(row["category"])),
        "observed": float(row["observed"]) if seen else None,
        "inside": "Inside" if seen and row["q05"] <= row["observed"] <= row["q95"] else "Outside",
        "told": number(row["observed"]) if seen else "not observed",
        "range": f"{number(row['q05'])} to {number(row['q95'])}, median {number(row['q50'])}",
    }


_CHECK_TIPS = (("category", ""), ("told", "Observed"), ("range", "Nine in ten simulations"))


@cache
def _across_template() -> Spec:
    base = named_rows(_CHECK_TIPS, "category:N")
    x = alt.X("q05:Q", title="", axis=percent_axis())
    ranges = base.mark_bar(size=BAR, opacity=0.35, color=ACCENT, cornerRadius=BAR / 2, yOffset=6).encode(
        x=x, x2="q95:Q"
    )
    medians = base.mark_tick(color=ACCENT, thickness=2, size=BAR + 4, yOffset=6).encode(x="q50:Q")
    return template(alt.layer(ranges, medians, _observed(base, yOffset=6).encode(x="observed:Q")), height=300)


@cache
def _along_template() -> Spec:
    axis = alt.Axis(title=None, labelAngle=0, labelOverlap="greedy", grid=False)
    base = blank().encode(x=alt.X("category:N", sort=None, axis=axis), tooltip=tips(_CHECK_TIPS))
    ranges = base.mark_area(opacity=0.3, color=ACCENT).encode(y=alt.Y("q05:Q", title=""), y2="q95:Q")
    medians = base.mark_line(color=ACCENT, strokeWidth=1.5).encode(y="q50:Q")
    return template(alt.layer(ranges, medians, _observed(base).encode(y="observed:Q")), height=240)


def _observed(base: alt.Chart, **shift: float) -> alt.Chart:
    """Dots of what happened: full inside the simulated range, hollow diamonds outside it."""
    key = legend(columns=1, values=["Inside", "Outside"], labelExpr="'Observed, ' + lower(datum.label) + ' the range'")
    marks = base.transform_filter("isValid(datum.observed)").mark_point(size=60, opacity=1, strokeWidth=2, **shift)
    shapes = keyed({"Inside": "circle", "Outside": "diamond"})
    colours = keyed({"Inside": MUTED, "Outside": STATE_COLOURS[Scenario.RUPTURE.value]})
    return marks.encode(
        shape=alt.Shape("inside:N", scale=shapes, legend=key), color=alt.Color("inside:N", scale=colours, legend=key)
    )


def robustness_bars(table: pd.DataFrame) -> Spec:
    """Share of labelled years that change under each variation.

    Parameters
    ----------
    table : DataFrame
        `models.outcome.robustness.rule_robustness`: ``variation, flipped_share, low, high, limit, meaning``.
    """
    kept = table.sort_values("flipped_share", ascending=False, kind="stable")
    rows = [
        {
            **{name: float(row[name]) for name in ("flipped_share", "low", "high", "limit")},
            "name": sentence_case(str(row["variation"])),
            "shown": share(row["flipped_share"]),
            "allowed": share(row["limit"]),
            "meaning": row["meaning"],
        }
        for row in kept.to_dict("records")
    ]
    kind = "Bars: share of labelled year-ends that change. Ticks: share that may."
    spec = filled(_robustness_template(), kind, robustness_sentence(table), rows=rows)
    return tall(spec, len(rows))


@cache
def _robustness_template() -> Spec:
    base = named_rows((("name", "Change"), ("shown", "Labels that flip"), ("allowed", "Allowed"), ("meaning", "")))
    x = alt.X("flipped_share:Q", title="Share of labelled year-ends that flip", axis=percent_axis())
    bars = base.mark_bar(size=BAR, color=ACCENT, yOffset=6).encode(x=x)
    spread = base.mark_rule(color=MUTED, strokeWidth=2, yOffset=6).encode(x="low:Q", x2="high:Q")
    limits = base.mark_tick(color=MUTED, thickness=2, size=BAR + 4, yOffset=6).encode(x="limit:Q")
    return template(alt.layer(bars, spread, limits), height=300)
