"""Colours, axes and the frame of every chart.

A chart is authored once in Altair, kept as a template and filled with rows: building it takes tens of milliseconds,
copying a dictionary takes one, and a slider's move only fills templates.
"""

from collections.abc import Mapping, Sequence
from copy import deepcopy

import altair as alt

from dashboard.wording.chances import PERCENT_AXIS
from dashboard.wording.labels import STATE_LABELS
from models.names import MODEL_M0, MODEL_M1, MODEL_M2, MODEL_M3, MODEL_MIXTURE, STATES, Scenario

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
"""What a model says beyond the record (fan, posterior, high end of a slider): 4.3:1 on both pages, unlike any state."""
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


def filled(spec: Spec, kind: str, told: str, /, **rows: Rows) -> Spec:
    """A copy of a template with its rows and its alternative text: the kind of picture, then what it says."""
    return {**deepcopy(spec), "description": f"{kind} {told}", "usermeta": {"kind": kind}, "datasets": rows}


def still(spec: Mapping[str, object]) -> Spec:
    """A chart for a page that tells its sentence beside it: the specification stays the same while only numbers move.

    A browser then puts the new rows into the chart that stands, instead of building another in its place.
    """
    return {**spec, "description": f"{spec['usermeta']['kind']} {BESIDE}"}


def state_scale() -> alt.Scale:
    """Colours of the four states under their long names."""
    return alt.Scale(domain=[STATE_LABELS[state] for state in STATES], range=list(STATE_COLOURS.values()))


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
