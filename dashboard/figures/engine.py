"""The held-out study as a picture: what the engine's badge promised, and how far off it was. Pure."""

from functools import cache

import altair as alt
import pandas as pd

from dashboard.figures.colours import BADGE_COLOURS, MUTED
from dashboard.figures.style import Rows, Spec, blank, filled, keyed, legend, template, tips
from dashboard.wording.calibration import BADGES, KIND_LABELS, study_sentence

LEAST_SHOWN = 0.01
"""Points; a logarithmic axis has no place for 0."""


def error_against_badge(settings: pd.DataFrame) -> Spec:
    """Largest error of every held-out setting against the effective draws behind it, by badge.

    Parameters
    ----------
    settings : DataFrame
        `models.engine_study.held_out.per_setting`: ``setting, kind, changed, status, ess, error``.
    """
    known = settings[settings["status"].isin(BADGE_COLOURS)]
    rows: Rows = [
        {
            "badge": BADGES[row.status],
            "kind": KIND_LABELS[row.kind],
            "ess": float(row.ess),
            "error": max(LEAST_SHOWN, 100 * float(row.error)),
            "shown": f"{100 * row.error:.2f} points",
            "changed": str(row.changed),
        }
        for row in known.itertuples()
    ]
    return filled(_template(), "Scatter plot:", study_sentence(settings), rows=rows)


@cache
def _template() -> Spec:
    badge = keyed({BADGES[status]: colour for status, colour in BADGE_COLOURS.items()})
    draws = alt.Axis(values=[10, 100, 1000, 10_000, 100_000], format=",")
    points = alt.Axis(values=[0.01, 0.1, 0.5, 1, 2, 5, 10], format="~r")
    grey = legend(columns=3, labelExpr="datum.label", symbolFillColor=MUTED, symbolStrokeColor=MUTED)
    kinds = alt.Scale(domain=list(KIND_LABELS.values()))
    chart = (
        blank()
        .mark_point(filled=True, size=55, opacity=0.8)
        .encode(
            x=alt.X("ess:Q", scale=alt.Scale(type="log"), title="Effective draws behind the answer", axis=draws),
            y=alt.Y("error:Q", scale=alt.Scale(type="log"), title="Largest error, points", axis=points),
            color=alt.Color("badge:N", scale=badge, legend=legend(columns=3, labelExpr="datum.label")),
            shape=alt.Shape("kind:N", scale=kinds, legend=grey),
            tooltip=tips([("changed", "Setting"), ("badge", "Badge"), ("shown", "Error")]),
        )
    )
    return template(chart, 260)
