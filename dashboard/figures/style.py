"""Axes, legends, tooltips and the frame of every chart.

A chart is authored once in Altair, kept as a template and filled with rows: building it takes tens of milliseconds,
copying a dictionary takes one, and a slider's move only fills templates.
"""

from collections.abc import Sequence

import altair as alt

from dashboard.figures.colours import INK, MUTED, STATE_COLOURS
from dashboard.wording.chances import PERCENT_AXIS
from dashboard.wording.labels import STATE_LABELS
from data.digest import Fields

DASH = [4, 3]
WIDE = 520
"""Pixels of plot from which there is room for names beside marks; a phone shows the marks and names them on touch."""

CONFIG = {
    "view": {"stroke": None},
    "mark": {"aria": False},
    "axis": {"labelFlush": True, "labelColor": INK, "titleColor": INK, "aria": False},
    "legend": {
        "layout": {"bottom": {"direction": "vertical", "anchor": "start"}},
        "labelColor": INK,
        "titleColor": INK,
        "aria": False,
    },
}
"""No frame, end labels inside the chart, several legends one below the other: nothing leaves a phone's screen. A screen
reader hears the chart's name and the sentence beside it, not hundreds of marks with sixteen digits each."""
SHORT_NAMES = f"width < {WIDE} ? replace(replace(datum.label, ' status quo', ''), ' cooperation', '') : datum.label"
"""Vega expression: names of states as long as the chart is wide."""

BESIDE = "The sentence below the chart says what it shows."
GHOST, STARTING = "ghost", "Starting view"
"""Rows of the starting view in a chart of a moved setting (none where nothing was moved), and their name."""
_MOVED = f"length(data('{GHOST}'))"
Rows = list[dict[str, object]]
Spec = dict[str, object]


def blank(name: str = "rows") -> alt.Chart:
    """A chart that draws nothing yet, of the rows that `filled` will supply under this name."""
    return alt.Chart(alt.NamedData(name))


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
    return {**_copied(spec), "description": f"{kind} {sentence}", "usermeta": {"kind": kind}, "datasets": rows}


def _copied[T](part: T) -> T:
    """A template has dictionaries, lists and values only: a fifth of the time of `copy.deepcopy`."""
    if isinstance(part, dict):
        return {key: _copied(value) for key, value in part.items()}
    return [_copied(value) for value in part] if isinstance(part, list) else part


def still(spec: Fields) -> Spec:
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


def ghost_key(symbol: str, **place: object) -> alt.Chart:
    """The starting view's place in the legend: kept free where nothing was moved, so that nothing jumps.

    Parameters
    ----------
    symbol : str
        A shape, or a path of one.
    **place
        Any position that the chart's other layers have.
    """
    off = "'\\u200b\\u2003\\u2003'"  # Vega writes this label over its symbol, and trims what is only blank
    look = legend(
        columns=1,
        labelExpr=f"{off} + ({_MOVED} ? datum.label : '')",
        symbolType=symbol,
        symbolSize=80,
        symbolOpacity=alt.ExprRef(f"{_MOVED} ? 1 : 0"),
        symbolFillColor="transparent",
        symbolStrokeColor=INK,
    )
    scale = alt.Scale(domain=[STARTING], range=[1.5])
    width = alt.StrokeWidth("which:O", scale=scale, legend=look)
    return blank(GHOST).mark_point(opacity=0, tooltip=None).encode(strokeWidth=width, **place)


def percent_axis(**options: object) -> alt.Axis:
    """An axis of probabilities that reads like the text."""
    return alt.Axis(labelExpr=PERCENT_AXIS, tickCount=5, labelOverlap="parity", **options)


def year_axis(**options: object) -> alt.Axis:
    """An axis of years without thousands separators."""
    return alt.Axis(format="d", title=None, grid=False, **options)


def tips(fields: Sequence[tuple[str, str]]) -> list[alt.Tooltip]:
    """Plain-word tooltips of text fields."""
    return [alt.Tooltip(field=field, type="nominal", title=title) for field, title in fields]


def keyed(values: Fields) -> alt.Scale:
    """Colours, shapes or dashes by the name that they stand for."""
    return alt.Scale(domain=list(values), range=list(values.values()))


def year_x(field: str, padding: float | None = 12, **axis: object) -> alt.X:
    """Years along the foot, from the first to the last."""
    room = {} if padding is None else {"padding": padding}
    return alt.X(field, axis=year_axis(tickCount=8, **axis), scale=alt.Scale(zero=False, nice=False, **room))


def rule(rows: str, channel: str = "x", **mark: object) -> alt.Chart:
    """Lines across the chart where the rows' ``at`` is: zero, a limit, the probability as it stands."""
    return blank(rows).mark_rule(color=MUTED, **mark).encode(**{channel: "at:Q"})
