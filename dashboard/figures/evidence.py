"""Charts of the evidence: the ledger on a timeline, one indicator, the labelled history."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from functools import cache

import altair as alt
import pandas as pd

from dashboard.figures import years
from dashboard.figures.colours import ACCENT, DIRECTION_COLOURS, MUTED
from dashboard.figures.style import DASH, Rows, Spec, blank, filled, keyed, legend, state_scale, template, tips, year_x
from dashboard.wording.evidence import history_sentence, indicator_sentence, ledger_sentence
from dashboard.wording.labels import (
    DIRECTION_LABELS,
    DIRECTION_MEANINGS,
    DOMAIN_LABELS,
    STATE_LABELS,
    STATE_SHORT,
    date_text,
    event_date_text,
)
from dashboard.wording.numerals import number, signed
from data.digest import Fields
from data.types import Indicator
from models.names import STATES
from models.outcome.rule import Label

SHAPES = {"Space": "circle", "Other": "square"}
_YEAR_DAYS = 366
HOLLOW_UNVERIFIED = alt.condition("datum.verified", alt.value(1), alt.value(0))
_NUMBER_AXIS = (
    "abs(datum.value) < 1000 ? datum.label : "
    "replace(replace(format(datum.value, '~s'), 'G', 'B'), regexp('([kMBT])$'), ' $1')"
)
"""Vega expression: thousands, millions and billions as readers of English write them."""


def ledger_timeline(ledger: pd.DataFrame) -> Spec:
    """Every shown act by date and intensity.

    Parameters
    ----------
    ledger : DataFrame
        Columns of `Evidence.ledger`, possibly filtered by a search.
    """
    rows = [_act(row) for row in ledger.to_dict("records")]
    held = [{"year": year, "acts": count} for year, count in sorted(Counter(row["year"] for row in rows).items())]
    kind = "Points: acts by date and intensity, from −10 (force) to +10 (alliance)."
    return filled(
        _ledger_template(),
        kind,
        ledger_sentence(ledger),
        rows=rows,
        years=held,
        chosen=years.unmarked(row["year"] for row in rows),
    )


def _act(row: dict) -> Fields:
    day = pd.Timestamp(row["date"]).date()
    return {
        "id": row["id"],
        "when": decimal_year(day),
        "year": day.year,
        "intensity": row["intensity"],
        "direction": DIRECTION_LABELS[row["direction"]],
        "what": DIRECTION_MEANINGS[row["direction"]],
        "theatre": "Space" if row["is_space"] else "Other",
        "verified": bool(row["verified"]),
        "day": event_date_text(day, row["date_precision"]),
        "coded": signed(row["intensity"]),
        "domain": DOMAIN_LABELS[row["domain"]],
        "summary": row["summary"],
        "source": row["source_title"] if row["verified"] else "Unverified: no page was found",
    }


def decimal_year(day: date) -> float:
    """A date as a number on an axis of years: 2 July 1969 is near 1969.5."""
    return day.year + (day.timetuple().tm_yday - 1) / _YEAR_DAYS


@cache
def _ledger_template() -> Spec:
    colours = keyed({label: DIRECTION_COLOURS[key] for key, label in DIRECTION_LABELS.items()})
    fields = (
        ("day", "When"),
        ("summary", "What"),
        ("coded", "Intensity"),
        ("what", "Direction"),
        ("domain", "Domain"),
        ("source", "Source"),
    )
    grey = legend(symbolFillColor=MUTED, symbolStrokeColor=MUTED)
    axis = alt.Axis(
        values=[-10, -5, 0, 5, 10], labelExpr="(datum.value > 0 ? '+' : '') + replace(datum.label, '-', '−')"
    )
    chart = (
        blank()
        .mark_point(size=50, opacity=0.8)
        .encode(
            x=year_x("when:Q", padding=years.PADDING),
            y=alt.Y("intensity:Q", title="Intensity", axis=axis, scale=alt.Scale(domain=[-10.5, 10.5], nice=False)),
            stroke=alt.Stroke("direction:N", scale=colours, legend=legend()),
            fill=alt.Fill("direction:N", scale=colours, legend=legend()),
            fillOpacity=HOLLOW_UNVERIFIED,
            shape=alt.Shape("theatre:N", scale=keyed(SHAPES), legend=grey),
            tooltip=tips(fields),
        )
    )
    spans = years.clickable("years", half=0).encode(tooltip=tips((("year", "Year"), ("acts", "Acts"))))
    return template(alt.layer(years.chosen(half=0), spans, chart), height=320)


def indicator_series(indicator: Indicator) -> Spec:
    """One series as published: gaps stay gaps, no line crosses a definition break, doubtful figures are hollow."""
    breaks = _breaks(indicator)
    spec = filled(
        _indicator_template(),
        f"Line: {indicator.title}.",
        indicator_sentence(indicator),
        rows=_observations(indicator, [row["year"] for row in breaks]),
        breaks=breaks,
    )
    spec["layer"][0]["encoding"]["y"]["title"] = indicator.unit
    if not breaks:
        spec["layer"].pop()  # rules without rows would leave the axis of years without an extent
    return spec


def _breaks(indicator: Indicator) -> Rows:
    """Definition breaks inside the series; each text starts with the first year of the new definition."""
    years = [figure.period_end.year for figure in indicator.observations]
    before = 0.5 if _is_yearly(indicator) else 0.0
    dated = [(int(text[:4]), text) for text in indicator.definition_breaks if text[:4].isdigit()]
    return [
        {"year": year, "at": year - before, "text": text}
        for year, text in dated
        if years and years[0] < year <= years[-1]
    ]


def _is_yearly(indicator: Indicator) -> bool:
    return all((figure.period_end.month, figure.period_end.day) == (12, 31) for figure in indicator.observations)


def _observations(indicator: Indicator, breaks: Sequence[int]) -> Rows:
    """Figures with the run that each belongs to: a missing year or a new definition starts another run."""
    seen = indicator.observations
    yearly = _is_yearly(indicator)
    rows: Rows = []
    run, before = 0, None
    for figure in seen:
        year = figure.period_end.year
        if before is not None and (year > before + 1 or any(before < at <= year for at in breaks)):
            run += 1
        before = year
        rows.append(
            {
                "when": float(year) if yearly else decimal_year(figure.period_end),
                "value": figure.value,
                "run": run,
                "verified": figure.verified,
                "day": str(year) if yearly else date_text(figure.period_end),
                "shown": number(figure.value),
                "source": figure.source_kind,
                "note": figure.note,
            }
        )
    return rows


@cache
def _indicator_template() -> Spec:
    fields = ("day", "Period to"), ("shown", "Figure"), ("source", "Source"), ("note", "Note")
    base = blank().encode(x=year_x("when:Q", tickMinStep=1), tooltip=tips(fields))
    y = alt.Y("value:Q", title="", axis=alt.Axis(labelExpr=_NUMBER_AXIS), scale=alt.Scale(zero=False))
    lines = base.mark_line(strokeWidth=2, color=ACCENT).encode(y=y, detail="run:N")
    points = base.mark_point(size=45, opacity=1, fill=ACCENT, stroke=ACCENT).encode(
        y="value:Q", fillOpacity=HOLLOW_UNVERIFIED
    )
    rules = blank("breaks").mark_rule(color=MUTED, strokeDash=DASH, strokeWidth=1.5)
    breaks = rules.encode(x="at:Q", tooltip=tips((("text", "New definition"),)))
    return template(alt.layer(lines, points, breaks), height=210)


def history_labels(history: Sequence[Label]) -> Spec:
    """The state of every past year-end, one tile a year; a year without a label has none."""
    rows = [
        {
            "from": label.year - 0.5,
            "to": label.year + 0.5,
            "year": label.year,
            "label": STATE_LABELS[label.state.value],
            "name": STATE_SHORT[label.state.value],
            "tone": signed(round(label.tone, 2)),
            "reason": label.reason,
        }
        for label in history
        if label.state is not None
    ]
    kind = "Tiles: the state of each year-end, cooperation on top."
    return filled(_history_template(), kind, history_sentence(history), rows=rows)


@cache
def _history_template() -> Spec:
    rows = alt.Scale(domain=[STATE_SHORT[state] for state in reversed(STATES)], paddingInner=0.1)
    chart = (
        blank()
        .mark_rect(stroke="white", strokeWidth=0.4, strokeOpacity=0.3)
        .encode(
            x=year_x("from:Q", padding=None),
            x2="to:Q",
            y=alt.Y("name:N", title=None, scale=rows, axis=alt.Axis(ticks=False, domain=False, labelLimit=0)),
            color=alt.Color("label:N", scale=state_scale(), legend=None),
            tooltip=tips((("year", "End of"), ("label", "State"), ("tone", "Tone"), ("reason", "Why"))),
        )
    )
    return template(chart, height=120)
