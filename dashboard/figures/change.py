"""What became of a forecast, as small waterfalls: for each state the parts of its change, from before to now. Pure."""

from functools import cache

import altair as alt
import pandas as pd

from dashboard.figures.bars import name_axis
from dashboard.figures.colours import INK, MUTED, PART_COLOURS
from dashboard.figures.style import Rows, Spec, blank, filled, keyed, legend, template, tips
from dashboard.wording.chances import percent, points
from dashboard.wording.change import part_label, points_text, split_sentence
from dashboard.wording.labels import STATE_LABELS
from data.digest import Fields
from models.change.game import BRIDGE
from models.change.split import PARTS, TOGETHER, Split
from models.names import STATES

LANE, GAP = 14, 26
"""Height of a part's lane, and of the space above a state's lanes that holds its name, in pixels."""

LEAST = 5
"""Points that the axis reaches to either side at least: a change of less than a point must look like one."""


def change_waterfall(split: Split, target_end_date: str) -> Spec:
    """The change of each state's chance at one year-end, part by part.

    Parameters
    ----------
    split : Split
    target_end_date : str
        One of the split's table.
    """
    table = split.table[split.table["target_end_date"] == target_end_date]
    playing = [
        part for part in PARTS if part in split.parts and (part in split.game.changed or part in (BRIDGE, TOGETHER))
    ]
    states = [row for state in reversed(STATES) for row in table[table["state"] == state].to_dict("records")]
    rows: Rows = [lane for row in states for lane in _lanes(split, row, playing)]
    ends: Rows = [_end(row) for row in states]
    sentence = split_sentence(split, states[int(table["total"].abs().to_numpy()[::-1].argmax())])
    labels = tuple(part_label(split, part) for part in playing)
    spec = filled(_template(labels, tuple(playing)), _KIND, sentence, rows=rows, ends=ends)
    return {**spec, "height": _height(len(playing))}


_KIND = "Bars from zero, the chance before, to a mark, the chance now: one bar a cause, for each of four states."


def _lanes(split: Split, row: Fields, playing: list[str]) -> Rows:
    start, rows = 0.0, []
    for part in playing:
        stop = start + 100 * float(row[part])
        shown = points_text(row[part], row[f"{part}_error"])
        rows.append(
            {
                "name": _name(row),
                "part": part_label(split, part),
                "start": start,
                "stop": stop,
                "right": max(start, stop, 100 * float(row["total"])),
                "shown": shown,
                "told": points(float(row[part]), float(row[f"{part}_error"])),
                "doubt": f"± {100 * float(row[f'{part}_error']):.1f} points (Monte Carlo)",
            }
        )
        start = stop
    return rows


def _end(row: Fields) -> Fields:
    return {"name": _name(row), "total": 100 * float(row["total"]), "zero": 0.0, "told": _name(row)}


def _name(row: Fields) -> str:
    old, new = (percent(float(row[end]), float(row[f"{end}_error"])) for end in ("old", "new"))
    return f"{STATE_LABELS[str(row['state'])]}: {old} → {new}"


def _height(lanes: int) -> int:
    step = LANE * max(1, lanes) + GAP
    return round(step * (len(STATES) + GAP / step))


@cache
def _template(labels: tuple[str, ...], playing: tuple[str, ...]) -> Spec:
    lanes = max(1, len(labels))
    step = LANE * lanes + GAP
    room = alt.Scale(paddingInner=GAP / step, paddingOuter=GAP / step)
    axis = name_axis()
    axis.labelOffset = -step / 2
    y = alt.Y("name:N", sort=None, axis=axis, scale=room)
    offset = alt.YOffset("part:N", sort=list(labels), scale=alt.Scale(domain=list(labels), paddingInner=0.15))
    colours = keyed({label: PART_COLOURS[part] for label, part in zip(labels, playing, strict=True)})
    across = alt.X(
        "start:Q",
        title="Change of the chance, points (0: before)",
        scale=alt.Scale(padding=34, domain=alt.DomainUnionWith(unionWith=[-LEAST, LEAST])),
        axis=alt.Axis(labelExpr="replace(datum.label, '-', '−')", tickCount=5, tickMinStep=1, grid=False),
    )
    fields = (("name", "State"), ("part", "Part"), ("told", "Change"), ("doubt", "Error"))
    base = blank().encode(y=y, yOffset=offset, tooltip=tips(fields))
    key = legend(columns=2, labelExpr="datum.label")
    bars = base.mark_bar().encode(x=across, x2="stop:Q", color=alt.Color("part:N", scale=colours, legend=key))
    names = base.mark_text(align="left", baseline="middle", dx=5, fontSize=12, color=INK).encode(
        x="right:Q", text="shown:N"
    )
    ends = blank("ends").encode(y=y, x="total:Q", tooltip=tips((("told", "Now"),)))
    marks = ends.mark_tick(color=MUTED, thickness=3, size=LANE * lanes, opacity=1)
    zero = ends.mark_tick(color=MUTED, thickness=1, size=LANE * lanes, opacity=1).encode(x="zero:Q")
    return template(alt.layer(zero, bars, marks, names), height=300)


def largest_row(split: Split, target_end_date: str) -> pd.Series:
    """The state whose chance moved most at one year-end."""
    table = split.table[split.table["target_end_date"] == target_end_date]
    return table.loc[table["total"].abs().idxmax()]
