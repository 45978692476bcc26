"""Years that can be clicked in a chart, and the one that was. Pure."""

from collections.abc import Iterable

import altair as alt

from dashboard.figures.colours import ACCENT
from dashboard.figures.style import Rows, Spec, blank, year_x

TINT = 0.18
PADDING = 6
"""Pixels beside the first and the last year; every layer of a chart must ask for the same."""
CLICKED, CHOSEN = "year", "chosen"
"""Name and field of the selection; name of the rows with the year that is explained."""


def clickable(rows: str, half: float = 0.5) -> alt.Chart:
    """A band over the whole height for every year of these rows, unseen: a click anywhere in it names its year.

    Whatever lies above it and has a tooltip takes clicks too, and names the field ``year`` of its own row.

    Parameters
    ----------
    half : float
        How far a band begins before the place of its year: half a year where years are points, 0 where they are spans.
    """
    clicks = alt.selection_point(name=CLICKED, fields=[CLICKED], toggle=False)
    return seen(rows, half, cursor="pointer").add_params(clicks)


def seen(rows: str, half: float = 0.5, **mark: object) -> alt.Chart:
    """The same bands without a click: an area or a line knows no year under the pointer, only its first."""
    return _band(rows, half).mark_rect(opacity=0, aria=False, **mark)


def chosen(half: float = 0.5) -> alt.Chart:
    """The year that is explained, tinted."""
    seen_or_not = alt.condition("datum.on", alt.value(TINT), alt.value(0))
    return _band(CHOSEN, half).mark_rect(color=ACCENT, aria=False).encode(opacity=seen_or_not)


def with_chosen(spec: Spec, year: int | None) -> Spec:
    """A chart with the explained year marked in it, if it shows that year."""
    sets = spec["datasets"]
    shown = {row["year"] for row in sets.get("years", sets["rows"])}
    rows = [{"year": year, "on": True}] if year in shown else unmarked(shown)
    return {**spec, "datasets": {**spec["datasets"], CHOSEN: rows}}


def unmarked(shown: Iterable[int]) -> Rows:
    """No year is explained: a row that is not seen, since Vega warns of a layer without any."""
    return [{"year": year, "on": False} for year in sorted(shown)[:1]]


def _band(rows: str, half: float) -> alt.Chart:
    ends = {"from": f"datum.year - {half}", "to": f"datum.year + {1 - half}"}
    return blank(rows).transform_calculate(**ends).encode(x=year_x("from:Q", padding=PADDING), x2="to:Q")
