"""The latent alignment since 1950, where it may go, and the dated acts that moved it."""

from collections.abc import Iterable, Sequence
from functools import cache

import altair as alt
import pandas as pd

from dashboard.figures import years
from dashboard.figures.colours import ACCENT, INK, MUTED
from dashboard.figures.style import (
    GHOST,
    WIDE,
    Rows,
    Spec,
    blank,
    filled,
    ghost_key,
    keyed,
    legend,
    state_scale,
    template,
    tips,
    year_x,
)
from dashboard.wording.forecast import alignment_sentence, level
from dashboard.wording.labels import STATE_LABELS, event_date_text, event_label
from dashboard.wording.numerals import signed
from data.digest import Fields
from data.types import Event
from models.outcome.rule import Label

EVENT_COLUMNS = ("id", "year", "label", "day", "intensity", "summary")
LEAST_INTENSITY = 6
"""Binding agreements, accusations by name and graver acts (codebook); below that an act is not what moved a decade."""
LEAST_GAP = 3
"""Years between named acts: closer marks would hide each other."""
NAME_ROWS, ROW_HEIGHT = 3, 0.05
"""Lines of names above the path, and the share of the chart's height that a line takes (17 of 340 pixels)."""
YEARS_PER_LETTER = 0.75
"""Width of a letter in years, when 80 years are 560 pixels wide."""
NARROW_LETTER, NARROW_MOST = 1.9, 5
"""The same on a phone, and how many of the gravest acts are tried there."""
HEADROOM, FOOTROOM = NAME_ROWS * ROW_HEIGHT + 0.03, 0.07
"""Shares of the path's height kept free for the names above and for the strip of states below."""
STRIP = 10
SERIES = {"history": "Read from the record", "forecast": "Simulated future"}


def notable_events(events: Iterable[Event], most: int = 9) -> pd.DataFrame:
    """The acts to name on the path: the gravest first, then the furthest from those already chosen.

    Parameters
    ----------
    events : iterable of Event
        The ledger; context, reserve and unverified rows are not named.
    most : int
        How many at most.

    Returns
    -------
    DataFrame
        Columns ``id, year, label, day, intensity, summary``, by date; at least `LEAST_GAP` years apart.
    """
    left = [e for e in events if abs(e.intensity) >= LEAST_INTENSITY and e.verified and not (e.reserve or e.is_context)]
    chosen: list[Event] = []
    while left and len(chosen) < most:
        best = min(left, key=lambda event: (-abs(event.intensity), -_distance(event, chosen), event.date, event.id))
        chosen.append(best)
        left = [event for event in left if _distance(event, chosen) >= LEAST_GAP]
    rows = [_event_row(event) for event in sorted(chosen, key=lambda event: (event.date, event.id))]
    return pd.DataFrame(rows, columns=list(EVENT_COLUMNS))


def _distance(event: Event, chosen: Sequence[Event]) -> int:
    return min((abs(event.year - other.year) for other in chosen), default=0)


def _event_row(event: Event) -> Fields:
    return {
        "id": event.id,
        "year": event.year,
        "label": event_label(event.id),
        "day": event_date_text(event.date, event.date_precision),
        "intensity": event.intensity,
        "summary": event.summary,
    }


def alignment_path(
    summary: pd.DataFrame,
    events: pd.DataFrame,
    history: Sequence[Label],
    paths: pd.DataFrame | None = None,
    ghost: Sequence[Fields] = (),
) -> Spec:
    """Median and bands of the latent alignment, its simulated future, named acts and the labelled history.

    Parameters
    ----------
    summary : DataFrame
        `models.forecast.results.alignment_summary`: ``year, kind, q05, q25, q50, q75, q95``.
    events : DataFrame
        `notable_events`, or any acts with those columns; only years on the path are drawn.
    history : sequence of Label
        Labels of past year-ends, drawn as a strip along the foot.
    paths : DataFrame, optional
        `models.forecast.results.sample_paths`: ``path, year, value``.
    ghost : sequence of Mapping, optional
        The starting view's future (`dashboard.figures.ghosts.path_ghost`), where the setting was moved.
    """
    low = min([float(summary["q05"].min()), *(one["q05"] for one in ghost)])
    high = max([float(summary["q95"].max()), *(one["q95"] for one in ghost)])
    room = (high - low) / (1 - HEADROOM - FOOTROOM)
    reference = int(summary.loc[summary["kind"] == "history", "year"].max())
    return filled(
        _path_template(),
        f"Line with bands: the alignment of China and Russia from {int(summary['year'].min())} to {reference}, and a "
        f"fan of simulated futures to {int(summary['year'].max())}.",
        alignment_sentence(summary),
        rows=_band_rows(summary),
        events=_event_rows(events, summary, top=high + HEADROOM * room, line=ROW_HEIGHT * room),
        strip=_strip_rows(history, summary),
        paths=[] if paths is None else paths.to_dict("records"),
        ghost=list(ghost),
        reference=[{"year": reference, "foot": low - FOOTROOM * room, "head": high + HEADROOM * room}],
        chosen=years.unmarked(summary["year"].tolist()),
    )


def _band_rows(summary: pd.DataFrame) -> Rows:
    """The summary's own numbers; the fan starts at the last year of the evidence, so that the two meet."""
    last = summary[summary["kind"] == "history"].tail(1).assign(kind="forecast")
    future = summary[summary["kind"] == "forecast"]
    joint = pd.concat([summary[summary["kind"] == "history"], last, future]) if len(future) else summary
    return [
        {
            **row,
            "series": SERIES[row["kind"]],
            "median": level(row["q50"]),
            "half": f"{level(row['q25'])} to {level(row['q75'])}",
            "most": f"{level(row['q05'])} to {level(row['q95'])}",
        }
        for row in joint.to_dict("records")
    ]


def _event_rows(events: pd.DataFrame, summary: pd.DataFrame, *, top: float, line: float) -> Rows:
    """Marks on the median path, each with the line of its name on a wide chart and on a phone's, where it has one."""
    path = summary[summary["kind"] == "history"].set_index("year")["q50"]
    shown = events[events["year"].isin(path.index)].sort_values("year").to_dict("records")
    gravest = sorted(shown, key=lambda event: -abs(event["intensity"]))[:NARROW_MOST]
    last = int(summary["year"].max())
    wide = _lines(shown, last, YEARS_PER_LETTER)
    narrow = _lines([event for event in shown if event in gravest], last, NARROW_LETTER)
    return [
        {
            **event,
            "value": float(path[event["year"]]),
            "coded": signed(event["intensity"]),
            **_placed("", wide.get(event["id"]), top, line),
            **_placed("narrow_", narrow.get(event["id"]), top, line),
        }
        for event in shown
    ]


def _placed(kind: str, place: tuple[int, bool] | None, top: float, line: float) -> Fields:
    at, right = place or (-1, False)
    return {
        f"{kind}line": top - (at + 0.5) * line,
        f"{kind}align": "right" if right else "left",
        f"{kind}named": place is not None,
    }


def _lines(events: Sequence[Fields], last: int, letter: float) -> dict[str, tuple[int, bool]]:
    """The first line above the path that is still free for each name, and whether it is written to its left."""
    taken = [float("-inf")] * NAME_ROWS
    placed: dict[str, tuple[int, bool]] = {}
    for event in events:
        width = letter * len(event["label"])
        right = event["year"] + width > last
        start = event["year"] - width if right else event["year"]
        free = (i for i in range(NAME_ROWS) if max(taken[i:]) < start)  # its stem crosses the lines below
        if (place := next(free, None)) is not None:
            placed[event["id"]] = place, right
            taken[place] = start + width
            taken[place + 1 :] = [max(end, event["year"]) for end in taken[place + 1 :]]  # its stem stands there
    return placed


def _strip_rows(history: Sequence[Label], summary: pd.DataFrame) -> Rows:
    years = set(summary["year"])
    return [
        {"from": label.year - 0.5, "to": label.year + 0.5, "year": label.year, "label": STATE_LABELS[label.state.value]}
        for label in history
        if label.state is not None and label.year in years
    ]


@cache
def _path_template() -> Spec:
    names = (*_names("", f"width >= {WIDE}"), *_names("narrow_", f"width < {WIDE}"))
    chart = alt.layer(alt.layer(*_fan()), *names, _marks(), _strip()).resolve_scale(color="independent")
    return template(chart, height=350)


def _before() -> list[alt.Chart]:
    """The starting view's median and ends, dashed over the fan."""
    base = blank(GHOST).mark_line(color=INK, opacity=0.85)
    lines = (("q50", 1.6, [5, 3]), ("q05", 1, [2, 2]), ("q95", 1, [2, 2]))
    drawn = [
        base.encode(x=_x(), y=f"{name}:Q", strokeWidth=alt.value(width), strokeDash=alt.value(list(dash)))
        for name, width, dash in lines
    ]
    return [*drawn, ghost_key("stroke", x=_x(), y=alt.Y("q50:Q"))]


def _x(field: str = "year:Q") -> alt.X:
    return year_x(field, padding=years.PADDING)


def _fan() -> list[alt.Chart]:
    colours = keyed({SERIES["history"]: MUTED, SERIES["forecast"]: ACCENT})
    base = blank().encode(x=_x(), color=alt.Color("series:N", scale=colours, legend=legend()))
    told = tips((("year", "End of"), ("series", ""), ("median", "Median"), ("half", "Half"), ("most", "Nine in ten")))
    past, ahead = (f"datum.kind == '{kind}'" for kind in ("history", "forecast"))
    ends = [alt.ExprRef(f"data('reference')[0].{end}") for end in ("foot", "head")]
    y = alt.Y("q05:Q", title="Alignment (up is closer)", scale=alt.Scale(domain=ends, nice=False, zero=False))
    paths = blank("paths").mark_line(strokeWidth=0.8, opacity=0.75, color=ACCENT)
    zero = alt.Chart(alt.Data(values=[{"value": 0}])).mark_rule(color=MUTED, strokeWidth=0.7, opacity=0.7)
    today = blank("reference").mark_rule(color=MUTED, strokeDash=[3, 3])
    return [
        base.mark_area(opacity=0.2).encode(y=y, y2="q95:Q"),
        base.mark_area(opacity=0.3).encode(y=alt.Y("q25:Q"), y2="q75:Q"),
        zero.encode(y="value:Q"),
        today.encode(x=_x()),
        paths.encode(x=_x(), y="value:Q", detail="path:N"),
        base.mark_line(strokeWidth=2.2).encode(y="q50:Q"),
        *_before(),
        years.chosen(),
        years.seen("rows").transform_filter(ahead).encode(tooltip=told),
        years.clickable("rows").transform_filter(past).encode(tooltip=told),
    ]


_ACT_TIPS = (("day", "When"), ("label", "Act"), ("coded", "Intensity"), ("summary", "What"))


def _marks() -> alt.Chart:
    marks = blank("events").mark_point(filled=True, size=55, color=MUTED, opacity=1, stroke="white", strokeWidth=1)
    return marks.encode(x=_x(), y="value:Q", tooltip=tips(_ACT_TIPS))


def _names(kind: str, fits: str) -> list[alt.Chart]:
    """Names above the path with their stems, as they are laid out for charts of one kind of width."""
    named = blank("events").encode(x=_x(), tooltip=tips(_ACT_TIPS)).transform_filter(f"datum.{kind}named")
    stems = named.mark_rule(color=MUTED, strokeWidth=0.7, opacity=alt.ExprRef(f"{fits} ? 0.6 : 0"))
    text = [
        named.transform_filter(f"datum.{kind}align == '{side}'")
        .mark_text(
            align=side, dx=shift, baseline="middle", fontSize=11.5, color=INK, opacity=alt.ExprRef(f"{fits} ? 1 : 0")
        )
        .encode(y=f"{kind}line:Q", text="label:N")
        for side, shift in (("left", 3), ("right", -3))
    ]
    return [stems.encode(y=f"{kind}line:Q", y2="value:Q"), *text]


def _strip() -> alt.Chart:
    return (
        blank("strip")
        .mark_rect(y=alt.ExprRef(f"height - {STRIP}"), y2=alt.ExprRef("height"))
        .encode(
            x=_x("from:Q"),
            x2="to:Q",
            color=alt.Color("label:N", scale=state_scale(), legend=legend()),
            tooltip=tips((("year", "End of"), ("label", "State"))),
        )
    )
