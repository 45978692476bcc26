"""Charts of named rows, one below the other: bars, points or ranges with the name above each."""

from collections.abc import Sequence

import altair as alt

from dashboard.figures.style import Spec, blank, tips

BAR, ROW = 10, 36
"""Thickness of a bar and height of its row with the name above, in pixels."""


def name_axis() -> alt.Axis:
    """Names of horizontal bars above each bar, inside the chart: long ones then fit a phone."""
    return alt.Axis(
        title=None,
        domain=False,
        ticks=False,
        grid=False,
        labelAlign="left",
        labelBaseline="middle",
        labelPadding=0,
        labelOffset=-11,
        labelLimit=600,
    )


def named_rows(fields: Sequence[tuple[str, str]], name: str = "name:N") -> alt.Chart:
    """Rows one below the other, each with its name above: what a list of bars or points begins with."""
    return blank().encode(y=alt.Y(name, sort=None, axis=name_axis()), tooltip=tips(fields))


def tall(spec: Spec, rows: int, row: int = ROW) -> Spec:
    """A chart of named rows, as high as they need."""
    return {**spec, "height": row * rows}
