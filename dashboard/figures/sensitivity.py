"""Pieces of the evidence left out, as bars: what a refit says moves most, and whether re-weighting agrees. Pure."""

from functools import cache
from textwrap import shorten

import altair as alt
import pandas as pd

from dashboard.figures.bars import BAR, named_rows, tall
from dashboard.figures.colours import ACCENT, MUTED
from dashboard.figures.style import Rows, Spec, filled, keyed, legend, rule, template
from dashboard.wording.sensitivity import cell_text, moves_sentence, piece_name, points_text

NAME_WIDTH = 48
"""Characters of a name that fit a phone; the tooltip has it in full."""
REFIT, WEIGHTS = "Fitted again without it", "Re-weighted instead"


def leave_one_out_bars(moves: pd.DataFrame) -> Spec:
    """The change of the probability that each left-out piece moves most, by both routes.

    Parameters
    ----------
    moves : DataFrame
        `models.verdicts.facts.largest_moves`.
    """
    rows: Rows = [
        {
            "name": shorten(piece_name(row), NAME_WIDTH, placeholder=" …"),
            "full": f"{piece_name(row)}. {row['label']}" if row["kind"] == "event" else piece_name(row),
            "cell": cell_text(row["outcome"], int(row["horizon"])),
            "route": route,
            "change": 100 * float(row[column]),
            "shown": points_text(row[column]),
        }
        for row in moves.to_dict("records")
        for column, route in (("refit", REFIT), ("weights", WEIGHTS))
        if not pd.isna(row[column])
    ]
    kind = "Bars to either side of zero with hollow points beside their ends."
    spec = filled(_template(), kind, moves_sentence(moves), rows=rows, zero=[{"at": 0}])
    return tall(spec, len(moves))


@cache
def _template() -> Spec:
    fields = (("full", "Without"), ("cell", "Probability"), ("route", ""), ("shown", "Change"))
    base = named_rows(fields)
    axis = alt.Axis(labelExpr="replace(datum.label, '-', '−')", tickCount=5)
    x = alt.X("change:Q", title="Change of the probability, points", axis=axis)
    colours, shapes = keyed({REFIT: ACCENT, WEIGHTS: MUTED}), keyed({REFIT: "square", WEIGHTS: "circle"})
    key = legend(columns=1, labelExpr="datum.label")
    bars = base.transform_filter(alt.datum.route == REFIT).mark_bar(size=BAR, color=ACCENT, opacity=0.7, yOffset=6)
    ends = base.mark_point(filled=False, size=70, strokeWidth=2, opacity=1, yOffset=6).encode(
        x=x,
        color=alt.Color("route:N", scale=colours, legend=key),
        shape=alt.Shape("route:N", scale=shapes, legend=key),
    )
    return template(alt.layer(bars.encode(x=x), rule("zero"), ends), height=300)
