"""What every drawn picture shares: printed colours, a carried font, and words where screen readers look. Pure."""

import struct
import zlib
from copy import deepcopy
from html import escape

from dashboard.figures.colours import INK as THEIR_INK
from dashboard.figures.style import Spec
from data.digest import Fields

INK, GRID, PAGE = "#31333f", "#dfe3ea", "#ffffff"
FONT = "Liberation Sans"
"""Carried inside vl-convert, so that a computer without fonts draws letters too. One with its own release of the font
may draw a few pixels of a PNG otherwise; the SVG is the same everywhere."""


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


def merged(spec: Spec, config: Fields) -> Fields:
    """The chart's own configuration on top of another."""
    whole = deepcopy(dict(config))
    for part, options in spec["config"].items():
        whole[part] = {**whole.get(part, {}), **options}
    return whole


def inked(svg: str) -> str:
    """A picture whose letters had the colour of the page they would stand in, in that of paper."""
    return svg.replace(THEIR_INK, INK)


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
