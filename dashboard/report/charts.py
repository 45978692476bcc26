"""The report's charts: as PDF for the page of paper, as SVG that takes the colours of the page it stands in."""

from collections.abc import Mapping
from datetime import date

import pandas as pd
import vl_convert

from dashboard.figures.forecast import model_contributions, states_over_horizons
from dashboard.figures.ghosts import models_ghost, states_ghost
from dashboard.figures.style import Spec
from dashboard.report.content import ALONE, Beside, headline_horizon
from dashboard.report.drawing import LIGHT, PAGE, axis_colours, described, inked, merged
from dashboard.wording.forecast import states_sentence
from dashboard.wording.models import models_sentence, present
from dashboard.wording.pictures.card import SUBJECT
from data.days import year_end
from data.digest import Fields
from data.values import frozen

WIDTH = 420
"""Pixels that half a printed page is wide: letters of 12 come out at 7 points."""
HEIGHTS = {"states": 225, "models": 195}
"""Of the plots, so that both pictures of a row are with their legends about equally high, and the page is full."""
CLOSE = {"states": 160, "models": 120, "alignment": 160}
"""The same where the alignment stands on the page too."""
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


def report_charts(table: pd.DataFrame, made_on: date, beside: Beside = ALONE) -> tuple[Chart, ...]:
    """The four states over the year-ends, the models side by side (where there are several), and the alignment since
    its beginning (where it is at hand); the starting view hollow in each, where the setting differs from it."""
    reference = date.fromisoformat(table["reference_date"].iloc[0])
    horizon, usual = headline_horizon(reference, beside), beside.usual
    year, heights = year_end(reference, horizon).year, HEIGHTS if beside.path is None else CLOSE
    before = (
        ([], []) if usual is None else (states_ghost(usual, horizon, made_on), models_ghost(usual, horizon, made_on))
    )
    states = states_over_horizons(table, made_on, before[0])
    charts = [_chart(("states", heights), "Chance of each state at the year-end", states_sentence(table), states)]
    if len(present(table)) > 1:
        title = f"What each model says about the end of {year}"
        spec = model_contributions(table, horizon, made_on, before[1])
        charts.append(_chart(("models", heights), title, models_sentence(table, horizon), spec))
    if beside.path is not None:
        title = "Alignment, and simulated futures"
        charts.append(_chart(("alignment", heights), title, beside.path_sentence, beside.path))
    return tuple(charts)


def _chart(place: tuple[str, Mapping[str, int]], title: str, sentence: str, spec: Spec) -> Chart:
    name, heights = place
    size = {"width": WIDTH, "height": heights[name], "padding": 2}
    paper = {**spec, **size, "background": PAGE, "config": merged(spec, LIGHT)}
    screen = {**spec, **size, "background": "transparent", "config": merged(spec, INHERITED)}
    printed = inked(vl_convert.vegalite_to_svg(paper, allowed_base_urls=[]))
    inline = vl_convert.vegalite_to_svg(screen, allowed_base_urls=[])
    description = f"{spec['usermeta']['kind']} {sentence}"
    return Chart(
        name=name,
        title=title,
        sentence=sentence,
        description=description,
        svg=described(inline, f"{title}: {SUBJECT}", description),
        pdf=bytes(vl_convert.svg_to_pdf(printed)),
    )
