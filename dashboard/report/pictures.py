"""The forecast's main charts as pictures: the same evidence, fit and forecast give the same bytes, offline."""

import struct
import textwrap
import zlib
from copy import deepcopy
from html import escape

import pandas as pd
import vl_convert

from dashboard.figures.engine import error_against_badge
from dashboard.figures.forecast import dot_plot, model_contributions, states_over_horizons
from dashboard.figures.path import alignment_path, notable_events
from dashboard.figures.style import Spec
from dashboard.wording.calibration import study_sentence
from dashboard.wording.forecast import alignment_sentence, dots_sentence, states_sentence
from dashboard.wording.labels import date_text
from dashboard.wording.models import models_sentence
from data.days import horizons_from, last_whole_year, year_end
from data.digest import Fields
from data.types import Evidence
from models.forecast.results import Forecast, alignment_summary, sample_paths
from models.library.library import Library
from models.outcome.rule import resolve_history
from models.storage.disk import Files

HEADLINE = 2
"""Place of the year-end of the two charts that show one only, among those forecast: the third ahead."""
PATHS = 5
"""Simulated futures drawn beside the bands; more would hide them."""
WIDTH, SCALE = 760, 2
"""Pixels of a picture, and pixels of the file for each of them: sharp at the width of a printed page."""
LINE_LETTERS, LINE_HEIGHT = 108, 16
INK, GRID, PAGE = "#31333f", "#dfe3ea", "#ffffff"
FONT = "Liberation Sans"
"""Carried inside vl-convert, so that a computer without fonts draws letters too. One with its own release of the font
may draw a few pixels of a PNG otherwise; the SVG is the same everywhere."""
DIGEST_LETTERS = 12


def axis_colours(ink: str, grid: str) -> Fields:
    """Colours of an axis by the names of Vega: of what is written and of what is drawn."""
    return {"labelColor": ink, "titleColor": ink, "gridColor": grid, "domainColor": grid, "tickColor": grid}


LIGHT: Fields = {
    "font": FONT,
    "axis": {
        **axis_colours(INK, GRID),
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
    },
    "axisX": {"grid": False},
    "legend": {"labelColor": INK, "labelFontSize": 12, "symbolSize": 90},
    "title": {"color": INK, "subtitleColor": "#5b616e", "anchor": "start", "fontSize": 16, "subtitleFontSize": 12},
}
"""Colours of a printed page; on screen the page's own theme decides."""


def charts(evidence: Evidence, library: Library, forecast: Forecast) -> Files:
    """PNG and SVG of the states, the dots, the alignment path and the models, by file name.

    Parameters
    ----------
    evidence, fit, forecast
        What the forecast was made of, and the forecast.
    """
    files: dict[str, bytes] = {}
    for name, (title, sentence, spec) in _pictures(evidence, library, forecast).items():
        files |= _files(name, dressed(spec, title, sentence, _source(forecast)), spec["description"])
    return files


def study(settings: pd.DataFrame) -> bytes:
    """The figure of the engine's held-out study as an SVG (`python -m models verify-engine`)."""
    spec, title = error_against_badge(settings), "The engine against refits from scratch"
    sentence = study_sentence(settings)
    return _files("study", dressed(spec, title, sentence, "Held-out study of the engine"), sentence)["study.svg"]


def _pictures(evidence: Evidence, library: Library, forecast: Forecast) -> dict[str, tuple[str, str, Spec]]:
    table = forecast.table
    made_on = forecast.reference_date  # whoever draws them and whenever: the same bytes
    horizon = horizons_from(made_on)[HEADLINE]
    year = year_end(made_on, horizon).year
    summary = alignment_summary(library, forecast.weights)
    first = int(summary["year"].min())
    events, paths = notable_events(evidence.events), sample_paths(library, forecast.weights, PATHS)
    history = resolve_history(evidence.events, first, last_whole_year(evidence.as_of))
    return {
        "states": (
            "Chance of each state at the year-end",
            states_sentence(table),
            states_over_horizons(table, made_on),
        ),
        f"dots_{year}": (
            f"State on 31 December {year}, in fifty dots",
            dots_sentence(table, horizon),
            dot_plot(table, horizon, made_on),
        ),
        "alignment": (
            f"Latent alignment of China and Russia since {first}",
            alignment_sentence(summary),
            alignment_path(summary, events, history, paths),
        ),
        f"models_{year}": (
            f"What each model says about 31 December {year}",
            models_sentence(table, horizon),
            model_contributions(table, horizon, made_on),
        ),
    }


def _source(forecast: Forecast) -> str:
    settings = "default assumptions" if forecast.assumptions.is_default else "changed assumptions"
    return (
        f"Reference date {date_text(forecast.reference_date)}; {settings} {_short(forecast.assumptions.digest)}; "
        f"evidence {_short(forecast.evidence_digest)}; library {_short(forecast.library_key)}"
    )


def _short(digest: str) -> str:
    return digest[:DIGEST_LETTERS]


def dressed(spec: Spec, title: str, sentence: str, source: str) -> Spec:
    """A chart with all that a picture on its own needs: title, sentence, source, fixed width, printed colours."""
    lines = [*textwrap.wrap(sentence, LINE_LETTERS), *textwrap.wrap(source, LINE_LETTERS)]
    return {
        **spec,
        "title": {"text": title, "subtitle": lines, "subtitleLineHeight": LINE_HEIGHT, "offset": 14},
        "width": WIDTH,
        "background": PAGE,
        "padding": 16,
        "config": merged(spec, LIGHT),
    }


def merged(spec: Spec, config: Fields) -> Fields:
    """The chart's own configuration on top of another."""
    whole = deepcopy(dict(config))
    for part, options in spec["config"].items():
        whole[part] = {**whole.get(part, {}), **options}
    return whole


def _files(name: str, spec: Spec, description: str) -> Files:
    svg = described(vl_convert.vegalite_to_svg(spec, allowed_base_urls=[]), spec["title"]["text"], description)
    png = vl_convert.svg_to_png(svg, scale=SCALE)
    return {f"{name}.png": annotated(png, description), f"{name}.svg": svg.encode()}


def described(svg: str, title: str, description: str) -> str:
    """The picture with its name and alternative text, where screen readers look for them."""
    start, rest = svg.split(">", 1)
    texts = f"<title>{escape(title)}</title><desc>{escape(description)}</desc>"
    return f'{start} role="img">{texts}{rest}'


def annotated(png: bytes, description: str) -> bytes:
    """The picture with its alternative text as the standard ``Description`` chunk, right after the header."""
    header = 8 + 25  # signature, then the header chunk: length 4, name 4, data 13, checksum 4
    body = b"iTXt" + b"Description\0\0\0\0\0" + description.encode()
    chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    return png[:header] + chunk + png[header:]
