"""The report's two charts: as PDF for the page of paper, as SVG that takes the colours of the page it stands in."""

from datetime import date

import pandas as pd
import vl_convert

from dashboard.figures.forecast import model_contributions, states_over_horizons
from dashboard.figures.style import Spec
from dashboard.report.content import headline_horizon
from dashboard.report.pictures import LIGHT, PAGE, axis_colours, described, merged
from dashboard.wording.forecast import states_sentence
from dashboard.wording.models import models_sentence, present
from data.days import year_end
from data.digest import Fields
from data.values import frozen

WIDTH = 420
"""Pixels that half a printed page is wide: letters of 12 come out at 7 points."""
HEIGHTS = {"states": 205, "models": 175}
"""Of the plots, so that both pictures with their legends are about equally high."""
INK, GRID = "currentColor", "#80808055"
"""Of a picture inside a page: the page's own text colour, and a grey that both a light and a dark page show."""
INHERITED: Fields = {
    **LIGHT,
    "font": "inherit",
    "axis": {**LIGHT["axis"], **axis_colours(INK, GRID)},
    "legend": {**LIGHT["legend"], "labelColor": INK},
    "text": {"color": INK},
}


@frozen
class Chart:
    """One chart, twice.

    Attributes
    ----------
    sentence : str
        What it shows; stands below it.
    description : str
        Alternative text.
    """

    name: str
    title: str
    sentence: str
    description: str
    svg: str
    pdf: bytes


def report_charts(table: pd.DataFrame, made_on: date) -> tuple[Chart, ...]:
    """The four states over the year-ends, and the models side by side (where there are several)."""
    reference = date.fromisoformat(table["reference_date"].iloc[0])
    horizon = headline_horizon(reference)
    year, states = year_end(reference, horizon).year, states_over_horizons(table, made_on)
    charts = [_chart("states", "Chance of each state", states_sentence(table), states)]
    if len(present(table)) > 1:
        title = f"What each model says about the end of {year}"
        spec = model_contributions(table, horizon, made_on)
        charts.append(_chart("models", title, models_sentence(table, horizon), spec))
    return tuple(charts)


def _chart(name: str, title: str, sentence: str, spec: Spec) -> Chart:
    printed = vl_convert.vegalite_to_svg(_sized(spec, name, LIGHT, PAGE), allowed_base_urls=[])
    inline = vl_convert.vegalite_to_svg(_sized(spec, name, INHERITED, "transparent"), allowed_base_urls=[])
    return Chart(
        name=name,
        title=title,
        sentence=sentence,
        description=str(spec["description"]),
        svg=described(inline, title, str(spec["description"])),
        pdf=bytes(vl_convert.svg_to_pdf(printed)),
    )


def _sized(spec: Spec, name: str, config: Fields, background: str) -> Spec:
    size = {"width": WIDTH, "height": HEIGHTS[name], "padding": 2}
    return {**spec, **size, "background": background, "config": merged(spec, config)}
