"""Colours, axes and the frame of every chart: the colour of rupture, of a model, of a hindcast is found here.

A chart is authored once in Altair, kept as a template and filled with rows: building it takes tens of milliseconds,
copying a dictionary takes one, and a slider's move only fills templates.
"""

from collections.abc import Mapping, Sequence
from copy import deepcopy

import altair as alt

from dashboard.wording.chances import PERCENT_AXIS
from dashboard.wording.labels import STATE_LABELS
from models.names import MODEL_M0, MODEL_M1, MODEL_M2, MODEL_M3, MODEL_MIXTURE, Scenario

STATE_COLOURS: Mapping[str, str] = {
    Scenario.RUPTURE.value: "#b3450f",
    Scenario.STRAIN.value: "#cd8226",
    Scenario.TRANSACTIONAL.value: "#4b97d2",
    Scenario.DEEPER.value: "#2166ac",
}
"""Orange to blue, a pair that every common colour blindness keeps apart; the outer states are the darker ones, as in a
diverging scale. Each stands out at 3:1 or more from a white and from a near-black page."""
STATE_INKS: Mapping[str, str] = {
    Scenario.RUPTURE.value: "#ffffff",
    Scenario.STRAIN.value: "#14171c",
    Scenario.TRANSACTIONAL.value: "#14171c",
    Scenario.DEEPER.value: "#ffffff",
}
"""Text on those colours, 4.5:1 or more."""
MUTED = "#767b85"
"""Grey for rules and for text that no theme colours: above 4:1 on white and on near-black."""
ACCENT = "#8c6bb1"
"""What a model says beyond the evidence (fan, posterior, high end of a slider): 4.3:1 on both pages and of no state."""
MODEL_COLOURS: Mapping[str, str] = {
    MODEL_MIXTURE: ACCENT,
    MODEL_M0: "#00936b",
    MODEL_M1: "#c26a9b",
    MODEL_M2: "#b87a00",
    MODEL_M3: "#3d85c6",
}
"""Green, reddish purple, orange and blue of Okabe and Ito, darkened to 3:1; each model has its own shape as well."""
DIRECTION_COLOURS: Mapping[str, str] = {
    "cooperation": STATE_COLOURS[Scenario.DEEPER.value],
    "conflict": STATE_COLOURS[Scenario.RUPTURE.value],
    "mixed": ACCENT,
    "context": MUTED,
}
PART_COLOURS: Mapping[str, str] = {
    "data": MODEL_COLOURS[MODEL_M0],
    "prior": ACCENT,
    "model": MODEL_COLOURS[MODEL_M2],
    "time": MUTED,
    "together": MODEL_COLOURS[MODEL_M1],
}
"""Of the parts of a change (`models.change.split`), kept apart by common colour blindnesses; each has its own lane."""
BADGE_COLOURS: Mapping[str, str] = {
    "good": MODEL_COLOURS[MODEL_M0],
    "fair": STATE_COLOURS[Scenario.STRAIN.value],
    "poor": STATE_COLOURS[Scenario.RUPTURE.value],
}
"""Green, amber and red for the engine's badge; every kind of setting has its own shape as well."""
HINDCAST_COLOUR = "#5b8291"
"""Slate: 4:1 on white and on near-black, and the colour of no state and no live model."""
DASH = [4, 3]
WIDE = 520
"""Pixels of plot from which there is room for names beside marks; a phone shows the marks and names them on touch."""

CONFIG = {
    "view": {"stroke": None},
    "axis": {"labelFlush": True},
    "legend": {"layout": {"bottom": {"direction": "vertical", "anchor": "start"}}},
}
"""No frame, end labels inside the chart, several legends one below the other: nothing leaves a phone's screen."""
SHORT_NAMES = f"width < {WIDE} ? replace(replace(datum.label, ' status quo', ''), ' cooperation', '') : datum.label"
"""Vega expression: names of states as long as the chart is wide."""

BAR, ROW = 10, 36
"""Thickness of a bar and height of its row with the name above, in pixels."""
BESIDE = "The sentence below the chart says what it shows."
Rows = list[dict[str, object]]
Spec = dict[str, object]


def data(name: str = "rows") -> alt.NamedData:
    """Placeholder for rows that `filled` supplies."""
    return alt.NamedData(name)


def template(chart: alt.Chart | alt.LayerChart, height: int) -> Spec:
    """A finished, schema-checked specification without rows: as wide as its place, transparent, in the page's type.

    `height` is that of the plot itself; axes and legends come on top, so that no theme can squeeze the marks.
    """
    sized = chart.properties(width="container", height=height, background="transparent")
    spec = sized.properties(autosize=alt.AutoSizeParams(type="fit-x", contains="padding")).to_dict()
    spec["config"] = CONFIG  # Altair's own theme fixes sizes and fonts; the page's theme should decide
    return spec


def filled(spec: Spec, kind: str, sentence: str, /, **rows: Rows) -> Spec:
    """A copy of a template with its rows and its alternative text: the kind of picture, then what it says."""
    return {**deepcopy(spec), "description": f"{kind} {sentence}", "usermeta": {"kind": kind}, "datasets": rows}


def still(spec: Mapping[str, object]) -> Spec:
    """A chart for a page that tells its sentence beside it: the specification stays the same while only numbers move.

    A browser then puts the new rows into the chart that stands, instead of building another in its place.
    """
    return {**spec, "description": f"{spec['usermeta']['kind']} {BESIDE}"}


def state_scale() -> alt.Scale:
    """Colours of the four states under their long names."""
    return keyed({STATE_LABELS[state]: colour for state, colour in STATE_COLOURS.items()})


def legend(columns: int = 2, **options: object) -> alt.Legend:
    """A legend under the chart.

    The number of columns is fixed: one that follows the width would change the height after the chart was laid out.
    """
    shared = {"orient": "bottom", "title": None, "labelLimit": 0, "symbolOpacity": 1, "labelExpr": SHORT_NAMES}
    return alt.Legend(columns=columns, **{**shared, **options})


def percent_axis(**options: object) -> alt.Axis:
    """An axis of probabilities that reads like the text."""
    return alt.Axis(labelExpr=PERCENT_AXIS, tickCount=5, labelOverlap="parity", **options)


def year_axis(**options: object) -> alt.Axis:
    """An axis of years without thousands separators."""
    return alt.Axis(format="d", title=None, grid=False, **options)


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


def tips(fields: Sequence[tuple[str, str]]) -> list[alt.Tooltip]:
    """Plain-word tooltips of text fields."""
    return [alt.Tooltip(field=field, type="nominal", title=title) for field, title in fields]


def keyed(values: Mapping[str, object]) -> alt.Scale:
    """Colours, shapes or dashes by the name that they stand for."""
    return alt.Scale(domain=list(values), range=list(values.values()))


def year_x(field: str, padding: float | None = 12, **axis: object) -> alt.X:
    """Years along the foot, from the first to the last."""
    room = {} if padding is None else {"padding": padding}
    return alt.X(field, axis=year_axis(tickCount=8, **axis), scale=alt.Scale(zero=False, nice=False, **room))


def named_rows(fields: Sequence[tuple[str, str]], name: str = "name:N") -> alt.Chart:
    """Rows one below the other, each with its name above: what a list of bars or points begins with."""
    return alt.Chart(data()).encode(y=alt.Y(name, sort=None, axis=name_axis()), tooltip=tips(fields))


def rule(rows: str, channel: str = "x", **mark: object) -> alt.Chart:
    """Lines across the chart where the rows' ``at`` is: zero, a limit, the probability as it stands."""
    return alt.Chart(data(rows)).mark_rule(color=MUTED, **mark).encode(**{channel: "at:Q"})


def tall(spec: Spec, rows: int, row: int = ROW) -> Spec:
    """A chart of named rows, as high as they need."""
    return {**spec, "height": row * rows}
