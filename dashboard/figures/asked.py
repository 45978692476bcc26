"""Pictures of conditional answers: states over year-ends beside their unconditional ghosts, and bars of yes and no."""

from collections.abc import Mapping, Sequence
from functools import cache

import altair as alt
import pandas as pd

from dashboard.figures.bars import named_rows, tall
from dashboard.figures.colours import STATE_INKS
from dashboard.figures.style import Rows, Spec, blank, filled, keyed, legend, percent_axis, state_scale, template, tips
from dashboard.wording.chances import percent
from dashboard.wording.labels import STATE_LABELS
from models.names import STATES

SMALLEST_LABELLED = 0.08
"""A segment thinner than this has no room for a line of text."""
ROOM = 420
"""Pixels of plot from which a bar is wide enough for its number."""
GHOST = 0.3
KINDS = {"without": "Without it", "supposed": "With what you suppose"}
BAR = 26


def supposed_states(rows: pd.DataFrame, sentence: str) -> Spec:
    """Stacked bars of the four states at each year-end, each beside the faint one of the published forecast.

    Parameters
    ----------
    rows : DataFrame
        `dashboard.tables.asked.answer_rows`.
    """
    drawn: Rows = [
        {
            "year": str(row["year"]),
            "kind": row["kind"],
            "which": KINDS[row["kind"]],
            "label": STATE_LABELS[row["state"]],
            "state": row["state"],
            "code": STATES.index(row["state"]),
            "probability": row["chance"],
            "shown": percent(row["chance"], row["error"]),
        }
        for row in rows.to_dict("records")
    ]
    kind = (
        f"Pairs of stacked bars: four states at {rows['year'].nunique()} year-ends, without and with what is supposed."
    )
    return filled(_states_template(), kind, sentence, rows=drawn)


@cache
def _states_template() -> Spec:
    base = blank().encode(
        x=alt.X(
            "year:O",
            title="Year-end (31 December)",
            axis=alt.Axis(labelAngle=0),
            scale=alt.Scale(paddingInner=0.25, paddingOuter=0.1),
        ),
        xOffset=alt.XOffset("kind:N", sort=list(KINDS)),
        y=alt.Y("probability:Q", stack="zero", title=None, axis=percent_axis(), scale=alt.Scale(domain=[0, 1])),
        order=alt.Order("code:Q"),
        tooltip=tips((("which", ""), ("label", "State"), ("year", "End of"), ("shown", "Chance"))),
    )
    ghost = alt.condition("datum.kind === 'without'", alt.value(GHOST), alt.value(1))
    bars = base.mark_bar(stroke="white", strokeWidth=1, strokeOpacity=0.6).encode(
        color=alt.Color("label:N", scale=state_scale(), legend=legend(symbolStrokeColor="transparent")),
        opacity=ghost,
    )
    room = f"datum.kind === 'supposed' && datum.probability >= {SMALLEST_LABELLED} && width > {ROOM}"
    names = base.mark_text(fontSize=12).encode(
        y=alt.Y("probability:Q", stack="zero", bandPosition=0.5),
        text="shown:N",
        color=alt.Color("state:N", scale=keyed(STATE_INKS), legend=None),
        detail="label:N",
        opacity=alt.condition(room, alt.value(1), alt.value(0)),
    )
    return template(alt.layer(bars, names).resolve_scale(color="independent"), height=260)


def answer_bars(states: Mapping[str, Sequence[float]], errors: Sequence[float], sentence: str) -> Spec:
    """The four states as stacked bars from left to right, one below the other: as it is, and after each answer.

    Parameters
    ----------
    states : mapping of str to sequence of float
        Chances of the states, worst first, by the name of the bar.
    errors : sequence of float
        Monte Carlo standard error of each state.
    """
    drawn: Rows = [
        {
            "name": name,
            "label": STATE_LABELS[state],
            "state": state,
            "code": code,
            "probability": float(chances[code]),
            "shown": percent(float(chances[code]), float(errors[code])),
        }
        for name, chances in states.items()
        for code, state in enumerate(STATES)
    ]
    kind = f"{len(states)} stacked bars: the four states {', '.join(name[:1].lower() + name[1:] for name in states)}."
    return tall(filled(_bars_template(), kind, sentence, rows=drawn), len(states), BAR + 22)


@cache
def _bars_template() -> Spec:
    fields = (("name", ""), ("label", "State"), ("shown", "Chance"))
    base = named_rows(fields).encode(
        x=alt.X("probability:Q", stack="zero", title=None, axis=percent_axis(), scale=alt.Scale(domain=[0, 1])),
        order=alt.Order("code:Q"),
    )
    bars = base.mark_bar(height=BAR - 8, yOffset=6, stroke="white", strokeWidth=1, strokeOpacity=0.6).encode(
        color=alt.Color("label:N", scale=state_scale(), legend=legend(symbolStrokeColor="transparent"))
    )
    names = base.mark_text(fontSize=12, yOffset=6).encode(
        x=alt.X("probability:Q", stack="zero", bandPosition=0.5),
        text="shown:N",
        color=alt.Color("state:N", scale=keyed(STATE_INKS), legend=None),
        detail="label:N",
        opacity=alt.condition(f"datum.probability >= {SMALLEST_LABELLED}", alt.value(1), alt.value(0)),
    )
    return template(alt.layer(bars, names).resolve_scale(color="independent"), height=3 * (BAR + 22))
